"""How much one person holds at once, and when it is enough."""

from dataclasses import dataclass

from sqlalchemy import func, select

from handoff.accounts.viewer import Viewer
from handoff.desk.errors import FullHandsError
from handoff.desk.window_rules import served_windows
from handoff.desk.work_models import WindowRule
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
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


def check_room(load: Load, risk: Risk) -> None:
    """Refuse one more talk to full hands, unless it shows danger."""
    if load.full and risk.rank < Risk.URGENT.rank:
        raise FullHandsError(
            f"いま{load.held}件を担当しています（上限{load.cap}件）。終えられる相談を終えるか、ほかの職員に引き継いでから受けてください。"
        )
