"""Registering a second factor: the first one at a login, further ones by somebody who is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import AccountDataError, SecondRefusedError
from handoff.accounts.factor_models import FactorKind, RecoveryCode, SecondFactor, StepKind
from handoff.accounts.models import Staff
from handoff.accounts.passkeys import Site, find_new_passkey
from handoff.accounts.recovery import count_codes, renew_codes
from handoff.accounts.second import Answer, find_factors, record_about
from handoff.accounts.sessions import open_session
from handoff.accounts.steps import Step, get_step
from handoff.accounts.totp import find_time_step
from handoff.audit.models import Action
from intake.base.database import Database, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing

MOST_FACTORS = 10
_NAME_LENGTH = 40
_WRONG_CODE = "コードが合いません。アプリにいま表示されている6けたの数字を入れてください（携帯電話の時計がずれていると合いません）。"
_WRONG_KEY = "パスキーを登録できませんでした。もう一度お試しください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A factor was registered. ``token`` opens a session at a first login; ``codes`` are shown once."""

    token: str
    codes: Sequence[str]


async def enrol(
    database: Database,
    ring: KeyRing,
    config: AccountsConfig,
    site: Site,
    *,
    token: str,
    answer: Answer,
    name: str,
    agent: str,
    now: datetime,
) -> Enrolled:
    """Register what an answer proves, under a name. With the first one come recovery codes, and at a login the session."""
    async with database.write() as session:
        step = await get_step(session, ring, token, (StepKind.ENROL, StepKind.ADD), config, now)
        added = await _add(session, ring, site, step, answer, name, now)
        if added:
            return await _finish(session, ring, step, agent, now)
        step.row.failures += 1
    raise SecondRefusedError(_WRONG_KEY if answer.credential else _WRONG_CODE)


async def _add(session: WriteSession, ring: KeyRing, site: Site, step: Step, answer: Answer, name: str, now: datetime) -> bool:
    staff, existing = step.staff, await find_factors(session, step.staff.id)
    if len(existing) >= MOST_FACTORS:
        raise AccountDataError(f"登録できるのは{MOST_FACTORS}個までです。使っていないものを外してください。")
    factor = SecondFactor(id=new_id(now), municipality=staff.municipality, staff_id=staff.id, created_at=now)
    if answer.credential:
        made = find_new_passkey(site, step.row.challenge, answer.credential)
        if made is None:
            return False
        factor.kind, factor.credential_id = FactorKind.PASSKEY, made.credential_id
        factor.public_key, factor.sign_count = made.public_key, made.sign_count
    else:
        at = find_time_step(step.secret, "".join(answer.code.split()), now, after=0)
        if at is None:
            return False
        factor.kind, factor.last_step = FactorKind.TOTP, at
        factor.sealed_secret = ring.seal(step.secret, factor.place(), now)
    factor.name = name.strip()[:_NAME_LENGTH] or ("パスキー" if answer.credential else "認証アプリ")
    session.add(factor)
    await session.flush()
    record_about(session, ring, staff, Action.FACTOR_ADDED, now, factor.kind.value)
    return True


async def _finish(session: WriteSession, ring: KeyRing, step: Step, agent: str, now: datetime) -> Enrolled:
    staff = step.staff
    staff.enrolled_at = staff.enrolled_at or now
    codes: Sequence[str] = () if await count_codes(session, staff.id) else await renew_codes(session, ring, staff)
    token = ""
    if step.row.kind is StepKind.ENROL:
        record_about(session, ring, staff, Action.LOGGED_IN, now, "enrol")
        token = await open_session(session, staff.id, now, agent=agent)
    await session.delete(step.row)
    return Enrolled(token=token, codes=codes)


async def remove_factor(session: WriteSession, ring: KeyRing, staff: Staff, factor_id: str, now: datetime) -> None:
    """Take away one of several factors. The last one stays: without it nobody would get in."""
    factors = await find_factors(session, staff.id)
    found = next((factor for factor in factors if factor.id == factor_id), None)
    if found is None:
        raise NotFoundError("この登録は見つかりません。")
    if len(factors) == 1:
        raise AccountDataError("最後の一つは外せません。先に、ほかの認証アプリかパスキーを登録してください。")
    await session.delete(found)
    record_about(session, ring, staff, Action.FACTOR_REMOVED, now, found.kind.value)


async def forget_factors(session: WriteSession, staff: Staff) -> None:
    """Forget all factors and codes of somebody, so that the next login registers a new one."""
    await session.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff.id))
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    staff.enrolled_at = None


async def has_factor(session: WriteSession, staff_id: str) -> bool:
    """Tell whether somebody has a second factor."""
    return await session.scalar(select(SecondFactor.id).where(SecondFactor.staff_id == staff_id).limit(1)) is not None
