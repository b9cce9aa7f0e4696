"""A report as CSV that Excel opens: UTF-8 with its mark, and no cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterator

from handoff.statistics.report import Document, target_table
from handoff.statistics.tables import Table
from routing.table import guard

MARK = "\ufeff"


def write_csv(document: Document) -> bytes:
    """Return the file. Numbers are plain digits, so that they can be added up; what is hidden is ＊."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in _rows(document):
        writer.writerow([guard(cell) for cell in row])
    return (MARK + out.getvalue()).encode()


def _rows(document: Document) -> Iterator[list[str]]:
    yield [document.title, document.city]
    yield ["種類", document.kind]
    yield ["期間", document.period]
    yield ["くらべる期間", document.other or "なし"]
    yield ["作成", document.made]
    yield from (["説明", line] for line in document.cover)
    for section in document.sections:
        for table in section.tables:
            yield from _of_table(table, section.title)
    if document.targets:
        yield from _of_table(target_table(document.targets), "目標")
    for category, lines in document.issues:
        yield from (["地域課題", category, line] for line in lines)


def _of_table(table: Table, section: str) -> Iterator[list[str]]:
    yield []
    yield [f"【{section}】{table.title}", f"単位：{table.unit}"]
    yield [table.head or "区分", *table.columns]
    for place, row in enumerate(table.rows):
        yield [
            row.label,
            *(table.shown(place, column).replace(",", "") for column in range(len(table.columns))),
            *([row.mark] if row.mark else []),
        ]
    yield ["数字の出し方", table.how.formula]
    yield ["もとにしたもの", table.how.source]
    yield ["入れていないもの", table.how.excluded]
