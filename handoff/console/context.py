"""What the console is given by the process that serves it, and what it builds for itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from handoff.accounts.config import AccountsConfig
from handoff.accounts.oidc import OidcProvider
from handoff.desk.undo import UNDO
from handoff.duty.crowd import Outlooks
from handoff.duty.promise import Promiser
from handoff.report_abuse.words import Deadlines
from handoff.supervision.presence import Presence
from intake.base.clock import Clock
from intake.base.database import Database
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from routing.city import City
from routing.live import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamConfig:
    """The beat of the live stream, in seconds."""

    ping: float = 15.0
    recheck: float = 3.0
    """How often sessions and rights of open streams are looked at again."""
    poll: float = 0.5
    """How often the log is looked at when no wake-up came: another process may have written."""
    kept: int = 1000
    """So many encoded events are held in memory; older ones are read from the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleContext:
    """Database, keys, municipalities, clock and settings. ``stopping`` ends the streams.

    ``cities`` is what the directories say; ``offered`` what residents are told of it, where that is less; ``refused`` names
    the municipalities whose newest tables are wrong and not in use.
    """

    database: Database
    ring: KeyRing
    cities: Mapping[str, City]
    clock: Clock
    wakes: Wakes
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    secure_cookies: bool = True
    demo: bool = False
    config: AccountsConfig = field(default_factory=AccountsConfig)
    stream: StreamConfig = field(default_factory=StreamConfig)
    offered: Mapping[str, City] | None = None
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    undo: timedelta = UNDO
    """For so long an answer of staff rests before it leaves."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    """How long each step of a 通告・通報 may take."""
    keep_examples_of: frozenset[str] = frozenset()
    """Municipalities whose staff may keep sentences that they have written anew as examples for the reader."""
    mail: bool = False
    """Whether a mail server is set, so that staff can be told by mail."""
    outlooks: Outlooks = field(default_factory=Outlooks)
    """Who is on duty, looked at every few seconds."""
    presence: Presence = field(default_factory=Presence)
    """Who has which talk open, as far as this process has heard."""
    oidc: OidcProvider | None = None
    """Where staff may log in by the accounts of the town hall; None where they may not."""
    data_dir: Path | None = None
    """Where a clerk keeps tables of the own municipality; None where only the project's are used."""

    def window_name(self, municipality: str, window_id: str | None) -> str:
        """Return the name of a window as staff know it."""
        if window_id is None:
            return "未割り当て"
        city = self.cities.get(municipality)
        if city is None:
            return window_id
        if window_id == "desk":
            return city.desk_name
        window = city.windows.get(window_id)
        return window_id if window is None else window.name

    def promiser(self, municipality: str) -> Promiser | None:
        """Return with what residents of a municipality are promised an answer; None where its directory is not known."""
        city = (self.offered or self.cities).get(municipality)
        return None if city is None else Promiser(ring=self.ring, city=city)

    def city_name(self, municipality: str) -> str:
        """Return the name of a municipality."""
        city = self.cities.get(municipality)
        return municipality if city is None else city.name
