"""「閲覧と操作の記録」: searching the record and taking it out, for whoever answers for the windows."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, check_permission
from handoff.audit.models import Action
from handoff.audit.search import MOST, PAGE, Question, as_csv, search
from handoff.audit.words import ACTION_WORDS
from handoff.console.edge import GivenParts, GivenViewer
from handoff.console.pages.frame import frame
from handoff.console.render import render
from intake.base.clock import TOKYO


def may_read(viewer: GivenViewer) -> None:
    """Let in only those who may read the record."""
    check_permission(viewer, Permission.READ_AUDIT)


router = APIRouter(prefix="/audit", dependencies=[Depends(may_read)])
_TEXT = 80


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _question(since: str, until: str, person: str, talk: str, action: str, before: int | None = None) -> Question:
    """Return what an address asks for; what is no day and no action is not asked for."""
    return Question(
        since=_day(since),
        until=_day(until),
        person=person.strip()[:_TEXT],
        talk=talk.strip()[:_TEXT],
        action=Action(action) if action in set(Action) else None,
        before=before,
    )


@router.get("")
async def show_audit(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    since: str = "",
    until: str = "",
    person: str = "",
    talk: str = "",
    action: str = "",
    before: int | None = None,
) -> Response:
    """Show the entries that fit."""
    question = _question(since, until, person, talk, action, before)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        lines = await search(session, viewer, question)
    return render(
        request,
        "audit.html",
        here="audit",
        question=question,
        lines=lines,
        more=lines[-1].seq if len(lines) == PAGE else None,
        actions=ACTION_WORDS,
        **values,
    )


@router.post("/export")
async def export(
    parts: GivenParts,
    viewer: GivenViewer,
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    person: Annotated[str, Form()] = "",
    talk: Annotated[str, Form()] = "",
    action: Annotated[str, Form()] = "",
) -> Response:
    """Take the entries that fit out as CSV. That too goes on record."""
    async with parts.context.database.read() as session:
        lines = await search(session, viewer, _question(since, until, person, talk, action), limit=MOST)
    name = f"audit-{parts.context.clock.now().astimezone(TOKYO):%Y%m%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)
