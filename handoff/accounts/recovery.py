"""Recovery codes: ten on paper, each good for one login without app or passkey."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from handoff.accounts.factor_models import RecoveryCode
from handoff.accounts.models import Staff
from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing

HOW_MANY = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP = 4, 4
_LENGTH = _GROUPS * _GROUP


def _hash(ring: KeyRing, staff_id: str, code: str) -> str:
    return ring.index("recovery", staff_id, code)


def tidy_code(answer: str) -> str:
    """Return a recovery code as it is compared: spaces and hyphens are only there for the eye."""
    return "".join(answer.split()).replace("-", "").lower()


def is_recovery_code(answer: str) -> bool:
    """Tell whether something typed is meant as a recovery code."""
    return len(tidy_code(answer)) == _LENGTH


async def renew_codes(session: WriteSession, ring: KeyRing, staff: Staff) -> Sequence[str]:
    """Make new codes in place of all old ones. They are never seen again."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(HOW_MANY)]
    session.add_all(
        RecoveryCode(staff_id=staff.id, code_hash=_hash(ring, staff.id, code), municipality=staff.municipality) for code in codes
    )
    await session.flush()
    return ["-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP)) for code in codes]


async def use_code(session: WriteSession, ring: KeyRing, staff_id: str, answer: str, now: datetime) -> bool:
    """Use a code up. Tell whether it was one that nobody had used."""
    mine = (RecoveryCode.staff_id == staff_id, RecoveryCode.code_hash == _hash(ring, staff_id, tidy_code(answer)))
    used = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=now).returning(RecoveryCode.staff_id)
    return await session.scalar(used) is not None


async def count_codes(session: ReadSession, staff_id: str) -> int:
    """Return how many codes are left."""
    left = select(func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return await session.scalar(left) or 0
