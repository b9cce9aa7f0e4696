"""What every process and command opens first: settings, keys, database, municipalities."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nlp
from bot.migrations.run import upgrade
from bot.settings import LineAccount, Settings, load_accounts
from intake.base.clock import Clock, SystemClock
from intake.base.database import Database, sqlite_url
from intake.base.errors import StartupError
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from intake.conversations.receive import IntakeContext
from intake.events.service import append_events
from intake.wording import Wording, load_overrides
from intake.wording.catalogue import default_wording
from intake.wording.nodes import WordingError
from nlp.lexicon import LexiconError
from nlp.reader import warm_up
from routing.city import City
from routing.findings import DirectoryError
from routing.load import KEYS, load_city

DEMO_CITY = "aizuwakamatsu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The opened parts of one process."""

    settings: Settings
    database: Database
    ring: KeyRing
    clock: Clock
    cities: Mapping[str, City]
    accounts: Mapping[str, LineAccount]
    wakes: Wakes
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    demo: bool = False
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is to end; streams and loops look at it."""

    @property
    def intake(self) -> IntakeContext:
        """What intake works with."""
        return IntakeContext(ring=self.ring, cities=self.cities, read=nlp.read, wordings=self.wordings)


def database_url(settings: Settings) -> str:
    """Return the address of the database: PostgreSQL where it is named, else a file in the data directory."""
    if settings.database_url is None:
        return sqlite_url(settings.data_dir / "tsunagi.db")
    url = settings.database_url
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    if not url.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite:///")):
        raise StartupError("TSUNAGI_DATABASE_URL は postgresql://… の形にしてください（空なら data/ の SQLite を使います）")
    return url


@contextlib.contextmanager
def only_process(folder: Path) -> Iterator[None]:
    """Hold the lock of a data directory, so that two processes never work on one SQLite file."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "tsunagi.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StartupError(
                f"{folder} はすでに動いている「つなぎ」が使っています。先にそちらを止めるか、TSUNAGI_DATA_DIR を分けてください"
            ) from error
        yield


def open_ring(settings: Settings) -> KeyRing:
    """Open the keys, or make them beside an empty data directory."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.keyring_path.exists():
        return KeyRing(settings.keyring_path)
    if (settings.data_dir / "tsunagi.db").exists():
        raise StartupError(f"データはあるのに鍵がありません: {settings.keyring_path}。バックアップから戻してください")
    return KeyRing.create(settings.keyring_path)


def load_data(settings: Settings, *, demo: bool, clock: Clock) -> dict[str, City]:
    """Load lexicon, wording and every municipality, in the demo with the 見本 overlay; what is wrong stops the start."""
    today = clock.now().date()
    try:
        warm_up()
        default_wording()
        return {key: load_city(key, sample=demo and key == DEMO_CITY, data_dir=settings.data_dir, today=today) for key in KEYS}
    except (DirectoryError, LexiconError, WordingError) as error:
        raise StartupError(str(error)) from error


def load_wordings(settings: Settings) -> dict[str, Wording]:
    """Load the sentences of municipalities that have their own, from ``DATA_DIR/wording/KEY.yaml``."""
    try:
        return {path.stem: load_overrides(path) for path in sorted((settings.data_dir / "wording").glob("*.yaml")) if path.stem in KEYS}
    except WordingError as error:
        raise StartupError(str(error)) from error


@asynccontextmanager
async def open_runtime(
    settings: Settings,
    *,
    demo: bool = False,
    clock: Clock | None = None,
    accounts: Mapping[str, LineAccount] | None = None,
) -> AsyncIterator[Runtime]:
    """Open keys, municipalities and a migrated database; close them when the block ends."""
    clock = clock or SystemClock()
    url = database_url(settings)
    os.umask(0o077)
    ring = open_ring(settings)
    cities = load_data(settings, demo=demo, clock=clock)
    wordings = load_wordings(settings)
    known = dict(load_accounts(settings) if accounts is None else accounts)
    for key, account in known.items():
        if account.municipality not in cities:
            raise StartupError(f"LINEアカウント [{key}]: 自治体「{account.municipality}」はありません（使えるのは {', '.join(cities)}）")
    database = Database(url)
    wakes = Wakes()
    database.before_commit.append(append_events)
    database.after_commit.append(wakes.ring)
    try:
        await upgrade(database.writer)
        yield Runtime(
            settings=settings,
            database=database,
            ring=ring,
            clock=clock,
            cities=cities,
            accounts=known,
            wakes=wakes,
            wordings=wordings,
            demo=demo,
        )
    finally:
        await database.close()
