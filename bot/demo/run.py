"""Opening the demo: a data directory of its own, the stand-in as LINE, staff, history, and a word on where to look."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from rich.console import Console
from rich.panel import Panel
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.app import Parts, build_app
from bot.data import DEMO_CITY
from bot.demo.history import seed_history
from bot.demo.staff import ACCOUNTS, seed_staff
from bot.runtime import Runtime, open_runtime
from bot.settings import LineAccount, Settings
from bot.simulator.app import build_simulator
from bot.simulator.residents import demo_channel
from intake.base.clock import Clock
from intake.residents.models import Resident

ACCOUNT = "demo"
QUOTA = 5_000
"""Pushes a month, as one of LINE's plans has them: the forecast of the check-ins has something to count with."""
_screen = Console(stderr=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The opened demo: its parts, its app, and the password of this start."""

    runtime: Runtime
    app: ASGIApp
    base: str
    password: str


@asynccontextmanager
async def open_demo(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Demo]:
    """Open the runtime of the demo and its app, with the LINE stand-in mounted at ``/simulator``."""
    base = f"http://{settings.host if ':' not in settings.host else f'[{settings.host}]'}:{settings.port}"
    secret, token = secrets.token_hex(16), secrets.token_hex(24)
    account = LineAccount(
        municipality=DEMO_CITY,
        channel_secrets=(SecretStr(secret),),
        access_token=SecretStr(token),
        api_base=f"{base}/simulator/api",
    )
    own = settings.model_copy(update={"data_dir": settings.data_dir / "demo"})
    async with open_runtime(own, demo=True, clock=clock, accounts={ACCOUNT: account}) as runtime:
        password, viewers = await seed_staff(runtime)
        if await _is_empty(runtime):
            _screen.print("… 見本の記録を用意しています")
            await seed_history(runtime, ACCOUNT, viewers)
        channel = demo_channel(account=ACCOUNT, name="つなぎ（見本の市）", secret=secret, access_token=token)
        channel.quota = QUOTA
        simulator = build_simulator(webhook_base=base, clock=runtime.clock, channels=[channel])
        ender = asyncio.create_task(_end_with(runtime, simulator))
        app = build_app(runtime, parts=Parts(), extra=[Mount("/simulator", simulator)], home="/simulator/")
        try:
            yield Demo(runtime=runtime, app=app, base=base, password=password)
        finally:
            ender.cancel()
            await simulator.state.simulator.aclose()


async def _is_empty(runtime: Runtime) -> bool:
    async with runtime.database.read() as session:
        return not await session.scalar(select(func.count()).select_from(Resident))


async def _end_with(runtime: Runtime, simulator: Starlette) -> None:
    await runtime.stopping.wait()
    simulator.state.simulator.end_streams()


def announce(demo: Demo) -> None:
    """Tell on the screen where to look and how to log in."""
    base = demo.base
    logins = "\n".join(f"    {account.login}  {account.name}" for account in ACCOUNTS)
    _screen.print(
        Panel(
            f"住民の電話（LINEの代わり）  {base}/simulator/\n"
            f"職員の画面              {base}/console/\n"
            f"  ログインID\n{logins}\n"
            f"  パスワード（起動のたびに変わります）\n    {demo.password}\n\n"
            "止めるには Ctrl+C を押してください。",
            title="つなぎ（見本）",
            expand=False,
        ),
        markup=False,
        highlight=False,
    )
