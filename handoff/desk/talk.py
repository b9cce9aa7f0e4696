"""One talk as staff see it: messages with their marks, what was read, what was offered, alarms and notes. A fixed number of queries."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer
from handoff.attachments.views import AttachmentView, attachments_of, view_of
from handoff.desk.actions import names_of
from handoff.desk.household import Household, household_of
from handoff.desk.models import Alarm, Episode, Note
from handoff.desk.queue import state_words
from handoff.desk.resend import AGAIN
from handoff.desk.resident_words import ERASED, UNREADABLE, ResidentWords, shown_words
from handoff.desk.undo import STOPPED
from handoff.desk.visibility import get_visible
from handoff.desk.words import REASON_WORDS, RISK_WORDS, SEND_FAULTS, SEND_WORDS, kinds_words
from intake.attachments.models import Attachment
from intake.base.database import ReadSession
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Author, Conversation, Message
from intake.conversations.service import messages_of, open_utterance, read_state
from intake.dialogue.turn import Controller
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.referrals.models import ReferralRecord
from intake.residents.models import Resident
from intake.wording.bubbles import Utterance
from nlp.reading import Concern, Risk, RiskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. Of ``words`` (the resident's) and ``utterance`` (ours) one is set, or ``gone`` says why neither is."""

    id: str
    author: Author
    who: str
    at: datetime
    risk: Risk = Risk.NONE
    """What was read of the message; it stays when the words are taken back."""
    words: ResidentWords | None = None
    utterance: Utterance | None = None
    gone: str = ""
    sent: OutboxStatus | None = None
    sent_words: str = ""
    sends_again: bool = False
    """Whether it did not reach LINE, or nobody knows, so that it may be sent again."""
    may_come_twice: bool = False
    """Whether it may have reached LINE all the same."""
    attachment: AttachmentView | None = None
    """What came with the message beside words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmView:
    """One alarm in words."""

    risk: Risk
    risk_words: str
    kinds: str
    kind_ids: tuple[RiskKind, ...]
    raised_at: datetime
    opened_at: datetime | None
    opened_by: str
    words_unsent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMoment:
    """When what was read changed its level."""

    at: datetime
    risk: Risk
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One internal note."""

    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """One offer: where to, where else, and why."""

    at: datetime
    main: str
    also: tuple[str, ...]
    reasons: tuple[str, ...]
    coordinator: bool
    unfit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Everything that the pages of one talk show."""

    id: str
    handle: str
    window_id: str | None
    epoch: int
    controller: Controller
    mine: bool
    holder: str
    """Display name of whoever else holds it; empty when nobody does."""
    closed: bool
    state: str
    risk: Risk
    risk_words: str
    reason: str
    opened_at: datetime
    waiting_since: datetime | None
    promised_by: datetime | None
    erase_asked: bool
    blocked: bool
    lines: tuple[Line, ...]
    alarms: tuple[AlarmView, ...]
    notes: tuple[NoteView, ...]
    referrals: tuple[ReferralView, ...]
    household: Household
    may_answer: bool
    may_take_over: bool

    @property
    def last_seen(self) -> str:
        """The newest message on the page: what the composer carries as seen."""
        return self.lines[-1].id if self.lines else ""

    @property
    def unopened(self) -> tuple[AlarmView, ...]:
        """Alarms that nobody has opened."""
        return tuple(alarm for alarm in self.alarms if alarm.opened_at is None)

    @property
    def unread(self) -> int:
        """How many attachments nobody has opened: each may hold a danger that no machine reads."""
        return sum(line.attachment is not None and line.attachment.unread for line in self.lines)

    @property
    def risks(self) -> tuple[RiskMoment, ...]:
        """How the signs of danger went up and down, message by message, from the first sign on."""
        found: list[RiskMoment] = []
        before = Risk.NONE
        for line in self.lines:
            if line.author is Author.RESIDENT and line.risk is not before:
                found.append(RiskMoment(at=line.at, risk=line.risk, words=RISK_WORDS[line.risk]))
                before = line.risk
        return tuple(found)

    @property
    def concern_ids(self) -> tuple[Concern, ...]:
        """What the whole talk was read to be about, in the order in which it came up."""
        return tuple(dict.fromkeys(concern for line in self.lines if line.words for concern in line.words.concern_ids))


async def load_talk(session: ReadSession, ring: KeyRing, viewer: Viewer, conversation_id: str) -> Talk:
    """Return a talk that the viewer may see."""
    row = await get_visible(session, viewer, conversation_id)
    messages = await messages_of(session, row.id)
    resident = (await session.scalars(select(Resident).where(Resident.id == row.resident_id))).one()
    alarms = (await session.scalars(select(Alarm).where(Alarm.conversation_id == row.id).order_by(Alarm.id.desc()))).all()
    notes = (await session.scalars(select(Note).where(Note.conversation_id == row.id).order_by(Note.id))).all()
    records = (
        await session.scalars(select(ReferralRecord).where(ReferralRecord.conversation_id == row.id).order_by(ReferralRecord.id.desc()))
    ).all()
    sends = {
        item.message_id: item
        for item in await session.scalars(select(OutboxItem).where(OutboxItem.message_id.in_([message.id for message in messages])))
    }
    reason = await session.scalar(select(Episode.reason).where(Episode.conversation_id == row.id).order_by(Episode.id.desc()).limit(1))
    brought = await attachments_of(session, row.id)
    people = {message.staff_id for message in messages} | {note.staff_id for note in notes} | {alarm.opened_by for alarm in alarms}
    people |= {one.opened_by for one in brought.values()}
    names = await names_of(session, {person for person in (*people, row.owner) if person})
    mine = row.owner == viewer.staff_id
    return Talk(
        **_standing(row, viewer, names),
        handle=resident.handle,
        reason="危険の手がかりを検知" if reason is None else REASON_WORDS[reason],
        blocked=resident.blocked_at is not None,
        lines=tuple(_line(ring, message, sends.get(message.id), brought.get(message.id), names, plain=mine) for message in messages),
        alarms=tuple(_alarm(alarm, names) for alarm in alarms),
        notes=tuple(_note(ring, note, names) for note in notes),
        referrals=tuple(_referral(ring, record) for record in records),
        household=household_of(read_state(ring, row)),
    )


def _standing(row: Conversation, viewer: Viewer, names: Mapping[str, str]) -> dict[str, Any]:
    mine = row.owner == viewer.staff_id
    owner = names.get(row.owner or "", "ほかの職員") if row.owner else ""
    return {
        "id": row.id,
        "window_id": row.window_id,
        "epoch": row.epoch,
        "controller": row.controller,
        "mine": mine,
        "holder": "" if mine else owner,
        "closed": row.closed_at is not None,
        "state": state_words(row, viewer.staff_id, owner),
        "risk": row.risk,
        "risk_words": RISK_WORDS[row.risk],
        "opened_at": row.opened_at,
        "waiting_since": row.waiting_since,
        "promised_by": row.promised_by,
        "erase_asked": row.erase_asked_at is not None,
        "may_answer": viewer.may(Permission.ANSWER),
        "may_take_over": viewer.may(Permission.TAKE_OVER),
    }


def _line(
    ring: KeyRing, message: Message, item: OutboxItem | None, brought: Attachment | None, names: Mapping[str, str], *, plain: bool
) -> Line:
    at = message.occurred_at
    if message.author is Author.RESIDENT:
        words = shown_words(ring, message, plain=plain)
        beside = None if brought is None or words.gone else view_of(ring, brought, names, plain=plain)
        return Line(id=message.id, author=message.author, who="住民", at=at, risk=message.risk, words=words, attachment=beside)
    who = "自動案内" if message.author is Author.BOT else f"職員 {names.get(message.staff_id or '', '（退職）')}"
    utterance, gone = _utterance(ring, message)
    return Line(
        id=message.id,
        author=message.author,
        who=who,
        at=at,
        utterance=utterance,
        gone=gone,
        sent=None if item is None else item.status,
        sent_words="" if item is None else _send_words(item),
        sends_again=item is not None and message.author is Author.STAFF and not gone and item.status in AGAIN,
        may_come_twice=item is not None and (item.status is OutboxStatus.UNCERTAIN or item.first_push_at is not None),
    )


def _utterance(ring: KeyRing, message: Message) -> tuple[Utterance | None, str]:
    try:
        utterance = open_utterance(ring, message)
    except UnreadableError:
        return None, UNREADABLE
    return utterance, "" if utterance else ERASED


def _send_words(item: OutboxItem) -> str:
    if item.reason == STOPPED:
        return "送信前に止めました（危険の手がかりのあるメッセージが届いたため）"
    reason = item.reason or ""
    fault = SEND_FAULTS.get(reason, reason if item.status is OutboxStatus.FAILED else "")
    return SEND_WORDS[item.status] + (f"（{fault}）" if fault else "")


def _alarm(alarm: Alarm, names: Mapping[str, str]) -> AlarmView:
    return AlarmView(
        risk=alarm.risk,
        risk_words=RISK_WORDS[alarm.risk],
        kinds=kinds_words(alarm.kinds),
        kind_ids=tuple(RiskKind(kind) for kind in alarm.kinds.split(";") if kind in set(RiskKind)),
        raised_at=alarm.raised_at,
        opened_at=alarm.opened_at,
        opened_by=names.get(alarm.opened_by or "", ""),
        words_unsent=alarm.words_unsent,
    )


def _note(ring: KeyRing, note: Note, names: Mapping[str, str]) -> NoteView:
    try:
        text = ring.open(note.sealed_text, note.place())
    except UnreadableError:
        text = UNREADABLE
    return NoteView(who=names.get(note.staff_id, "（退職）"), at=note.written_at, text=text)


def _referral(ring: KeyRing, record: ReferralRecord) -> ReferralView:
    if record.sealed_referral is None:
        return ReferralView(at=record.made_at, main=ERASED, also=(), reasons=(), coordinator=False, unfit=False)
    try:
        told = json.loads(ring.open(record.sealed_referral, record.place()))
    except UnreadableError:
        return ReferralView(at=record.made_at, main=UNREADABLE, also=(), reasons=(), coordinator=False, unfit=False)
    also: Sequence[Mapping[str, str]] = told.get("also", ())
    main = (told.get("main") or {}).get("name", "職員が対応")
    # One place may take several kinds of needs; it is one place to the reader.
    return ReferralView(
        at=record.made_at,
        main=main,
        also=tuple(dict.fromkeys(window["name"] for window in also if window["name"] != main)),
        reasons=tuple(reason["text"] for reason in told.get("reasons", ())),
        coordinator=bool(told.get("coordinator_candidate")),
        unfit=record.unfit_at is not None,
    )
