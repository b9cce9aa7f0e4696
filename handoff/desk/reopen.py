"""Opening a talk again that staff ended by mistake or too early: the same work goes on, it is not counted as new."""

from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import give_hands
from handoff.desk.errors import ConflictError
from handoff.desk.models import Episode
from handoff.desk.visibility import hold_visible
from handoff.desk.words import CloseReason
from intake.base.database import WriteSession
from intake.conversations.models import Conversation
from intake.conversations.service import find_open_conversation
from intake.facts.models import FactKind
from intake.facts.service import add_fact

LATEST = timedelta(days=14)
"""What ended longer ago is a new matter, as the resident would see it."""


async def reopen(session: WriteSession, viewer: Viewer, conversation_id: str, *, now: datetime) -> Conversation:
    """Take a talk up again that staff have ended, into the viewer's hands; its last handoff goes on. Says why where it cannot be."""
    check_permission(viewer, Permission.ANSWER)
    talk = await hold_visible(session, viewer, conversation_id)
    _check_ended_by_staff(talk, now)
    if await find_open_conversation(session, talk.resident_id) is not None:
        raise ConflictError("この方とは、もう新しい相談が始まっています。一覧から、新しい相談を開いてください。")
    last = await session.scalar(select(Episode).where(Episode.conversation_id == talk.id).order_by(Episode.id.desc()).limit(1))
    if last is not None:
        last.closed_at = last.close_reason = None
    talk.closed_at = talk.close_reason = None
    await session.flush()
    add_fact(session, FactKind.REOPENED, municipality=talk.municipality, unit=talk.id, at=now, ref=None if last is None else last.id)
    await give_hands(session, talk, viewer, now)
    return talk


def _check_ended_by_staff(talk: Conversation, now: datetime) -> None:
    if talk.closed_at is None:
        raise ConflictError("この相談は終わっていません。")
    if talk.erased_at is not None or talk.close_reason not in set(CloseReason):
        raise ConflictError("本人が終えた相談や、記録を消した相談は、職員からは開き直せません。")
    if now - talk.closed_at > LATEST:
        raise ConflictError(f"終わってから{LATEST.days}日を過ぎた相談は、開き直せません。新しい相談として受けてください。")
