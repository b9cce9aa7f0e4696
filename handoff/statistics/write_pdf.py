"""A report as PDF that screen readers can read (PDF/UA-1), set by typst from a fixed template; what it shows goes in as data only."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pylopdf_fonts_jp
import typst

from handoff.statistics.charts import describe
from handoff.statistics.report import Document
from handoff.statistics.tables import Table
from handoff.statistics.targets import Standing

_TEMPLATE = Path(__file__).with_name("report.typ")
DRAWN = frozenset({"trend", "hour", "concern", "reason", "alarm_risk"})
"""Tables that have their chart in the PDF as well; the others stand there as tables."""


def write_pdf(document: Document, pictures: Mapping[str, str]) -> bytes:
    """Return the file. ``pictures`` are charts as SVG by the key of their table. Takes a moment; call it in a thread."""
    fonts = str(Path(pylopdf_fonts_jp.sans_path()).parent)
    made: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        font_paths=[fonts],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(_data(document, pictures), ensure_ascii=False)},
    )
    return made


def _data(document: Document, pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": document.title,
        "city": document.city,
        "period": document.period,
        "other": document.other,
        "kind": document.kind,
        "made": document.made,
        "cover": list(document.cover),
        "sections": [
            {"title": section.title, "lead": section.lead, "tables": [_table(table, pictures) for table in section.tables]}
            for section in document.sections
        ],
        "targets": [_target(one) for one in document.targets],
        "issues": [{"category": category, "lines": list(lines)} for category, lines in document.issues],
    }


def _table(table: Table, pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": table.title,
        "unit": table.unit,
        "head": table.head or "区分",
        "columns": list(table.columns),
        "rows": [
            {"label": row.label, "values": [table.shown(place, column) for column in range(len(table.columns))]}
            for place, row in enumerate(table.rows)
        ],
        "empty": table.empty,
        "note": table.note,
        "formula": table.how.formula,
        "source": table.how.source,
        "excluded": table.how.excluded,
        "svg": pictures.get(table.key),
        "description": describe(table),
    }


def _target(one: Standing) -> dict[str, str]:
    target = one.target
    goal = "ことばの目標" if target.amount is None else f"{target.amount:,} {target.unit}"
    reached = one.words if one.amount is None else f"{one.amount:,}"
    return {
        "programme": target.programme,
        "indicator": target.indicator,
        "goal": goal,
        "reached": reached or "－",
        "lamp": "ことばで確認" if target.amount is None else one.lamp_words,
    }
