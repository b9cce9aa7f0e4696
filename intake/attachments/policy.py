"""What to do after an attempt to fetch. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from intake.attachments.models import AttachmentStatus

ATTEMPTS = 12
"""Over about a day; then a person decides whether to ask once more."""
_PREPARING = timedelta(seconds=3)
_LONGEST = timedelta(hours=6)
_REFUSED = timedelta(minutes=5)
_PREPARATIONS = 400


class Answer(StrEnum):
    """What LINE's answer says about the content."""

    CONTENT = "content"
    PREPARING = "preparing"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNAUTHORISED = "unauthorised"
    UNKNOWN = "unknown"
    """No answer, a broken one, or 「later」."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of an attachment. ``pause`` is how long to wait before the next attempt, where there is one."""

    status: AttachmentStatus
    reason: str | None = None
    pause: timedelta = timedelta(0)


def judge(answer: Answer, attempts: int) -> Verdict | None:
    """Judge an answer that brought no content; None for one that did. ``attempts`` counts this one."""
    match answer:
        case Answer.CONTENT:
            return None
        case Answer.GONE:
            return Verdict(status=AttachmentStatus.GONE, reason="gone")
        case Answer.TOO_LARGE:
            return Verdict(status=AttachmentStatus.REFUSED, reason="too_large")
        case Answer.PREPARING:
            return _again(attempts, _PREPARATIONS, _PREPARING, "preparing")
        case Answer.UNAUTHORISED:
            return _again(attempts, _PREPARATIONS, _REFUSED, "unauthorised")
        case Answer.UNKNOWN:
            return _again(attempts, ATTEMPTS, min(timedelta(seconds=5) * 3 ** min(attempts - 1, 9), _LONGEST), "no_answer")


def _again(attempts: int, most: int, pause: timedelta, reason: str) -> Verdict:
    if attempts >= most:
        return Verdict(status=AttachmentStatus.FAILED, reason=reason)
    return Verdict(status=AttachmentStatus.WAITING, reason=reason, pause=pause)
