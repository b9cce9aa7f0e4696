"""The pages of staff: login, queue, talk, live stream. Shows and asks; what is decided is decided in the desk."""
