"""Who sees which talk, in which order, at which cost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select, text

from handoff.accounts.models import Role
from handoff.desk import actions
from handoff.desk.queue import QueueRow, load_queue
from handoff.desk.queue_query import Asker, QueueView
from handoff.desk.talk import load_talk
from intake.base.database import Database
from intake.base.errors import NotFoundError
from intake.conversations.models import Message
from intake.dialogue.turn import EventKind
from nlp.reading import PersonalDatum, PersonalKind, Reading, Risk
from tests.handoff.support import ALARM, ASKED, CITY, OTHER_CITY, OTHER_WINDOW, WINDOW, World

SEEN: dict[Role, set[str]] = {
    Role.COUNSELLOR: {"own"},
    Role.RECEPTION: {"own", "unassigned"},
    Role.SUPERVISOR: {"own", "unassigned"},
    Role.MANAGER: {"own", "unassigned"},
    Role.COORDINATOR: {"own", "unassigned"},
    Role.STATISTICS: set(),
    Role.OPERATOR: set(),
}
TALKS = {"own": (CITY, WINDOW), "unassigned": (CITY, None), "other": (CITY, OTHER_WINDOW), "elsewhere": (OTHER_CITY, WINDOW)}


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SHOW", "ROLLBACK")):
            statements.append(statement)

    engines = {database.reader.sync_engine, database.near.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def rows(world: World, role: Role = Role.RECEPTION, view: QueueView = QueueView.WAITING) -> tuple[QueueRow, ...]:
    viewer = await world.viewer(await world.staff(f"{role}-{view}-{world.clock.now().timestamp()}", role))
    async with world.database.read() as session:
        return (await load_queue(session, world.ring, Asker(viewer=viewer, now=world.clock.now()), view)).rows


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_sees_its_talks_in_the_list_and_by_their_address_and_no_others(world: World, role: Role) -> None:
    talks = {
        name: await world.talk(window=window, municipality=municipality, handle=name) for name, (municipality, window) in TALKS.items()
    }
    assert {row.handle for row in await rows(world, role)} == SEEN[role]
    viewer = await world.viewer(await world.staff("x", role))
    async with world.database.read() as session:
        for name, talk in talks.items():
            if name in SEEN[role]:
                assert (await load_talk(session, world.ring, viewer, talk.id)).handle == name
            else:
                with pytest.raises(NotFoundError, match="この相談は見つかりません"):
                    await load_talk(session, world.ring, viewer, talk.id)


async def test_a_row_tells_that_a_resident_writes_in_another_language(world: World) -> None:
    await world.talk(effects=(replace(ASKED, reason="language"),))
    assert [row.reason for row in await rows(world)] == ["日本語以外のことば"]


async def test_what_only_the_guide_knows_nobody_reads(world: World) -> None:
    talk = await world.talk(window=None, effects=())
    assert await rows(world) == ()
    viewer = await world.viewer(await world.staff("chief", Role.SUPERVISOR))
    async with world.database.read() as session:
        with pytest.raises(NotFoundError):
            await load_talk(session, world.ring, viewer, talk.id)


async def test_urgent_comes_first_and_then_the_longest_wait(world: World) -> None:
    for handle, effects in (("一", (ASKED,)), ("二", (ASKED,)), ("急", (ASKED, ALARM)), ("至急", (replace(ALARM, risk=Risk.EMERGENCY),))):
        await world.talk(handle=handle, effects=effects, window=None)
        world.clock.advance(minutes=10)
    found = await rows(world)
    assert [row.handle for row in found] == ["至急", "急", "一", "二"]
    assert [row.risk_words for row in found] == ["至急", "本日中", "手がかりなし（文面のみ）", "手がかりなし（文面のみ）"]


async def test_an_alarm_stays_in_the_list_after_the_talk_has_ended_until_it_is_opened(world: World) -> None:
    talk = await world.talk(effects=(ASKED, ALARM))
    async with world.database.write() as session:
        row = await session.get_one(type(talk), talk.id)
        row.closed_at = world.clock.now()
    assert [row.alarm for row in await rows(world)] == [True]
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
    world.clock.advance(seconds=1)
    assert await rows(world) == ()


async def test_personal_data_are_masked_in_the_list_and_shown_to_the_holder_alone(world: World) -> None:
    text = "080-0000-0001に電話をください"
    reading = Reading(personal_data=(PersonalDatum(kind=PersonalKind.PHONE, start=0, end=13),))
    talk = await world.talk(text, reading=reading)
    assert (await rows(world))[0].excerpt == "〔電話番号〕に電話をください"
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.read() as session:
        before = await load_talk(session, world.ring, viewer, talk.id)
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
    async with world.database.read() as session:
        after = await load_talk(session, world.ring, viewer, talk.id)
    said = [talk.lines[0].words.line if talk.lines[0].words else "" for talk in (before, after)]
    assert said == ["〔電話番号〕に電話をください", text]


TAPS = {
    "v1:staff": "「LINEのまま職員につなぐ」を選択",
    "v1:concern:debt": "「借金のこと」を選択",
    "v1:district:鶴城": "「鶴城」を選択",
    "v0:forgotten": "ボタンを選択",
}


@pytest.mark.parametrize("data", list(TAPS))
async def test_a_tap_is_told_in_the_words_of_its_button_and_the_list_shows_what_was_written(world: World, data: str) -> None:
    talk = await world.talk("家賃が払えません")
    for kind, tapped in ((EventKind.POSTBACK, data), (EventKind.STICKER, "")):
        world.clock.advance(seconds=1)
        await world.says(talk, "", kind=kind, data=tapped)
    assert (await rows(world))[0].excerpt == "家賃が払えません"
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.read() as session:
        told = await load_talk(session, world.ring, viewer, talk.id)
    assert [line.words.line for line in told.lines if line.words] == ["家賃が払えません", TAPS[data], "スタンプ"]


async def test_a_talk_of_taps_alone_shows_the_last_tap_in_the_list(world: World) -> None:
    talk = await world.talk("")
    async with world.database.write() as session:
        message = (await session.scalars(select(Message).where(Message.conversation_id == talk.id))).one()
        message.kind = EventKind.FOLLOW
    await world.says(talk, "", kind=EventKind.POSTBACK, data="v1:staff")
    assert (await rows(world))[0].excerpt == TAPS["v1:staff"]


async def test_the_list_costs_the_same_queries_for_two_talks_and_for_forty(world: World) -> None:
    viewer = await world.viewer(await world.staff("a"))
    costs = []
    for count in (2, 38):
        for _ in range(count):
            await world.talk(effects=(ASKED, ALARM))
        async with world.database.read() as session:
            with counted(world.database) as statements:
                queue = await load_queue(session, world.ring, Asker(viewer=viewer, now=world.clock.now()), QueueView.WAITING)
        costs.append(len(statements))
    assert len(queue.rows) == 40
    assert costs == [3, 3]


async def test_the_counts_tell_the_sizes_of_all_parts(world: World) -> None:
    talks = [await world.talk() for _ in range(3)]
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.claim(session, viewer, talks[0].id, now=world.clock.now())
    async with world.database.read() as session:
        queue = await load_queue(session, world.ring, Asker(viewer=viewer, now=world.clock.now()), QueueView.MINE)
    assert queue.counts == {QueueView.WAITING: 2, QueueView.MINE: 1, QueueView.ALL: 3}
    assert [row.state for row in queue.rows] == ["あなたが対応中"]


async def test_no_part_of_the_list_looks_through_a_whole_table_for_each_talk(world: World) -> None:
    if not world.database.is_sqlite:
        pytest.skip("PostgreSQL chooses its plan by the sizes of the tables")
    viewer = await world.viewer(await world.staff("a", Role.SUPERVISOR))
    async with world.database.read() as session:
        with counted(world.database) as statements:
            await load_queue(session, world.ring, Asker(viewer=viewer, now=world.clock.now()), QueueView.ALL)
        plans = [
            row.detail
            for statement in statements
            for row in await session.execute(text("EXPLAIN QUERY PLAN " + statement.replace("?", "NULL")))
        ]
    assert [step for step in plans if re.match(r"SCAN (episode|alarm|message|resident|conversation)\b", step)] == []
