"""Every opening of a talk, every refused one, every search and every file taken out goes on record before the answer leaves.

The path decides, so that no page can forget it: talks are ``{talk_id}``, files end with ``/file`` or ``/export``.
"""

from collections.abc import AsyncIterator

from fastapi import Request

from handoff.accounts.viewer import Viewer
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.console.edge import LIVE_HEADER, OPEN_ROUTES, GivenParts, Parts
from intake.base.errors import AppError

_EXPORTS = ("/file", "/export")
_SEARCH = "/search"
SHOWN = "/shown"
"""The end of the path of a picture or a sound inside a page that is open and on record already."""
_REFUSALS = frozenset({403, 404})


def is_look(request: Request) -> bool:
    """Tell whether somebody opens something, as against a refresh by our own script or an action on what is open already."""
    return request.method == "GET" and LIVE_HEADER not in request.headers and not request.scope["path"].endswith(SHOWN)


async def recorded(request: Request, parts: GivenParts) -> AsyncIterator[None]:
    """Record what is done with the talk that the path names, and each file that is taken out. If that fails, nothing is shown."""
    path: str = request.scope["route"].path
    talk_id = request.path_params.get("talk_id")
    searched = path == _SEARCH and request.method == "POST"
    if path in OPEN_ROUTES or (talk_id is None and not searched and not path.endswith(_EXPORTS)):
        yield
        return
    viewer: Viewer = request.state.viewer
    try:
        yield
    except AppError as refusal:
        if talk_id is not None and refusal.status in _REFUSALS:
            await _write(parts, viewer, Action.TALK_REFUSED, talk_id)
        raise
    if talk_id is None:
        await _write(parts, viewer, Action.SEARCHED if searched else Action.EXPORTED, path, request.url.query)
        return
    now = parts.context.clock.now()
    if is_look(request) or not parts.openings.is_open(viewer, talk_id, now):
        await _write(parts, viewer, Action.TALK_VIEWED, talk_id)
        parts.openings.note(viewer, talk_id, now)


async def _write(parts: Parts, viewer: Viewer, action: Action, subject: str, details: str = "") -> None:
    context = parts.context
    async with context.database.write() as session:
        record_audit(
            session,
            context.ring,
            municipality=viewer.municipality,
            actor=viewer.staff_id,
            action=action,
            subject=subject,
            details=details,
            now=context.clock.now(),
        )
