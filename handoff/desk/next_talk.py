"""「次の相談を受ける」: the desk picks, so that nobody has to choose among people."""

from handoff.accounts.viewer import Permission, check_permission
from handoff.desk.actions import give_hands
from handoff.desk.load import check_room, load_of
from handoff.desk.queue_query import Asker, next_of
from intake.base.database import WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller


async def pick_next(session: WriteSession, asker: Asker) -> Conversation | None:
    """Take the first talk of the queue that nobody holds; None when nobody waits.

    Of two people at once each gets another one. Full hands are refused, unless the next one shows danger.
    """
    check_permission(asker.viewer, Permission.ANSWER)
    load = await load_of(session, asker.viewer)
    talk = await session.scalar(next_of(asker))
    if talk is None or talk.controller is not Controller.WAITING:
        return None
    check_room(load, talk.risk)
    await give_hands(session, talk, asker.viewer, asker.now)
    return talk
