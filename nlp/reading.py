"""What a reading is: the labels, and the frozen values that carry them. Offsets are code points, half-open, in the text as given."""

from dataclasses import dataclass
from enum import StrEnum


class Concern(StrEnum):
    """The 27 kinds of difficulty, in the order in which staff see them."""

    MONEY_LIVING = "money_living"
    RENT_LOAN = "rent_loan"
    TAX_UTILITY = "tax_utility"
    DEBT = "debt"
    FOOD = "food"
    HOUSING = "housing"
    JOB_SEEK = "job_seek"
    JOB_TROUBLE = "job_trouble"
    HEALTH = "health"
    MENTAL = "mental"
    DISABILITY = "disability"
    DEVELOPMENT = "development"
    CARE = "care"
    DEMENTIA_RIGHTS = "dementia_rights"
    PREGNANCY = "pregnancy"
    PARENTING = "parenting"
    SCHOOL = "school"
    SINGLE_PARENT = "single_parent"
    YOUNG_CARER = "young_carer"
    FAMILY = "family"
    DV = "dv"
    ABUSE = "abuse"
    HIKIKOMORI = "hikikomori"
    ISOLATION = "isolation"
    LIVING_ENV = "living_env"
    CONSUMER = "consumer"
    ADMIN_OTHER = "admin_other"


class Speaker(StrEnum):
    """Who writes, seen from the person in difficulty."""

    SELF = "self"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    SUPPORTER = "supporter"
    UNKNOWN = "unknown"


class Intent(StrEnum):
    """The one thing that a worker must answer first."""

    DISCLOSE = "disclose"
    ASK_WINDOW = "ask_window"
    TALK_TO_HUMAN = "talk_to_human"
    ACCEPT = "accept"
    DECLINE = "decline"
    STOP = "stop"
    ERASE = "erase"
    WRONG_WINDOW = "wrong_window"
    REPORT = "report"
    GREETING = "greeting"
    THANKS = "thanks"
    COMPLAINT = "complaint"
    OTHER = "other"


class Risk(StrEnum):
    """What the text shows. What a person must do first (対応優先度) is computed in ``intake``, not here.

    ``rank`` is 0 for ``none`` up to 3 for ``emergency``, for comparing and sorting.
    """

    rank: int

    NONE = "none"
    WATCH = "watch"
    URGENT = "urgent"
    EMERGENCY = "emergency"


for _rank, _risk in enumerate(Risk):
    _risk.rank = _rank


class RiskKind(StrEnum):
    """What kind of danger a risk is made of."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    ABUSE = "abuse"
    DEPRIVATION = "deprivation"
    MEDICAL = "medical"


class Polarity(StrEnum):
    """How the text holds the thing that it names."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    PAST = "past"
    HEARSAY = "hearsay"
    CONDITION = "condition"
    QUESTION = "question"
    WISH = "wish"
    BLOCKED = "blocked"


class PersonalKind(StrEnum):
    """Kinds of personal data that are masked in lists, notices and exports."""

    PHONE = "phone"
    POSTAL = "postal"
    ADDRESS = "address"
    NAME = "name"
    EMAIL = "email"
    CARD = "card"
    MY_NUMBER = "my_number"
    LINE_ID = "line_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that speak for a label. ``label`` is a concern id, ``risk:KIND``, ``intent:ID`` or ``speaker:ID``."""

    start: int
    end: int
    label: str
    rule: str
    polarity: Polarity = Polarity.ASSERTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """A fact that raises the order of work, e.g. ``child_writer``, ``infant``, ``deadline``, ``winter_no_heat``."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """A span that names or reaches a person."""

    kind: PersonalKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How sure the reader is of a label that it shows: a calibrated probability from 0 to 1. Labels as in :class:`Evidence`."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read. ``concerns`` are decided; ``candidates`` (at most three) are offered when unsure.

    ``language`` is ``ja`` or the code of another language (``en``, ``vi``, …), whose text was not read any further.
    """

    concerns: tuple[Concern, ...] = ()
    candidates: tuple[Concern, ...] = ()
    speaker: Speaker = Speaker.UNKNOWN
    intent: Intent = Intent.OTHER
    risk: Risk = Risk.NONE
    risk_kinds: tuple[RiskKind, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    personal_data: tuple[PersonalDatum, ...] = ()
    scores: tuple[Score, ...] = ()
    language: str = "ja"
    truncated: bool = False
