"""Plays conversation scripts through the real reader, routing, dialogue and wording."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from intake.dialogue.next_turn import next_turn
from intake.dialogue.turn import Controller, EventKind, TalkEvent, TalkState, Turn
from intake.wording.bubbles import Utterance
from intake.wording.speak import speak
from nlp.reading import Reading
from routing.city import City, NightMode
from routing.load import load_city
from routing.story import read_message

SCRIPTS = Path(__file__).parent / "scripts"
_INPUTS = {
    "user": EventKind.TEXT,
    "sticker": EventKind.STICKER,
    "media": EventKind.MEDIA,
    "location": EventKind.LOCATION,
    "tap": EventKind.POSTBACK,
    "follow": EventKind.FOLLOW,
    "unknown": EventKind.UNKNOWN,
}
CLAIMED = "staff_claims"
_EXPECTED = frozenset({"reply", "replies", "silent", "step", "controller", "effects", "slots", "says", "never_says", "windows"})
_TIMING = frozenset({"after_minutes", "late_minutes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a script: what the resident does, when, and what is expected."""

    event: TalkEvent | None
    """None where staff claim the talk."""
    now: datetime
    expected: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One conversation."""

    name: str
    city: City
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What one line brought about."""

    line: Line
    before: TalkState
    turn: Turn
    said: Utterance
    reading: Reading

    @property
    def keys(self) -> list[str]:
        return [str(reply.key) for reply in self.turn.replies]

    @property
    def words(self) -> str:
        """Everything that the resident sees in this turn."""
        bubbles = [bubble.text if bubble.type == "text" else "\n".join((bubble.title, *bubble.rows)) for bubble in self.said.bubbles]
        return "\n".join((*bubbles, *(choice.label for choice in self.said.choices)))


@cache
def city_of(key: str, *, sample: bool) -> City:
    return load_city(key, sample=sample)


@cache
def reading_of(text: str) -> Reading:
    return read_message(text)


def load_scripts() -> tuple[Script, ...]:
    raw = [item for path in sorted(SCRIPTS.glob("*.yaml")) for item in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return tuple(_script(item) for item in raw)


def _script(item: dict[str, Any]) -> Script:
    assert item.keys() <= {"name", "municipality", "sample", "night", "now", "turns"}, item["name"]
    city = city_of(item["municipality"], sample=bool(item.get("sample")))
    if "night" in item:
        city = replace(city, night=NightMode(item["night"]))
    return Script(name=item["name"], city=city, lines=tuple(_lines(item)))


def _lines(item: dict[str, Any]) -> Iterator[Line]:
    now = datetime.fromisoformat(item["now"]) if isinstance(item["now"], str) else item["now"]
    assert now.tzinfo is not None, item["name"]
    for number, raw in enumerate(item["turns"]):
        unknown = raw.keys() - _INPUTS.keys() - _EXPECTED - _TIMING - {CLAIMED}
        assert not unknown, f"{item['name']}: {unknown}"
        now += timedelta(minutes=raw.get("after_minutes", 1 if number else 0))
        expected = {name: value for name, value in raw.items() if name in _EXPECTED}
        yield Line(event=_event(raw, now), now=now, expected=expected)


def _event(raw: dict[str, Any], now: datetime) -> TalkEvent | None:
    if CLAIMED in raw:
        return None
    (name,) = raw.keys() & _INPUTS.keys()
    said = raw[name] if isinstance(raw[name], str) else ""
    at = now - timedelta(minutes=raw.get("late_minutes", 0))
    kind = _INPUTS[name]
    return TalkEvent(
        kind=kind, occurred_at=at, text="" if kind is EventKind.POSTBACK else said, data=said if kind is EventKind.POSTBACK else ""
    )


def play_line(script: Script, state: TalkState, line: Line) -> Played | None:
    """Play one line; None where staff claim."""
    if line.event is None:
        return None
    reading = reading_of(line.event.text)
    turn = next_turn(state, line.event, reading, script.city, line.now)
    return Played(line=line, before=state, turn=turn, said=speak(turn.replies, script.city, line.now), reading=reading)


def play(script: Script) -> Iterator[Played]:
    """Play a whole script."""
    state = TalkState()
    for line in script.lines:
        played = play_line(script, state, line)
        if played is None:
            state = replace(state, controller=Controller.STAFF)
            continue
        yield played
        state = played.turn.state
