"""Keeping examples: somebody writes a sentence anew, a second person approves it. Off unless the municipality has switched it on.

Never kept: what a resident wrote. What is kept names no talk, so that nobody can go back from it to a resident.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from handoff.desk.actions import names_of
from handoff.desk.checks import checked_text
from handoff.desk.errors import ConflictError, TextError
from handoff.desk.resident_words import PERSONAL_WORDS, shown_words
from handoff.desk.visibility import get_visible
from handoff.examples.labels import Labels
from handoff.examples.models import Example
from handoff.examples.nearness import is_near, plain
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from intake.conversations.models import Author
from intake.conversations.service import messages_of
from nlp.evaluate import Record
from nlp.personal import find_personal_data
from nlp.reading import Concern, RiskKind
from nlp.repair import repair

LONGEST = 200
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleView:
    """One sentence in the list."""

    id: str
    who: str
    mine: bool
    at: datetime
    text: str
    labels: Labels
    approved: bool
    decided_by: str
    decided_at: datetime | None


async def originals_of(session: ReadSession, ring: KeyRing, conversation_id: str, *, bare: bool) -> Sequence[str]:
    """Return what the resident of a talk wrote, oldest first; ``bare`` with personal data as written."""
    messages = [one for one in await messages_of(session, conversation_id) if one.author is Author.RESIDENT]
    words = [shown_words(ring, one, plain=bare) for one in messages]
    return [text for one in words if (text := "".join(segment.text for segment in one.segments).strip())]


def check_text(text: str, originals: Sequence[str]) -> None:
    """Refuse a sentence that reaches or names a person, or that is still the resident's own."""
    found = find_personal_data(repair(text))
    if found:
        kinds = "・".join(dict.fromkeys(PERSONAL_WORDS[one.kind] for one in found))
        raise TextError(f"個人情報（{kinds}）と読めるところがあります。だれのことか分からない言い方に変えてください。")
    if any(word in plain(text) for original in originals for word in _personal_words(original)):
        raise TextError("もとの言葉にあった名前や連絡先が残っています。だれのことか分からない言い方に変えてください。")
    if is_near(text, originals):
        raise TextError("もとの言葉に近すぎます。場面や言い回しを変えて、自分の言葉で書き直してください。")


def _personal_words(original: str) -> Sequence[str]:
    spans = (original[one.start : one.end] for one in find_personal_data(repair(original)))
    return [word for span in spans if len(word := plain(span)) > 1]


async def propose(
    session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, text: str, labels: Labels, *, on: bool, now: datetime
) -> Example:
    """Propose a sentence written anew from a talk. ``on``: the municipality keeps examples at all."""
    check_permission(viewer, Permission.ANSWER)
    talk = await get_visible(session, viewer, conversation_id)
    _check_on(on=on)
    if talk.practice_of is not None:
        raise ConflictError("練習の相談からは、例文を残せません。")
    tidy = checked_text(text, LONGEST).replace("\n", " ")
    labels.check()
    check_text(tidy, await originals_of(session, ring, talk.id, bare=True))
    row = Example(
        id=new_id(now),
        municipality=talk.municipality,
        staff_id=viewer.staff_id,
        concerns=";".join(labels.concerns),
        speaker=labels.speaker,
        intent=labels.intent,
        risk=labels.risk,
        risk_kinds=";".join(labels.kinds),
        written_at=now,
    )
    row.sealed_text = ring.seal(tidy, row.place(), now)
    session.add(row)
    return row


def _check_on(*, on: bool) -> None:
    if not on:
        raise ConflictError("この自治体では、例文を残さない設定になっています。")


async def list_examples(session: ReadSession, ring: KeyRing, viewer: Viewer) -> Sequence[ExampleView]:
    """Return the sentences that wait or were approved, waiting ones first; the own ones alone to who may not approve."""
    check_permission(viewer, Permission.ANSWER)
    chosen = [Example.municipality == viewer.municipality, Example.sealed_text.is_not(None)]
    if not viewer.may(Permission.APPROVE_EXAMPLES):
        chosen.append(Example.staff_id == viewer.staff_id)
    query = select(Example).where(*chosen).order_by(Example.decided_at.is_not(None), Example.id.desc()).limit(_SHOWN)
    rows = (await session.scalars(query)).all()
    names = await names_of(session, {key for row in rows for key in (row.staff_id, row.decided_by) if key})
    return [
        ExampleView(
            id=row.id,
            who=names.get(row.staff_id, "（退職）"),
            mine=row.staff_id == viewer.staff_id,
            at=row.written_at,
            text=_opened(ring, row),
            labels=_labels(row),
            approved=row.approved,
            decided_by=names.get(row.decided_by or "", ""),
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def _labels(row: Example) -> Labels:
    return Labels(
        concerns=tuple(Concern(one) for one in row.concerns.split(";") if one),
        speaker=row.speaker,
        intent=row.intent,
        risk=row.risk,
        kinds=tuple(RiskKind(one) for one in row.risk_kinds.split(";") if one),
    )


def _opened(ring: KeyRing, row: Example) -> str:
    try:
        return "" if row.sealed_text is None else ring.open(row.sealed_text, row.place())
    except UnreadableError:
        return "読めません"


async def decide(session: WriteSession, ring: KeyRing, viewer: Viewer, example_id: str, *, approve: bool, on: bool, now: datetime) -> None:
    """Approve a sentence that somebody else has written, or decline it, also later; then its words are gone."""
    check_permission(viewer, Permission.APPROVE_EXAMPLES)
    row = await session.get(Example, example_id, with_for_update=True)
    if row is None or row.municipality != viewer.municipality or row.sealed_text is None:
        raise NotFoundError("この例文は見つかりません。")
    if row.staff_id == viewer.staff_id:
        raise ConflictError("自分が書いた例文は、ほかの人が確認します。")
    if approve:
        _check_on(on=on)
        check_text(_opened(ring, row), ())
    else:
        row.sealed_text = None
    row.approved, row.decided_by, row.decided_at = approve, viewer.staff_id, now
    record_audit(
        session,
        ring,
        municipality=row.municipality,
        actor=viewer.staff_id,
        action=Action.EXAMPLE_DECIDED,
        subject=row.id,
        details="kept" if approve else "declined",
        now=now,
    )


async def take_back(session: WriteSession, viewer: Viewer, example_id: str) -> None:
    """Take an own sentence back before anybody has decided on it. Of anybody else it does not exist."""
    row = await session.get(Example, example_id, with_for_update=True)
    if row is None or row.staff_id != viewer.staff_id or row.sealed_text is None:
        raise NotFoundError("この例文は見つかりません。")
    if row.decided_at is not None:
        raise ConflictError("もう確認された例文です。残すのをやめるときは、スーパーバイザーか窓口責任者に頼んでください。")
    await session.delete(row)


async def export_lines(session: ReadSession, ring: KeyRing, viewer: Viewer) -> bytes:
    """Return the approved sentences as lines of the corpus, in the order of their letters: it tells nothing of who wrote which and when."""
    check_permission(viewer, Permission.APPROVE_EXAMPLES)
    kept = (Example.municipality == viewer.municipality, Example.approved.is_(True), Example.sealed_text.is_not(None))
    rows = (await session.scalars(select(Example).where(*kept))).all()
    told = sorted(((_opened(ring, row), _labels(row)) for row in rows), key=lambda one: one[0])
    lines = (_record(number, text, labels).model_dump_json(exclude={"note"}) for number, (text, labels) in enumerate(told, start=1))
    return "".join(f"{line}\n" for line in lines).encode()


def _record(number: int, text: str, labels: Labels) -> Record:
    return Record(
        id=f"kept-{number:04}",
        text=text,
        concerns=labels.concerns,
        speaker=labels.speaker,
        intent=labels.intent,
        risk=labels.risk,
        risk_kinds=labels.kinds,
    )
