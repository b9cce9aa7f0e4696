"""How each window works: live or at fixed times, its cap of talks per person, and its own sentences."""

import re
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import or_, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.checks import checked_text
from handoff.desk.errors import TextError
from handoff.desk.phrases import Template, checked, load_phrases
from handoff.desk.record_models import ReplyTemplate, TemplateUse
from handoff.desk.work_models import AnswerMode, WindowRule
from handoff.duty.models import RECEPTION
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_WIDE = str.maketrans("：０１２３４５６７８９", ":0123456789")
_TIMES, _MOST, _TITLE, _TEXT, _LONGEST_WAIT = 4, 50, 40, 2000, 60


def parse_clock(text: str) -> time:
    """Return an hour of the day as people write it: 「8:30」, also in full-width letters."""
    found = _TIME.fullmatch(text.strip().translate(_WIDE))
    if found is None:
        raise TextError("時刻は「8:30」のように入力してください。")
    return time(int(found[1]), int(found[2]))


def parse_times(text: str) -> str:
    """Return hours of the day as they are stored, e.g. ``10:00;15:00``; refuse anything else."""
    found = [f"{int(hour):02d}:{minute}" for hour, minute in _TIME.findall(text.translate(_WIDE))]
    if not found or len(found) > _TIMES:
        raise TextError(f"返信の時刻は「10:00、15:00」のように、{_TIMES}つまで入力してください。")
    return ";".join(sorted(set(found)))


def served_windows(viewer: Viewer) -> tuple[str, ...]:
    """Return the windows that somebody works for: 受付 for those who read unassigned talks, and the own ones."""
    return (*((RECEPTION,) if viewer.may(Permission.READ_UNASSIGNED) else ()), *sorted(viewer.windows))


async def rules_of(session: ReadSession, viewer: Viewer) -> dict[str, WindowRule]:
    """Return the rules of the viewer's windows."""
    mine = (WindowRule.municipality == viewer.municipality, WindowRule.window_id.in_(served_windows(viewer)))
    return {rule.window_id: rule for rule in await session.scalars(select(WindowRule).where(*mine))}


async def set_rule(
    session: WriteSession,
    viewer: Viewer,
    window_id: str,
    *,
    mode: AnswerMode,
    times: str,
    cap: int | None,
    now: datetime,
    escalate_minutes: int | None = None,
) -> None:
    """Decide how one of the viewer's windows works, or 受付."""
    check_permission(viewer, Permission.TAKE_OVER)
    if window_id not in served_windows(viewer):
        raise NotFoundError("この窓口は見つかりません。")
    if cap is not None and not 1 <= cap <= _MOST:
        raise TextError(f"一人の上限は1〜{_MOST}件にしてください。")
    if escalate_minutes is not None and not 1 <= escalate_minutes <= _LONGEST_WAIT:
        raise TextError(f"次の人を呼ぶまでの時間は1〜{_LONGEST_WAIT}分にしてください。")
    kept = parse_times(times) if mode is AnswerMode.TIMES else ""
    row = await session.get(WindowRule, (viewer.municipality, window_id))
    if row is None:
        row = WindowRule(municipality=viewer.municipality, window_id=window_id)
        session.add(row)
    row.mode, row.times, row.cap, row.set_by, row.set_at = mode, kept, cap, viewer.staff_id, now
    row.escalate_minutes = escalate_minutes


async def templates_of(session: ReadSession, viewer: Viewer, window_id: str | None) -> Sequence[Template]:
    """Return the sentences for a window: its own and the municipality's first, then those of the project."""
    fitting = or_(ReplyTemplate.window_id.is_(None), ReplyTemplate.window_id == window_id)
    own = select(ReplyTemplate).where(ReplyTemplate.municipality == viewer.municipality, ReplyTemplate.retired_at.is_(None), fitting)
    rows = await session.scalars(own.order_by(ReplyTemplate.use, ReplyTemplate.title))
    return [*(Template(key=row.id, use=row.use, title=row.title, text=row.text) for row in rows), *load_phrases().templates]


async def add_template(
    session: WriteSession, viewer: Viewer, *, window_id: str, use: TemplateUse, title: str, text: str, now: datetime
) -> None:
    """Add a sentence of a window."""
    check_permission(viewer, Permission.TAKE_OVER)
    if window_id not in viewer.windows:
        raise NotFoundError("この窓口は見つかりません。")
    try:
        words = checked(checked_text(text, _TEXT))
    except ValueError as error:
        raise TextError(f"{error}。") from error
    row = ReplyTemplate(id=new_id(now), municipality=viewer.municipality, window_id=window_id, set_by=viewer.staff_id, set_at=now)
    row.use, row.title, row.text = use, checked_text(title, _TITLE).replace("\n", " "), words
    session.add(row)


async def retire_template(session: WriteSession, viewer: Viewer, template_id: str, *, now: datetime) -> None:
    """Use a sentence no more. What was written with it stays."""
    check_permission(viewer, Permission.TAKE_OVER)
    row = await session.get(ReplyTemplate, template_id)
    if row is None or row.municipality != viewer.municipality or row.window_id not in viewer.windows:
        raise NotFoundError("この文は見つかりません。")
    row.retired_at = row.retired_at or now
