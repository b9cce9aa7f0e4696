"""`tsunagi web` and three times `tsunagi worker`, each worker with its own schedule, killed at random: every check-in comes once."""

import asyncio
import json
import random
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

import routing.load
from bot.runtime import open_runtime
from intake.base.clock import SystemClock
from intake.base.database import Database
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState, LineQuota, WordsApproval
from intake.checkins.quota import AGAIN
from intake.checkins.words import default_words
from intake.conversations.models import Author, Message
from tests.checkins.kill_child import Orders, ShiftedClock, main
from tests.checkins.kill_line import SECRET, Line, deliver
from tests.checkins.rows import enrol
from tests.support.forks import CHILDREN
from tests.support.line import text_event
from tests.support.world import CITY

MORNING = datetime(2026, 4, 14, 1, 0, tzinfo=UTC)
"""Tuesday at 10:00 in Japan."""
COMMANDS = ("web", "worker", "worker", "worker")


@dataclass
class Stage:
    """LINE, what the processes are told, and the answers of residents that are on their way."""

    line: Line
    orders: Orders
    chance: random.Random
    answers: list[asyncio.Task[None]] = field(default_factory=list)

    def write_back(self, user: str) -> None:
        """Let one in five answer what just came."""
        if self.chance.random() < 0.2:
            self.line.written_back.add(user)
            moment = ShiftedClock(self.orders.by).now() + timedelta(seconds=1)
            self.answers.append(asyncio.create_task(deliver(self.orders.port, text_event("読みました。ありがとう", moment, who=user))))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def told(folder: Path, api: str) -> Path:
    """A data directory whose town has decided to talk in LINE, and the file of its account."""
    tables = folder / "data" / "directory" / CITY
    shutil.copytree(Path(routing.load.__file__).parent / "data" / "municipalities" / CITY, tables)
    town = tables / "自治体.csv"
    town.write_text(town.read_text(encoding="utf-8-sig").replace("protected_room", "line_talk"), encoding="utf-8-sig")
    accounts = folder / "accounts.toml"
    keys = {"municipality": CITY, "channel_secrets": [SECRET], "access_token": "t" * 32, "api_base": api}
    accounts.write_text("[main]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
    accounts.chmod(0o600)
    return accounts


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    chance = random.Random(7)
    line = Line(chance)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    accounts = told(tmp_path, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    by = MORNING - SystemClock().now()
    orders = Orders(folder=tmp_path / "data", accounts_file=accounts, database_url=database_url, port=free_port(), by=by)
    made = Stage(line, orders, chance)
    line.on_checkin = made.write_back
    yield made
    server.close()


async def enrolled(database: Database, orders: Orders, count: int, within: timedelta) -> None:
    """So many residents whose first words become due over a time; every text is approved by a named person."""
    clock = ShiftedClock(orders.by)
    async with open_runtime(orders.settings(), clock=clock) as runtime:
        for number in range(count):
            plan = await enrol(database, runtime.ring, number, clock.now() - timedelta(days=8))
            due = clock.now() + within * (number / count)
            async with database.write() as session:
                values = {"next_at": due, "next_not_after": due + timedelta(hours=3), "friend": True}
                await session.execute(update(CheckinPlan).where(CheckinPlan.id == plan.id).values(values))
    async with database.write() as session:
        for text in default_words().texts.values():
            approval = WordsApproval(municipality=CITY, words_key=text.key, fingerprint=text.fingerprint)
            approval.approved_by, approval.approved_at = "責任者（見本）", clock.now()
            session.add(approval)


def start(orders: Orders, command: str) -> BaseProcess:
    child = CHILDREN.Process(target=main, args=(orders, command), daemon=True)
    child.start()
    return child


async def end(child: BaseProcess, with_signal: int) -> None:
    if child.pid is not None and child.is_alive():
        child.kill() if with_signal == signal.SIGKILL else child.terminate()
    await asyncio.to_thread(child.join, 20)
    assert not child.is_alive()


async def unfinished(database: Database) -> int:
    async with database.read() as session:
        unsaid = await session.scalar(select(func.count()).select_from(CheckinPlan).where(CheckinPlan.last_sent_at.is_(None)))
        states = (ContactState.DUE, ContactState.SAID)
        waiting = await session.scalar(select(func.count()).select_from(CheckinContact).where(CheckinContact.state.in_(states)))
    return (unsaid or 0) + (waiting or 0)


async def put_off(database: Database) -> list[str]:
    """Why a word was judged and not said; here nothing gives a reason to."""
    async with database.read() as session:
        refused = select(CheckinContact.reason).where(CheckinContact.state.in_((ContactState.REFUSED, ContactState.RETURNED)))
        return [str(reason) for reason in await session.scalars(refused)]


async def heard(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(Message).where(Message.author == Author.RESIDENT)) or 0


async def kill_at_random(stage: Stage, database: Database, kills: int, *, longest: float) -> None:
    """Keep four processes running, and kill one after the other at no particular point; then let them finish."""
    children = [start(stage.orders, command) for command in COMMANDS]
    for number in range(kills):
        await asyncio.sleep(stage.chance.uniform(0.02, longest))
        place = number % len(COMMANDS)
        await end(children[place], signal.SIGKILL)
        children[place] = start(stage.orders, COMMANDS[place])
    async with asyncio.timeout(900):
        while (left := await unfinished(database)) and not await put_off(database):  # noqa: ASYNC110 - as above, the rows of others
            await asyncio.sleep(0.3)
        assert not left, await put_off(database)
        await asyncio.gather(*stage.answers)
        while await heard(database) < len(stage.line.written_back):  # noqa: ASYNC110 - the rows of other processes are looked at
            await asyncio.sleep(0.3)
    for child in children:
        await end(child, signal.SIGTERM)


async def check(line: Line, database: Database, count: int) -> None:
    assert len(line.checkins) == count, "none is lost"
    assert set(line.checkins.values()) == {1}, "none comes twice"
    async with database.read() as session:
        states = (await session.execute(select(CheckinContact.state, func.count()).group_by(CheckinContact.state))).all()
        answered = await session.scalar(select(func.count(CheckinContact.answered_at)).select_from(CheckinContact))
        quota = await session.get_one(LineQuota, "main")
    assert {state: found for state, found in states if state is not ContactState.REFUSED} == {ContactState.SENT: count}
    assert await heard(database) == answered == len(line.written_back) > 0, "each answer is taken once, and as one"
    # Whoever died between its turn and LINE's answer leaves the next turn to come; it is not far.
    assert quota.next_ask_at >= MORNING + AGAIN
    assert quota.monthly_limit is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_kills_of_web_and_workers_lose_no_check_in_and_repeat_none(stage: Stage, database: Database) -> None:
    await enrolled(database, stage.orders, 40, timedelta(seconds=6))
    await kill_at_random(stage, database, 4, longest=2.0)
    await check(stage.line, database, 40)


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_hundred_kills_lose_no_check_in_and_repeat_none(stage: Stage, database: Database) -> None:
    await enrolled(database, stage.orders, 600, timedelta(seconds=300))
    await kill_at_random(stage, database, 200, longest=3.0)
    await check(stage.line, database, 600)
