"""A report as a workbook: a cover, a sheet per section with charts that Excel can restyle, and a sheet with every formula."""

import io
from typing import Any

import xlsxwriter

from handoff.statistics.report import Document, target_table
from handoff.statistics.shades import SHADES
from handoff.statistics.tables import TOTAL, Draw, Section, Table

_LABEL_WIDTH, _VALUE_WIDTH = 34, 13
_CHART_ROWS = 16
_MOST_BARS = 20
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_NUMBER, _SHARE = "#,##0", "#,##0.0"
_SHAPES = {
    Draw.BARS: {"type": "bar"},
    Draw.STACKS: {"type": "bar", "subtype": "stacked"},
    Draw.COLUMNS: {"type": "column", "subtype": "stacked"},
}


def write_xlsx(document: Document) -> bytes:
    """Return the workbook. Text is text, whatever it begins with."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _PLAIN) as book:
        book.set_properties({"title": f"{document.city} {document.title}", "comments": document.kind})
        writer = _Writer(book, document)
        writer.cover()
        for section in document.sections:
            writer.section(section)
        if document.targets:
            writer.section(Section(key="targets", title="目標と実績", tables=(target_table(document.targets),)))
        writer.formulas()
    return out.getvalue()


class _Writer:
    """Writes one workbook, sheet by sheet."""

    def __init__(self, book: Any, document: Document) -> None:
        self._book, self._document = book, document
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._bold = book.add_format({"bold": True})
        self._formats = {name: book.add_format({"num_format": name, "align": "right"}) for name in (_NUMBER, _SHARE)}
        self._right = book.add_format({"align": "right"})

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name[:31])
        sheet.set_column(0, 0, _LABEL_WIDTH)
        sheet.set_column(1, 12, _VALUE_WIDTH)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._document.kind}&R&P / &N")
        return sheet

    def cover(self) -> None:
        """Write the cover note with its definitions."""
        document, sheet = self._document, self._sheet("表紙")
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, f"{document.city} {document.title}", self._title)
        lines = [("種類", document.kind), ("期間", document.period), ("くらべる期間", document.other or "なし"), ("作成", document.made)]
        lines += [("説明", line) for line in document.cover]
        lines += [(f"地域課題（{category}）", line) for category, found in document.issues for line in found]
        for row, (label, text) in enumerate(lines, start=2):
            sheet.write_string(row, 0, label, self._bold)
            sheet.write_string(row, 1, text, self._wrap)

    def section(self, section: Section) -> None:
        """Write the tables of a section below each other, each with its chart."""
        sheet = self._sheet(section.title)
        sheet.freeze_panes(1, 1)
        sheet.write_string(0, 0, section.title, self._title)
        row = 2
        for table in section.tables:
            row = self._table(sheet, table, row) + 2

    def _table(self, sheet: Any, table: Table, top: int) -> int:
        """Write one table and return the first free row."""
        sheet.write_string(top, 0, f"{table.title}（単位：{table.unit}）", self._bold)
        sheet.write_string(top + 1, 0, table.head or "区分", self._head)
        for column, name in enumerate(table.columns, start=1):
            sheet.write_string(top + 1, column, name, self._head)
        for place, row in enumerate(table.rows):
            sheet.write_string(top + 2 + place, 0, row.label)
            for column in range(len(table.columns)):
                self._cell(sheet, table, place, column, top + 2 + place)
            if row.mark:
                sheet.write_string(top + 2 + place, len(table.columns) + 1, row.mark)
        end = top + 2 + len(table.rows)
        return max(end, self._chart(sheet, table, top))

    def _cell(self, sheet: Any, table: Table, place: int, column: int, row: int) -> None:
        value = table.rows[place].values[column]
        if (place, column) in table.hidden or value is None:
            sheet.write_string(row, column + 1, table.shown(place, column), self._right)
        else:
            sheet.write_number(row, column + 1, value, self._formats[_SHARE if isinstance(value, float) else _NUMBER])

    def _chart(self, sheet: Any, table: Table, top: int) -> int:
        """Put a native chart beside a table; heat maps are coloured cells. Returns the first row below it."""
        parts = [place for place, row in enumerate(table.rows) if row.label != TOTAL][:_MOST_BARS]
        if table.empty or not parts or table.draw is Draw.NONE:
            return top
        width = len(table.columns) - (1 if table.across else 0)
        if table.draw is Draw.HEAT:
            scale = {"type": "2_color_scale", "min_color": "#ffffff", "max_color": "#4979f5"}
            sheet.conditional_format(top + 2, 1, top + 1 + len(parts), width, scale)
            return top
        columns = table.draw is Draw.COLUMNS
        chart = self._book.add_chart(_SHAPES[table.draw])
        for column in range(1, width + 1):
            place = [sheet.get_name(), top + 2, column, top + 1 + len(parts), column]
            labels = [sheet.get_name(), top + 2, 0, top + 1 + len(parts), 0]
            name = [sheet.get_name(), top + 1, column]
            fill = {"color": SHADES[(column - 1) % len(SHADES)]}
            chart.add_series({"name": name, "categories": labels, "values": place, "fill": fill})
        chart.set_title({"name": table.title, "name_font": {"size": 11}})
        chart.set_legend({"position": "top"} if width > 1 else {"none": True})
        if not columns:
            chart.set_y_axis({"reverse": True})
        options = {"description": f"{table.title}（単位：{table.unit}）。数字は左の表と同じです。"}
        sheet.insert_chart(top, len(table.columns) + 3, chart, options)
        return top + _CHART_ROWS

    def formulas(self) -> None:
        """Write how each figure is made."""
        sheet = self._sheet("数字の出し方")
        sheet.set_column(1, 3, 50)
        for column, name in enumerate(("表", "計算", "もとにしたもの", "入れていないもの")):
            sheet.write_string(0, column, name, self._head)
        tables = [table for section in self._document.sections for table in section.tables]
        for row, table in enumerate(tables, start=1):
            for column, text in enumerate((table.title, table.how.formula, table.how.source, table.how.excluded)):
                sheet.write_string(row, column, text, self._wrap)
