"""Noting what staff and timers do as facts, at the end of the transaction in which they do it.

Whatever changes a talk also records an event for the browsers; the facts are read off those events and the rows that they name, so
that a new action cannot forget its statistics.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from handoff.desk.episodes import begun_episodes, later_promise
from handoff.desk.models import Alarm
from handoff.statistics.models import StatContact
from intake.base.database import WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.events.models import EventName
from intake.events.service import noted_events
from intake.facts.models import FactKind
from intake.facts.service import add_fact, append_facts, cut_loose, fact_is_noted, is_moved_now


async def record_facts(session: WriteSession) -> None:
    """Note the facts of this transaction and write them. A hook before the commit, to stand before the one that numbers events."""
    for event in noted_events(session):
        note = _NOTES.get(event["name"])
        if note is None or event["conversation_id"] is None or _is_ours(event):
            continue
        talk = await session.get(Conversation, event["conversation_id"])
        if talk is not None and talk.practice_of is None:
            await note(session, talk, event)
    await append_facts(session)


def _is_ours(event: Mapping[str, Any]) -> bool:
    """Tell whether the automatic guide wrote something: it does so with every message, and it is not counted."""
    return event["name"] is EventName.MESSAGE_WRITTEN and event["actor"] is None


def _add(session: WriteSession, kind: FactKind, talk: Conversation, at: datetime, **more: Any) -> None:
    add_fact(session, kind, municipality=talk.municipality, unit=talk.id, at=at, **more)


async def _handed(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    """Note each episode that began in this moment, once."""
    for episode in begun_episodes(session, talk.id):
        if not fact_is_noted(session, FactKind.HANDED, episode.id):
            promised = None if episode.promised_by is None else episode.promised_by.isoformat()
            _add(
                session,
                FactKind.HANDED,
                talk,
                event["at"],
                ref=episode.id,
                window_id=talk.window_id,
                code=episode.reason.value,
                details={"promised": promised},
            )


async def _hands_changed(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    await _handed(session, talk, event)
    kind = FactKind.CLAIMED if talk.controller is Controller.STAFF else FactKind.RELEASED
    if kind is FactKind.CLAIMED or not is_moved_now(session, talk.id):
        _add(session, kind, talk, event["at"], window_id=talk.window_id)


async def _written(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    promised = later_promise(session, talk.id)
    details = {} if promised is None else {"details": {"promised": promised.isoformat()}}
    _add(session, FactKind.ANSWERED, talk, event["at"], window_id=talk.window_id, **details)


async def _alarmed(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    for alarm in await _raised_now(session, talk, event["at"]):
        if not fact_is_noted(session, FactKind.ALARMED, alarm.id):
            details = {"kinds": [kind for kind in alarm.kinds.split(";") if kind], "message": alarm.message_id}
            _add(session, FactKind.ALARMED, talk, event["at"], ref=alarm.id, code=alarm.risk.value, details=details)


async def _raised_now(session: WriteSession, talk: Conversation, at: datetime) -> Sequence[Alarm]:
    """Return the signs that this transaction raised; asks the database only where the session does not hold them any more."""
    held = [one for one in (*session.new, *session.identity_map.values()) if isinstance(one, Alarm)]
    found = [alarm for alarm in held if alarm.conversation_id == talk.id and alarm.raised_at == at]
    if found:
        return found
    return (await session.scalars(select(Alarm).where(Alarm.conversation_id == talk.id, Alarm.raised_at == at))).all()


async def _alarm_opened(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    opened = select(Alarm.id).where(Alarm.conversation_id == talk.id, Alarm.opened_at == event["at"])
    for alarm_id in (await session.scalars(opened)).all():
        if not fact_is_noted(session, FactKind.ALARM_OPENED, alarm_id):
            _add(session, FactKind.ALARM_OPENED, talk, event["at"], ref=alarm_id)


async def _closed(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    _add(session, FactKind.CLOSED, talk, event["at"], code=talk.close_reason, window_id=talk.window_id)


async def _erased(session: WriteSession, talk: Conversation, event: Mapping[str, Any]) -> None:
    old, loose = await cut_loose(session, talk.municipality, talk.id, now=event["at"])
    await session.execute(update(StatContact).where(StatContact.id == old).values(id=loose))


_Note = Callable[[WriteSession, Conversation, Mapping[str, Any]], Awaitable[None]]
_NOTES: Mapping[EventName, _Note] = {
    EventName.HANDOFF_REQUESTED: _handed,
    EventName.HANDS_CHANGED: _hands_changed,
    EventName.MESSAGE_WRITTEN: _written,
    EventName.ALARM_RAISED: _alarmed,
    EventName.ALARM_OPENED: _alarm_opened,
    EventName.TALK_CLOSED: _closed,
    EventName.TALK_ERASED: _erased,
}
