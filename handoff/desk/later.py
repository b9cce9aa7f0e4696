"""Putting a talk off, tagging it, and keeping a choice of filters under a name."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.checks import checked_text
from handoff.desk.errors import TextError
from handoff.desk.visibility import get_visible
from handoff.desk.work_models import SavedView, Snooze, TalkTag
from intake.base.clock import TOKYO
from intake.base.database import ReadSession, WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation
from intake.events.models import EventName
from intake.events.service import record_event

_WORD, _TAGS, _VIEWS, _QUERY = 20, 10, 20, 300


class PutOff(StrEnum):
    """For how long a talk is put off."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    THREE_DAYS = "three_days"
    WEEK = "week"


PUT_OFF_WORDS = {
    PutOff.HOUR: "1時間",
    PutOff.TOMORROW: "明日の9時まで",
    PutOff.THREE_DAYS: "3日後の9時まで",
    PutOff.WEEK: "1週間後の9時まで",
}
_DAYS = {PutOff.TOMORROW: 1, PutOff.THREE_DAYS: 3, PutOff.WEEK: 7}


def until(length: PutOff, now: datetime) -> datetime:
    """Return when a talk comes back: in an hour, or in the morning of a later day in Japan."""
    if length is PutOff.HOUR:
        return now + timedelta(hours=1)
    day = now.astimezone(TOKYO) + timedelta(days=_DAYS[length])
    return day.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


async def snooze(session: WriteSession, viewer: Viewer, conversation_id: str, length: PutOff | None, *, now: datetime) -> Conversation:
    """Put a talk off, or with None take it back at once. It comes back earlier when the resident writes."""
    check_permission(viewer, Permission.ANSWER)
    talk = await get_visible(session, viewer, conversation_id)
    await wake(session, talk.id)
    if length is not None:
        row = Snooze(
            conversation_id=talk.id, municipality=talk.municipality, staff_id=viewer.staff_id, until=until(length, now), set_at=now
        )
        session.add(row)
    _changed(session, talk, viewer, now)
    return talk


async def wake(session: WriteSession, conversation_id: str) -> None:
    """Bring a talk back to the list."""
    await session.execute(delete(Snooze).where(Snooze.conversation_id == conversation_id))


async def find_snooze(session: ReadSession, conversation_id: str, now: datetime) -> datetime | None:
    """Return until when a talk is put off, or None."""
    return await session.scalar(select(Snooze.until).where(Snooze.conversation_id == conversation_id, Snooze.until > now))


async def put_tag(session: WriteSession, viewer: Viewer, conversation_id: str, word: str, *, now: datetime) -> Conversation:
    """Put a word on a talk. The same word twice is one."""
    check_permission(viewer, Permission.ANSWER)
    tidy = checked_text(word, _WORD).replace("\n", " ")
    talk = await get_visible(session, viewer, conversation_id)
    known = (await session.scalars(select(TalkTag.word).where(TalkTag.conversation_id == talk.id))).all()
    if tidy in known:
        return talk
    if len(known) >= _TAGS:
        raise TextError(f"ふせんは一つの相談に{_TAGS}枚までです。")
    session.add(TalkTag(conversation_id=talk.id, word=tidy, municipality=talk.municipality, staff_id=viewer.staff_id, set_at=now))
    _changed(session, talk, viewer, now)
    return talk


async def drop_tag(session: WriteSession, viewer: Viewer, conversation_id: str, word: str, *, now: datetime) -> Conversation:
    """Take a word off a talk."""
    check_permission(viewer, Permission.ANSWER)
    talk = await get_visible(session, viewer, conversation_id)
    await session.execute(delete(TalkTag).where(TalkTag.conversation_id == talk.id, TalkTag.word == word))
    _changed(session, talk, viewer, now)
    return talk


async def tags_of(session: ReadSession, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the words on each of these talks, in one query."""
    found: dict[str, tuple[str, ...]] = {}
    for row in await session.scalars(select(TalkTag).where(TalkTag.conversation_id.in_(ids)).order_by(TalkTag.set_at, TalkTag.word)):
        found[row.conversation_id] = (*found.get(row.conversation_id, ()), row.word)
    return found


async def save_view(session: WriteSession, viewer: Viewer, name: str, query: str, *, now: datetime) -> None:
    """Keep a choice of filters under a name; the same name again replaces it."""
    tidy = checked_text(name, _WORD).replace("\n", " ")
    row = await session.scalar(select(SavedView).where(SavedView.staff_id == viewer.staff_id, SavedView.name == tidy))
    if row is not None:
        row.query = query[:_QUERY]
        return
    if len(await views_of(session, viewer)) >= _VIEWS:
        raise TextError(f"保存できる表示は{_VIEWS}件までです。")
    place = {"municipality": viewer.municipality, "staff_id": viewer.staff_id}
    session.add(SavedView(id=new_id(now), name=tidy, query=query[:_QUERY], saved_at=now, **place))


async def drop_view(session: WriteSession, viewer: Viewer, view_id: str) -> None:
    """Forget one of the viewer's own saved views."""
    await session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.staff_id == viewer.staff_id))


async def views_of(session: ReadSession, viewer: Viewer) -> Sequence[SavedView]:
    """Return the saved views of a person."""
    return (await session.scalars(select(SavedView).where(SavedView.staff_id == viewer.staff_id).order_by(SavedView.name))).all()


def _changed(session: WriteSession, talk: Conversation, viewer: Viewer, now: datetime) -> None:
    record_event(session, EventName.NOTE_WRITTEN, municipality=talk.municipality, at=now, conversation_id=talk.id, actor=viewer.staff_id)
