"""The figures that people keep, laid out beside those that the system counts, with the shares that follow from them. Pure."""

from dataclasses import dataclass

from handoff.statistics.ask import Figures
from handoff.statistics.hand import FIELDS, GROUPS, Hand
from handoff.statistics.layout import Seen
from handoff.statistics.models import HandKey
from handoff.statistics.tables import How, Row, Section, Table, with_total

SOURCE = "窓口責任者・管理者（統計）が「手で入れる数字」に入れた年度の数"
_SEX = (HandKey.SEX_FEMALE, HandKey.SEX_MALE, HandKey.SEX_OTHER)
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What people have entered, with what the system counted at the doors in the same fiscal year."""

    hand: Hand
    doors: Figures
    contacts: int


def by_hand(seen: Seen, now: Kept, before: Kept | None) -> Section:
    """Lay out the figures of a fiscal year that people keep. What nobody has entered is shown as such, not as nought."""
    sides = [now] if before is None else [now, before]
    groups = [group for group in GROUPS if not set(group.fields) & set(_SEX)]
    tables = [_group(seen, f"hand{place}", group.title, tuple(group.fields), sides) for place, group in enumerate(groups)]
    return Section(
        key="hand",
        title="人が数えた数字",
        lead="このしくみでは分からないため、人が入れた数字です。「－」は、まだ入れていないものです。",
        tables=(_shares(seen, sides), *tables, _sex(seen, sides)),
    )


def _group(seen: Seen, key: str, title: str, keys: tuple[HandKey, ...], sides: list[Kept]) -> Table:
    rows = tuple(
        Row(
            label=f"{FIELDS[one].label}（{FIELDS[one].unit}）",
            values=tuple(side.hand.get(one) for side in sides),
            names=(f"hand/{one}",) if FIELDS[one].people else (),
        )
        for one in keys
    )
    told = "。".join(f"{FIELDS[one].label}＝{FIELDS[one].how}" for one in keys)
    follow = (f"hand/{HandKey.FOLLOW_ASKED}", f"hand/{HandKey.FOLLOW_CONNECTED}", "~follow")
    return Table(
        key=key,
        title=title,
        unit="項目ごと",
        columns=seen.columns,
        rows=rows,
        how=How(formula=told, source=SOURCE),
        once=True,
        sums=(follow,) if HandKey.FOLLOW_ASKED in keys else (),
    )


def _sex(seen: Seen, sides: list[Kept]) -> Table:
    rows = [Row(label=FIELDS[key].label, values=tuple(side.hand.get(key, 0) for side in sides), names=(f"hand/{key}",)) for key in _SEX]
    unknown = tuple(max(0, side.contacts - sum(side.hand.get(key, 0) for key in _SEX)) for side in sides)
    return Table(
        key="sex",
        title="性別",
        unit="相談・件",
        columns=seen.columns,
        rows=with_total([*rows, Row(label="不明", values=unknown, names=("hand/sex_unknown",))], "contact"),
        how=How(
            formula="職員が知った分を人が入れ、相談（延べ）の残りを不明とする",
            source=SOURCE,
            excluded="住民に性別は尋ねません。不明が多いのがふつうです",
        ),
        adds_up=all(sum(row.values[at] or 0 for row in rows) <= side.contacts for at, side in enumerate(sides)),
        once=True,
    )


def _shares(seen: Seen, sides: list[Kept]) -> Table:
    kinds = (
        ("つながり確認率（％）", _connected),
        ("ブロック率（％）", _blocked),
        ("相談1件あたりの費用（円）", _cost),
    )
    found = [(label, [make(side) for side in sides]) for label, make in kinds]
    return Table(
        key="shares",
        title="率と費用",
        unit="行ごと",
        columns=seen.columns,
        rows=tuple(Row(label=label, values=tuple(value for value, _ in made)) for label, made in found),
        how=How(
            formula="つながり確認率＝つながっていた÷尋ねた。ブロック率＝ブロックしている人÷友だちの数。費用＝1年の費用÷相談（延べ）",
            source=f"{SOURCE}と、相談の数・ブロックの数（システムの記録）",
            excluded="入れていない数から出るものは「－」。外に出すときは、少ない数から出した率を伏せます",
        ),
        counts=False,
        once=True,
        base=tuple(min(base for _, base in made) for _, made in found),
    )


def _share(part: int | None, whole: int | None) -> tuple[float | None, int]:
    """Return a share in per cent, and how many stand behind the smaller side of it."""
    if part is None or not whole:
        return None, 0
    return round(part * _WHOLE / whole, 1), min(part or whole, (whole - part) or whole)


def _connected(side: Kept) -> tuple[float | None, int]:
    return _share(side.hand.get(HandKey.FOLLOW_CONNECTED), side.hand.get(HandKey.FOLLOW_ASKED))


def _blocked(side: Kept) -> tuple[float | None, int]:
    return _share(side.doors.total["blocked"], side.hand.get(HandKey.FRIENDS))


def _cost(side: Kept) -> tuple[float | None, int]:
    cost = side.hand.get(HandKey.COST)
    return (None, 0) if cost is None or not side.contacts else (float(round(cost / side.contacts)), side.contacts)
