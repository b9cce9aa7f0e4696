"""The routes of the console, one file per face."""
