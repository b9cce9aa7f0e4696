"""The doctor says of check-ins what an operator must know, one line each; and the demo has lived with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.checkins_doctor import Remark, checkin_remarks
from bot.demo.checkins import live_until
from bot.demo.history import load_stories
from intake.checkins.models import CheckinContact, CheckinPause, ContactState, LineQuota
from intake.outbox.models import OutboxItem, OutboxStatus
from tests.checkins.rows import enrol, plan_of
from tests.support.line import ACCOUNT
from tests.support.world import CITY, World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def remarks(world: World) -> str:
    found: list[Remark] = [remark async for remark in checkin_remarks(world.runtime)]
    return "\n".join(f"{'×' if remark.unsafe else '・'} {remark.topic}: {remark.text}" for remark in found)


@on_sqlite
async def test_the_doctor_says_how_check_ins_stand(world: World) -> None:
    plan, now = await enrol(world.database, world.ring, 1, world.clock.now()), world.clock.now()
    said = await remarks(world)
    assert "受け取っている方 1人" in said
    assert "すべて承認されています" in said
    assert "まだ分かりません" in said
    assert "×" not in said
    async with world.database.write() as session:
        session.add(CheckinPause(id="p", municipality=CITY, begins_at=now, reason="大雨", made_by="s", made_at=now))
        session.add(LineQuota(account=ACCOUNT, municipality=CITY, monthly_limit=200, used=31, asked_at=now, next_ask_at=now))
        due = {"due_at": now - timedelta(hours=2), "not_after": now, "step": 0, "began_at": now, "state": ContactState.DUE}
        session.add(CheckinContact(plan_id=plan.id, municipality=CITY, **due))
    said = await remarks(world)
    assert "すべてお休み中です（2026年4月7日 10:00から、終わりは決めていません）" in said
    assert "上限 200通、今月およそ 31通（2026年4月7日 10:00 の答え）" in said
    assert "× 声かけ（会津若松市）: 一時間より前に期限の来たお便りが 1通" in said
    world.clock.advance(days=3)
    assert "二日より前の答えです" in await remarks(world)


def test_the_demo_tells_of_residents_in_many_states() -> None:
    told = [story for story in load_stories() if story.letters]
    deeds = {line.checkins for story in told for line in story.lines if line.checkins}
    assert len(told) >= 8
    assert {"suggest", "keep", "letter", "bereavement"} <= deeds


@on_sqlite
async def test_the_words_of_the_past_go_out_each_at_its_time_and_are_settled(world: World) -> None:
    plan, begun = await enrol(world.database, world.ring, 1, world.clock.now()), world.clock.now()
    await live_until(world.runtime, begun + timedelta(days=100))
    async with world.database.read() as session:
        contacts = (await session.scalars(select(CheckinContact).order_by(CheckinContact.due_at))).all()
        statuses = set(await session.scalars(select(OutboxItem.status)))
    assert [contact.state for contact in contacts] == [ContactState.SENT] * 4
    assert statuses == {OutboxStatus.ACCEPTED}
    after = await plan_of(world.database, plan)
    assert after.next_at is not None
    assert after.next_at > begun + timedelta(days=100)
