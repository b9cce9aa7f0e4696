"""The second factor at the login: a code of an app, a passkey, or a recovery code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import LockedError, SecondRefusedError
from handoff.accounts.factor_models import FactorKind, SecondFactor, StepKind
from handoff.accounts.models import FailedLogin, Staff
from handoff.accounts.passkeys import Site, credential_id_of, signed_count
from handoff.accounts.recovery import is_recovery_code, use_code
from handoff.accounts.sessions import open_session
from handoff.accounts.steps import Step, get_step
from handoff.accounts.throttle import count_attempt, forget_attempts
from handoff.accounts.totp import find_time_step, is_code
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from intake.base.database import Database, ReadSession, WriteSession
from intake.base.sealing import KeyRing

_REFUSED = "確認できませんでした。コードは30秒ごとに変わり、一度だけ使えます。いま表示されているコードを入れてください。"
LOCKED = "続けて確認に失敗したため、このアカウントは一時停止しています。窓口責任者かシステム管理の担当へ連絡してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody gives as a second factor: a code that was typed, or what a passkey signed."""

    code: str = ""
    credential: str = ""


async def find_factors(session: ReadSession, staff_id: str) -> Sequence[SecondFactor]:
    """Return the second factors of somebody, oldest first."""
    return (await session.scalars(select(SecondFactor).where(SecondFactor.staff_id == staff_id).order_by(SecondFactor.id))).all()


def attempts_key(ring: KeyRing, staff_id: str) -> str:
    """Return the key under which wrong second factors are counted."""
    return ring.index("second", staff_id)


def record_about(session: WriteSession, ring: KeyRing, staff: Staff, action: Action, now: datetime, details: str = "") -> None:
    """Record what somebody did with the own account."""
    record_audit(session, ring, municipality=staff.municipality, actor=staff.id, action=action, subject=staff.id, details=details, now=now)


async def pass_second(
    database: Database, ring: KeyRing, config: AccountsConfig, site: Site, *, token: str, answer: Answer, agent: str, now: datetime
) -> str:
    """Check a second factor and return the token of a new session. A wrong one is counted before it is refused."""
    async with database.write() as session:
        step = await get_step(session, ring, token, (StepKind.SECOND,), config, now)
        key = attempts_key(ring, step.staff.id)
        await count_attempt(session, key, config, now)
        used = await _used(session, ring, site, step, answer, now)
        if used:
            await forget_attempts(session, key)
            await session.delete(step.row)
            record_about(session, ring, step.staff, Action.LOGGED_IN, now, used)
            return await open_session(session, step.staff.id, now, agent=agent)
        locked = await _count_failure(session, ring, step, key, config, now)
    raise LockedError(LOCKED) if locked else SecondRefusedError(_REFUSED)


async def _count_failure(session: WriteSession, ring: KeyRing, step: Step, key: str, config: AccountsConfig, now: datetime) -> bool:
    """Count a wrong answer; tell whether it was the one that locks the account."""
    step.row.failures += 1
    record_about(session, ring, step.staff, Action.LOGIN_REFUSED, now, "second")
    failures = await session.scalar(select(func.count()).select_from(FailedLogin).where(FailedLogin.key == key)) or 0
    if failures < config.lock_after:
        return False
    step.staff.locked_until = now + config.lock
    await session.delete(step.row)
    record_about(session, ring, step.staff, Action.LOCKED, now)
    return True


async def _used(session: WriteSession, ring: KeyRing, site: Site, step: Step, answer: Answer, now: datetime) -> str:
    """Return which second factor was shown; empty when none."""
    staff_id = step.staff.id
    if answer.credential:
        return await _use_passkey(session, site, step, answer.credential, now)
    code = "".join(answer.code.split())
    if is_code(code):
        return await _use_app(session, ring, staff_id, code, now)
    if is_recovery_code(code) and await use_code(session, ring, staff_id, code, now):
        record_about(session, ring, step.staff, Action.CODE_USED, now)
        return "recovery"
    return ""


async def _use_app(session: WriteSession, ring: KeyRing, staff_id: str, code: str, now: datetime) -> str:
    apps = select(SecondFactor).where(SecondFactor.staff_id == staff_id, SecondFactor.kind == FactorKind.TOTP).with_for_update()
    for app in await session.scalars(apps):
        if app.sealed_secret is None:
            continue
        at = find_time_step(ring.open(app.sealed_secret, app.place()), code, now, after=app.last_step)
        if at is not None:
            app.last_step, app.used_at = at, now
            return FactorKind.TOTP.value
    return ""


async def _use_passkey(session: WriteSession, site: Site, step: Step, credential: str, now: datetime) -> str:
    named = (SecondFactor.staff_id == step.staff.id, SecondFactor.credential_id == credential_id_of(credential))
    passkey = await session.scalar(select(SecondFactor).where(*named).with_for_update())
    count = None if passkey is None else signed_count(site, step.row.challenge, credential, passkey)
    if passkey is None or count is None:
        return ""
    passkey.sign_count, passkey.used_at = count, now
    return FactorKind.PASSKEY.value
