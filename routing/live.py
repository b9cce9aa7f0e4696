"""The directories of a running process: taken up anew when their files change, kept as they were when the new ones are wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from routing.city import City
from routing.confirmed import only_confirmed
from routing.findings import DirectoryError, Finding, Level
from routing.hours import TOKYO
from routing.load import KEYS, city_folder, load_city
from routing.sample import lay_sample

Mark = tuple[tuple[str, int, int, int], ...]
"""Names, times, sizes and numbers of the files of a folder: whatever writes one of them changes it."""
Judge = Callable[[City], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Tables that were not taken over: since when, in which folder, what is wrong, and which version goes on in their place."""

    at: datetime
    folder: Path
    findings: tuple[Finding, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one look has changed for one municipality: a new version in use, or a refusal."""

    key: str
    version: str
    refusal: Refusal | None = None


class Directories:
    """All municipalities of one process.

    ``listed`` is what the tables say, for staff. ``offered`` is what residents may be told, which is less where only
    confirmed windows are shown. ``refused`` names the municipalities whose newest tables are not in use. All three are
    changed in place by :meth:`refresh`, so whoever holds them always sees what counts now.
    """

    def __init__(self, *, data_dir: Path | None = None, sample: frozenset[str] = frozenset(), require_confirmed: bool = False) -> None:
        self._data_dir = data_dir
        self._sample = sample
        self._require_confirmed = require_confirmed
        self.judge: Judge = lambda _city: ""
        """Why new tables that are in order cannot be taken over by this process all the same; empty when they can."""
        self._taken: dict[str, tuple[Path, Mark]] = {}
        self._seen: dict[str, tuple[Path, Mark]] = {}
        self._day: date | None = None
        self.listed: dict[str, City] = {}
        self.offered: dict[str, City] = {}
        self.refused: dict[str, Refusal] = {}

    def load(self, now: datetime, *, fall_back: bool = False) -> None:
        """Load all for the first time. DirectoryError names what is wrong; with ``fall_back`` the project's own tables stand in."""
        self._day = _day(now)
        for key in KEYS:
            place = self._place(key)
            try:
                self._use(key, self._read(key, now))
            except DirectoryError as error:
                if not fall_back:
                    raise
                self._use(key, self._laid(load_city(key, today=self._day)))
                self._refuse(key, place[0], error.findings, now)
            self._taken[key] = self._seen[key] = place

    def refresh(self, now: datetime, *, at_once: bool = False) -> list[Change]:
        """Look at the files, take up what has changed, and return what came of it.

        Files that are still being written are left until two looks in a row find them the same, unless ``at_once``.
        """
        if self._day != _day(now):
            self._day = _day(now)
            self.offered.update({key: self._shown(city) for key, city in self.listed.items()})
        found = (self._look(key, now, at_once=at_once) for key in KEYS)
        return [change for change in found if change is not None]

    def _look(self, key: str, now: datetime, *, at_once: bool) -> Change | None:
        place = self._place(key)
        if place == self._taken[key]:
            return None
        settled, self._seen[key] = at_once or place == self._seen[key], place
        if not settled:
            return None
        try:
            city = self._read(key, now)
        except DirectoryError as error:
            self._taken[key] = place
            return self._refuse(key, place[0], error.findings, now)
        if self._place(key) != place:
            return None  # Written again meanwhile: what was read may be half of each.
        self._taken[key] = place
        lifted = self.refused.pop(key, None)
        if city.version == self.listed[key].version and lifted is None:
            return None
        self._use(key, city)
        return Change(key=key, version=city.version)

    def _read(self, key: str, now: datetime) -> City:
        folder = city_folder(key, self._data_dir)
        try:
            city = load_city(key, data_dir=self._data_dir, today=_day(now))
        except OSError as error:
            raise DirectoryError(key, [_whole(folder, f"読めません（{error.strerror}）。持ち主と権限を確かめてください")]) from error
        if problem := self.judge(city):
            raise DirectoryError(key, [_whole(folder, problem)])
        return self._laid(city)

    def _laid(self, city: City) -> City:
        return lay_sample(city) if city.key in self._sample else city

    def _use(self, key: str, city: City) -> None:
        self.listed[key] = city
        self.offered[key] = self._shown(city)

    def _shown(self, city: City) -> City:
        return only_confirmed(city, self._day) if self._require_confirmed and self._day else city

    def _refuse(self, key: str, folder: Path, findings: tuple[Finding, ...], now: datetime) -> Change:
        version = self.listed[key].version
        self.refused[key] = Refusal(at=now, folder=folder, findings=findings, version=version)
        return Change(key=key, version=version, refusal=self.refused[key])

    def _place(self, key: str) -> tuple[Path, Mark]:
        folder = city_folder(key, self._data_dir)
        return folder, _mark(folder)


class Part(Mapping[str, City]):
    """Some of the municipalities, always as they are now."""

    def __init__(self, cities: Mapping[str, City], keys: Iterable[str]) -> None:
        self._cities = cities
        self._keys = tuple(key for key in cities if key in set(keys))

    def __getitem__(self, key: str) -> City:
        if key not in self._keys:
            raise KeyError(key)
        return self._cities[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _mark(folder: Path) -> Mark:
    """Return what changes with every write. A file that goes away while it is looked at is simply not there."""
    found = []
    try:
        for path in sorted(folder.iterdir()):
            if not path.name.startswith("."):
                stat = path.stat()
                found.append((path.name, stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except OSError:
        return (*found, ("", 0, 0, 0))
    return tuple(found)


def _day(now: datetime) -> date:
    return now.astimezone(TOKYO).date()


def _whole(folder: Path, text: str) -> Finding:
    return Finding(level=Level.ERROR, file=folder.name, row=0, column="", text=text)
