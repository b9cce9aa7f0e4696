"""Expected refusals are facts with a code; each door turns them into its own kind of answer."""


class AppError(Exception):
    """Something that a user may run into. ``code`` is stable, ``status`` is HTTP's, ``message`` is for people, in Japanese."""

    code = "app_error"
    status = 400

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class StartupError(Exception):
    """Something that must be put right before the program may start. The text says what and how."""


class NotFoundError(AppError):
    """There is no such thing, or the asker may not know of it."""

    code = "not_found"
    status = 404
