"""Who looked at what, took what out, and changed whose rights: an append-only record that shows when it was tampered with."""
