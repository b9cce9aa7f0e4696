"""Charts beside the tables: planned here from the very table, drawn in one process of its own, kept as long as the figures are the same."""

import asyncio
import hashlib
import importlib
import json
import multiprocessing
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from handoff.statistics.tables import TOTAL, Draw, Table

_KEPT = 400
_MOST_BARS = 20
_SHORT = 2
"""Heads of columns that are longer than this are set aslant."""


def plan(table: Table, *, second: bool = False) -> dict[str, Any] | None:
    """Return what is drawn of a table, without its totals and without what is hidden; None where there is nothing to draw."""
    draw = table.also if second else table.draw
    if draw is Draw.NONE or table.empty:
        return None
    rows = [place for place, row in enumerate(table.rows) if row.label != TOTAL]
    columns = [place for place in range(len(table.columns)) if not (table.across and place == len(table.columns) - 1)]
    if draw in {Draw.BARS, Draw.STACKS}:
        rows = rows[:_MOST_BARS]
    values = [[None if (row, column) in table.hidden else table.rows[row].values[column] for column in columns] for row in rows]
    if not any(value for line in values for value in line):
        return None
    labels = [table.rows[row].label for row in rows]
    return {
        "draw": draw.value,
        "title": f"{table.title}（{'流れ・' if draw is Draw.FLOW else ''}{table.unit}）",
        "description": describe(table),
        "unit": table.unit,
        "rows": labels,
        "columns": [table.columns[column] for column in columns],
        "values": values,
        "wide": max(len(table.columns[column]) for column in columns) > _SHORT,
    }


def describe(table: Table) -> str:
    """Say in one sentence what a chart shows, for those who do not see it."""
    rows = [(place, row) for place, row in enumerate(table.rows) if row.label != TOTAL and row.values and (place, 0) not in table.hidden]
    ordered = sorted((pair for pair in rows if pair[1].values[0]), key=lambda pair: -(pair[1].values[0] or 0))
    if table.draw is Draw.HEAT or not ordered:
        return f"{table.title}。数字は図の次の表にあります。"
    top = "、".join(f"{row.label} {table.shown(place, 0)}" for place, row in ordered[:3])
    return f"{table.title}。多い順に {top}。すべての数字は図の次の表にあります。"


def _drawn_there(chart: dict[str, Any]) -> str:
    """Draw in the child, which alone loads the libraries: they weigh 100 MB."""
    svg: str = importlib.import_module("handoff.statistics.draw").draw(chart)
    return svg


def _load() -> None:
    importlib.import_module("handoff.statistics.draw")


class ChartPool:
    """One child process that draws, started when it is first needed. A chart is drawn once for the same figures."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._kept: OrderedDict[str, str] = OrderedDict()

    def warm(self) -> None:
        """Let the child load its libraries while the page is read, so that the first chart does not wait for them."""
        if self._pool is None:
            self._child().submit(_load)

    async def svg(self, chart: dict[str, Any]) -> str:
        """Return a chart as SVG."""
        key = hashlib.sha256(json.dumps(chart, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        if key not in self._kept:
            self._kept[key] = await self._drawn(chart)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    async def _drawn(self, chart: dict[str, Any]) -> str:
        """Draw; a child that has died is replaced once."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._child(), _drawn_there, chart)
        except BrokenProcessPool:
            self._pool = None
            return await asyncio.get_running_loop().run_in_executor(self._child(), _drawn_there, chart)

    def _child(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        return self._pool

    def close(self) -> None:
        """End the child."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
