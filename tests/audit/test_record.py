"""The record tells of every opening, and shows when somebody has changed it."""

import asyncio

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import DeclarativeBase

from handoff.accounts.models import Role
from handoff.audit.models import Action, AuditEntry, AuditHead
from handoff.audit.record import record_audit
from handoff.audit.verify import municipalities, verify
from intake.base.database import Database, WriteSession
from tests.handoff.support import CITY, OTHER_WINDOW, World

NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


async def entries(world: World) -> list[tuple[str, str]]:
    async with world.database.read() as session:
        found = await session.scalars(select(AuditEntry).where(AuditEntry.municipality == CITY).order_by(AuditEntry.seq))
        return [(entry.action, entry.subject) for entry in found]


def note(session: WriteSession, world: World, subject: str = "x", municipality: str = CITY) -> None:
    now = world.clock.now()
    record_audit(session, world.ring, municipality=municipality, actor="a", action=Action.EXPORTED, subject=subject, now=now)


async def fault(world: World, anchor: str = "") -> str:
    async with world.database.read() as session:
        return (await verify(session, world.ring, CITY, anchor=anchor)).fault


async def tamper(database: Database, *statements: object) -> None:
    """Change the record as somebody with all rights on the database could."""
    async with database.writer.begin() as connection:
        if database.is_sqlite:
            for verb in ("update", "delete"):
                await connection.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}"))
        else:
            await connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_only_append ON audit_entry"))
        for statement in statements:
            await connection.execute(statement)  # type: ignore[call-overload]


async def test_opening_a_talk_goes_on_record_with_who_and_which(world: World) -> None:
    staff = await world.staff("a")
    talk = await world.talk()
    assert (await (await world.browser(staff)).get(f"/talks/{talk.id}")).status == 200
    async with world.database.read() as session:
        [entry] = (await session.scalars(select(AuditEntry))).all()
    assert (entry.actor, entry.action, entry.subject, entry.at) == (staff.id, Action.TALK_VIEWED, talk.id, world.clock.now())


async def test_every_opening_is_an_entry_and_the_refresh_of_an_open_page_is_none(world: World) -> None:
    browser, talk = await world.browser(await world.staff("a")), await world.talk()
    for _ in range(2):
        await browser.get(f"/talks/{talk.id}")
        await browser.get(f"/talks/{talk.id}/desk", x_tsunagi_live="1")
        await browser.post(f"/talks/{talk.id}/claim")
    assert await entries(world) == [(Action.TALK_VIEWED, talk.id)] * 2


async def test_who_says_to_be_a_refresh_without_having_opened_the_talk_is_recorded(world: World) -> None:
    browser, talk = await world.browser(await world.staff("a")), await world.talk()
    await browser.get(f"/talks/{talk.id}/desk", x_tsunagi_live="1")
    assert await entries(world) == [(Action.TALK_VIEWED, talk.id)]


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.OPERATOR])
async def test_asking_for_a_talk_of_others_goes_on_record_as_refused(world: World, role: Role) -> None:
    browser, talk = await world.browser(await world.staff("a", role)), await world.talk(window=OTHER_WINDOW)
    await browser.get(f"/talks/{talk.id}")
    await browser.post(f"/talks/{NOBODY}/claim")
    assert await entries(world) == [(Action.TALK_REFUSED, talk.id), (Action.TALK_REFUSED, NOBODY)]


async def test_what_cannot_be_recorded_is_not_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, talk = await world.browser(await world.staff("a")), await world.talk()
    monkeypatch.setattr("handoff.audit.record.link", None)
    with pytest.raises(TypeError):
        await browser.get(f"/talks/{talk.id}")


async def test_what_is_rolled_back_is_not_recorded(world: World) -> None:
    async def fail() -> None:
        async with world.database.write() as session:
            note(session, world)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with world.database.write() as session:
        note(session, world, "y")
    assert await entries(world) == [(Action.EXPORTED, "y")]


async def test_many_at_once_make_one_whole_chain_per_municipality(world: World) -> None:
    async def one(number: int) -> None:
        async with world.database.write() as session:
            note(session, world, f"a{number}")
            note(session, world, f"b{number}", "sakata")
            note(session, world, f"c{number}")

    await asyncio.gather(*(one(number) for number in range(15)))
    async with world.database.read() as session:
        assert await municipalities(session) == [CITY, "sakata"]
        verdicts = [await verify(session, world.ring, key) for key in (CITY, "sakata")]
    assert [(verdict.entries, verdict.fault) for verdict in verdicts] == [(30, ""), (15, "")]


_LAST = update(AuditHead).where(AuditHead.municipality == CITY)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        (update(AuditEntry).where(AuditEntry.seq == 2).values(subject="somebody else"), "2番の記録が、書いたときと違います"),
        (update(AuditEntry).where(AuditEntry.seq == 2).values(actor="somebody else"), "2番の記録が、書いたときと違います"),
        (delete(AuditEntry).where(AuditEntry.seq == 2), "2番の記録がありません"),
        (delete(AuditEntry).where(AuditEntry.seq == 3), "最後の番号が合いません"),
        (delete(AuditEntry), "最後の番号が合いません"),
        (_LAST.values(seq=2), "最後の番号が合いません"),
    ],
)
async def test_a_change_behind_our_back_is_found_and_named(world: World, statement: DeclarativeBase, word: str) -> None:
    for number in range(3):
        async with world.database.write() as session:
            note(session, world, str(number))
    assert await fault(world) == ""
    await tamper(world.database, statement)
    assert word in await fault(world)


async def test_cutting_the_end_off_is_found_by_the_number_that_was_noted_down(world: World) -> None:
    for number in range(3):
        async with world.database.write() as session:
            note(session, world, str(number))
    async with world.database.read() as session:
        noted = (await verify(session, world.ring, CITY)).head
        before = await session.scalar(select(AuditEntry.chain).where(AuditEntry.seq == 2))
    assert await fault(world, noted) == ""
    await tamper(world.database, delete(AuditEntry).where(AuditEntry.seq == 3), _LAST.values(seq=2, chain=before))
    assert await fault(world) == ""
    assert "控えた番号" in await fault(world, noted)
