"""What to do with a message that is to be sent, and what its outcome means. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from intake.outbox.models import OutboxStatus

REPLY_FRESH = timedelta(seconds=50)
"""LINE keeps a reply token for about a minute; we stop ten seconds earlier."""
KEY_LIVES = timedelta(hours=23)
"""LINE forgets a retry key after 24 hours; from then on a repeat would be a second message."""
LONGEST_PAUSE = timedelta(minutes=5)


_DOUBLINGS = 9


class Way(StrEnum):
    """How a message goes out next."""

    REPLY = "reply"
    PUSH = "push"
    GIVE_UP_UNCERTAIN = "give_up_uncertain"
    GIVE_UP_LATE = "give_up_late"


class Answer(StrEnum):
    """What LINE's answer says about the message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """4xx: it was not taken and never will be in this form."""
    THROTTLED = "throttled"
    """429: it was not taken, but may be later."""
    UNAUTHORISED = "unauthorised"
    """401: our access token is wrong; an operator must act."""
    UNKNOWN = "unknown"
    """5xx, timeout or a broken connection: it may or may not have been taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What is known of a message before it is sent."""

    created_at: datetime
    reply_until: datetime | None
    reply_tried_at: datetime | None
    first_push_at: datetime | None
    attempts: int
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a message after an answer."""

    status: OutboxStatus
    pause: timedelta = timedelta(0)
    reason: str | None = None
    reply_untried: bool = False
    """True when the token is known not to have carried the message, so that it may still be used."""
    drop_token: bool = False
    """True when the token is of no use any more and a push may follow."""


def choose_way(attempt: Attempt, now: datetime) -> Way:
    """Choose how to send: by reply while the token is fresh, else by push; never by push what a reply may have carried."""
    if attempt.not_after is not None and now >= attempt.not_after:
        return Way.GIVE_UP_LATE
    fresh = attempt.reply_until is not None and now < attempt.reply_until
    if fresh:
        return Way.REPLY
    if attempt.reply_tried_at is not None:
        return Way.GIVE_UP_UNCERTAIN
    since = attempt.first_push_at or attempt.created_at
    return Way.PUSH if now - since < KEY_LIVES else Way.GIVE_UP_LATE


def judge(way: Way, answer: Answer, attempt: Attempt, *, chance: float) -> Verdict:
    """Judge LINE's answer. ``attempt`` is as it stood before this send; ``chance`` in [0, 1) spreads the repeats."""
    pause = _pause(attempt.attempts, chance)
    untried = attempt.reply_tried_at is None
    match answer:
        case Answer.ACCEPTED:
            return Verdict(status=OutboxStatus.ACCEPTED)
        case Answer.THROTTLED:
            return Verdict(status=OutboxStatus.WAITING, pause=pause, reason="throttled", reply_untried=untried)
        case Answer.UNKNOWN:
            return Verdict(status=OutboxStatus.WAITING, pause=pause, reason="no_answer")
        case Answer.UNAUTHORISED:
            return Verdict(status=OutboxStatus.WAITING, pause=LONGEST_PAUSE, reason="unauthorised", reply_untried=untried)
        case Answer.REFUSED:
            return _judge_refusal(way, attempt)


def _judge_refusal(way: Way, attempt: Attempt) -> Verdict:
    if way is Way.PUSH:
        return Verdict(status=OutboxStatus.FAILED, reason="refused")
    if attempt.reply_tried_at is not None:
        # The token was used before and is spent: the first use, whose answer we never saw, has carried the message.
        return Verdict(status=OutboxStatus.ACCEPTED, reason="token_spent")
    return Verdict(status=OutboxStatus.WAITING, reason="token_refused", drop_token=True)


def _pause(attempts: int, chance: float) -> timedelta:
    longest = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, _DOUBLINGS)))
    return timedelta(seconds=0.5) + longest * chance
