"""What a municipality decides about its figures: from which number on a count may leave the house."""

from datetime import datetime

from handoff.accounts.viewer import Viewer
from handoff.statistics.figures import FORMULA
from handoff.statistics.models import StatHead
from intake.base.database import WriteSession
from intake.base.errors import AppError

LEAST, MOST = 3, 100


class ThresholdError(AppError):
    """A threshold that protects nobody, or that leaves nothing to tell."""

    code = "statistics_threshold"
    status = 422


async def enter_threshold(session: WriteSession, viewer: Viewer, value: str, *, now: datetime) -> None:
    """Keep the threshold of the viewer's municipality."""
    tidy = value.strip()
    if not (tidy.isascii() and tidy.isdecimal()) or not LEAST <= int(tidy) <= MOST:
        raise ThresholdError(f"伏せる件数は {LEAST} から {MOST} までの数字で書いてください（例 5：5件より少ない数を伏せます）。")
    head = await session.get(StatHead, viewer.municipality)
    if head is None:
        head = StatHead(municipality=viewer.municipality, swept_at=now, formula=FORMULA)
        session.add(head)
    head.threshold = int(tidy)
