"""The texts of check-ins as managers see them: the project's and the town's own, each with who approved it and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from intake.base.clock import TOKYO
from intake.base.database import ReadSession, WriteSession
from intake.checkins.models import WordsApproval
from intake.checkins.words import CheckinWords, default_words
from routing.city import City


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text, in words."""

    key: str
    fingerprint: str
    family: str
    text: str
    plain: str
    months: str
    own: bool
    """Whether the town has written it, over the project's or beside it."""
    approved: bool
    by: str
    on: str
    in_file: bool
    """Whether the approval stands in the town's own file; the page cannot take it back."""


async def load_texts(session: ReadSession, city: City, words: CheckinWords) -> Sequence[TextRow]:
    """Return every text of a municipality, those without an approval first, then the town's own."""
    rows = await session.scalars(select(WordsApproval).where(WordsApproval.municipality == city.key))
    given = {row.words_key: row for row in rows}
    usual = default_words().texts
    found = []
    for text in words.texts.values():
        row = given.get(text.key)
        valid = row if row is not None and row.fingerprint == text.fingerprint else None
        by, on = text.approved_by, text.approved_on
        if valid is not None:
            by, on = valid.approved_by, f"{valid.approved_at.astimezone(TOKYO):%Y-%m-%d}"
        found.append(
            TextRow(
                key=text.key,
                fingerprint=text.fingerprint,
                family=text.family,
                text=text.shown,
                plain=text.words.plain.replace("{place}", "（ばしょ）"),
                months=_months(text.months),
                own=text.key not in usual or usual[text.key].fingerprint != text.fingerprint,
                approved=bool(by),
                by=by,
                on=on,
                in_file=bool(text.approved_by),
            )
        )
    return sorted(found, key=lambda row: (row.approved, not row.own))


def _months(months: frozenset[int]) -> str:
    return "" if len(months) == len(range(12)) else "・".join(map(str, sorted(months))) + "月"


async def approve_words(session: WriteSession, viewer: Viewer, words: CheckinWords, read: Mapping[str, str], *, now: datetime) -> int:
    """Approve texts under the viewer's name and today's date; returns how many.

    ``read`` holds the fingerprint of each text as the viewer read it; what has changed since is not approved.
    """
    check_permission(viewer, Permission.TAKE_OVER)
    known = [key for key, fingerprint in read.items() if key in words.texts and words.texts[key].fingerprint == fingerprint]
    rows = await session.scalars(
        select(WordsApproval).where(WordsApproval.municipality == viewer.municipality, WordsApproval.words_key.in_(known))
    )
    before = {row.words_key: row for row in rows}
    for key in known:
        row = before.get(key)
        if row is None:
            row = WordsApproval(municipality=viewer.municipality, words_key=key)
            session.add(row)
        elif row.fingerprint == words.texts[key].fingerprint:
            continue  # Who approved it first answers for it.
        row.fingerprint, row.approved_by, row.approved_at = words.texts[key].fingerprint, viewer.display_name, now
    return len(known)


async def withdraw_words(session: WriteSession, viewer: Viewer, keys: Sequence[str]) -> None:
    """Take approvals back: from now on these texts are not sent."""
    check_permission(viewer, Permission.TAKE_OVER)
    given = (WordsApproval.municipality == viewer.municipality, WordsApproval.words_key.in_(keys))
    await session.execute(delete(WordsApproval).where(*given))
