"""Refusals of the desk. Each of the conflicts keeps what the person has typed: the door that answers gives it back."""

from intake.base.errors import AppError


class ConflictError(AppError):
    """The talk is not as the asker saw it."""

    code = "conflict"
    status = 409


class HeldError(ConflictError):
    """Somebody else holds the talk. ``holder`` is that person's display name."""

    code = "held"


class StaleError(ConflictError):
    """The talk has changed hands since the page was made."""

    code = "stale"


class NewerMessageError(ConflictError):
    """The resident or a colleague has written since the page was made; sending again sends."""

    code = "newer_message"


class ClosedError(ConflictError):
    """The talk is over."""

    code = "closed"


class UnopenedAlarmError(ConflictError):
    """A sign of danger has not been opened yet."""

    code = "unopened_alarm"


class UnreachableError(ConflictError):
    """The resident cannot be written to at present."""

    code = "unreachable"


class TextError(AppError):
    """The text is empty or too long."""

    code = "text"
    status = 422


class FullHandsError(ConflictError):
    """The person holds as many talks as one person should."""

    code = "full_hands"


class TooLateError(ConflictError):
    """What was to be taken back has gone out."""

    code = "too_late"


class HopError(ConflictError):
    """The transfer is not where the asker saw it."""

    code = "hop"
