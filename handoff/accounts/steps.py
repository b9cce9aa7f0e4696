"""A login between password and session: known to one browser, for minutes, and for a few wrong answers."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from handoff.accounts.config import AccountsConfig
from handoff.accounts.errors import StepGoneError
from handoff.accounts.factor_models import LoginStep, StepKind
from handoff.accounts.models import Staff
from handoff.accounts.passkeys import new_challenge
from handoff.accounts.sessions import token_hash
from handoff.accounts.totp import new_secret
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step with the account that it is of. ``secret`` is the seed for a new app, where one is to be registered."""

    row: LoginStep
    staff: Staff
    secret: str


async def begin_step(session: WriteSession, ring: KeyRing, staff: Staff, kind: StepKind, config: AccountsConfig, now: datetime) -> str:
    """Begin a step and return its token. Older ones of the same kind and account end, and all that have run out."""
    await session.execute(delete(LoginStep).where(LoginStep.staff_id == staff.id, LoginStep.kind == kind))
    await session.execute(delete(LoginStep).where(LoginStep.expires_at < now))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    step = LoginStep(
        token_hash=token_hash(token),
        municipality=staff.municipality,
        staff_id=staff.id,
        kind=kind,
        challenge=new_challenge(),
        expires_at=now + config.step,
    )
    if kind is not StepKind.SECOND:
        step.sealed_secret = ring.seal(new_secret(), step.place(), now)
    session.add(step)
    await session.flush()
    return token


async def get_step(
    session: ReadSession, ring: KeyRing, token: str, kinds: Collection[StepKind], config: AccountsConfig, now: datetime
) -> Step:
    """Return a live step of one of these kinds, held until a writing transaction ends; :class:`StepGoneError` when there is none."""
    live = (LoginStep.token_hash == token_hash(token), LoginStep.kind.in_(kinds), LoginStep.expires_at > now)
    query = select(LoginStep, Staff).join(Staff, Staff.id == LoginStep.staff_id).where(*live, Staff.disabled_at.is_(None))
    if isinstance(session, WriteSession):
        query = query.with_for_update(of=LoginStep)
    found = (await session.execute(query)).one_or_none()
    if found is None or found.LoginStep.failures >= config.step_failures:
        raise StepGoneError("時間がたったか、続けて間違えたため、はじめからになりました。もう一度ログインしてください。")
    row: LoginStep = found.LoginStep
    secret = "" if row.sealed_secret is None else ring.open(row.sealed_secret, row.place())
    return Step(row=row, staff=found.Staff, secret=secret)
