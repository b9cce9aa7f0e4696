"""Every window, number and hour that a resident is shown stands in the directory, in the list of lines or in the written wording."""

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

import intake.wording
from intake.dialogue.next_turn import next_turn
from intake.dialogue.turn import EventKind, TalkEvent, TalkState, Turn
from intake.wording.bubbles import ButtonKind, CardBubble, Utterance
from intake.wording.speak import speak
from routing.card import contact_confirmed
from routing.city import City, Opening
from routing.hours import TOKYO
from routing.load import KEYS
from tests.dialogue.player import city_of, reading_of
from tests.dialogue.residents import Resident, residents

TALKS, SEED = 100, 4
WORDING = Path(intake.wording.__file__).parent
DISTRICTS = ("富奥です", "本町のほう", "門田のあたり", "わかりません", "西木", "水沢")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10}|#\d{4}|1(?:10|18|19|71|88|89)(?![\d円分人日]))(?![\d-])")
_CLOCK = re.compile(r"\d{1,2}(?::\d{2}|時(?!間)(?:半|\d{1,2}分)?)")
_PLACE = re.compile(r"[一-龥ァ-ヶー々]{2,}(?:センター|相談所|相談室|事務所|係|課|窓口)")


def _talk(resident: Resident, city: City, dice: random.Random) -> Iterator[tuple[datetime, Turn, Utterance]]:
    """Let the resident write, name districts, and tap whatever stands under an answer."""
    state, now, ways = TalkState(), resident.begins, [""]
    for text in (*resident.messages, dice.choice(DISTRICTS), resident.messages[0]):
        for data in ("", dice.choice(ways)):
            kind = EventKind.POSTBACK if data else EventKind.TEXT
            words = "" if data else text
            event = TalkEvent(kind=kind, occurred_at=now, text=words, data=data)
            turn = next_turn(state, event, reading_of(words), city, now)
            said = speak(turn.replies, city, now)
            yield now, turn, said
            state, now = turn.state, now + timedelta(minutes=dice.choice([1, 50, 700]))
            buttons = [*said.choices, *(button for card in said.bubbles if isinstance(card, CardBubble) for button in card.buttons)]
            ways = [button.value for button in buttons if button.kind is ButtonKind.POSTBACK] or [""]


def _words(said: Utterance) -> str:
    parts: list[str] = []
    for bubble in said.bubbles:
        parts += (
            [bubble.title, *bubble.rows, *(button.label for button in bubble.buttons)] if isinstance(bubble, CardBubble) else [bubble.text]
        )
    return "\n".join([*parts, *(choice.label for choice in said.choices)])


@cache
def _written() -> str:
    """All sentences of the wording as they are written, before anything is put into them."""
    files = sorted(WORDING.rglob("*.yaml"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@cache
def _told_numbers() -> tuple[str, ...]:
    return tuple(_PHONE.findall(_written()))


def _numbers(city: City, now: datetime) -> set[str]:
    """Return the numbers that may be shown: of windows that the city has confirmed, of its desk and of the lines."""
    day = now.astimezone(TOKYO).date()
    windows = (window for window in city.windows.values() if contact_confirmed(window, day))
    lines = [text for line in city.lines.values() for text in (line.number, line.number_note, line.hours_text)]
    texts = [city.desk_phone, *lines, *(phone.number for window in windows for phone in window.phones), *_told_numbers()]
    return {number for text in texts for number in _PHONE.findall(text)}


def _hours(city: City, now: datetime, turn: Turn) -> set[str]:
    """Return the times of day that may be shown: hours of confirmed windows, of staff and lines, and the promise that is made."""
    day = now.astimezone(TOKYO).date()
    openings: list[Opening] = [*city.staff_hours]
    for window in city.windows.values():
        openings += window.openings if contact_confirmed(window, day) else ()
    clocks = {f"{at.hour}:{at.minute:02d}" for opening in openings for at in (opening.opens, opening.closes)} | {"24:00"}
    promises = (reply.params["promise"] for reply in turn.replies if "promise" in reply.params)
    for promise in promises:
        at = datetime.fromisoformat(str(promise)).astimezone(TOKYO)
        clocks |= {f"{at.hour}:{at.minute:02d}"}
    return {form for clock in clocks for form in (clock, _spoken(clock))} | _told_hours(city.key, sample=city.sample)


@cache
def _told_hours(key: str, *, sample: bool) -> set[str]:
    """Return the times of day that the wording and the list of lines tell."""
    lines = city_of(key, sample=sample).lines.values()
    told = "\n".join([_written(), *(f"{line.hours_text} {line.number_note} {line.opens} {line.closes}" for line in lines)])
    return {form for clock in _CLOCK.findall(told) for form in (clock, clock.removeprefix("0"))}


def _spoken(clock: str) -> str:
    hour, minute = clock.split(":")
    return f"{hour}時{int(minute)}分" if int(minute) else f"{hour}時"


def _names(city: City) -> str:
    """Return everything that the directory and the list of lines call by name."""
    windows = [
        " ".join((window.name, *window.aliases, window.programme, window.division, window.operator, window.target, window.address))
        for window in city.windows.values()
    ]
    sources = [window.source for window in city.windows.values()]
    lines = [f"{line.name} {line.audience} {line.number_note} {line.hours_text}" for line in city.lines.values()]
    return "\n".join([city.name, city.desk_name, *windows, *sources, *lines])


@pytest.mark.parametrize("sample", [False, True], ids=["production", "sample"])
def test_no_window_number_or_hour_is_shown_that_the_directory_does_not_hold(*, sample: bool) -> None:
    dice = random.Random(SEED)
    seen = {"numbers": 0, "hours": 0, "cards": 0}
    for resident in residents(TALKS, SEED + sample):
        city = city_of("aizuwakamatsu" if sample else resident.city, sample=sample)
        known = _names(city) + _written()
        titles = {city.desk_name, *(window.name for window in city.windows.values()), *(line.name for line in city.lines.values())}
        for now, turn, said in _talk(resident, city, dice):
            words = _words(said)
            numbers, hours = set(_PHONE.findall(words)), set(_CLOCK.findall(words))
            assert numbers <= _numbers(city, now), words
            assert hours <= _hours(city, now, turn), words
            for place in _PLACE.findall(words):
                assert place in known, (place, words)
            for bubble in said.bubbles:
                if isinstance(bubble, CardBubble):
                    assert bubble.title in titles, bubble
                    seen["cards"] += 1
            seen["numbers"] += len(numbers)
            seen["hours"] += len(hours)
    assert min(seen.values()) > 0, seen


@pytest.mark.parametrize("key", KEYS)
def test_a_button_calls_only_numbers_that_may_be_shown(key: str) -> None:
    dice = random.Random(SEED)
    city = city_of(key, sample=False)
    for resident in residents(20, SEED):
        for now, _, said in _talk(resident, city, dice):
            cards = [bubble for bubble in said.bubbles if isinstance(bubble, CardBubble)]
            buttons = [*said.choices, *(button for card in cards for button in card.buttons)]
            called = {button.value for button in buttons if button.kind is ButtonKind.TEL}
            allowed = _numbers(city, now) | {line.number for line in city.lines.values()}
            assert called <= allowed, called - allowed
