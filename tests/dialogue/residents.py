"""Residents that a seed makes: they write up to three messages from our own corpus or a bare word, in any city, at any hour.

``python -m tests.dialogue.residents`` prints how many are offered something, and how many of them only a person or the desk.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from intake.dialogue.next_turn import next_turn
from intake.dialogue.scene import STAFF
from intake.dialogue.turn import Controller, EffectKind, EventKind, Step, TalkEvent, TalkState, Turn
from nlp.reading import Concern
from routing.city import City
from routing.hours import TOKYO
from routing.load import KEYS
from routing.offer import DESK
from routing.referral import Kind
from routing.rules import load_rules
from routing.runs import runs
from tests.dialogue.player import city_of, reading_of

CORPUS = Path(__file__).parents[2] / "nlp" / "corpus"
BARE = (
    *("たすけて", "しんどい", "お金", "こまってます", "借金", "介護", "子ども", "学校", "仕事", "家賃", "ごはん", "ひとり", "眠れない"),
    *("はい", "いいえ", "あの", "…", "？", "こんばんは", "だれかいますか", "ねむい", "母", "夫", "もうむり", "相談したい", "どうしよう"),
)
MOST_MESSAGES = 3
_BARE_SHARE = 0.15
_A_YEAR = 365 * 24 * 60
_BEGIN = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """Who writes what, where and when. ``concerns`` are what the writers of the corpus meant by each message."""

    city: str
    begins: datetime
    messages: tuple[str, ...]
    concerns: tuple[frozenset[Concern], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How a resident fared: the turns until the talk was handed over or ended, or all of them."""

    resident: Resident
    city: City
    turns: tuple[Turn, ...]

    @property
    def offered(self) -> bool:
        """Whether a window, or a person with a stated time, was offered."""
        return bool(self.turns[-1].state.offered)

    @property
    def ended_by_themselves(self) -> bool:
        """Whether the resident asked to stop, to end or to erase."""
        kinds = {effect.kind for turn in self.turns for effect in turn.effects}
        state = self.turns[-1].state
        return bool(kinds & _OWN_WISHES) or state.step in {Step.ENDED, Step.CONFIRMING_ERASE}

    @property
    def only_a_person(self) -> bool:
        """Whether nothing but the city's desk or staff was offered."""
        return set(self.turns[-1].state.offered) <= {STAFF, DESK}

    @property
    def shown_lines(self) -> bool:
        """Whether danger was read, and lines that help in it were shown beside the person."""
        return any(reply.params.get("lines") for turn in self.turns for reply in turn.replies)

    @property
    def held_kinds(self) -> frozenset[Kind]:
        """Kinds of what the resident told that the directory holds on that day."""
        meant = frozenset().union(*self.resident.concerns[: len(self.turns)])
        needed = {kind for concern in meant for kind in load_rules().concerns[concern].kinds}
        day = self.resident.begins.astimezone(TOKYO).date()
        running = (window for window in self.city.windows.values() if runs(window, day) and window.accepts != "機関")
        return frozenset(
            window.kind for window in running if window.kind in needed and (bool(window.concerns & meant) or not window.strict)
        ) - {Kind.CITY_DESK, Kind.COORDINATOR}


_OWN_WISHES = frozenset({EffectKind.RECORDS_ERASED, EffectKind.NOTICES_STOPPED, EffectKind.CONTACT_CLOSED})


def residents(count: int, seed: int) -> Iterator[Resident]:
    """Make ``count`` residents; the same seed makes the same ones."""
    dice = random.Random(seed)
    pool = corpus_lines()
    for _ in range(count):
        told = [_message(dice, pool) for _ in range(MOST_MESSAGES)]
        begins = _BEGIN + timedelta(minutes=dice.randrange(_A_YEAR))
        messages, concerns = tuple(text for text, _ in told), tuple(meant for _, meant in told)
        yield Resident(city=dice.choice(KEYS), begins=begins, messages=messages, concerns=concerns)


def _message(dice: random.Random, pool: Sequence[tuple[str, frozenset[Concern]]]) -> tuple[str, frozenset[Concern]]:
    return (dice.choice(BARE), frozenset()) if dice.random() < _BARE_SHARE else dice.choice(pool)


@cache
def corpus_lines() -> tuple[tuple[str, frozenset[Concern]], ...]:
    """Return all messages of the training corpus with what their writers meant."""
    lines = [json.loads(line) for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple((line["text"], frozenset(map(Concern, line["concerns"]))) for line in lines)


def meet(resident: Resident, *, sample: bool = False) -> Met:
    """Let the resident write the three messages, unless a person takes over or the resident ends the talk before."""
    city, state, now = city_of(resident.city, sample=sample), TalkState(), resident.begins
    turns: list[Turn] = []
    for text in resident.messages:
        turn = next_turn(state, TalkEvent(kind=EventKind.TEXT, occurred_at=now, text=text), reading_of(text), city, now)
        turns.append(turn)
        state, now = turn.state, now + timedelta(minutes=2)
        if state.controller is not Controller.BOT or state.step is Step.ENDED:
            break
    return Met(resident=resident, city=city, turns=tuple(turns))


def main(count: int = 1000, seed: int = 20261121) -> None:
    """Print the figures of the table in issue 4."""
    met = [meet(resident) for resident in residents(count, seed)]
    wished = [one for one in met if one.ended_by_themselves and not one.offered]
    offered = [one for one in met if one.offered]
    left = [one for one in offered if one.only_a_person and one.held_kinds]
    calm = [one for one in left if not one.shown_lines]
    first = sum(bool(one.turns[0].state.offered) for one in offered)
    print(f"{len(met)} residents, {len(wished)} ended by themselves, {len(offered)} offered something ({first} at once)")  # noqa: T201
    print(f"only a person or the desk although the directory holds the kind: {len(left)} = {len(left) / len(offered):.3f}")  # noqa: T201
    print(f"without those in danger, who were shown lines too: {len(calm)} = {len(calm) / len(offered):.3f}")  # noqa: T201
    with_need = [one for one in offered if one.held_kinds]
    print(f"of the {len(with_need)} who told a need that the directory holds: {len(left) / len(with_need):.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
