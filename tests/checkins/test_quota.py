"""What LINE says of the pushes is asked seldom, kept with its age, and counts in what check-ins may spend."""

from datetime import timedelta

import pytest

import bot.checkins_quota
from bot.checkins_quota import refresh_quotas
from bot.line.quota import Quota, ask_quota
from bot.settings import LineAccount
from intake.base.database import Database
from intake.checkins.budget import Allowance, allowance_of
from intake.checkins.models import LineQuota, PushBudget
from intake.checkins.quota import AGAIN, EVERY, claim_question
from tests.checkins.rows import enrol
from tests.checkins.test_sweep import until_due
from tests.simulator.conftest import TOKEN
from tests.simulator.server import running
from tests.support.line import ACCOUNT
from tests.support.world import CITY, World


async def kept(database: Database) -> LineQuota:
    async with database.read() as session:
        return await session.get_one(LineQuota, ACCOUNT)


async def allowance(world: World) -> Allowance:
    async with world.database.read() as session:
        return await allowance_of(session, await session.get(PushBudget, ACCOUNT), world.clock.now())


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Quota) -> list[str]:
    """Let LINE say these things, one after the other; returns the accounts that were asked."""
    asked: list[str] = []
    left = list(answers)

    async def answer(account: LineAccount, *, timeout_seconds: float) -> Quota:
        assert timeout_seconds > 0
        asked.append(account.municipality)
        return left.pop(0)

    monkeypatch.setattr(bot.checkins_quota, "ask_quota", answer)
    return asked


async def test_line_is_asked_once_in_six_hours_and_its_answer_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, Quota(limit=200, used=30), Quota(limit=200, used=45))
    for _ in range(3):
        await refresh_quotas(world.runtime)
        world.clock.advance(minutes=30)
    assert asked == [CITY]
    world.clock.advance(seconds=EVERY.total_seconds())
    assert await refresh_quotas(world.runtime) == 1
    row = await kept(world.database)
    assert (row.monthly_limit, row.used, row.asked_at) == (200, 45, world.clock.now())


async def test_no_answer_keeps_what_was_said_before_and_is_asked_again_soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, Quota(limit=200, used=30), Quota(reason="HTTP 500"), Quota(limit=None, used=31))
    await refresh_quotas(world.runtime)
    first = world.clock.now()
    world.clock.advance(seconds=EVERY.total_seconds())
    await refresh_quotas(world.runtime)
    row = await kept(world.database)
    assert (row.monthly_limit, row.asked_at, row.reason) == (200, first, "HTTP 500")
    world.clock.advance(seconds=AGAIN.total_seconds())
    await refresh_quotas(world.runtime)
    row = await kept(world.database)
    assert (row.monthly_limit, row.failed_at, row.reason) == (None, None, None)


async def test_of_two_processes_one_asks(database: Database, world: World) -> None:
    now = world.clock.now()
    async with database.write() as session:
        assert await claim_question(session, ACCOUNT, CITY, now)
    async with database.write() as session:
        assert not await claim_question(session, ACCOUNT, CITY, now)


async def test_lines_limit_counts_with_half_of_it_kept_for_people_and_what_was_sent_elsewhere(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = await enrol(world.database, world.ring, 1, world.clock.now())
    await until_due(world, plan)
    assert (await allowance(world)).limit is None
    answering(monkeypatch, Quota(limit=200, used=130))
    await refresh_quotas(world.runtime)
    found = await allowance(world)
    assert (found.limit, found.reserve, found.by_people, found.elsewhere, found.for_checkins) == (200, 100, 130, 130, 70)
    async with world.database.write() as session:
        budget = await session.get_one(PushBudget, ACCOUNT)
        budget.monthly_limit, budget.reserve, budget.set_at = 150, 10, world.clock.now()
    found = await allowance(world)
    assert (found.limit, found.reserve, found.for_checkins) == (150, 10, 20)
    world.clock.advance(days=31)
    assert (await allowance(world)).elsewhere == 0, "another month begins with nothing used"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_stand_in_answers_as_line_does(database_url: str) -> None:
    assert database_url
    with running() as address:
        account = LineAccount(municipality=CITY, channel_secrets=("s" * 32,), access_token=TOKEN, api_base=f"{address}/api")
        assert await ask_quota(account, timeout_seconds=5) == Quota(limit=None, used=0)
        assert (
            await ask_quota(account.model_copy(update={"access_token": account.channel_secrets[0]}), timeout_seconds=5)
        ).reason == "HTTP 401"
    assert (await ask_quota(account, timeout_seconds=1)).reason, "a LINE that is away is no error"
    assert timedelta(hours=1) < EVERY
