"""「当番」: who is on duty, coming and going, the weekly plan, the plan for emergencies, and who was called."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.alarms.escalate import USUAL_MINUTES
from handoff.alarms.log import calls_of
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.actions import Typed
from handoff.console.pages.frame import frame
from handoff.console.render import base_of, render
from handoff.desk.errors import TextError
from handoff.desk.window_rules import parse_clock, rules_of, served_windows
from handoff.duty import absence, contacts, service
from handoff.duty.crowd import load_outlook
from handoff.duty.models import RECEPTION
from intake.base.errors import AppError

router = APIRouter(prefix="/duty")
Weekdays = Annotated[list[int] | None, Form(max_length=7)]


async def _page(request: Request, parts: Parts, viewer: Viewer, *, refusal: AppError | None = None) -> Response:
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    city, now = context.cities.get(viewer.municipality), context.clock.now()
    may_plan, windows = viewer.may(Permission.TAKE_OVER), served_windows(viewer)
    async with context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        outlook = None if city is None else await load_outlook(session, city, now)
        able = {window: await service.able_staff(session, viewer, window) for window in windows} if may_plan else {}
        rules = await rules_of(session, viewer)
        away = await absence.absences(session, viewer, now)
        near = await absence.near_staff(session, viewer) if viewer.may(Permission.ANSWER) else ()
        posts = await contacts.contacts_of(session, viewer.municipality)
        calls = await calls_of(session, viewer)
    return render(
        request,
        "duty.html",
        status=200 if refusal is None else refusal.status,
        here="duty",
        refusal=None if refusal is None else refusal.message,
        duty_windows=windows,
        outlook=outlook,
        able=able,
        rules=rules,
        usual_minutes=USUAL_MINUTES,
        usual_end=service.usual_end(city, now),
        absences=away,
        near=near,
        today=absence.today_of(now),
        posts=posts,
        urgent_contact="" if city is None else city.urgent_contact,
        calls=calls,
        may_plan=may_plan,
        weekdays="月火水木金土日",
        **values,
    )


@router.get("")
async def show_duty(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show who is on duty."""
    return await _page(request, parts, viewer)


@router.get("/line")
async def show_line(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Say in a line who is on duty, and whether it is crowded: for the head of the list, which does not wait for it."""
    check_permission(viewer, Permission.READ_TALKS)
    context = parts.context
    city, now = context.cities.get(viewer.municipality), context.clock.now()
    async with context.database.read() as session:
        outlook = None if city is None else await context.outlooks.of(session, city, now)
    names = {
        window: "受付" if window == RECEPTION else context.window_name(viewer.municipality, window) for window in served_windows(viewer)
    }
    return render(request, "_duty_line.html", outlook=outlook, names=names, now=now)


def _back(request: Request) -> Response:
    return RedirectResponse(f"{base_of(request)}/duty", 303)


@router.post("/windows/{window_id}/come")
async def come(request: Request, parts: GivenParts, viewer: GivenViewer, window_id: str, until: Typed = "") -> Response:
    """Be on duty from now on."""
    now, city = parts.context.clock.now(), parts.context.cities.get(viewer.municipality)
    try:
        async with parts.context.database.write() as session:
            await service.come(session, viewer, window_id, until=service.parse_until(until, city, now), now=now)
    except TextError as refusal:
        return await _page(request, parts, viewer, refusal=refusal)
    return _back(request)


@router.post("/windows/{window_id}/go")
async def go(request: Request, parts: GivenParts, viewer: GivenViewer, window_id: str) -> Response:
    """Be off duty."""
    async with parts.context.database.write() as session:
        await service.go(session, viewer, window_id, now=parts.context.clock.now())
    return _back(request)


@router.post("/windows/{window_id}/slots")
async def plan(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    window_id: str,
    starts: Typed = "",
    ends: Typed = "",
    staff: Typed = "",
    weekday: Weekdays = None,
    holidays: Typed = "",
    place: Annotated[int, Form(ge=0, le=99)] = 1,
) -> Response:
    """Add lines to the weekly plan."""
    try:
        hours = parse_clock(starts), parse_clock(ends)
        async with parts.context.database.write() as session:
            await service.plan_duty(
                session,
                viewer,
                window_id,
                staff_id=staff,
                weekdays=weekday or [],
                starts=hours[0],
                ends=hours[1],
                holidays=holidays == "1",
                place=place,
                now=parts.context.clock.now(),
            )
    except TextError as refusal:
        return await _page(request, parts, viewer, refusal=refusal)
    return _back(request)


@router.post("/slots/{slot_id}/drop")
async def drop_slot(request: Request, parts: GivenParts, viewer: GivenViewer, slot_id: str) -> Response:
    """Take a line out of the weekly plan."""
    async with parts.context.database.write() as session:
        await service.drop_slot(session, viewer, slot_id)
    return _back(request)


@router.post("/absences")
async def note_absence(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    first: Annotated[date, Form()],
    last: Annotated[date, Form()],
    staff: Typed = "",
    stand_in: Typed = "",
) -> Response:
    """Note that somebody is away, and who stands in."""
    try:
        async with parts.context.database.write() as session:
            who, now = staff or viewer.staff_id, parts.context.clock.now()
            await absence.set_absence(session, viewer, staff_id=who, first=first, last=last, stand_in_id=stand_in, now=now)
    except TextError as refusal:
        return await _page(request, parts, viewer, refusal=refusal)
    return _back(request)


@router.post("/absences/{absence_id}/end")
async def end_absence(request: Request, parts: GivenParts, viewer: GivenViewer, absence_id: str) -> Response:
    """Take an absence back, or end it early."""
    async with parts.context.database.write() as session:
        await absence.end_absence(session, viewer, absence_id, now=parts.context.clock.now())
    return _back(request)


@router.post("/contacts")
async def add_contact(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    name: Typed = "",
    phone: Typed = "",
    mail: Typed = "",
    note: Typed = "",
    place: Annotated[int, Form(ge=0, le=99)] = 1,
) -> Response:
    """Add a line to the plan for emergencies."""
    try:
        async with parts.context.database.write() as session:
            now = parts.context.clock.now()
            await contacts.add_contact(session, viewer, place=place, name=name, phone=phone, mail=mail, note=note, now=now)
    except TextError as refusal:
        return await _page(request, parts, viewer, refusal=refusal)
    return _back(request)


@router.post("/contacts/{contact_id}/drop")
async def drop_contact(request: Request, parts: GivenParts, viewer: GivenViewer, contact_id: str) -> Response:
    """Take a line out of the plan for emergencies."""
    async with parts.context.database.write() as session:
        await contacts.retire_contact(session, viewer, contact_id, now=parts.context.clock.now())
    return _back(request)
