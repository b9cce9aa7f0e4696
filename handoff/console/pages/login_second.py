"""The second factor: showing it, registering the first one, and links that lead there."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from handoff.accounts.enrol import Enrolled, enrol
from handoff.accounts.errors import AccountDataError, LockedError, LoginRefusedError, LoginTooSoonError, SecondRefusedError
from handoff.accounts.factor_models import FactorKind, SecondFactor, StepKind
from handoff.accounts.invitations import accept, get_invited
from handoff.accounts.passkeys import login_options, registration_options
from handoff.accounts.second import Answer, find_factors, pass_second
from handoff.accounts.steps import Step, get_step
from handoff.accounts.totp import enrolment_uri, in_groups, qr_svg
from handoff.console.cookies import agent_of, set_session, site_of, step_of
from handoff.console.edge import GivenParts, Parts
from handoff.console.pages.login import end_former, enter, first_page, go_to
from handoff.console.render import render
from intake.base.errors import AppError

router = APIRouter()
Code = Annotated[str, Form(max_length=60)]
Credential = Annotated[str, Form(max_length=20_000)]
Name = Annotated[str, Form(max_length=80)]
_REFUSALS = (SecondRefusedError, LoginTooSoonError, AccountDataError)


def _status(error: AppError | None) -> int:
    return 200 if error is None else error.status


def passkeys_of(factors: Sequence[SecondFactor]) -> list[SecondFactor]:
    """Return the passkeys among some factors."""
    return [factor for factor in factors if factor.kind is FactorKind.PASSKEY]


async def _second_page(request: Request, parts: Parts, error: AppError | None = None) -> Response:
    context = parts.context
    async with context.database.read() as session:
        step = await get_step(session, context.ring, step_of(request, parts), (StepKind.SECOND,), context.config, context.clock.now())
        factors = await find_factors(session, step.staff.id)
    keys = passkeys_of(factors)
    return render(
        request,
        "login_second.html",
        status=_status(error),
        error=None if error is None else error.message,
        has_app=len(keys) < len(factors),
        options=login_options(site_of(request, parts), step.row.challenge, keys) if keys else "",
    )


@router.get("/login/second")
async def show_second(request: Request, parts: GivenParts) -> Response:
    """Ask for the second factor."""
    return await _second_page(request, parts)


@router.post("/login/second")
async def check_second(request: Request, parts: GivenParts, code: Code = "", credential: Credential = "") -> Response:
    """Let somebody in who shows a second factor."""
    context = parts.context
    try:
        token = await pass_second(
            context.database,
            context.ring,
            context.config,
            site_of(request, parts),
            token=step_of(request, parts),
            answer=Answer(code=code, credential=credential),
            agent=agent_of(request),
            now=context.clock.now(),
        )
    except _REFUSALS as error:
        return await _second_page(request, parts, error)
    await end_former(request, parts)
    return await enter(request, parts, token)


def enrol_values(request: Request, parts: Parts, step: Step, factors: Sequence[SecondFactor]) -> dict[str, Any]:
    """Return what a page shows for registering a factor."""
    uri = enrolment_uri(step.secret, step.staff.login, parts.context.city_name(step.staff.municipality))
    return {
        "qr": qr_svg(uri),
        "secret": in_groups(step.secret),
        "options": registration_options(site_of(request, parts), step.staff, step.row.challenge, passkeys_of(factors)),
        "name": step.staff.display_name,
    }


async def register_factor(request: Request, parts: Parts, answer: Answer, name: str) -> Enrolled:
    """Register the factor that a form shows, for the step that this browser is in."""
    context = parts.context
    return await enrol(
        context.database,
        context.ring,
        context.config,
        site_of(request, parts),
        token=step_of(request, parts),
        answer=answer,
        name=name,
        agent=agent_of(request),
        now=context.clock.now(),
    )


async def _enrol_page(request: Request, parts: Parts, error: AppError | None = None) -> Response:
    context = parts.context
    async with context.database.read() as session:
        step = await get_step(session, context.ring, step_of(request, parts), (StepKind.ENROL,), context.config, context.clock.now())
        values = enrol_values(request, parts, step, ())
    message = None if error is None else error.message
    return render(request, "login_enrol.html", status=_status(error), error=message, action="/login/enrol", **values)


@router.get("/login/enrol")
async def show_enrol(request: Request, parts: GivenParts) -> Response:
    """Offer an app and a passkey side by side."""
    return await _enrol_page(request, parts)


@router.post("/login/enrol")
async def register(request: Request, parts: GivenParts, code: Code = "", credential: Credential = "", name: Name = "") -> Response:
    """Register a first second factor and show the recovery codes, once."""
    try:
        enrolled = await register_factor(request, parts, Answer(code=code, credential=credential), name)
    except _REFUSALS as error:
        return await _enrol_page(request, parts, error)
    await end_former(request, parts)
    response = render(request, "login_codes.html", codes=enrolled.codes, on=await first_page(parts, enrolled.token))
    set_session(response, parts, enrolled.token)
    return response


async def _invitation_page(request: Request, parts: Parts, token: str, error: AppError | None = None) -> Response:
    context = parts.context
    async with context.database.read() as session:
        invited = await get_invited(session, token, context.clock.now())
    return render(
        request,
        "invitation.html",
        status=_status(error),
        error=None if error is None else error.message,
        kind=invited.row.kind,
        login=invited.staff.login,
        name=invited.staff.display_name,
        city=context.city_name(invited.staff.municipality),
        shortest=context.config.shortest_password,
        path=f"/invitation/{token}",
    )


@router.get("/invitation/{token}")
async def show_invitation(request: Request, parts: GivenParts, token: str) -> Response:
    """Show what a link is for. Opening it uses nothing up: mail programs open links by themselves."""
    return await _invitation_page(request, parts, token)


@router.post("/invitation/{token}")
async def use_invitation(
    request: Request, parts: GivenParts, token: str, password: Annotated[str, Form()] = "", again: Annotated[str, Form()] = ""
) -> Response:
    """Use a link, and go on to the second factor."""
    context = parts.context
    if again not in {"", password}:
        return await _invitation_page(request, parts, token, AccountDataError("2回の入力が同じではありません。もう一度入れてください。"))
    try:
        passed = await accept(
            context.database,
            context.ring,
            parts.passwords,
            context.config,
            token=token,
            password=password,
            demo=context.demo,
            now=context.clock.now(),
        )
    except (AccountDataError, LoginRefusedError, LoginTooSoonError, LockedError) as error:
        return await _invitation_page(request, parts, token, error)
    await end_former(request, parts)
    return await go_to(request, parts, passed)
