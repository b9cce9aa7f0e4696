"""「次の相談を受ける」: the desk picks, so that nobody has to choose among people; and how much one person holds at once."""

from dataclasses import dataclass

from sqlalchemy import func, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import give_hands
from handoff.desk.errors import FullHandsError
from handoff.desk.queue_query import Asker, next_of
from handoff.desk.window_rules import served_windows
from handoff.desk.work_models import WindowRule
from intake.base.database import ReadSession, WriteSession
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from nlp.reading import Risk

USUAL_CAP = 8
"""So many talks at once are the most for one person where the window has not said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How busy it is: what the viewer holds, and how much one person should hold at most."""

    held: int
    cap: int

    @property
    def full(self) -> bool:
        """Whether nothing more should be taken, but for danger."""
        return self.held >= self.cap


async def load_of(session: ReadSession, viewer: Viewer) -> Load:
    """Return how many talks the viewer holds, and the smallest cap that one of the viewer's windows has set. One query."""
    mine = (Conversation.municipality == viewer.municipality, Conversation.owner == viewer.staff_id, Conversation.closed_at.is_(None))
    real = Conversation.practice_of.is_(None)
    held = select(func.count()).select_from(Conversation).where(*mine, real).scalar_subquery()
    rules = (WindowRule.municipality == viewer.municipality, WindowRule.window_id.in_(served_windows(viewer)))
    cap = select(func.min(WindowRule.cap)).where(*rules).scalar_subquery()
    row = (await session.execute(select(held.label("held"), cap.label("cap")))).one()
    return Load(held=row.held, cap=row.cap or USUAL_CAP)


async def pick_next(session: WriteSession, asker: Asker) -> Conversation | None:
    """Take the first talk of the queue that nobody holds; None when nobody waits.

    Of two people at once each gets another one. Full hands are refused, unless the next one shows danger.
    """
    check_permission(asker.viewer, Permission.ANSWER)
    load = await load_of(session, asker.viewer)
    talk = await session.scalar(next_of(asker))
    if talk is None or talk.controller is not Controller.WAITING:
        return None
    if load.full and talk.risk.rank < Risk.URGENT.rank:
        raise FullHandsError(
            f"いま{load.held}件を担当しています（上限{load.cap}件）。終えられる相談を終えるか、ほかの職員に引き継いでから受けてください。"
        )
    await give_hands(session, talk, asker.viewer, asker.now)
    return talk
