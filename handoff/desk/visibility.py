"""Who may see which talk. One rule, in Python for a row that is held and in SQL for lists; a test keeps the two the same."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from handoff.accounts.viewer import Permission, Viewer
from handoff.desk.models import Alarm, Episode
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.conversations.models import Conversation
from intake.conversations.service import find_conversation, hold_conversation
from intake.dialogue.turn import Controller


def may_see_window(viewer: Viewer, municipality: str, window_id: str | None, owner: str | None) -> bool:
    """Tell whether a talk of this window is the viewer's to see: own windows, own talks, and for some the unassigned."""
    if municipality != viewer.municipality or not viewer.may(Permission.READ_TALKS):
        return False
    if owner == viewer.staff_id:
        return True
    return viewer.may(Permission.READ_UNASSIGNED) if window_id is None else window_id in viewer.windows


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the same rule as a condition on ``conversation``, with the demand that the talk has reached people at all."""
    if not viewer.may(Permission.READ_TALKS):
        return false()
    ways = [Conversation.owner == viewer.staff_id, Conversation.window_id.in_(viewer.windows)]
    if viewer.may(Permission.READ_UNASSIGNED):
        ways.append(Conversation.window_id.is_(None))
    real = Conversation.practice_of.is_(None)
    return and_(Conversation.municipality == viewer.municipality, or_(*ways), reached_people(), real)


def reached_people() -> ColumnElement[bool]:
    """Return the condition that a talk was handed to people or raised an alarm. What only the automatic guide knows, nobody reads."""
    return or_(
        Conversation.controller != Controller.BOT,
        select(Episode.id).where(Episode.conversation_id == Conversation.id).correlate(Conversation).exists(),
        select(Alarm.id).where(Alarm.conversation_id == Conversation.id).correlate(Conversation).exists(),
    )


def _if_own_practice(viewer: Viewer, found: Conversation) -> Conversation:
    """Return a practice talk to whoever practises, in whatever state it is; it stands in no list. For anybody else it does not exist."""
    if found.practice_of != viewer.staff_id or not viewer.may(Permission.READ_TALKS):
        raise NotFoundError("この相談は見つかりません。")
    return found


async def get_visible(session: ReadSession, viewer: Viewer, conversation_id: str) -> Conversation:
    """Return a talk that the viewer may see. For anybody else it does not exist."""
    found = await find_conversation(session, viewer.municipality, conversation_id)
    return await _if_visible(session, viewer, found)


async def hold_visible(session: WriteSession, viewer: Viewer, conversation_id: str) -> Conversation:
    """Return a talk that the viewer may see, held until the transaction ends. For anybody else it does not exist."""
    found = await hold_conversation(session, viewer.municipality, conversation_id)
    return await _if_visible(session, viewer, found)


async def _if_visible(session: ReadSession, viewer: Viewer, found: Conversation | None) -> Conversation:
    if found is not None and found.practice_of is not None:
        return _if_own_practice(viewer, found)
    if found is None or not may_see_window(viewer, found.municipality, found.window_id, found.owner):
        raise NotFoundError("この相談は見つかりません。")
    if not await session.scalar(select(reached_people()).select_from(Conversation).where(Conversation.id == found.id)):
        raise NotFoundError("この相談は見つかりません。")
    return found
