"""The values of the talk: its state, what may happen to it, and what a turn brings about."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from intake.checkins.rhythm import CheckinSettings
from intake.checkins.standing import Standing
from intake.wording.bubbles import Reply
from nlp import Undertone
from nlp.reading import Concern, Risk, RiskKind
from routing.referral import Actor, Kind, Member, Need, Referral


class Controller(StrEnum):
    """Who speaks for us: the automatic guide, nobody until a person comes, or a person."""

    BOT = "bot"
    WAITING = "waiting"
    STAFF = "staff"


class Step(StrEnum):
    """Where the talk stands."""

    NEW = "new"
    OPEN = "open"
    AWAITING_DISTRICT = "awaiting_district"
    AWAITING_CHOICE = "awaiting_choice"
    REFERRED = "referred"
    LISTENING = "listening"
    CRISIS = "crisis"
    HANDED_OVER = "handed_over"
    CONFIRMING_ERASE = "confirming_erase"
    ENDED = "ended"


class EventKind(StrEnum):
    """What a resident did."""

    TEXT = "text"
    STICKER = "sticker"
    MEDIA = "media"
    """Image, video, audio or file: an unread risk until a person has opened it."""
    LOCATION = "location"
    POSTBACK = "postback"
    FOLLOW = "follow"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEvent:
    """One thing a resident did. ``text`` is what was typed (also the words of a message sticker); ``data`` is postback data."""

    kind: EventKind
    occurred_at: datetime
    text: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkState:
    """All that the dialogue remembers. Serialised as JSON and sealed with the conversation."""

    step: Step = Step.NEW
    controller: Controller = Controller.BOT
    district: str | None = None
    needs: tuple[Need, ...] = ()
    risk: Risk = Risk.NONE
    """The highest risk read so far in this contact."""
    risk_kinds: tuple[RiskKind, ...] = ()
    child_writer: bool = False
    unsafe_contact: bool = False
    """DV or abuse was read: neutral wording and no sound from here on."""
    offered: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Keys of questions already asked, so that none is asked twice."""
    waiting_told: bool = False
    """Whether the one acknowledgement of a waiting talk has been given."""
    steps: int = 0
    """Resident messages counted so far; a burst within 20 seconds counts once."""
    last_at: datetime | None = None
    greeted: bool = False
    """Whether the resident has been told who answers and what the limits are."""
    plain_kana: bool = False
    """The resident writes without kanji: answers come in plain kana."""
    own_violence: bool = False
    """The resident told of violence of their own: windows and lines that shelter its victims are not shown."""
    actor: Actor = Actor.RESIDENT
    """Who asks: the resident, a 民生委員 or an agency, as they said themselves."""
    promised_by: datetime | None = None
    """The time that the resident was told when the talk was handed over; kept while it waits."""
    about: str = "self"
    """Whose difficulty a tapped concern is: ``self`` or ``family``."""
    refuses_contact: bool = False
    """Somebody in the story turns help away."""
    household: tuple[Member, ...] = ()
    """Everybody whom the talk has named so far."""
    undertones: tuple[Undertone, ...] = field(default=(), repr=False)
    """What the last messages of the contact hold and hint at: it tells to which kind of window the story leans."""
    asks: tuple[Kind, ...] = ()
    """Kinds of windows that the talk has asked for so far."""
    checkins: Standing | None = None
    """How the resident stands to check-ins; told by the shell before each event."""
    checkin_draft: tuple[str, ...] = ()
    """The check-ins that the resident is choosing, as words of the settings."""


class EffectKind(StrEnum):
    """What the shell must do beside answering."""

    REFERRAL_RECORDED = "referral_recorded"
    HANDOFF_REQUESTED = "handoff_requested"
    ALARM_RAISED = "alarm_raised"
    WINDOW_UNFIT = "window_unfit"
    """The resident said that the offered window does not suit."""
    CONTACT_CLOSED = "contact_closed"
    NOTICES_STOPPED = "notices_stopped"
    RECORDS_ERASED = "records_erased"
    CHECKIN_AGREED = "checkin_agreed"
    CHECKIN_PAUSED = "checkin_paused"
    CHECKIN_RESUMED = "checkin_resumed"
    CHECKIN_ENDED = "checkin_ended"
    CONSENT_ANSWERED = "consent_answered"
    """The resident tapped an answer to a question of staff: ``reason`` is ``yes-`` or ``no-`` with the number of the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect. Only the fields of its kind are set."""

    kind: EffectKind
    referral: Referral | None = None
    window_id: str | None = None
    reason: str = ""
    risk: Risk = Risk.NONE
    risk_kinds: tuple[RiskKind, ...] = ()
    promised_by: datetime | None = None
    """The time by which a person answers, as it was told to the resident."""
    checkin: CheckinSettings | None = None
    """What the resident agreed to."""
    reply: Reply | None = None
    """The card on which they agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The outcome of one event."""

    state: TalkState
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = field(default=())
    concerns: tuple[Concern, ...] = ()
    """Concerns that this event added."""
