"""One talk: the page with its three panes, and the panes alone."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.alarms.log import calls_of
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.care import care_values
from handoff.console.pages.fillings import filled_templates
from handoff.console.pages.frame import frame, here_of, queue_values
from handoff.console.pages.queue import GivenFilter
from handoff.console.render import is_htmx, render
from handoff.desk.beside import load_beside
from handoff.desk.checks import MAX_NOTE, MAX_REPLY
from handoff.desk.corrections import corrected
from handoff.desk.later import PUT_OFF_WORDS
from handoff.desk.mentions import colleagues
from handoff.desk.phrases import Procedure, load_phrases
from handoff.desk.queue_query import QueueFilter, QueueView
from handoff.desk.talk import Talk, load_talk
from handoff.desk.timeline import timeline_of
from handoff.desk.words import CONCERN_WORDS
from handoff.duty.absence import away_of
from handoff.duty.contacts import contacts_of
from handoff.duty.models import RECEPTION
from handoff.practice.service import find_practice
from intake.base.database import ReadSession
from intake.base.errors import AppError
from nlp.reading import Concern, RiskKind

router = APIRouter()
_NO_FILTER = QueueFilter()


async def show(
    request: Request,
    parts: Parts,
    viewer: Viewer,
    talk_id: str,
    *,
    part: str | None = None,
    refusal: AppError | None = None,
    refused: str = "composer",
    draft: str = "",
    note_draft: str = "",
    whisper_draft: str = "",
    view: QueueView = QueueView.WAITING,
    chosen: QueueFilter = _NO_FILTER,
    picked: bool = False,
) -> Response:
    """Show a talk: the whole page, or one part of it. A refusal stands where ``refused`` says; what was typed is kept."""
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values: dict[str, Any] = await frame(request, parts, viewer, session)
        values |= await _talk_values(parts, viewer, session, talk_id)
        if part is None:
            values |= await queue_values(parts, viewer, session, view, chosen, talk_id)
    parts.hub.opened(viewer, talk_id)
    draft = draft or ("" if refusal is not None or part == "_notes.html" else values["beside"].draft)
    return render(
        request,
        part or "talk.html",
        status=200 if refusal is None else refusal.status,
        refusal=None if refusal is None else refusal.message,
        refused=refused,
        picked=picked,
        draft=draft,
        note_draft=note_draft,
        whisper_draft=whisper_draft,
        **_form_values(),
        **values,
    )


def _form_values() -> dict[str, Any]:
    """Return what each drawing of the forms needs anew: their numbers, and how much they take."""
    numbers = {f"{form}_uuid": str(uuid.uuid4()) for form in ("client", "note", "whisper")}
    return {**numbers, "max_reply": MAX_REPLY, "max_note": MAX_NOTE}


async def _talk_values(parts: Parts, viewer: Viewer, session: ReadSession, talk_id: str) -> dict[str, Any]:
    """Return the talk with what stands beside it. What is not the viewer's to see ends here."""
    context = parts.context
    now = context.clock.now()
    talk = await load_talk(session, context.ring, viewer, talk_id)
    beside = await load_beside(session, context.ring, viewer, talk_id, now)
    concerns = corrected(talk.concern_ids, beside.corrections)
    city = context.cities.get(viewer.municipality)
    care = await care_values(session, context, viewer, talk_id)
    return {
        **care,
        **await _call_values(session, parts, viewer, talk),
        "here_now": here_of(parts, viewer, talk_id),
        "practice": await find_practice(session, viewer, talk_id),
        "talk": talk,
        "beside": beside,
        "concerns": concerns,
        "other_concerns": [concern for concern in Concern if concern not in concerns],
        "concern_words": CONCERN_WORDS,
        "timeline": await timeline_of(session, talk_id),
        "away": await away_of(session, viewer, talk_id, now),
        "templates": await filled_templates(session, context, viewer, talk.window_id),
        "procedures": _procedures(talk, reported=care["report"] is not None),
        "colleagues": await colleagues(session, viewer),
        "put_off_words": PUT_OFF_WORDS,
        "other_windows": [] if city is None else [window for window in city.windows.values() if window.id != talk.window_id],
    }


async def _call_values(session: ReadSession, parts: Parts, viewer: Viewer, talk: Talk) -> dict[str, Any]:
    """Return who was called for the danger in this talk that nobody has opened, and whom the city calls while nobody is on duty."""
    city, now = parts.context.cities.get(viewer.municipality), parts.context.clock.now()
    if city is None or not talk.unopened:
        return {"calls": (), "posts": ()}
    outlook = await parts.context.outlooks.of(session, city, now)
    there = outlook.open or outlook.roster.on_duty(talk.window_id or RECEPTION, now)
    posts = () if there else await contacts_of(session, viewer.municipality)
    return {"calls": await calls_of(session, viewer, [talk.id]), "posts": posts}


def _procedures(talk: Talk, *, reported: bool) -> list[tuple[Procedure, bool]]:
    """Return the procedures, each with whether the signs of this talk call for it, those first: one may be needed where none was read.

    ``reported`` where a form for 通告・通報 is open or was.
    """
    kinds = {kind for alarm in talk.alarms for kind in alarm.kind_ids} | ({RiskKind.ABUSE} if reported else set())
    known = load_phrases().procedures
    wanted = (("suicide", {RiskKind.SUICIDE, RiskKind.SELF_HARM}), ("abuse", {RiskKind.ABUSE, RiskKind.VIOLENCE}))
    return sorted(((known[name], bool(signs & kinds)) for name, signs in wanted), key=lambda one: not one[1])


@router.get("/talks/{talk_id}")
async def show_talk(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    talk_id: str,
    chosen: GivenFilter,
    view: QueueView = QueueView.WAITING,
    picked: str = "",
) -> Response:
    """Show a talk."""
    part = "_desk.html" if is_htmx(request) else None
    return await show(request, parts, viewer, talk_id, view=view, chosen=chosen, picked=picked == "1", part=part)


@router.get("/talks/{talk_id}/desk")
async def show_desk(request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str) -> Response:
    """Show the talk without the page around it, for the live refresh."""
    return await show(request, parts, viewer, talk_id, part="_desk.html")
