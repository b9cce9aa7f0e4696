"""Practice: a real console, an invented resident, and no trace of it in any queue, alarm or figure."""

import pytest
from sqlalchemy import func, select

from bot.line.client import NoLine
from bot.line.sender import Sender
from handoff.accounts.models import Role, Staff
from handoff.alarms.models import AlarmCall, Notice
from handoff.desk.models import Alarm
from handoff.desk.next_talk import pick_next
from handoff.desk.queue_query import Asker
from handoff.duty.crowd import load_outlook
from handoff.practice.models import PracticeTalk
from handoff.practice.rows import ACCOUNT
from handoff.practice.scripts import load_scripts
from intake.base.tables import Base
from intake.conversations.models import Conversation, Message
from intake.facts.models import Fact
from intake.outbox.models import OutboxItem, OutboxStatus
from tests.alarms.support import notifier, on_plan, runtime
from tests.handoff.support import CITY, Browser, World

UUID = "00000000-0000-4000-8000-000000000000"


async def started(world: World, staff: Staff, script: str = "suicide") -> tuple[Browser, str]:
    browser = await world.browser(staff)
    answer = await browser.post("/practice", script=script)
    assert answer.status == 303
    return browser, answer.headers["location"].rpartition("/")[2]


async def reply(browser: Browser, talk_id: str) -> None:
    page = await browser.get(f"/talks/{talk_id}")
    form = {"epoch": page.field("epoch"), "last_seen": page.field("last_seen"), "client_uuid": page.field("client_uuid")}
    assert (await browser.post(f"/talks/{talk_id}/replies", form=form, text="書いてくださってありがとうございます")).status == 303


async def pass_seconds(world: World, seconds: float) -> None:
    """Let the sender and the notifier do their work a while later."""
    world.clock.advance(seconds=seconds)
    sender = Sender(runtime(world), {ACCOUNT: NoLine()})
    for parcel in await sender.claim(8):
        await sender.work(parcel)
    await notifier(world).work()


def test_there_are_at_least_five_residents_and_none_leaves_a_real_number() -> None:
    scripts = load_scripts()
    assert len(scripts) >= 5
    assert not [line for script in scripts.values() for line in script.lines if any(digit in line for digit in ("090", "080", "0120"))]


async def test_the_resident_says_the_next_line_some_seconds_after_an_answer_has_gone_out(world: World) -> None:
    browser, talk_id = await started(world, await world.staff("a"), "one_word")
    page = await browser.get(f"/talks/{talk_id}")
    assert "<strong>練習</strong>" in page.text
    assert load_scripts()["one_word"].lines[1] not in page.text
    await reply(browser, talk_id)
    await pass_seconds(world, 13)
    async with world.database.read() as session:
        assert (await session.scalars(select(OutboxItem.status))).all() == [OutboxStatus.ACCEPTED]
    await pass_seconds(world, 5)
    assert load_scripts()["one_word"].lines[1] in (await browser.get(f"/talks/{talk_id}")).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_answer_that_was_taken_back_is_not_answered(world: World) -> None:
    browser, talk_id = await started(world, await world.staff("a"), "one_word")
    await reply(browser, talk_id)
    async with world.database.read() as session:
        message = (await session.scalars(select(OutboxItem.message_id))).one()
    await browser.post(f"/talks/{talk_id}/undo", message_id=message)
    await pass_seconds(world, 30)
    assert load_scripts()["one_word"].lines[1] not in (await browser.get(f"/talks/{talk_id}")).text


async def test_practice_is_in_no_queue_and_nobody_else_sees_it(world: World) -> None:
    staff, colleague = await world.staff("a", Role.RECEPTION), await world.staff("b", Role.MANAGER)
    browser, talk_id = await started(world, staff)
    assert talk_id not in (await browser.get("/?view=all")).text
    other = await world.browser(colleague)
    assert (await other.get(f"/talks/{talk_id}")).status == 404
    assert (await other.post(f"/practice/{talk_id}/delete")).status == 404
    for person in (staff, colleague):
        viewer = await world.viewer(person)
        async with world.database.write() as session:
            assert await pick_next(session, Asker(viewer=viewer, now=world.clock.now())) is None


async def test_danger_in_practice_shows_its_procedure_and_calls_nobody(world: World) -> None:
    staff = await world.staff("a", Role.RECEPTION)
    await on_plan(world, staff)
    browser, talk_id = await started(world, staff)
    await reply(browser, talk_id)
    for _ in range(3):
        await pass_seconds(world, 13)
    page = await browser.get(f"/talks/{talk_id}")
    assert "危険の手がかり" in page.text
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Alarm)), "it stands beside the talk"
        for table in (Notice, AlarmCall, Fact):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        outlook = await load_outlook(session, world.context.cities[CITY], world.clock.now())
    assert outlook.crowd.waiting == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_practice_reaches_no_other_window_and_no_police(world: World) -> None:
    browser, talk_id = await started(world, await world.staff("a", Role.MANAGER))
    await browser.post(f"/talks/{talk_id}/claim")
    answer = await browser.post(f"/talks/{talk_id}/transfer", form={"to_window": "mado-b", "handover": "引き継ぎます", "epoch": 2})
    assert answer.status in {409, 422}
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Message).where(Message.kind == "utterance")) == 0


async def test_a_practice_talk_is_deleted_with_everything_that_was_written_about_it(world: World) -> None:
    staff = await world.staff("a", Role.RECEPTION)
    real = await world.talk()
    browser, talk_id = await started(world, staff)
    await reply(browser, talk_id)
    await browser.post(f"/talks/{talk_id}/notes", note="よく聞けた", client_uuid=UUID)
    await browser.post(f"/talks/{talk_id}/tags", word="練習")
    await browser.post(f"/talks/{talk_id}/draft", text="つづき")
    await pass_seconds(world, 30)
    assert (await browser.post(f"/practice/{talk_id}/delete")).status == 303
    assert (await browser.get(f"/talks/{talk_id}")).status == 404
    async with world.database.read() as session:
        assert (await session.scalars(select(Conversation.id))).all() == [real.id]
        assert (await session.scalars(select(PracticeTalk))).all() == []
        for table in Base.metadata.sorted_tables:
            if "conversation_id" in table.c and table.name != "event_log":
                left = select(func.count()).select_from(table).where(table.c.conversation_id == talk_id)
                assert await session.scalar(left) == 0, table.name
        assert (await session.scalars(select(Message.conversation_id))).all() == [real.id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_script_that_is_not_there_starts_nothing(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    assert (await browser.post("/practice", script="nothing")).status == 404
    statistics = await world.browser(await world.staff("s", Role.STATISTICS))
    assert (await statistics.post("/practice", script="rent")).status == 403
