"""Who has a talk on the screen, and who writes in it. Held in memory alone: on no record, in no table, and gone by itself.

Each process holds the whole picture. Where there are several, each sign is told to the others (``Database.tell_others``); one that is
missed comes again with the next beat of the page that sends it.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter

CHANNEL = "tsunagi_presence"
"""The channel on which processes on one PostgreSQL tell each other."""
VIEWING_FOR = timedelta(seconds=45)
"""A page says every twenty seconds that it is still there."""
WRITING_FOR = timedelta(seconds=25)
_EMPTY_FOR = timedelta(minutes=2)
"""So long it is known that everybody has left, for streams that were away for a moment."""
_PAGES = 8
_TALKS = 5000
_NAMED = 3


class Doing(StrEnum):
    """What a page says of whoever sits before it."""

    VIEWING = "viewing"
    WRITING = "writing"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What one page says. ``window_id`` and ``owner`` are the talk's at that moment: they decide who may know."""

    talk: str
    municipality: str
    window_id: str | None
    owner: str | None
    staff_id: str
    name: str
    tab: str
    doing: Doing


_SIGN = TypeAdapter(Sign)


def packed(sign: Sign) -> str:
    """Return a sign as other processes hear it."""
    return _SIGN.dump_json(sign).decode()


@dataclass(slots=True)
class _Page:
    sign: Sign
    until: datetime
    writes_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a talk stands after something has changed: whose talk it is, and what is to be read of it."""

    last: Sign
    at: datetime
    people: Mapping[str, tuple[str, bool]]
    """By the id of the person: the name, and whether that person writes."""

    def words_for(self, staff_id: str) -> str:
        """Return what a person reads; nobody is told of themselves."""
        return _words([here for key, here in self.people.items() if key != staff_id])


class Presence:
    """Who is where, as far as this process has heard."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, dict[tuple[str, str], _Page]] = OrderedDict()
        self._shown: dict[str, Change] = {}
        self._versions: dict[str, int] = {}
        self.version = 0
        """Grows with each change of what is to be read."""

    def hear(self, payload: str, now: datetime) -> None:
        """Take a sign that another process has told of."""
        self.note(_SIGN.validate_json(payload), now)

    def note(self, sign: Sign, now: datetime) -> None:
        """Take a sign. The oldest talks, and the oldest pages of one talk, make room."""
        pages = self._pages.setdefault(sign.talk, {})
        self._pages.move_to_end(sign.talk)
        key = (sign.staff_id, sign.tab)
        pages.pop(key, None)
        if sign.doing is not Doing.GONE:
            writes = now + WRITING_FOR if sign.doing is Doing.WRITING else now
            pages[key] = _Page(sign, now + VIEWING_FOR, writes)
        for old in [key for key in pages if key[0] == sign.staff_id][:-_PAGES]:
            del pages[old]
        while len(self._pages) > _TALKS:
            self._drop(self._pages.popitem(last=False)[0])
        self._look(sign.talk, sign, now)

    def expire(self, now: datetime) -> None:
        """Let go of the pages that have said nothing for too long."""
        for talk, pages in list(self._pages.items()):
            for key in [key for key, page in pages.items() if page.until <= now]:
                del pages[key]
            self._look(talk, self._shown[talk].last, now)
            if not pages and self._shown[talk].at <= now - _EMPTY_FOR:
                del self._pages[talk]
                self._drop(talk)

    def _look(self, talk: str, sign: Sign, now: datetime) -> None:
        people: dict[str, tuple[str, bool]] = {}
        for page in self._pages[talk].values():
            before = people.get(page.sign.staff_id, ("", False))[1]
            people[page.sign.staff_id] = (page.sign.name, before or page.writes_until > now)
        known = self._shown.get(talk)
        same = known is not None and known.people == people
        self._shown[talk] = Change(last=sign, at=known.at if known and same else now, people=people)
        if not same:
            self.version += 1
            self._versions[talk] = self.version

    def _drop(self, talk: str) -> None:
        self._shown.pop(talk, None)
        self._versions.pop(talk, None)

    def since(self, version: int) -> Sequence[Change]:
        """Return the talks in which something has changed after a version of the picture."""
        return [self._shown[talk] for talk, at in self._versions.items() if at > version]

    def words(self, talk: str, staff_id: str) -> str:
        """Return what a person reads of a talk that this person was found to see."""
        known = self._shown.get(talk)
        return "" if known is None else known.words_for(staff_id)


def _words(people: Sequence[tuple[str, bool]]) -> str:
    parts = []
    for wanted, words in ((True, "書いています"), (False, "見ています")):
        names = [name for name, writes in people if writes is wanted]
        more = f"ほか{len(names) - _NAMED}人" if len(names) > _NAMED else ""
        if names:
            parts.append(f"{'・'.join(f'{name}さん' for name in names[:_NAMED])}{more}が{words}")
    return "。".join(parts)
