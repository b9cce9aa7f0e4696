"""地域課題: what staff bring to the sharing meetings, in their words and without any person in them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.statistics.models import IssueCategory, IssueState, LocalIssue
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import AppError, NotFoundError
from intake.base.ids import new_id
from nlp import read

LONGEST_TITLE, LONGEST_BODY = 80, 1_000
_MOST_CASES = 100_000


class IssueError(AppError):
    """What was written cannot be kept as a 地域課題."""

    code = "local_issue"
    status = 422


async def find_issues(session: ReadSession, municipality: str, *, withdrawn: bool = False) -> Sequence[LocalIssue]:
    """Return the 地域課題 of a municipality, by category and newest first."""
    rows = select(LocalIssue).where(LocalIssue.municipality == municipality)
    if not withdrawn:
        rows = rows.where(LocalIssue.state != IssueState.WITHDRAWN)
    found = (await session.scalars(rows.order_by(LocalIssue.id.desc()))).all()
    order = list(IssueCategory)
    return sorted(found, key=lambda issue: order.index(issue.category))


async def write_issue(
    session: WriteSession, viewer: Viewer, *, category: IssueCategory, title: str, body: str, cases: str, now: datetime
) -> LocalIssue:
    """Keep a 地域課題. Refused when a name, a number or an address stands in it: it will be read in a room full of people."""
    issue = LocalIssue(
        id=new_id(now),
        municipality=viewer.municipality,
        category=category,
        title=_checked(title, LONGEST_TITLE, "題"),
        body=_checked(body, LONGEST_BODY, "内容"),
        cases=_checked_cases(cases),
        written_by=viewer.staff_id,
        written_at=now,
    )
    session.add(issue)
    return issue


async def move_issue(session: WriteSession, viewer: Viewer, issue_id: str, state: IssueState, *, now: datetime) -> None:
    """Note how far a 地域課題 has come."""
    issue = await session.get(LocalIssue, issue_id)
    if issue is None or issue.municipality != viewer.municipality:
        raise NotFoundError("この地域課題は見つかりません。")
    issue.state, issue.changed_at = state, now


def _checked(text: str, longest: int, what: str) -> str:
    tidy = text.replace("\r\n", "\n").strip()
    if not tidy:
        raise IssueError(f"{what}を書いてください。")
    if len(tidy) > longest:
        raise IssueError(f"{what}は{longest}字までにしてください（いま{len(tidy)}字）。")
    found = read(tidy).personal_data
    if found:
        shown = "、".join(f"「{tidy[datum.start : datum.end]}」" for datum in found[:3])
        raise IssueError(
            f"{what}の {shown} は、人が分かる言葉のようです。会議で大勢が読むので、人の名前・番号・住所を書かない形に直してください。"
        )
    return tidy


def _checked_cases(cases: str) -> int | None:
    tidy = cases.strip()
    if not tidy:
        return None
    if not (tidy.isascii() and tidy.isdecimal()) or int(tidy) > _MOST_CASES:
        raise IssueError("およその件数は、3 のように数字だけで書いてください。分からなければ空けておけます。")
    return int(tidy)
