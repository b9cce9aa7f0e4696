"""目標値: what a plan promises, read from the directory, set beside what was reached. Light and word only together with the number."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.statistics.known import Known, known_actuals
from handoff.statistics.models import TargetActual
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import AppError
from routing.load import city_folder
from routing.schema import COLUMNS, TARGETS
from routing.table import read_table

EVERY_YEAR = "毎年度"
_AMOUNT = re.compile(r"(?P<amount>[0-9][0-9,]*)\s*(?P<unit>.*)")
_NEAR = 80
_FULL = 100
_LONGEST = 400
_MOST = 10_000_000


class TargetError(AppError):
    """What was entered as reached cannot be taken."""

    code = "target_entry"
    status = 422


class Lamp(StrEnum):
    """How far a target is reached."""

    REACHED = "reached"
    NEAR = "near"
    FAR = "far"
    NONE = "none"


LAMP_WORDS = {Lamp.REACHED: "達成", Lamp.NEAR: "もう少し", Lamp.FAR: "未達", Lamp.NONE: "実績なし"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One line of 目標値.csv. ``amount`` is None for a goal in words."""

    key: str
    year: str
    programme: str
    indicator: str
    amount: int | None
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A target with what was reached in a fiscal year, as a person entered it, else as the system knows it."""

    target: Target
    amount: int | None
    words: str
    entered_at: datetime | None
    source: str = ""
    """Whence it is known where nobody has entered it."""
    names: tuple[str, ...] = ()
    """The figures that it was made of then."""

    @property
    def percent(self) -> int | None:
        """How much of the target was reached."""
        if self.amount is None or not self.target.amount:
            return None
        return self.amount * _FULL // self.target.amount

    @property
    def lamp(self) -> Lamp:
        """The light that goes with the number."""
        if self.percent is None:
            return Lamp.NONE
        if self.percent >= _FULL:
            return Lamp.REACHED
        return Lamp.NEAR if self.percent >= _NEAR else Lamp.FAR

    @property
    def lamp_words(self) -> str:
        """The light in words, with its number."""
        return LAMP_WORDS[self.lamp] if self.percent is None else f"{LAMP_WORDS[self.lamp]} {self.percent}％"


def load_targets(key: str, data_dir: Path | None) -> tuple[Target, ...]:
    """Return the targets of a municipality, from the clerk's tables where they are kept, else from the project's."""
    table = read_table(city_folder(key, data_dir) / TARGETS, COLUMNS[TARGETS])
    return tuple(_target(row.cells) for row in table.rows if row["指標"])


def _target(cells: Mapping[str, str]) -> Target:
    found = _AMOUNT.fullmatch(cells["目標"].strip())
    named = f"{cells['事業名']}|{cells['指標']}"
    return Target(
        key=hashlib.sha256(named.encode()).hexdigest()[:32],
        year=cells["年度"],
        programme=cells["事業名"],
        indicator=cells["指標"],
        amount=None if found is None else int(found["amount"].replace(",", "")),
        unit="" if found is None else found["unit"].strip(),
        source=cells["出典行"],
    )


async def standings(session: ReadSession, municipality: str, targets: tuple[Target, ...], fiscal_year: int) -> list[Standing]:
    """Return the targets of a fiscal year with what was reached: what a person has entered holds before what the system knows."""
    rows = await session.scalars(
        select(TargetActual).where(TargetActual.municipality == municipality, TargetActual.fiscal_year == fiscal_year)
    )
    entered = {row.target_key: row for row in rows if row.amount is not None or row.text}
    due = [target for target in targets if target.year in {EVERY_YEAR, "", str(fiscal_year)}]
    known = await known_actuals(session, municipality, [target.indicator for target in due], fiscal_year)
    return [_standing(target, entered.get(target.key), known.get(target.indicator)) for target in due]


def _standing(target: Target, row: TargetActual | None, known: Known | None) -> Standing:
    if row is not None:
        return Standing(target=target, amount=row.amount, words=row.text, entered_at=row.entered_at)
    if known is None:
        return Standing(target=target, amount=None, words="", entered_at=None)
    return Standing(
        target=target,
        amount=None if target.amount is None else known.amount,
        words=f"{known.words}（{known.source}）",
        entered_at=None,
        source=known.source,
        names=known.names,
    )


async def enter_actual(
    session: WriteSession, viewer: Viewer, target: Target, *, fiscal_year: int, amount: str, words: str, now: datetime
) -> None:
    """Enter what was reached. Refuses a number that is none, with words that say what to write."""
    number = _checked_amount(target, amount)
    text = words.strip()
    if len(text) > _LONGEST:
        raise TargetError(f"ことばの実績は{_LONGEST}字までにしてください（いま{len(text)}字）。")
    key = (viewer.municipality, fiscal_year, target.key)
    row = await session.get(TargetActual, key)
    if row is None:
        row = TargetActual(municipality=viewer.municipality, fiscal_year=fiscal_year, target_key=target.key)
        session.add(row)
    row.amount, row.text, row.entered_by, row.entered_at = number, text, viewer.staff_id, now


def _checked_amount(target: Target, amount: str) -> int | None:
    tidy = amount.strip().translate(_HALF_WIDTH).replace(",", "")
    if not tidy:
        return None
    if not tidy.isdecimal() or int(tidy) > _MOST:
        raise TargetError(
            f"「{target.indicator}」の実績「{amount[:20]}」は数字ではありません。"
            "50 のように0以上の数だけを書いてください（単位は要りません）。"
        )
    return int(tidy)


_HALF_WIDTH = str.maketrans("０１２３４５６７８９，", "0123456789,")
