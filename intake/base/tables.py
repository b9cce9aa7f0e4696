"""What all tables share: names of constraints, times in UTC, enumerations that the database also knows."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Enum, MetaData, TypeDecorator
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment: how SQLite holds times here."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


class Utc(TypeDecorator[datetime]):
    """An aware moment in UTC: ``timestamptz`` on PostgreSQL, whole microseconds on SQLite, so that both sort and compare."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive moment; it would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without a time zone must not reach the database"
            raise ValueError(message)
        return value if dialect.name == "postgresql" else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return] # asyncpg hands over a datetime
        return _EPOCH + timedelta(microseconds=value)


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Make a column of an enumeration, held as text with a CHECK constraint of that name."""
    return Enum(kind, name=name, native_enum=False, create_constraint=True, length=40, values_callable=lambda e: [m.value for m in e])
