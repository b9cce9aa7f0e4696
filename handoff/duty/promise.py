"""Who owes a resident an answer from now on, and by when: set when a talk waits again, told in the talk, counted when it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.desk.episodes import find_open_episode, note_unanswered
from handoff.desk.work_models import WindowRule
from handoff.duty.crowd import answer_times, load_outlook
from handoff.duty.models import RECEPTION
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing
from intake.conversations.models import Author, Conversation
from intake.conversations.service import read_state, say, write_state
from intake.dialogue.held import passed_on
from intake.dialogue.turn import Controller
from intake.wording.speak import speak
from routing.city import City

_BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Promiser:
    """What a promise is made with: the keys, and the municipality as its directory says it."""

    ring: KeyRing
    city: City

    async def promise_anew(self, session: WriteSession, talk: Conversation, *, now: datetime) -> None:
        """Promise an answer to a talk that waits for a window again, and tell the resident.

        A promise that still lies ahead holds as it was told; one whose time has gone by is counted as broken. Where DV or abuse was
        read nothing is sent unasked: the resident is told with the next message.
        """
        if talk.practice_of is not None or (talk.promised_by is not None and talk.promised_by > now):
            return
        if talk.promised_by is not None:
            note_unanswered(session, talk, await find_open_episode(session, talk.id), talk.promised_by, now)
        await session.flush()
        outlook = await load_outlook(session, self.city, now, talk.window_id or RECEPTION)
        talk.promised_by = outlook.promise
        before = read_state(self.ring, talk)
        listed = self.city.windows.get(talk.window_id or "")
        reply, state = passed_on(before, outlook.promise, self.city.desk_name if listed is None else listed.name)
        if not state.unsafe_contact:
            say(session, self.ring, talk, speak((reply,), outlook.city, now), author=Author.BOT, now=now)
        write_state(self.ring, talk, state, now)


async def promise_to_waiting(session: WriteSession, ring: KeyRing, cities: Mapping[str, City], now: datetime) -> int:
    """Promise an answer to every talk that waits without a promise, e.g. because whoever held it has left; return how many."""
    free = (Conversation.controller == Controller.WAITING, Conversation.closed_at.is_(None), Conversation.practice_of.is_(None))
    query = select(Conversation).where(*free, Conversation.promised_by.is_(None), Conversation.municipality.in_(cities))
    talks = (await session.scalars(query.order_by(Conversation.id).limit(_BATCH).with_for_update(skip_locked=True))).all()
    for talk in talks:
        await Promiser(ring=ring, city=cities[talk.municipality]).promise_anew(session, talk, now=now)
    return len(talks)


async def standing_promise(session: ReadSession, city: City, window_id: str | None, now: datetime) -> datetime | None:
    """Return by when a window that answers at fixed times answers who writes now; None for one that answers live."""
    window = window_id or RECEPTION
    if not answer_times(await session.get(WindowRule, (city.key, window))):
        return None
    return (await load_outlook(session, city, now, window)).promise
