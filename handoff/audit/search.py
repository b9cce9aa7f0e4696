"""Searching the record, within what a manager answers for, and taking it out as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, or_, select

from handoff.accounts.models import Organisation, Staff, StaffWindow
from handoff.accounts.permissions import Permission
from handoff.accounts.viewer import Viewer
from handoff.audit.models import Action, AuditEntry
from handoff.audit.record import SERVER
from handoff.audit.words import ACTION_WORDS, TALK_ACTIONS, detail_words
from intake.base.clock import TOKYO
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.residents.models import Resident

PAGE = 100
MOST = 20_000
"""So many lines go into one file."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is searched for. Days are of Japan, both included; ``person`` is a login, ``talk`` a handle."""

    since: date | None = None
    until: date | None = None
    person: str = ""
    talk: str = ""
    action: Action | None = None
    before: int | None = None
    """Only entries below this number: the next page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry, in words."""

    seq: int
    at: datetime
    who: str
    what: str
    whom: str
    details: str


def _within(viewer: Viewer) -> ColumnElement[bool]:
    """Return what a manager answers for: what people of the own windows did, and what was done with them and with talks there.

    Which body works which window concerns every manager.
    """
    people = select(StaffWindow.staff_id).where(StaffWindow.window_id.in_(viewer.windows))
    talks = select(Conversation.id).where(Conversation.municipality == viewer.municipality, Conversation.window_id.in_(viewer.windows))
    bodies = AuditEntry.action == Action.ORGANISATION_CHANGED
    return or_(AuditEntry.actor.in_(people), AuditEntry.subject.in_(people), AuditEntry.subject.in_(talks), bodies)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def _conditions(viewer: Viewer, question: Question) -> list[ColumnElement[bool]]:
    found = [AuditEntry.municipality == viewer.municipality, _within(viewer)]
    if question.since is not None:
        found.append(AuditEntry.at >= _start(question.since))
    if question.until is not None:
        found.append(AuditEntry.at < _start(question.until + timedelta(days=1)))
    if question.action is not None:
        found.append(AuditEntry.action == question.action)
    if question.person:
        named = select(Staff.id).where(
            Staff.municipality == viewer.municipality, or_(Staff.login == question.person, Staff.display_name == question.person)
        )
        found.append(or_(AuditEntry.actor.in_(named), AuditEntry.subject.in_(named)))
    if question.talk:
        handles = select(Conversation.id).join(Resident, Resident.id == Conversation.resident_id)
        found.append(AuditEntry.subject.in_(handles.where(Resident.municipality == viewer.municipality, Resident.handle == question.talk)))
    if question.before is not None:
        found.append(AuditEntry.seq < question.before)
    return found


async def search(session: ReadSession, viewer: Viewer, question: Question, *, limit: int = PAGE) -> Sequence[Line]:
    """Return the entries that fit, the latest first, in four queries. Nothing for who may not read the record."""
    if not viewer.may(Permission.READ_AUDIT):
        return ()
    query = select(AuditEntry).where(*_conditions(viewer, question)).order_by(AuditEntry.seq.desc()).limit(limit)
    entries = (await session.scalars(query)).all()
    return await _in_words(session, viewer, entries)


async def _in_words(session: ReadSession, viewer: Viewer, entries: Sequence[AuditEntry]) -> Sequence[Line]:
    staff = select(Staff.id, Staff.display_name, Staff.login).where(Staff.municipality == viewer.municipality)
    names = {row.id: f"{row.display_name}（{row.login}）" for row in await session.execute(staff)}
    names[SERVER] = "サーバーの操作"
    bodies = select(Organisation.id, Organisation.name).where(Organisation.municipality == viewer.municipality)
    names |= {row.id: row.name for row in await session.execute(bodies)}
    seen = _visible_handles(viewer, {entry.subject for entry in entries if entry.action in TALK_ACTIONS})
    handles = {row.id: row.handle for row in await session.execute(seen)}
    return [
        Line(
            seq=entry.seq,
            at=entry.at,
            who=names.get(entry.actor, entry.actor or "不明"),
            what=ACTION_WORDS[entry.action],
            whom=_whom(entry, names, handles),
            details=detail_words(entry.action, entry.details, names),
        )
        for entry in entries
    ]


def _visible_handles(viewer: Viewer, talks: Iterable[str]) -> Select[str, str]:
    """Ask for the handles of talks of the own windows; of others the record shows only that there was one."""
    own = (Conversation.municipality == viewer.municipality, Conversation.window_id.in_(viewer.windows))
    handles = select(Conversation.id, Resident.handle).join(Resident, Resident.id == Conversation.resident_id)
    return handles.where(*own, Conversation.id.in_(list(talks)))


def _whom(entry: AuditEntry, names: dict[str, str], handles: dict[str, str]) -> str:
    if entry.action in TALK_ACTIONS:
        return handles.get(entry.subject, "（担当していない窓口の相談）")
    return "" if entry.subject == entry.actor else names.get(entry.subject, entry.subject)


def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_csv(lines: Iterable[Line]) -> bytes:
    """Return entries as CSV for a spreadsheet, times of Japan."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["番号", "日時", "だれが", "何をした", "だれ・どの相談", "内訳"])
    for line in lines:
        at = f"{line.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"
        writer.writerow([line.seq, at, *(_plain(cell) for cell in (line.who, line.what, line.whom, line.details))])
    return out.getvalue().encode("utf-8-sig")
