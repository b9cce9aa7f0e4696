"""What residents send beside words: fetched at once, judged by its bytes, sealed, erased with the words; failures are told."""

import pytest
from sqlalchemy import func, select

from bot.line.media import Fetched
from handoff.desk.models import Alarm
from intake.attachments.models import Attachment, AttachmentPart, AttachmentStatus
from intake.attachments.policy import ATTEMPTS, Answer
from intake.attachments.service import PIECE, content_of
from intake.conversations.erasure import erase_talks
from intake.conversations.models import Message
from intake.residents.models import Resident
from tests.care.contents import ARCHIVE, PDF, PNG
from tests.support.line import media_event, unsend_event
from tests.support.world import World

BIG = PNG + b"\0" * (2 * PIECE)


async def one(world: World) -> Attachment:
    async with world.database.read() as session:
        return (await session.scalars(select(Attachment))).one()


async def pieces(world: World) -> int:
    async with world.database.read() as session:
        return await session.scalar(select(func.count()).select_from(AttachmentPart)) or 0


async def sent(world: World, kind: str = "image", content: bytes | None = PNG, **message: object) -> Attachment:
    if content is not None:
        world.media.contents["m-1"] = content
    await world.hear(media_event(kind, world.clock.now(), message_id="m-1", message=message))
    await world.fetch()
    return await one(world)


@pytest.mark.parametrize("content", [PNG, BIG], ids=["small", "in pieces"])
async def test_a_picture_is_fetched_at_once_and_kept_sealed(world: World, content: bytes) -> None:
    row = await sent(world, content=content)
    assert (row.status, row.media_type, row.size, row.opened_at) == (AttachmentStatus.KEPT, "image/png", len(content), None)
    async with world.database.read() as session:
        assert await content_of(session, world.ring, row) == content
        parts = (await session.scalars(select(AttachmentPart))).all()
    assert all(PNG[:16] not in part.sealed_bytes for part in parts)
    assert len(parts) == 1 + (len(content) - 1) // PIECE


async def test_the_same_message_twice_is_one_attachment_and_one_fetch(world: World) -> None:
    await sent(world)
    await world.hear(media_event("image", world.clock.now(), message_id="m-1"))
    await world.fetch()
    assert world.media.asked == ["m-1"]


async def test_it_raises_an_alarm_of_its_own_because_nobody_has_read_it(world: World) -> None:
    row = await sent(world)
    async with world.database.read() as session:
        alarms = (await session.scalars(select(Alarm.message_id))).all()
    assert row.message_id in alarms


@pytest.mark.parametrize(
    ("content", "reason"),
    [(ARCHIVE, "type"), (b"<svg onload=alert(1)>", "type")],
)
async def test_what_could_run_is_refused_and_nothing_of_it_is_kept(world: World, content: bytes, reason: str) -> None:
    row = await sent(world, "file", content, fileName="写真.jpg")
    assert (row.status, row.reason, await pieces(world)) == (AttachmentStatus.REFUSED, reason, 0)


async def test_what_lies_on_another_server_is_never_fetched(world: World) -> None:
    row = await sent(world, contentProvider={"type": "external", "originalContentUrl": "https://example.jp/a.jpg"})
    assert (row.status, row.reason, world.media.asked) == (AttachmentStatus.REFUSED, "external", [])


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Answer.GONE, AttachmentStatus.GONE, "gone"),
        (Answer.TOO_LARGE, AttachmentStatus.REFUSED, "too_large"),
        (Answer.UNKNOWN, AttachmentStatus.WAITING, "no_answer"),
        (Answer.PREPARING, AttachmentStatus.WAITING, "preparing"),
        (Answer.UNAUTHORISED, AttachmentStatus.WAITING, "unauthorised"),
    ],
)
async def test_each_answer_without_a_content_is_told(world: World, answer: Answer, status: AttachmentStatus, reason: str) -> None:
    world.media.answers = [Fetched(answer)]
    row = await sent(world)
    assert (row.status, row.reason) == (status, reason)


async def test_a_content_that_is_prepared_or_out_of_reach_comes_later(world: World) -> None:
    world.media.answers = [Fetched(Answer.PREPARING), Fetched(Answer.UNKNOWN)]
    await sent(world)
    assert await world.fetch() == 0
    for _ in range(2):
        world.clock.advance(minutes=5)
        await world.fetch()
    assert (await one(world)).status is AttachmentStatus.KEPT


async def test_after_a_day_without_an_answer_it_is_given_up_and_waits_for_a_person(world: World) -> None:
    world.media.answers = [Fetched(Answer.UNKNOWN)] * ATTEMPTS
    await sent(world)
    for _ in range(ATTEMPTS):
        world.clock.advance(hours=7)
        await world.fetch()
    row = await one(world)
    assert (row.status, row.attempts, len(world.media.asked)) == (AttachmentStatus.FAILED, ATTEMPTS, ATTEMPTS)


async def test_a_worker_that_died_while_fetching_leaves_it_to_the_next(world: World) -> None:
    world.media.contents["m-1"] = BIG
    await world.hear(media_event("image", world.clock.now(), message_id="m-1"))
    assert len(await world.fetcher.claim(4)) == 1
    assert await world.fetcher.claim(4) == []
    world.clock.advance(minutes=3)
    await world.fetch()
    assert ((await one(world)).status, await pieces(world)) == (AttachmentStatus.KEPT, 3)


async def test_what_was_taken_back_is_erased(world: World) -> None:
    await sent(world, "file", PDF, fileName="診断書.pdf")
    await world.hear(unsend_event("m-1", world.clock.now()))
    row = await one(world)
    assert (row.status, row.sealed_name, await pieces(world)) == (AttachmentStatus.ERASED, None, 0)


async def test_what_is_taken_back_while_it_is_fetched_is_not_kept(world: World) -> None:
    world.media.contents["m-1"] = BIG
    await world.hear(media_event("image", world.clock.now(), message_id="m-1"))
    (row,) = await world.fetcher.claim(1)
    await world.hear(unsend_event("m-1", world.clock.now()))
    await world.fetcher.work(row)
    assert ((await one(world)).status, await pieces(world)) == (AttachmentStatus.ERASED, 0)


async def test_what_was_taken_back_before_it_came_makes_no_attachment(world: World) -> None:
    await world.hear(unsend_event("m-1", world.clock.now()))
    world.media.contents["m-1"] = PNG
    await world.hear(media_event("image", world.clock.now(), message_id="m-1"))
    assert await world.fetch() == 0


async def test_erasing_the_records_erases_what_came_beside_the_words(world: World) -> None:
    await sent(world)
    async with world.database.write() as session:
        resident = (await session.scalars(select(Resident))).one()
        await erase_talks(session, world.ring, resident, world.clock.now())
    assert ((await one(world)).status, await pieces(world)) == (AttachmentStatus.ERASED, 0)
    async with world.database.read() as session:
        assert (await session.scalars(select(Message.sealed_body).where(Message.kind == "media"))).all() == [None]


async def test_the_name_of_a_file_is_sealed(world: World) -> None:
    row = await sent(world, "file", PDF, fileName="鵺野蔵人の診断書.pdf")
    assert row.sealed_name is not None
    assert "鵺野".encode() not in row.sealed_name
