"""「地域課題」: the list for the sharing meetings, written by staff, never holding a person."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.statistics.issues import LONGEST_BODY, LONGEST_TITLE, IssueError, find_issues, move_issue, write_issue
from handoff.statistics.models import IssueCategory, IssueState
from handoff.statistics.words import CATEGORY_WORDS, STATE_WORDS

router = APIRouter(prefix="/statistics/issues")


async def _page(request: Request, parts: Parts, viewer: Viewer, *, refusal: str = "", draft: dict[str, str] | None = None) -> Response:
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        values["issues"] = await find_issues(session, viewer.municipality)
    return render(
        request,
        "statistics_issues.html",
        status=422 if refusal else 200,
        here="statistics",
        categories=CATEGORY_WORDS,
        states=STATE_WORDS,
        refusal=refusal,
        draft=draft or {"category": "", "title": "", "body": "", "cases": ""},
        may_write=viewer.may(Permission.ANSWER),
        longest=(LONGEST_TITLE, LONGEST_BODY),
        **values,
    )


@router.get("")
async def show_issues(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the list. It holds no person, so every role may read it."""
    return await _page(request, parts, viewer)


@router.post("")
async def add_issue(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    category: Annotated[IssueCategory, Form()],
    title: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
    cases: Annotated[str, Form()] = "",
) -> Response:
    """Add one; a refusal keeps what was typed."""
    check_permission(viewer, Permission.ANSWER)
    now = parts.context.clock.now()
    try:
        async with parts.context.database.write() as session:
            await write_issue(session, viewer, category=category, title=title, body=body, cases=cases, now=now)
    except IssueError as error:
        draft = {"category": category.value, "title": title, "body": body, "cases": cases}
        return await _page(request, parts, viewer, refusal=error.message, draft=draft)
    return RedirectResponse(f"{base_of(request)}/statistics/issues", 303)


@router.post("/{issue_id}")
async def change_issue(
    request: Request, parts: GivenParts, viewer: GivenViewer, issue_id: str, state: Annotated[IssueState, Form()]
) -> Response:
    """Note how far one has come."""
    check_permission(viewer, Permission.ANSWER)
    async with parts.context.database.write() as session:
        await move_issue(session, viewer, issue_id, state, now=parts.context.clock.now())
    return RedirectResponse(f"{base_of(request)}/statistics/issues", 303)
