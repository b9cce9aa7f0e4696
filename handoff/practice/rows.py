"""What other parts of the desk must know of practice: whether a talk is one, and that its resident answers an answer."""

from datetime import datetime, timedelta

from sqlalchemy import update

from handoff.desk.errors import ConflictError
from handoff.practice.models import PracticeTalk
from intake.base.database import WriteSession
from intake.conversations.models import Conversation

ACCOUNT = "practice"
"""The account of invented residents. No webhook knows it, and its sender sends nothing."""
THINKS = timedelta(seconds=4)
"""So long an invented resident takes to answer."""


def check_real(conversation: Conversation) -> None:
    """Refuse for a practice talk what would reach other windows, the police, or a register."""
    if conversation.practice_of is not None:
        raise ConflictError("練習の相談では使えません（ほかの窓口や記録に、作りものが混ざらないようにしています）。")


async def answer_later(session: WriteSession, conversation: Conversation, sent_at: datetime) -> None:
    """Let the resident of a practice talk say the next line, a little after an answer has gone out."""
    if conversation.practice_of is not None:
        later = update(PracticeTalk).where(PracticeTalk.conversation_id == conversation.id).values(next_at=sent_at + THINKS)
        await session.execute(later.execution_options(synchronize_session=False))
