"""One sealed row by which a start knows that database and key ring belong together."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.database import ReadSession, WriteSession
from intake.base.sealing import KeyRing, Place, UnreadableError
from intake.base.tables import Base, Utc

_ONLY = 1
_PLACE = Place("key_canary", "sealed_word", "-", str(_ONLY))
_WORD = "つなぎ"


class KeyCanary(Base):
    """The row, made at the first start."""

    __tablename__ = "key_canary"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_word: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(Utc)


async def has_canary(session: ReadSession) -> bool:
    """Tell whether this database was ever used with a key ring."""
    return await session.get(KeyCanary, _ONLY) is not None


async def make_canary(session: WriteSession, ring: KeyRing, now: datetime) -> None:
    """Bind a new database to a ring; leaves a bound one alone."""
    if not await has_canary(session):
        session.add(KeyCanary(id=_ONLY, sealed_word=ring.seal(_WORD, _PLACE, now), made_at=now))


async def canary_sings(session: ReadSession, ring: KeyRing) -> bool:
    """Tell whether the ring opens the row."""
    row = await session.get(KeyCanary, _ONLY)
    try:
        return row is not None and ring.open(row.sealed_word, _PLACE) == _WORD
    except UnreadableError:
        return False
