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
from handoff.desk import outreach_holds as holds
from handoff.desk import outreach_keepers as keepers
from handoff.desk import outreach_words as texts_of
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.outreach import CONSENT_WAY_WORDS, HOLD_WORDS, WAY_WORDS, load_outreach
from handoff.desk.outreach_figures import coming_week, forecast, load_effect
from handoff.desk.outreach_holds import FOR_WORDS, HoldFor
from handoff.desk.outreach_keepers import colleagues, departed_keepers
from handoff.desk.outreach_models import OutreachWay
from handoff.desk.outreach_plan import WIDTH, load_plan
from handoff.desk.outreach_words import load_texts
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import AppError, NotFoundError
from intake.checkins.models import CheckinPause, HoldKind
from intake.checkins.own_words import read_own_words
from intake.checkins.service import calendar_for
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
    own = read_own_words(parts.context.data_dir, city.key)
    texts = await load_texts(session, city, own.words)
    after = request.query_params.get("after", "")
    manages = viewer.may(Permission.TAKE_OVER)
    return {
        **await frame(request, parts, viewer, session),
        "here": "outreach",
        "outreach": await load_outreach(session, viewer, now, after=after),
        "after": after,
        "week": await coming_week(session, viewer, calendar, now),
        "weekdays": _WEEKDAYS,
        "forecasts": await forecast(session, viewer, now),
        "effect": await load_effect(session, viewer, now),
        "pauses": [pause for pause in await session.scalars(lasting) if pause.ends_at is None or pause.ends_at > now],
        "ways": WAY_WORDS,
        "manages": manages,
        "texts": texts,
        "faults": own.faults,
        "waiting": 0 if city.sample else sum(not text.approved for text in texts),
        "departed": await departed_keepers(session, viewer) if manages else (),
        "colleagues": await colleagues(session, viewer) if manages else (),
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
        plan = await load_plan(session, viewer, plan_id, calendar, read_own_words(parts.context.data_dir, city.key).words, now)
        successors = await colleagues(session, viewer)
    manages = viewer.may(Permission.TAKE_OVER)
    values |= {"here": "outreach", "plan": plan, "width": WIDTH, "may_answer": viewer.may(Permission.ANSWER), "manages": manages}
    values |= {"hold_words": HOLD_WORDS, "for_words": FOR_WORDS, "way_words": CONSENT_WAY_WORDS, "successors": successors}
    windows = sorted(city.windows.values(), key=lambda window: window.name) if manages else []
    return render(request, "outreach_plan.html", receivers=windows, **values)


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
    account: Typed = "",
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


@router.post("/plans/{plan_id}/successor")
async def hand_over(
    request: Request, parts: GivenParts, viewer: GivenViewer, plan_id: str, window: Typed = "", staff: Typed = ""
) -> Response:
    """Name who reads the answers of one resident from now on."""
    city = _city(parts, viewer)

    async def action(session: WriteSession) -> None:
        await keepers.hand_over(session, viewer, plan_id, city=city, window_id=window, staff_id=staff)

    return await _act(request, parts, viewer, action)


@router.post("/keepers")
async def replace_keeper(request: Request, parts: GivenParts, viewer: GivenViewer, before: Typed = "", after: Typed = "") -> Response:
    """Give the residents of somebody who has left to a successor."""
    return await _act(request, parts, viewer, lambda session: keepers.replace_keeper(session, viewer, before, after))


@router.post("/plans/{plan_id}/holds")
async def set_hold(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    plan_id: str,
    kind: Annotated[HoldKind, Form()],
    length: Annotated[HoldFor, Form()],
) -> Response:
    """Leave a resident in peace for a while."""
    now, city = parts.context.clock.now(), _city(parts, viewer)
    to = f"/outreach/plans/{plan_id}"
    return await _act(request, parts, viewer, lambda session: holds.set_hold(session, city, viewer, plan_id, kind, length, now=now), to=to)


@router.post("/plans/{plan_id}/holds/{hold_id}/lift")
async def lift_hold(request: Request, parts: GivenParts, viewer: GivenViewer, plan_id: str, hold_id: str) -> Response:
    """Let check-ins go on."""
    now, city = parts.context.clock.now(), _city(parts, viewer)
    to = f"/outreach/plans/{plan_id}"
    return await _act(request, parts, viewer, lambda session: holds.lift_hold(session, city, viewer, plan_id, hold_id, now=now), to=to)


@router.post("/words")
async def approve_words(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Approve the texts that were ticked, under the viewer's name, or take the approval back. Only what was read counts."""
    now, city = parts.context.clock.now(), _city(parts, viewer)
    form = await request.form()
    read = dict(text.split(".", 1) for text in form.getlist("words") if isinstance(text, str) and "." in text)
    words = read_own_words(parts.context.data_dir, city.key).words

    async def action(session: WriteSession) -> None:
        if form.get("way") == "withdraw":
            await texts_of.withdraw_words(session, viewer, list(read))
        else:
            await texts_of.approve_words(session, viewer, words, read, now=now)

    return await _act(request, parts, viewer, action, to="/outreach#words")


@router.post("/suggestions/{talk_id}")
async def suggest(
    request: Request, parts: GivenParts, viewer: GivenViewer, talk_id: str, epoch: Annotated[int, Form(ge=0, le=2**31 - 1)]
) -> Response:
    """Suggest check-ins in a talk that the viewer holds."""
    now, city, ring = parts.context.clock.now(), _city(parts, viewer), parts.context.ring

    async def action(session: WriteSession) -> None:
        await actions.suggest(session, ring, city, viewer, talk_id, epoch=epoch, now=now)

    return await _act(request, parts, viewer, action, to=f"/talks/{talk_id}")
