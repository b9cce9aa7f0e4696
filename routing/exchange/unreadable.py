"""A file that is not what its name says."""


class UnreadableError(Exception):
    """The file as a whole cannot be read. The text says why and what the clerk can do."""
