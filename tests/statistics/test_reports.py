"""Files: the same figures as on the screen, small numbers hidden, nothing that a spreadsheet would run."""

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from handoff.accounts.models import Role
from handoff.console.pages.statistics_reports import TYPES
from handoff.statistics.report import Document, Form, Report
from handoff.statistics.tables import HIDDEN, Draw, How, Row, Section, Table
from handoff.statistics.write_csv import write_csv
from handoff.statistics.write_xlsx import write_xlsx
from tests.handoff.support import Browser, World

EVIL = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1")


def with_labels(*labels: str) -> Document:
    table = Table(
        key="t",
        title=labels[0],
        unit="件",
        columns=("この期間",),
        rows=tuple(Row(label=label, values=(n,)) for n, label in enumerate(labels)),
        how=How(formula=labels[0], source="記録"),
    )
    return Document(
        title="報告",
        city="見本市",
        period="令和8年度",
        other="",
        kind="公開用",
        made="今",
        cover=(labels[0],),
        sections=(Section(key="s", title="節", tables=(table,)),),
    )


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


def test_no_cell_of_a_csv_begins_a_formula() -> None:
    content = write_csv(with_labels(*EVIL)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@＝＋－＠" and cell != "－"]
    assert write_csv(with_labels("a")).startswith(b"\xef\xbb\xbf")


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(with_labels(*EVIL))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert EVIL[0] in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}


async def download(browser: Browser, path: str) -> tuple[dict[str, str], bytes]:
    """A file as it comes: its headers and its bytes."""
    start: dict[str, Any] = {}
    pieces: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        start.update(message) if message["type"] == "http.response.start" else pieces.append(message.get("body", b""))

    await browser.app(browser.scope("GET", path, {}), receive, send)
    return {name.decode(): value.decode() for name, value in start["headers"]}, b"".join(pieces)


BEGINS = {Form.PDF: b"%PDF-", Form.XLSX: b"PK", Form.CSV: b"\xef\xbb\xbf"}


async def test_every_report_is_made_in_every_form(desk: World) -> None:
    browser = await asks(desk)
    for report in Report:
        for form in Form:
            headers, content = await download(browser, f"/statistics/reports/file?report={report}&form={form}&value=2026&audience=public")
            assert headers["content-type"] == TYPES[form]
            assert "attachment" in headers["content-disposition"]
            assert content.startswith(BEGINS[form])


async def test_the_pdf_says_that_it_is_made_for_screen_readers(desk: World) -> None:
    _, content = await download(await asks(desk), "/statistics/reports/file?report=form16&form=pdf&value=2026&audience=public")
    assert b"pdfuaid:part" in content
    assert b"/StructTreeRoot" in content
    assert b"ja" in content


async def test_a_file_says_which_kind_it_is_and_hides_small_numbers(desk: World) -> None:
    browser = await asks(desk, Role.RECEPTION)
    answer = await browser.ask("GET", "/statistics/reports/file?form=csv&value=2026&audience=inside")
    assert "公開用" in answer.text
    assert "庁内用" not in answer.text
    assert HIDDEN in answer.text


@pytest.mark.parametrize(
    ("role", "exact", "decides"),
    [
        (Role.COUNSELLOR, False, False),
        (Role.COORDINATOR, False, False),
        (Role.SUPERVISOR, True, False),
        (Role.MANAGER, True, True),
        (Role.STATISTICS, True, True),
        (Role.OPERATOR, False, False),
    ],
)
async def test_each_role_is_offered_what_it_may_see_and_decide(desk: World, role: Role, *, exact: bool, decides: bool) -> None:
    browser = await asks(desk, role)
    page = (await browser.ask("GET", "/statistics/reports")).text
    assert ("庁内用（正確な数）" in page, "公開用で伏せる件数" in page) == (exact, decides)
    answer = await browser.post("/statistics/reports/threshold", threshold="6")
    assert answer.status == (303 if decides else 403)


async def test_screen_and_file_show_the_same_figures(desk: World) -> None:
    browser = await asks(desk)
    page = await browser.ask("GET", "/statistics?value=2026")
    content = (await browser.ask("GET", "/statistics/reports/file?report=all&form=csv&value=2026&audience=inside")).text
    rows = list(csv.reader(io.StringIO(content)))
    contacts = next(row for row in rows if row and row[0] == "相談（延べ）")
    row = re.search(rf'<th scope="row">\s*(?:<a [^>]*>)?{contacts[0]}.*?<td class="num">([0-9,]+)</td>', page.text, re.DOTALL)
    assert row is not None
    assert row[1].replace(",", "") == contacts[1]


async def test_a_yearly_report_has_the_sections_that_the_meeting_asks_for(desk: World) -> None:
    content = (await (await asks(desk)).ask("GET", "/statistics/reports/file?form=csv&value=2026")).text
    for words in ("地域ケア会議開催回数", "多機関協働", "人が数えた数字", "重層的支援会議"):
        assert words in content
    assert "2025年4月～2026年3月" in content


async def test_a_report_for_an_impossible_month_is_told_on_the_page(desk: World) -> None:
    answer = await (await asks(desk)).ask("GET", "/statistics/reports/file?span=month&value=2026-13&form=pdf")
    assert answer.status == 422
    assert "2026-04-01 のように" in answer.text


def test_the_workbook_has_a_sheet_of_formulas() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(with_labels("a"))))
    assert "数字の出し方" in book.sheetnames


def test_a_chart_of_the_workbook_can_be_restyled() -> None:
    table = Table(
        key="t",
        title="t",
        unit="件",
        columns=("今",),
        rows=(Row(label="a", values=(3,)),),
        how=How(formula="f", source="s"),
        draw=Draw.BARS,
    )
    document = with_labels("a")
    made = Document(
        title=document.title,
        city="c",
        period="p",
        other="",
        kind="k",
        made="m",
        cover=(),
        sections=(Section(key="s", title="節", tables=(table,)),),
    )
    with zipfile.ZipFile(io.BytesIO(write_xlsx(made))) as archive:
        assert "xl/charts/chart1.xml" in archive.namelist()


async def test_the_threshold_is_the_municipalitys_own(desk: World) -> None:
    browser = await asks(desk)
    refused = await browser.post("/statistics/reports/threshold", threshold="1")
    assert refused.status == 422
    assert "3 から 100" in refused.text
    assert (await browser.post("/statistics/reports/threshold", threshold="10")).status == 303
    assert "10件より少ない数" in (await browser.ask("GET", "/statistics?audience=public")).text
