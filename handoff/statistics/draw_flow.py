"""Ribbons from rows to columns: how much of each on the left goes where on the right. Both ends carry their name and number."""

from typing import Any

import altair as alt

from handoff.statistics.shades import SHADES

_WIDTH, _HEIGHT_OF_NODE, _LEAST = 620, 30, 220
_MOST = 14
"""So many rows are drawn, the largest first; the table has all of them."""
_GAP = 0.03
_STEPS = 16
_LEFT, _RIGHT = -0.62, 1.62
"""Where the picture ends on both sides, in widths of the ribbons: the names stand there."""


def flow(chart: dict[str, Any]) -> Any:
    """Return the chart. What is hidden is not drawn."""
    rows = sorted(zip(chart["rows"], chart["values"], strict=True), key=lambda pair: -_sum(pair[1]))[:_MOST]
    rows = [pair for pair in rows if _sum(pair[1])]
    columns = [(name, sum(values[at] or 0 for _, values in rows)) for at, name in enumerate(chart["columns"])]
    left = _stack([(name, _sum(values)) for name, values in rows])
    right = _stack([(name, count) for name, count in columns if count])
    height = max(_LEAST, _HEIGHT_OF_NODE * max(len(left), len(right)))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[_LEFT, _RIGHT], nice=False))
    ribbons = alt.Chart(alt.Data(values=_ribbons(rows, chart["columns"], left, right)), width=_WIDTH, height=height)
    drawn = ribbons.mark_area(opacity=0.55, line=False).encode(
        x=x,
        y=alt.Y("low:Q", axis=None, scale=alt.Scale(reverse=True, nice=False)),
        y2="high:Q",
        detail="flow:N",
        color=alt.Color("shade:N", scale=None, legend=None),
    )
    return drawn + _names(left, x, side=0) + _names(right, x, side=1)


def _sum(values: list[int | None]) -> int:
    return sum(value or 0 for value in values)


def _stack(ends: list[tuple[str, int]]) -> dict[str, tuple[float, float, int]]:
    """Return where each end begins and ends from the top, in shares of the whole, with its number."""
    total = sum(count for _, count in ends) or 1
    room = 1 - _GAP * max(0, len(ends) - 1)
    found, at = {}, 0.0
    for name, count in ends:
        found[name] = (at, at + room * count / total, count)
        at = found[name][1] + _GAP
    return found


_Ends = dict[str, tuple[float, float, int]]


def _ribbons(rows: list[tuple[str, list[int | None]]], columns: list[str], left: _Ends, right: _Ends) -> list[dict[str, Any]]:
    begin = {name: top for name, (top, _, _) in left.items()}
    end = {name: top for name, (top, _, _) in right.items()}
    points = []
    for number, (row, values) in enumerate(rows):
        for column, value in zip(columns, values, strict=True):
            if not value:
                continue
            thick = [(ends[1] - ends[0]) * value / ends[2] for ends in (left[row], right[column])]
            points += _ribbon(f"{row}→{column}", SHADES[number % len(SHADES)], (begin[row], end[column]), thick)
            begin[row] += thick[0]
            end[column] += thick[1]
    return points


def _ribbon(name: str, shade: str, tops: tuple[float, float], thick: list[float]) -> list[dict[str, Any]]:
    found = []
    for step in range(_STEPS + 1):
        x = step / _STEPS
        eased = x * x * (3 - 2 * x)
        low = tops[0] + (tops[1] - tops[0]) * eased
        found.append({"flow": name, "shade": shade, "x": x, "low": low, "high": low + thick[0] + (thick[1] - thick[0]) * eased})
    return found


def _names(ends: _Ends, x: Any, *, side: int) -> Any:
    values = [{"x": side, "y": (top + bottom) / 2, "name": f"{name}　{count:,}"} for name, (top, bottom, count) in ends.items()]
    align = "left" if side else "right"
    return (
        alt.Chart(alt.Data(values=values))
        .mark_text(align=align, dx=6 if side else -6, fontSize=13, limit=230)
        .encode(x=x, y=alt.Y("y:Q", axis=None), text="name:N")
    )
