"""What a sentence would be referred to, for staff who want to see how the guide works. Nothing of it is stored or logged."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from handoff.desk.resident_words import Segment, split
from handoff.desk.words import CONCERN_WORDS, PERSON_WORDS, RISK_KIND_WORDS, RISK_WORDS
from nlp.reading import Concern
from routing.card import WindowCard, card_for
from routing.choose import refer
from routing.city import City
from routing.districts import find_district
from routing.hours import TOKYO
from routing.lines import describe_line
from routing.needs import told_in
from routing.referral import Actor, Considered, Destination, Need, Outcome, Reason, Referral
from routing.rules import load_rules
from routing.story import read_story

LONGEST_TEXT = 1000
ACTOR_WORDS = {"": "文から読み取る", Actor.RESIDENT: "住民", Actor.AGENCY: "支援機関", Actor.MINSEI: "民生委員・児童委員"}
OUTCOME_WORDS = {
    Outcome.WINDOW: "窓口を案内します",
    Outcome.STAFF: "職員が受け止めます",
    Outcome.LISTEN: "まずお話を聞きます（困りごとは、まだ読み取れていません）",
}


class _Fault(StrEnum):
    EMPTY = "文が空です。住民が書きそうな文を入れて、もう一度押してください。"
    LONG = f"長すぎます。{LONGEST_TEXT}字までにしてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a member of staff asks: a sentence, and what a resident would have told beside it."""

    text: str = ""
    district: str = ""
    actor: Actor | None = None
    """Who writes; None where the sentence is to tell it."""

    @property
    def fault(self) -> str:
        """Why it cannot be read; empty when it can."""
        if not self.text.strip():
            return _Fault.EMPTY
        return _Fault.LONG if len(self.text) > LONGEST_TEXT else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One destination: as residents meet it on a card, and the kind of window for staff."""

    card: WindowCard
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The whole answer, in words that staff read."""

    segments: tuple[Segment, ...]
    needs: tuple[str, ...]
    candidates: tuple[str, ...]
    risk: str
    risk_words: str
    outcome: str
    main: Place | None
    others: tuple[Place, ...]
    involved: tuple[Place, ...]
    """Places that staff should know to be involved, beyond those that a resident is shown."""
    lines: tuple[str, ...]
    asks_district: bool
    district: str
    fields: tuple[str, ...]
    form_main: str
    form_others: tuple[str, ...]
    patterns: tuple[str, ...]
    coordinator: str
    reasons: tuple[Reason, ...]
    considered: tuple[Considered, ...]
    version: str
    quotes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The words of the sentence that a reason rests on, by the reason's text."""


def try_sentence(question: Question, city: City, now: datetime) -> Trial:
    """Read and refer a sentence as it would be for a resident of ``city`` at ``now``."""
    text = question.text
    reading = read_story([text])
    district = question.district.strip() or find_district(text, city.windows.values(), now.astimezone(TOKYO).date())
    needs, profile = told_in(reading, text, actor=question.actor, district=district)
    referral = refer(needs, profile, city, now)
    main, shown = referral.main, [place for place in referral.shown if place != referral.main]
    return Trial(
        segments=split(text, [asdict(evidence) for evidence in reading.evidence], (), plain=True),
        needs=tuple(_need_words(need) for need in needs),
        candidates=tuple(CONCERN_WORDS[Concern(concern)] for concern in reading.candidates),
        risk=reading.risk.value,
        risk_words="・".join([RISK_WORDS[reading.risk], *(RISK_KIND_WORDS[kind] for kind in reading.risk_kinds)]),
        outcome=OUTCOME_WORDS[referral.outcome],
        main=None if main is None else _place(city, main, now),
        others=tuple(_place(city, place, now) for place in shown),
        involved=tuple(_place(city, place, now) for place in referral.also if place not in shown),
        lines=tuple(describe_line(city.lines[key], now) for key in referral.lines),
        asks_district=referral.ask == "district",
        district=district or "",
        fields=referral.fields,
        form_main=referral.form_main or "",
        form_others=referral.form_others,
        patterns=referral.patterns,
        coordinator=(city.coordinator or "多機関協働の担当") if referral.coordinator_candidate else "",
        reasons=referral.reasons,
        considered=referral.considered,
        version=referral.directory_version,
        quotes=_quotes(referral, text),
    )


def _quotes(referral: Referral, text: str) -> dict[str, tuple[str, ...]]:
    return {
        reason.text: tuple(dict.fromkeys(text[evidence.start : evidence.end] for evidence in reason.evidence))
        for reason in referral.reasons
        if reason.evidence
    }


def _place(city: City, destination: Destination, now: datetime) -> Place:
    return Place(card=card_for(city, destination, now), kind=load_rules().labels[destination.kind])


def _need_words(need: Need) -> str:
    return f"{CONCERN_WORDS[need.concern]}（{PERSON_WORDS.get(need.person, '家族など')}）"
