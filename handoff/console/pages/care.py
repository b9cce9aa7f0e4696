"""What stands beside a talk where somebody may be in danger."""

from typing import Any

from handoff.accounts.viewer import Viewer
from handoff.console.context import ConsoleContext
from handoff.emergency.models import Ground
from handoff.emergency.sheet import sheets_of
from handoff.emergency.words import GROUND_WORDS
from handoff.report_abuse.views import find_report
from handoff.supervision.whispers import whispers_of
from intake.base.database import ReadSession

_ONE_TAP = (Ground.POLICE, Ground.AMBULANCE, Ground.REPORT)


async def care_values(session: ReadSession, context: ConsoleContext, viewer: Viewer, talk_id: str) -> dict[str, Any]:
    """Return it for a talk that the viewer was found to see."""
    return {
        "sheets": await sheets_of(session, context.ring, viewer, talk_id),
        "report": await find_report(session, context.ring, talk_id, context.clock.now()),
        "whispers": await whispers_of(session, context.ring, viewer, talk_id),
        "one_tap": {ground: GROUND_WORDS[ground] for ground in _ONE_TAP},
    }
