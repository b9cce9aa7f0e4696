"""Refusals around accounts."""

from intake.base.errors import AppError


class NotLoggedInError(AppError):
    """Nobody is logged in, or not any more."""

    code = "not_logged_in"
    status = 401


class LoginRefusedError(AppError):
    """Name and password do not go together. The text never tells which of the two was wrong."""

    code = "login_refused"
    status = 401


class LoginTooSoonError(AppError):
    """Too many failed logins: come again after ``seconds``."""

    code = "login_too_soon"
    status = 429


class StepGoneError(AppError):
    """A login on its way has run out, or had too many wrong answers."""

    code = "step_gone"
    status = 401


class SecondRefusedError(AppError):
    """The second factor does not fit."""

    code = "second_refused"
    status = 401


class LockedError(AppError):
    """The account rests, because somebody who knew its password failed at the second factor too often."""

    code = "locked"
    status = 403


class ForeignFormError(AppError):
    """A form that did not come from our own page of this session."""

    code = "foreign_form"
    status = 403


class NotAllowedError(AppError):
    """The role does not allow this."""

    code = "not_allowed"
    status = 403


class AccountDataError(AppError):
    """An account cannot be made from these data."""

    code = "account_data"
    status = 422
