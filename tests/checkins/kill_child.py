"""A worker process of its own, with a hasty schedule and short leases, at a shifted hour; somebody will kill it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

import bot.schedule
import intake.checkins.sweep
import intake.inbox.service
import intake.outbox.delivery
from bot.app import Parts, background
from bot.logs import set_up_logs
from bot.runtime import open_runtime
from bot.settings import LineAccount, Settings
from intake.base.clock import SystemClock

SHORT_LEASE = timedelta(seconds=2)
HASTY_SECONDS = 0.2


@dataclass(frozen=True)
class ShiftedClock:
    """The clock of the machine, moved to an hour at which check-ins may go out."""

    by: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.by


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a worker needs."""

    folder: Path
    line_api: str
    database_url: str
    by: timedelta

    def settings(self) -> Settings:
        return Settings(data_dir=self.folder, database_url=self.database_url)

    def accounts(self) -> dict[str, LineAccount]:
        account = LineAccount(
            municipality="aizuwakamatsu", channel_secrets=(SecretStr("s" * 32),), access_token=SecretStr("t" * 32), api_base=self.line_api
        )
        return {"main": account}


async def _work(orders: Orders) -> None:
    clock = ShiftedClock(orders.by)
    async with (
        open_runtime(orders.settings(), demo=True, clock=clock, accounts=orders.accounts()) as runtime,
        background(runtime, Parts(web=False)),
    ):
        await runtime.stopping.wait()


def main(orders: Orders) -> None:
    set_up_logs("CRITICAL")
    bot.schedule.SWEEP_SECONDS = HASTY_SECONDS  # type: ignore[assignment] # the interval takes fractions as well
    intake.checkins.sweep.LEASE = SHORT_LEASE
    intake.inbox.service.LEASE = SHORT_LEASE
    intake.outbox.delivery.LEASE = SHORT_LEASE
    asyncio.run(_work(orders))
