"""``tsunagi web`` or ``tsunagi worker`` in a process of its own, in a hurry and at a shifted hour; somebody will kill it."""

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import bot.app
import bot.runtime
import bot.schedule
import bot.serve
import bot.worker
import intake.checkins.decide
import intake.checkins.sweep
import intake.inbox.service
import intake.outbox.delivery
import intake.outbox.policy
from bot.cli.main import app
from bot.data import load_data
from bot.settings import Settings
from intake.base.clock import SystemClock

SHORT_LEASE = timedelta(seconds=10)
"""Shorter than in earnest, but not so short that on a busy machine one worker takes from another what is being sent."""
SHORT_PAUSE = timedelta(seconds=3)
HASTY_SECONDS = 0.5


@dataclass(frozen=True)
class ShiftedClock:
    """The clock of the machine, moved to an hour at which check-ins may go out."""

    by: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.by


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the processes are told, as an operator would tell them."""

    folder: Path
    accounts_file: Path
    database_url: str
    port: int
    by: timedelta

    def settings(self) -> Settings:
        return Settings(data_dir=self.folder, database_url=self.database_url, accounts_file=self.accounts_file, port=self.port)

    def environment(self) -> dict[str, str]:
        return {
            "TSUNAGI_DATA_DIR": str(self.folder),
            "TSUNAGI_ACCOUNTS_FILE": str(self.accounts_file),
            "TSUNAGI_DATABASE_URL": self.database_url,
            "TSUNAGI_PORT": str(self.port),
            "TSUNAGI_LOG_LEVEL": "CRITICAL",
        }


def main(orders: Orders, command: str) -> None:
    """Run one command of the program until it is killed or told to end."""
    os.environ.update(orders.environment())
    setattr(bot.runtime, "SystemClock", lambda: ShiftedClock(orders.by))  # noqa: B010 - a class gives way to a clock of the test
    bot.schedule.SWEEP_SECONDS = HASTY_SECONDS  # type: ignore[assignment] # the interval takes fractions as well
    for name in set(bot.schedule.SWEEPS) - {"checkins", "line_quota"}:
        del bot.schedule.SWEEPS[name]  # type: ignore[attr-defined] # a dictionary; the others need no haste
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    for guard in (intake.checkins.decide, intake.inbox.service, bot.worker):
        guard.ATTEMPTS = 1_000  # type: ignore[attr-defined] # what is killed so often is not broken
    intake.checkins.sweep.LEASE = SHORT_LEASE
    intake.inbox.service.LEASE = SHORT_LEASE
    intake.outbox.delivery.LEASE = SHORT_LEASE
    intake.outbox.policy.LONGEST_PAUSE = SHORT_PAUSE  # Each kill counts as an attempt, and the pauses grow with them.
    app(args=[command], standalone_mode=False)


def warm_up() -> None:
    """Read all data once, before the processes are forked from this one: they begin to work the sooner."""
    load_data(Settings(data_dir=Path("nowhere")), demo=False, clock=SystemClock())
