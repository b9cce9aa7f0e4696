"""What residents send beside words: pictures, voices, files. Fetched before LINE deletes them, judged by their bytes, kept sealed."""
