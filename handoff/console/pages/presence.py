"""What an open talk says of whoever sits before it. It is no look that goes on record, and keeps no session alive."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from handoff.console.edge import GivenParts, GivenViewer
from handoff.desk.visibility import get_visible
from handoff.supervision.presence import CHANNEL, Doing, Sign, packed
from intake.base.errors import NotFoundError

router = APIRouter()


@router.post("/presence")
async def say(
    parts: GivenParts,
    viewer: GivenViewer,
    talk: Annotated[str, Form(max_length=26)],
    tab: Annotated[str, Form(pattern=r"^[0-9a-z]{1,20}$")],
    doing: Annotated[Doing, Form()] = Doing.VIEWING,
) -> Response:
    """Say that the viewer has a talk open, writes in it, or has left it. What is not the viewer's to see is passed over without a word."""
    context = parts.context
    try:
        async with context.database.read() as session:
            found = await get_visible(session, viewer, talk)
    except NotFoundError:
        return Response(status_code=204)
    sign = Sign(
        talk=found.id,
        municipality=found.municipality,
        window_id=found.window_id,
        owner=found.owner,
        staff_id=viewer.staff_id,
        name=viewer.display_name,
        tab=tab,
        doing=doing,
    )
    context.presence.note(sign, context.clock.now())
    context.wakes.ring(("events",))
    await context.database.tell_others(CHANNEL, packed(sign))
    return Response(status_code=204)
