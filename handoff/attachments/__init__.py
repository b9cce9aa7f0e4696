"""Attachments at the desk: seen as unread until a person opens them, shown without running anything, taken out under record."""
