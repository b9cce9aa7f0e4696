"""What every process and command opens first: settings, keys, database, municipalities."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.data import load_data, load_wordings
from bot.keys import open_ring
from bot.migrations.run import check_shape, upgrade
from bot.settings import LineAccount, Settings, load_accounts
from handoff.statistics.watch import record_facts
from handoff.supervision.presence import Presence
from intake.base.clock import Clock, SystemClock
from intake.base.database import Database, sqlite_url
from intake.base.errors import StartupError
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from intake.conversations.receive import IntakeContext
from intake.events.service import append_events
from intake.wording import Wording
from routing.city import City
from routing.live import Directories, Judge
from routing.story import read_message

TALK_IN_LINE = "line_talk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The opened parts of one process."""

    settings: Settings
    database: Database
    ring: KeyRing
    clock: Clock
    cities: Mapping[str, City]
    """Each municipality as residents may be told of it; where tables are taken up anew, changed in place."""
    accounts: Mapping[str, LineAccount]
    wakes: Wakes
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    directories: Directories | None = None
    """Where ``cities`` come from, and what was refused; None where they stand still."""
    demo: bool = False
    presence: Presence = field(default_factory=Presence)
    """Who of the staff has which talk open."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is to end; streams and loops look at it."""

    @property
    def intake(self) -> IntakeContext:
        """What intake works with, as it is at this moment: one event meets one version of a directory from beginning to end."""
        return IntakeContext(ring=self.ring, cities=dict(self.cities), read=read_message, wordings=self.wordings)

    @property
    def listed(self) -> Mapping[str, City]:
        """Each municipality as its tables say, for staff."""
        return self.cities if self.directories is None else self.directories.listed


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
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "tsunagi.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StartupError(
                f"{folder} はすでに動いている「つなぎ」が使っています。先にそちらを止めるか、TSUNAGI_DATA_DIR を分けてください"
            ) from error
        yield


def check_accounts(accounts: Mapping[str, LineAccount], cities: Mapping[str, City]) -> None:
    """Refuse accounts of municipalities that are not there, or that have decided for a way that is not built yet."""
    for key, account in accounts.items():
        city = cities.get(account.municipality)
        if city is None:
            raise StartupError(f"LINEアカウント [{key}]: 自治体「{account.municipality}」はありません（使えるのは {', '.join(cities)}）")
        if problem := entrance_problem(city):
            raise StartupError(f"LINEアカウント [{key}]: {problem}")


def check_examples(settings: Settings, cities: Mapping[str, City]) -> None:
    """Refuse to keep examples of a municipality that is not there: a misspelt key would only look as if it were switched off."""
    unknown = sorted(settings.examples_of - set(cities))
    if unknown:
        raise StartupError(f"TSUNAGI_KEEP_EXAMPLES_OF: 自治体「{'、'.join(unknown)}」はありません（使えるのは {', '.join(cities)}）")


def entrance_problem(city: City) -> str:
    """Say why a municipality with a LINE account cannot be served: it has decided for a way that is not built yet."""
    if city.intake_mode == TALK_IN_LINE:
        return ""
    return (
        f"{city.name}の「相談の入口」は {city.intake_mode} ですが、保護された相談室はまだありません。"
        f"LINEの中で相談を受けると決めたときだけ、自治体.csv を {TALK_IN_LINE} にしてください"
    )


def _judge(accounts: Mapping[str, LineAccount]) -> Judge:
    """Judge new tables of a running service as its start would judge them."""
    keys = {account.municipality for account in accounts.values()}
    return lambda city: entrance_problem(city) if city.key in keys else ""


def _load_for(accounts: Mapping[str, LineAccount], settings: Settings, *, demo: bool, clock: Clock, fall_back: bool) -> Directories:
    """Load the data, and hold these accounts against the directories now and whenever new tables come."""
    directories = load_data(settings, demo=demo, clock=clock, fall_back=fall_back)
    check_accounts(accounts, directories.listed)
    check_examples(settings, directories.listed)
    directories.judge = _judge(accounts)
    return directories


def _open_database(url: str, *, checkpoints: bool) -> tuple[Database, Wakes]:
    database, wakes = Database(url, checkpoints=checkpoints), Wakes()
    database.before_commit += [record_facts, append_events]
    database.after_commit.append(wakes.ring)
    return database, wakes


@asynccontextmanager
async def open_runtime(
    settings: Settings,
    *,
    demo: bool = False,
    clock: Clock | None = None,
    accounts: Mapping[str, LineAccount] | None = None,
    prepare: bool = True,
    checkpoints: bool = True,
    fall_back: bool = False,
) -> AsyncIterator[Runtime]:
    """Open data, database and keys; close them when the block ends.

    With ``prepare`` a new data directory is made ready and an old database brought to the newest shape; without it
    nothing is changed. ``checkpoints=False`` is for a command that writes beside a running server on SQLite.
    With ``fall_back`` directories that are wrong do not stop the opening; ``directories.refused`` names them.
    """
    clock, url = clock or SystemClock(), database_url(settings)
    os.umask(0o077)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    known = dict(load_accounts(settings) if accounts is None else accounts)
    directories = _load_for(known, settings, demo=demo, clock=clock, fall_back=fall_back)
    wordings = load_wordings(settings)
    database, wakes = _open_database(url, checkpoints=checkpoints)
    try:
        await (upgrade(database.writer) if prepare else check_shape(database.reader))
        yield Runtime(
            settings=settings,
            database=database,
            ring=await open_ring(settings, database, clock, prepare=prepare),
            clock=clock,
            cities=directories.offered,
            directories=directories,
            accounts=known,
            wakes=wakes,
            wordings=wordings,
            demo=demo,
        )
    finally:
        await database.close()
