"""「自分の設定」: the own password, second factors, recovery codes and sessions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from handoff.accounts.enrol import remove_factor
from handoff.accounts.errors import AccountDataError, LoginRefusedError, LoginTooSoonError, SecondRefusedError
from handoff.accounts.factor_models import FactorKind, StepKind
from handoff.accounts.models import Staff
from handoff.accounts.own import change_password, end_other_sessions, end_own_session, list_sessions, prove_password
from handoff.accounts.recovery import count_codes, renew_codes
from handoff.accounts.second import Answer, find_factors, record_about
from handoff.accounts.steps import begin_step, get_step
from handoff.accounts.viewer import Viewer
from handoff.audit.models import Action
from handoff.console.cookies import set_step, step_of
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.frame import frame
from handoff.console.pages.login_second import Code, Credential, Name, enrol_values, register_factor
from handoff.console.render import base_of, render
from intake.base.errors import AppError

router = APIRouter(prefix="/account")
Password = Annotated[str, Form(max_length=1000)]
FACTOR_WORDS = {FactorKind.TOTP: "認証アプリ", FactorKind.PASSKEY: "パスキー"}
_REFUSALS = (AccountDataError, LoginRefusedError, LoginTooSoonError, SecondRefusedError)


async def _page(
    request: Request, parts: Parts, viewer: Viewer, *, error: AppError | None = None, done: str = "", codes: tuple[str, ...] = ()
) -> Response:
    context = parts.context
    async with context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        factors = await find_factors(session, viewer.staff_id)
        left = await count_codes(session, viewer.staff_id)
        sessions = await list_sessions(session, viewer, context.config, context.clock.now())
    return render(
        request,
        "account.html",
        status=200 if error is None else error.status,
        here="account",
        error=None if error is None else error.message,
        done=done,
        codes=codes,
        factors=factors,
        codes_left=left,
        sessions=sessions,
        factor_words=FACTOR_WORDS,
        **values,
    )


async def _prove(parts: Parts, viewer: Viewer, password: str) -> None:
    """Let nobody change an account at an open screen who does not know its password."""
    context = parts.context
    await prove_password(context.database, context.ring, parts.passwords, context.config, viewer, password, context.clock.now())


@router.get("")
async def show_account(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the own account."""
    return await _page(request, parts, viewer)


@router.post("/password")
async def set_password(
    request: Request, parts: GivenParts, viewer: GivenViewer, password: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """Change the own password; all other sessions end."""
    context = parts.context
    try:
        if new != again:
            return await _page(request, parts, viewer, error=AccountDataError("新しいパスワードの2回の入力が同じではありません。"))
        await _prove(parts, viewer, password)
        await change_password(context.database, context.ring, parts.passwords, context.config, viewer, new, context.clock.now())
    except _REFUSALS as error:
        return await _page(request, parts, viewer, error=error)
    return await _page(request, parts, viewer, done="パスワードを変えました。ほかの端末のログインは終了しました。")


@router.post("/factors/new")
async def begin_factor(request: Request, parts: GivenParts, viewer: GivenViewer, password: Password = "") -> Response:
    """Begin to register another factor. Whoever finds an open screen does not know the password."""
    context, now = parts.context, parts.context.clock.now()
    try:
        await _prove(parts, viewer, password)
    except _REFUSALS as error:
        return await _page(request, parts, viewer, error=error)
    async with context.database.write() as session:
        staff = await session.get_one(Staff, viewer.staff_id)
        token = await begin_step(session, context.ring, staff, StepKind.ADD, context.config, now)
    response = RedirectResponse(f"{base_of(request)}/account/factors/new", 303)
    set_step(response, parts, token)
    return response


async def _new_page(request: Request, parts: Parts, viewer: Viewer, error: AppError | None = None) -> Response:
    context = parts.context
    async with context.database.read() as session:
        step = await get_step(session, context.ring, step_of(request, parts), (StepKind.ADD,), context.config, context.clock.now())
        shown = await frame(request, parts, viewer, session)
        shown |= enrol_values(request, parts, step, await find_factors(session, viewer.staff_id))
    shown |= {"here": "account", "error": None if error is None else error.message, "action": "/account/factors"}
    return render(request, "account_factor.html", status=200 if error is None else error.status, **shown)


@router.get("/factors/new")
async def show_new_factor(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Offer an app and a passkey side by side."""
    return await _new_page(request, parts, viewer)


@router.post("/factors")
async def add_factor(
    request: Request, parts: GivenParts, viewer: GivenViewer, code: Code = "", credential: Credential = "", name: Name = ""
) -> Response:
    """Register another factor."""
    try:
        enrolled = await register_factor(request, parts, Answer(code=code, credential=credential), name)
    except _REFUSALS as error:
        return await _new_page(request, parts, viewer, error)
    return await _page(request, parts, viewer, done="登録しました。次のログインから使えます。", codes=tuple(enrolled.codes))


@router.post("/factors/{factor_id}/remove")
async def take_factor(request: Request, parts: GivenParts, viewer: GivenViewer, factor_id: str, password: Password = "") -> Response:
    """Take one of the own factors away."""
    context, now = parts.context, parts.context.clock.now()
    try:
        await _prove(parts, viewer, password)
        async with context.database.write() as session:
            staff = await session.get_one(Staff, viewer.staff_id)
            await remove_factor(session, context.ring, staff, factor_id, now)
    except _REFUSALS as error:
        return await _page(request, parts, viewer, error=error)
    return await _page(request, parts, viewer, done="外しました。")


@router.post("/codes")
async def make_codes(request: Request, parts: GivenParts, viewer: GivenViewer, password: Password = "") -> Response:
    """Make new recovery codes in place of the old ones."""
    context, now = parts.context, parts.context.clock.now()
    try:
        await _prove(parts, viewer, password)
    except _REFUSALS as error:
        return await _page(request, parts, viewer, error=error)
    async with context.database.write() as session:
        staff = await session.get_one(Staff, viewer.staff_id)
        codes = await renew_codes(session, context.ring, staff)
        record_about(session, context.ring, staff, Action.CODES_RENEWED, now)
    return await _page(request, parts, viewer, done="回復コードを作り直しました。前のコードは使えません。", codes=tuple(codes))


@router.post("/sessions/{session_id}/end")
async def end_session(request: Request, parts: GivenParts, viewer: GivenViewer, session_id: str) -> Response:
    """End one of the own sessions; ``others`` stands for all but this one."""
    context, now = parts.context, parts.context.clock.now()
    async with context.database.write() as session:
        if session_id == "others":
            await end_other_sessions(session, context.ring, viewer, now)
        else:
            await end_own_session(session, context.ring, viewer, session_id, now)
    return await _page(request, parts, viewer, done="ログインを終了しました。")
