"""Invented talks, staff and sessions for ``tsunagi bench console``: enough of them that a slow query shows."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.runtime import Runtime
from handoff.accounts.models import Role
from handoff.accounts.sessions import open_session
from handoff.accounts.staff import add_staff
from handoff.desk.models import Alarm, Episode, HandoffReason
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.codec import dump_state
from intake.dialogue.turn import Controller, EventKind, TalkState
from intake.residents.models import Resident
from nlp.reading import Concern, Reading, Risk
from routing.referral import Need

_BATCH = 1000
_TEXT = "家賃が2か月払えていません。母の介護もあって、どこに聞けばいいか分からず困っています"
_EVERY_ALARM, _EVERY_STAFF, _EVERY_UNASSIGNED = 50, 5, 10
_Rows = dict[type[Any], list[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What the measuring side needs: tokens of sessions, and the talk that is written into."""

    tokens: tuple[str, ...]
    talk_id: str


async def seed_desk(runtime: Runtime, municipality: str, *, talks: int, consoles: int, first: int, now: datetime) -> Seeded:
    """Write so many open talks, numbered from ``first``, and one member of staff of every window with so many sessions."""
    city = runtime.listed[municipality]
    windows = sorted(city.windows)
    async with runtime.database.write() as session:
        staff = await add_staff(
            session,
            municipality=municipality,
            login=f"bench-{first}",
            display_name="計測",
            role=Role.MANAGER,
            window_ids=windows,
            password_hash="-",  # noqa: S106 - no password fits it; the sessions are opened here
            now=now,
            demo=True,
        )
        tokens = [await open_session(session, staff.id, now) for _ in range(consoles)]
    last = ""
    for start in range(first, first + talks, _BATCH):
        numbers = range(start, min(start + _BATCH, first + talks))
        async with runtime.database.write() as session:
            last = await _write(session, _rows(runtime, municipality, windows, staff.id, numbers, now))
    return Seeded(tokens=tuple(tokens), talk_id=last)


async def _write(session: WriteSession, rows: _Rows) -> str:
    for table, values in rows.items():
        if values:
            await session.execute(insert(table), values)
    newest: str = rows[Conversation][-1]["id"]
    return newest


def _rows(runtime: Runtime, municipality: str, windows: list[str], staff_id: str, numbers: range, now: datetime) -> _Rows:
    rows: _Rows = {Resident: [], Conversation: [], Episode: [], Alarm: [], Message: []}
    for number in numbers:
        for table, row in _talk(runtime, municipality, windows, staff_id, number, now):
            rows[table].append(row)
    return rows


def _talk(
    runtime: Runtime, municipality: str, windows: list[str], staff_id: str, number: int, now: datetime
) -> Iterator[tuple[type[Any], Mapping[str, Any]]]:
    """Yield one talk as it stands in the tables."""
    at = now - timedelta(seconds=7 * number + 60)
    held = number % _EVERY_STAFF == 1
    window = None if number % _EVERY_UNASSIGNED == 1 else windows[number % len(windows)]
    place = {"municipality": municipality, "account": "bench"}
    resident = {"id": new_id(now), "lane": secrets.token_hex(8), "handle": f"計測 {number:05d}", "created_at": at, **place}
    yield Resident, resident
    talk = Conversation(id=new_id(now), municipality=municipality)
    state = TalkState(needs=(Need(concern=Concern.RENT_LOAN), Need(concern=Concern.CARE, person="mother")), district="鶴城")
    sealed = runtime.ring.seal(json.dumps(dump_state(state), ensure_ascii=False), talk.place(), now)
    yield (
        Conversation,
        {
            "id": talk.id,
            "resident_id": resident["id"],
            "controller": Controller.STAFF if held else Controller.WAITING,
            "owner": staff_id if held else None,
            "epoch": 1,
            "window_id": window,
            "risk": Risk.NONE,
            "sealed_state": sealed,
            "opened_at": at,
            "last_resident_at": at,
            "waiting_since": at,
            "promised_by": at + timedelta(minutes=60),
            **place,
        },
    )
    handed = {"id": new_id(now), "municipality": municipality, "conversation_id": talk.id, "reason": HandoffReason.ASKED, "opened_at": at}
    yield Episode, {**handed, "window_id": window}
    if number % _EVERY_ALARM == 1:
        raised = {"id": new_id(now), "municipality": municipality, "conversation_id": talk.id, "risk": Risk.URGENT, "kinds": "suicide"}
        yield Alarm, {**raised, "raised_at": at, "words_unsent": False}
    yield Message, message_row(runtime, talk, at, now)


def message_row(runtime: Runtime, talk: Conversation, at: datetime, now: datetime) -> Mapping[str, Any]:
    """Return the row of a message that the resident of a talk wrote."""
    message = Message(id=new_id(now), municipality=talk.municipality)
    # Each says something else: a screen may leave alone what has not changed.
    body = json.dumps({"text": f"{at:%M分%S秒}：{_TEXT}", "data": "", "detail": ""}, ensure_ascii=False)
    reading = json.dumps(asdict(Reading(concerns=(Concern.RENT_LOAN, Concern.CARE))), ensure_ascii=False)
    return {
        "id": message.id,
        "municipality": talk.municipality,
        "account": "bench",
        "conversation_id": talk.id,
        "author": Author.RESIDENT,
        "kind": EventKind.TEXT.value,
        "sealed_body": runtime.ring.seal(body, message.place(), now),
        "sealed_reading": runtime.ring.seal(reading, message.place("sealed_reading"), now),
        "risk": Risk.NONE,
        "epoch": 0,
        "occurred_at": at,
        "created_at": at,
    }
