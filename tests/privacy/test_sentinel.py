"""A word that nobody else writes is told to the guide and to staff; then it is looked for everywhere but in the talk itself."""

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from prometheus_client import generate_latest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.logs import set_up_logs
from bot.metrics import REGISTRY
from bot.migrations.tables import metadata
from handoff.accounts.models import Role
from handoff.accounts.staff import add_staff
from handoff.desk.models import Note
from intake.base.database import Database
from intake.base.ids import new_id
from intake.conversations.models import Author, Conversation
from intake.conversations.service import say
from intake.inbox.models import InboxEvent
from intake.inbox.service import ATTEMPTS
from intake.wording.bubbles import TextBubble, Utterance
from nlp.reading import Reading
from tests.storage.rows import inbox_row
from tests.support.line import event, text_event
from tests.support.world import CITY, World

NAME, PLACE, PHONE, USER = "鵺野蔵人", "犀浜町九丁目", "000-0000-9731", "U" + "9731" * 8
STORY = f"{NAME}です。{PLACE}に住んでいます。電話は{PHONE}です。家賃が払えず、もう死にたい"
NOTE, ANSWER = "覚え書き：蟋蟀堂に連絡", "鵺野さん、蟋蟀堂の者です"
SECRETS = (NAME, PLACE, PHONE, "9731-0000", USER, "蟋蟀堂", "犀浜町")


@pytest.fixture
def logs(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, at the most talkative level, in the form that operators see."""
    assert capfd is not None
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    set_up_logs("DEBUG")
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers, root.level = handlers, level
    root.setLevel(level)
    structlog.reset_defaults()


def check_nowhere(where: str, content: bytes) -> None:
    for secret in SECRETS:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "unicode_escape", "raw_unicode_escape"):
            assert secret.encode(encoding) not in content, f"a secret stands in {where} as {encoding}"


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def tell(world: World) -> None:
    """The resident tells, taps, sends a place and a file; staff answer and write a note."""
    moment = world.clock.now()
    await world.hear(text_event(STORY, moment, who=USER))
    await world.hear(event("message", moment, who=USER, message={"type": "location", "id": "m-place", "title": NAME, "address": PLACE}))
    await world.hear(event("message", moment, who=USER, message={"type": "file", "id": "m-file", "fileName": f"{NAME}.pdf"}))
    await world.hear(event("postback", moment, who=USER, postback={"data": f"v1:district:{PLACE}"}))
    async with world.database.write() as session:
        staff = await add_staff(
            session,
            municipality=CITY,
            login="s",
            display_name="相談員",
            role=Role.COUNSELLOR,
            window_ids=(),
            password_hash="-",
            now=moment,
        )
        talk = (await session.scalars(select(Conversation))).one()
        note = Note(id=new_id(moment), municipality=CITY, conversation_id=talk.id, staff_id=staff.id, written_at=moment)
        note.sealed_text = world.ring.seal(NOTE, note.place(), moment)
        session.add(note)
        said = Utterance(bubbles=(TextBubble(text=ANSWER),), sender="相談員")
        say(session, world.ring, talk, said, author=Author.STAFF, staff_id=staff.id, now=moment)
    await world.send()
    assert any(ANSWER in call.texts() for call in world.line.calls)


async def check_database(database: Database) -> None:
    async with database.read() as session:
        for table in metadata.sorted_tables:
            for row in (await session.execute(select(table))).all():
                for value in row:
                    check_nowhere(f"the table {table.name}", value if isinstance(value, bytes) else str(value).encode())


async def test_what_a_resident_tells_is_in_no_file_no_table_no_log_and_no_metric(world: World, logs: io.StringIO, tmp_path: Path) -> None:
    await tell(world)
    await world.deliver(text_event(STORY, world.clock.now(), who=USER))  # One more, which nobody has worked on yet.
    await check_database(world.database)
    files = files_below(tmp_path)
    assert files
    assert not world.database.is_sqlite or {"tsunagi.db", "tsunagi.db-wal"} <= {path.name for path in files}
    for path in files:
        check_nowhere(path.name, path.read_bytes())
    check_nowhere("the metrics", generate_latest(REGISTRY))
    check_nowhere("the logs", logs.getvalue().encode())


async def test_an_error_that_quotes_a_resident_reaches_no_log(world: World, logs: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(text: str, _: object) -> Reading:
        raise ValueError(text)

    monkeypatch.setattr("bot.runtime.read_message", stumble)
    broken = World(world.database, world.ring, world.clock, world.line)
    await broken.deliver(text_event(STORY, world.clock.now(), who=USER))
    for _ in range(ATTEMPTS):
        await broken.work()
        world.clock.advance(seconds=90)
    said = logs.getvalue()
    assert said.count("event_failed") >= 3
    assert "ValueError" in said
    check_nowhere("the logs", said.encode())
    await check_database(world.database)


async def test_an_error_that_a_library_logs_is_told_without_its_words(logs: io.StringIO) -> None:
    try:
        _fail_twice()
    except RuntimeError:
        logging.getLogger("a.library").exception("Exception in ASGI application")
    said = logs.getvalue()
    assert "Exception in ASGI application" in said
    assert "RuntimeError" in said
    assert "test_sentinel.py" in said
    check_nowhere("the logs", said.encode())


def _fail_twice() -> None:
    try:
        int(STORY)
    except ValueError as error:
        raise RuntimeError(NAME) from error


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_error_of_the_database_does_not_quote_what_was_written(world: World) -> None:
    with pytest.raises(DBAPIError, match="NOT NULL") as raised:
        await _write_wrongly(world)
    check_nowhere("the error", str(raised.value).encode())


async def _write_wrongly(world: World) -> None:
    async with world.database.write() as session:
        session.add(InboxEvent(**inbox_row(world.clock.now(), NAME) | {"municipality": None}))
