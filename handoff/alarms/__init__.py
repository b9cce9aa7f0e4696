"""Notices to staff: who is told of what, on the screen and by mail, and who is called next when nobody opens an emergency."""
