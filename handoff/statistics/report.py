"""What a report holds, whichever form it takes: cover, definitions, sections. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from handoff.statistics.board import Audience, Board
from handoff.statistics.layout import CONTACT, EPISODE
from handoff.statistics.models import IssueState, LocalIssue
from handoff.statistics.periods import Span
from handoff.statistics.tables import HIDDEN, How, Row, Section, Table
from handoff.statistics.targets import Standing
from handoff.statistics.words import CATEGORY_WORDS, FILTER_WORDS, STATE_WORDS, value_words
from intake.base.clock import TOKYO
from routing.city import City


class Report(StrEnum):
    """The reports that are asked for."""

    YEARLY = "yearly"
    """推進会議への年度の報告."""
    MONTHLY = "monthly"
    """窓口の月報."""
    FORM16 = "form16"
    """相談受付・申込票の16項目."""
    ALL = "all"
    """画面のすべての表."""


class Form(StrEnum):
    """The forms of a file."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


REPORT_WORDS = {
    Report.YEARLY: "推進会議への報告",
    Report.MONTHLY: "窓口の月報",
    Report.FORM16: "相談受付・申込票の16項目の集計",
    Report.ALL: "統計の表のすべて",
}
AUDIENCE_WORDS = {Audience.INSIDE: "庁内用（正確な数。外に出さない）", Audience.PUBLIC: "公開用（少ない数を伏せたもの）"}
_SECTIONS: dict[Report, tuple[str, ...]] = {
    Report.YEARLY: ("demand", "concerns", "work", "windows", "danger", "people", "checkins", "hand"),
    Report.MONTHLY: ("demand", "work", "windows", "danger"),
    Report.FORM16: ("concerns",),
    Report.ALL: ("demand", "concerns", "work", "windows", "danger", "people", "checkins", "hand"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report ready to be written."""

    title: str
    city: str
    period: str
    other: str
    kind: str
    made: str
    cover: tuple[str, ...]
    sections: tuple[Section, ...]
    targets: tuple[Standing, ...] = ()
    issues: tuple[tuple[str, tuple[str, ...]], ...] = ()


def document(
    report: Report, board: Board, city: City | None, *, targets: Sequence[Standing] = (), issues: Sequence[LocalIssue] = (), now: datetime
) -> Document:
    """Put a report together from the very board that the screen shows."""
    order = board.order
    chosen = tuple(section for section in board.sections if section.key in _SECTIONS[report])
    if report is Report.FORM16:
        chosen = tuple(Section(key=s.key, title=s.title, tables=tuple(t for t in s.tables if t.key == "form")) for s in chosen)
    yearly = report is Report.YEARLY
    return Document(
        title=REPORT_WORDS[report],
        city=order.municipality if city is None else city.name,
        period=order.period.words,
        other="" if order.other is None else order.other.words,
        kind=AUDIENCE_WORDS[order.audience],
        made=f"{now.astimezone(TOKYO):%Y年%m月%d日 %H:%M}",
        cover=_cover(board, city),
        sections=chosen,
        targets=tuple(_told(one, board) for one in targets) if yearly else (),
        issues=_issues(issues) if yearly else (),
    )


def _told(one: Standing, board: Board) -> Standing:
    """Leave out of a public file what the system knows of a target and the file does not tell otherwise."""
    if board.order.audience is Audience.INSIDE or not one.names:
        return one
    if board.order.period.span is Span.YEAR and board.tells(one.names):
        return one
    return replace(one, amount=None, words=HIDDEN)


def _cover(board: Board, city: City | None) -> tuple[str, ...]:
    """Return the note that goes with every file: what the words mean, and what must not be done with it."""
    filters = [f"{FILTER_WORDS[name]}：{value_words(name, city).get(value, value)}" for name, value in board.order.filters.items()]
    swept = (
        "まだ集計なし" if board.standing.swept_at is None else f"{board.standing.swept_at.astimezone(TOKYO):%Y年%m月%d日 %H:%M} までの集計"
    )
    small = (
        f"{board.standing.threshold}件より少ない数と、計算するとそれが分かる数は「＊」で伏せています。"
        if board.order.audience is Audience.PUBLIC
        else "少ない数をそのまま含みます。会議資料や公表には、公開用を使ってください。"
    )
    return (
        f"しぼりこみ：{'、'.join(filters) or 'なし'}",
        f"{swept}（計算式の版 {board.standing.formula}）",
        f"「相談」は、{CONTACT}。「対応」は、{EPISODE}です。年度は4月から3月、時刻は日本時間です。",
        "「－」は数えるものがなかったことを示します。",
        small,
    )


def _issues(issues: Sequence[LocalIssue]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the 地域課題 by category; those withdrawn are left out."""
    found: dict[str, list[str]] = {}
    for issue in issues:
        if issue.state is not IssueState.WITHDRAWN:
            found.setdefault(CATEGORY_WORDS[issue.category], []).append(f"{issue.title}（{STATE_WORDS[issue.state]}）：{issue.body}")
    return tuple((category, tuple(lines)) for category, lines in found.items())


def target_table(targets: Sequence[Standing]) -> Table:
    """Return the targets as a table, for the forms that have nothing but tables."""
    return Table(
        key="targets",
        title="目標と実績",
        unit="事業ごと",
        columns=("目標", "実績", "達成率（％）"),
        rows=tuple(
            Row(
                label=f"{one.target.programme}：{one.target.indicator}",
                values=(one.target.amount, one.amount, one.percent),
                mark=_mark(one),
            )
            for one in targets
        ),
        how=How(
            formula="実績÷目標（切り捨て）。100％以上が達成、80％以上がもう少し",
            source="目標値の表と、窓口責任者が入れた実績",
            excluded="ことばの目標",
        ),
        head="事業と指標",
        counts=False,
    )


def _mark(one: Standing) -> str:
    return one.words or ("ことばの目標" if one.target.amount is None else one.lamp_words)
