"""Where a page of the list ends and the next one begins: by the keys of a row, never by counting rows, which come and go meanwhile."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, false, or_

from intake.base.tables import to_micros

_WRITTEN = re.compile(r"(\d{1,2})\.([01])\.(\d{1,17}|-)\.([0-9A-Z]{1,26})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The keys of a row. As text it stands in addresses."""

    urgency: int
    known: int
    due: datetime | None
    talk_id: str

    def __str__(self) -> str:
        due = "-" if self.due is None else to_micros(self.due)
        return f"{self.urgency}.{self.known}.{due}.{self.talk_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the place that an address names; None for what is none, which is the beginning."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        urgency, known, due, talk_id = found.groups()
        moment = None if due == "-" else _EPOCH + timedelta(microseconds=int(due))
        return cls(urgency=int(urgency), known=int(known), due=moment, talk_id=talk_id)

    def before(
        self, urgency: ColumnElement[Any], known: ColumnElement[Any], due: ColumnElement[Any], key: ColumnElement[Any]
    ) -> ColumnElement[bool]:
        """Return the condition that a row comes after this place in the order of the list: urgent first, no promise last."""
        no_later = self.due is None
        later = false() if no_later else or_(due > self.due, due.is_(None))
        same = due.is_(None) if no_later else due == self.due
        behind = or_(later, and_(same, key > self.talk_id))
        return or_(urgency < self.urgency, and_(urgency == self.urgency, or_(known > self.known, and_(known == self.known, behind))))
