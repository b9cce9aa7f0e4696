"""What a referral is: needs and profile in, windows, lines and reasons out. Values only; the choosing is in ``routing.choose``."""

from dataclasses import dataclass, field
from enum import StrEnum

from nlp import Undertone
from nlp.reading import Concern, Evidence, Risk, RiskKind


class Kind(StrEnum):
    """The kind of a window, or of the need that a window answers."""

    ELDERLY = "elderly"
    DISABILITY = "disability"
    CHILD = "child"
    POVERTY = "poverty"
    OUTREACH = "outreach"
    PARTICIPATION = "participation"
    COORDINATOR = "coordinator"
    WOMEN = "women"
    ABUSE_REPORT = "abuse_report"
    HEALTH = "health"
    CONSUMER = "consumer"
    EMPLOYMENT = "employment"
    HOUSING = "housing"
    EDUCATION = "education"
    LEGAL = "legal"
    COMMUNITY = "community"
    CITY_DESK = "city_desk"
    EMERGENCY = "emergency"


class Actor(StrEnum):
    """Who asks for the referral."""

    RESIDENT = "resident"
    AGENCY = "agency"
    MINSEI = "minsei"


class Outcome(StrEnum):
    """How a referral ends: a named window, a person who will answer, or being heard. Never a refusal."""

    WINDOW = "window"
    STAFF = "staff"
    LISTEN = "listen"


class Stage(StrEnum):
    """The time of life of a person, as far as it was told."""

    INFANT = "infant"
    """Before school."""
    CHILD = "child"
    """Of school age, under 18."""
    ADULT = "adult"
    ELDER = "elder"
    """65 or older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of the story. ``person`` is the word of a need (``self``, ``mother``, ``brother``, ``neighbour``, …)."""

    person: str
    age: int | None = None
    """As told; 「80代」 is 80."""
    stage: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One difficulty of one person. ``person`` is a word for the household member (``self``, ``mother``, ``child``, …)."""

    concern: Concern
    person: str = "self"
    stage: Stage | None = field(default=None, compare=False)
    """The person's time of life, where it was told. Needs that differ in nothing else are the same need."""
    likely: float = field(default=1.0, compare=False)
    """How sure it is that there is this need: 1 where somebody noted or chose it, less where it was read."""
    evidence: tuple[Evidence, ...] = field(default=(), compare=False, repr=False)
    """The words that show it, in the text that it was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What routing may know of the talk. ``district`` is the resident's own word for where the person lives, or None."""

    actor: Actor = Actor.RESIDENT
    district: str | None = None
    child_writer: bool = False
    risk: Risk = Risk.NONE
    risk_kinds: tuple[RiskKind, ...] = ()
    declined: frozenset[str] = field(default_factory=frozenset)
    """Ids of windows that the resident has turned down; they are not offered again."""
    refuses_contact: bool = False
    """The person in difficulty wants no help or contact (支援の拒否)."""
    household: tuple[Member, ...] = ()
    """Everybody whom the story names, with or without a need of their own."""
    role: str = ""
    """What the writer says to be, where not one of the household: ``neighbour``, ``landlord``, ``teacher``, ``care_manager``, …"""
    undertones: tuple[Undertone, ...] = field(default=(), repr=False)
    """What each message of the story holds and hints at beside what was read in it."""
    asks: frozenset[Kind] = field(default_factory=frozenset)
    """Kinds of windows that the story asks for, or whose own matters it names, as 親権 or 相続 those of the law."""
    language: str = "ja"
    """The language of the writer, as the reader tells it: lines that answer in others come first for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A window that is offered. ``window`` is its id, ``desk`` (the city's own) or ``line:KEY``; ``kind`` is the kind of the need."""

    window: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something was or was not chosen: a stable code and a Japanese sentence for staff."""

    code: str
    text: str
    rule: str = ""
    """The rule that decided, as ``concerns.yaml:care`` or ``規則.csv:3``; empty where no rule of a file did."""
    kind: Kind | None = field(default=None, compare=False)
    """The kind of window that the directory does not hold, where that is the reason."""
    evidence: tuple[Evidence, ...] = field(default=(), compare=False, repr=False)
    """The words of the resident that the reason rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A window of a kind that was needed, and that was not chosen. For staff; ``code`` is stable, ``text`` is a sentence."""

    window: str
    name: str
    kind: Kind
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The whole answer. ``ask`` names the one thing to ask before choosing (``district``), with fallbacks already in ``main``."""

    outcome: Outcome
    main: Destination | None = None
    also: tuple[Destination, ...] = ()
    """All that is involved beside ``main``, for staff: every kind of need once, then equals of the windows chosen."""
    shown: tuple[Destination, ...] = ()
    """What a resident may be shown: ``main`` first and at most three others, each place once. Windows among which the
    district decides come all together or not at all."""
    considered: tuple[Considered, ...] = ()
    lines: tuple[str, ...] = ()
    """Keys of crisis lines, open ones first, at most three."""
    ask: str | None = None
    fields: tuple[str, ...] = ()
    form_main: str | None = None
    form_others: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    coordinator_candidate: bool = False
    risk: Risk = Risk.NONE
    reasons: tuple[Reason, ...] = ()
    directory_version: str = ""
