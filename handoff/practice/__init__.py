"""練習: talks with invented residents, in the real console, apart from every queue, alarm and figure."""
