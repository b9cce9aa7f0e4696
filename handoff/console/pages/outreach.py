"""「声かけ」: who receives check-ins, the coming week, the plan of one resident, and what managers decide. Nothing goes to relatives."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk import outreach_actions as actions
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.outreach import WAY_WORDS, load_outreach
from handoff.desk.outreach_figures import coming_week, forecast, load_effect
from handoff.desk.outreach_models import OutreachWay
from handoff.desk.outreach_plan import WIDTH, load_plan
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import AppError, NotFoundError
from intake.checkins.decide import approved_keys
from intake.checkins.models import CheckinPause
from intake.checkins.service import CheckinContext, calendar_for
from intake.checkins.words import default_words
from routing.city import City
from routing.hours import TOKYO

router = APIRouter(prefix="/outreach")
Typed = Annotated[str, Form()]
_WEEKDAYS = "月火水木金土日"
Action = Callable[[WriteSession], Awaitable[object]]


def _city(parts: Parts, viewer: Viewer) -> City:
    city = parts.context.cities.get(viewer.municipality)
    if city is None:
        raise NotFoundError("この自治体の声かけは、いまは使われていません。")
    return city


async def _values(request: Request, parts: Parts, viewer: Viewer, session: ReadSession) -> dict[str, Any]:
    """Return what the page of all check-ins shows."""
    now, city = parts.context.clock.now(), _city(parts, viewer)
    calendar = await calendar_for(session, city, now)
    lasting = select(CheckinPause).where(CheckinPause.municipality == city.key, CheckinPause.lifted_at.is_(None))
    approved = await approved_keys(session, CheckinContext(ring=parts.context.ring, cities=parts.context.cities), city)
    texts = default_words().texts
    return {
        **await frame(request, parts, viewer, session),
        "here": "outreach",
        "outreach": await load_outreach(session, viewer),
        "week": await coming_week(session, viewer, calendar, now),
        "weekdays": _WEEKDAYS,
        "forecasts": await forecast(session, viewer, now),
        "effect": await load_effect(session, viewer, now),
        "pauses": [pause for pause in await session.scalars(lasting) if pause.ends_at is None or pause.ends_at > now],
        "ways": WAY_WORDS,
        "manages": viewer.may(Permission.TAKE_OVER),
        "texts": list(texts.values()),
        "approved": approved,
        "waiting": [key for key in texts if key not in approved],
        "sample": city.sample,
        "tomorrow": now.astimezone(TOKYO).date() + timedelta(days=1),
    }


async def _show(request: Request, parts: Parts, viewer: Viewer, refusal: AppError | None = None) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    async with parts.context.database.read() as session:
        values = await _values(request, parts, viewer, session)
    status = 200 if refusal is None else refusal.status
    return render(request, "outreach.html", status=status, refusal=None if refusal is None else refusal.message, **values)


async def _act(request: Request, parts: Parts, viewer: Viewer, action: Action, *, to: str = "/outreach") -> Response:
    """Do one thing in one transaction, then show where it was asked for. A refusal says why and changes nothing."""
    try:
        async with parts.context.database.write() as session:
            await action(session)
    except (ConflictError, TextError) as refusal:
        return await _show(request, parts, viewer, refusal)
    return RedirectResponse(f"{base_of(request)}{to}", 303)


@router.get("")
async def show_outreach(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the list, the week and the figures."""
    return await _show(request, parts, viewer)


@router.get("/plans/{plan_id}")
async def show_plan(request: Request, parts: GivenParts, viewer: GivenViewer, plan_id: str) -> Response:
    """Show the plan of one resident in one picture, with the same as a table."""
    check_permission(viewer, Permission.READ_TALKS)
    now, city = parts.context.clock.now(), _city(parts, viewer)
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        calendar = await calendar_for(session, city, now)
        plan = await load_plan(session, viewer, plan_id, calendar, default_words(), now)
    may_answer = viewer.may(Permission.ANSWER)
    return render(request, "outreach_plan.html", here="outreach", plan=plan, width=WIDTH, ways=WAY_WORDS, may_answer=may_answer, **values)


@router.post("/plans/{plan_id}/way")
async def choose_way(
    request: Request, parts: GivenParts, viewer: GivenViewer, plan_id: str, way: Annotated[OutreachWay, Form()]
) -> Response:
    """Keep what was decided about somebody silent."""
    now = parts.context.clock.now()
    return await _act(request, parts, viewer, lambda session: actions.choose_way(session, viewer, plan_id, way, now=now))


@router.post("/plans/{plan_id}/keeper")
async def keep(request: Request, parts: GivenParts, viewer: GivenViewer, plan_id: str) -> Response:
    """Become the person who knows the resident."""
    to = f"/outreach/plans/{plan_id}"
    return await _act(request, parts, viewer, lambda session: actions.keep_in_touch(session, viewer, plan_id), to=to)


@router.post("/plans/{plan_id}/safe")
async def agree_safe(request: Request, parts: GivenParts, viewer: GivenViewer, plan_id: str) -> Response:
    """Note an agreement on how to write safely."""
    now, city = parts.context.clock.now(), _city(parts, viewer)
    to = f"/outreach/plans/{plan_id}"
    return await _act(request, parts, viewer, lambda session: actions.agree_safe_plan(session, city, viewer, plan_id, now=now), to=to)


@router.post("/pauses")
async def pause_all(request: Request, parts: GivenParts, viewer: GivenViewer, reason: Typed = "", until: Typed = "") -> Response:
    """Stop all check-ins, through a day or until lifted."""
    now = parts.context.clock.now()

    async def action(session: WriteSession) -> None:
        await actions.pause_all(session, viewer, ends_at=_end_of(until), reason=reason, now=now)

    return await _act(request, parts, viewer, action)


def _end_of(until: str) -> datetime | None:
    """Return the end of the last day of a pause; None where no day was named."""
    if not until.strip():
        return None
    try:
        day = date.fromisoformat(until.strip())
    except ValueError as error:
        raise TextError("お休みの終わりの日を、もう一度選んでください。") from error
    return datetime.combine(day + timedelta(days=1), time(0), TOKYO).astimezone(UTC)


@router.post("/pauses/lift")
async def lift_pauses(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Let check-ins go out again."""
    now = parts.context.clock.now()
    return await _act(request, parts, viewer, lambda session: actions.lift_pauses(session, viewer, now=now))


@router.post("/budgets")
async def set_budget(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    account: Annotated[str, Form(max_length=40)],
    limit: Typed = "",
    reserve: Typed = "0",
) -> Response:
    """Say how many pushes there are, and how many are kept for people."""
    now = parts.context.clock.now()

    async def action(session: WriteSession) -> None:
        await actions.set_budget(
            session, viewer, account, limit=_number(limit) if limit.strip() else None, reserve=_number(reserve or "0"), now=now
        )

    return await _act(request, parts, viewer, action)


def _number(typed: str) -> int:
    try:
        return int(typed.replace(",", "").strip())
    except ValueError as error:
        raise TextError("通数は、数字で入力してください。") from error


@router.post("/words")
async def approve_words(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Approve the texts that were ticked, under the viewer's name."""
    now = parts.context.clock.now()
    keys = [key for key in (await request.form()).getlist("words") if isinstance(key, str)]
    return await _act(request, parts, viewer, lambda session: actions.approve_words(session, viewer, default_words(), keys, now=now))


@router.post("/suggestions/{talk_id}")
async def suggest(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, epoch: Annotated[int, Form(ge=0, le=2**31 - 1)]
) -> Response:
    """Suggest check-ins in a talk that the viewer holds."""
    now, city, ring = parts.context.clock.now(), _city(parts, viewer), parts.context.ring

    async def action(session: WriteSession) -> None:
        await actions.suggest(session, ring, city, viewer, talk_id, epoch=epoch, now=now)

    return await _act(request, parts, viewer, action, to=f"/talks/{talk_id}")
