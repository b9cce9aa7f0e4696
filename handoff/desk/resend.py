"""Sending again what did not reach LINE: the same words, by the hand of whoever holds the talk, never by a machine."""

import uuid
from datetime import datetime

from sqlalchemy import select, update

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import holder_names
from handoff.desk.checks import check_epoch, check_holder, check_open
from handoff.desk.errors import TooLateError
from handoff.desk.visibility import hold_visible
from intake.base.database import WriteSession
from intake.conversations.models import Author, Conversation, Message
from intake.events.models import EventName
from intake.events.service import record_event
from intake.outbox.models import OutboxItem, OutboxStatus

AGAIN = (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN)
"""What may be sent again. Of some nobody knows whether they went: whoever sends them again is told that they may come twice."""


async def send_again(
    session: WriteSession, viewer: Viewer, conversation_id: str, message_id: str, *, epoch: int, now: datetime
) -> Conversation:
    """Put an answer of staff that did not go back into the outbox, under the fence; what is on its way or gone is refused."""
    check_permission(viewer, Permission.ANSWER)
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    check_epoch(conversation, epoch)
    ours = (Message.id == message_id, Message.conversation_id == conversation.id, Message.author == Author.STAFF)
    wanted = select(Message.id).where(*ours, Message.sealed_body.is_not(None)).scalar_subquery()
    again = update(OutboxItem).where(OutboxItem.message_id == wanted, OutboxItem.status.in_(AGAIN))
    # The old key is spent or forgotten by LINE, so the words go out as if they had just been written.
    anew = {"retry_key": str(uuid.uuid4()), "created_at": now, "first_push_at": None, "lease_until": None, "claim_token": None}
    anew |= {"sealed_reply_token": None, "reply_until": None, "reply_tried_at": None}
    done = again.values(status=OutboxStatus.WAITING, attempts=0, next_at=now, finished_at=None, reason=None, **anew)
    if (await session.scalar(done.returning(OutboxItem.id).execution_options(synchronize_session=False))) is None:
        raise TooLateError("この返信は、もう送り直せません（送信中か、送信済みです）。画面を確かめてください。")
    session.wake("outbox")
    record_event(session, EventName.SEND_CHANGED, municipality=conversation.municipality, at=now, conversation_id=conversation.id)
    return conversation
