"""The plan of one resident in one picture: what went out, what was answered, what is to come. Positions only; the page draws them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.desk.actions import names_of
from handoff.desk.outreach import END_WORDS, REST_WORDS, get_plan, rhythm_words
from intake.base.database import ReadSession
from intake.checkins.calendar import Calendar
from intake.checkins.models import CheckinContact, CheckinPlan, ContactState
from intake.checkins.plan import Contact, next_contact, why_resting
from intake.checkins.service import history_of
from intake.checkins.words import CheckinWords
from intake.residents.models import Resident

WIDTH, MARGIN = 960, 24
_MOST = 30
_YEAR = timedelta(days=366)
STATE_WORDS: dict[ContactState, str] = {
    ContactState.DUE: "送るところです",
    ContactState.SAID: "送信待ち",
    ContactState.SENT: "LINE受付済み",
    ContactState.UNCERTAIN: "不明（LINEが受け付けたか確かめられません）",
    ContactState.RETURNED: "送れなかったので、日を改めました",
    ContactState.REFUSED: "送りませんでした",
}
REASON_WORDS = {
    "late": "時間を過ぎたため",
    "closed": "夜間・休日のため",
    "talk": "相談や支援の途中のため",
    "week": "前のお便りから一週間たっていないため",
    "resting": "お休み中のため",
    "changed": "お返事などで、はじめから数え直したため",
    "quota": "送れる通数が足りないため",
    "no_words": "承認された文面がないため",
    "failed": "不具合のため",
    "too_late": "LINEに届かないまま時間を過ぎたため",
    **{end.value: words for end, words in END_WORDS.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One word on the line of time. ``x`` is its place in the picture."""

    at: datetime
    x: int
    kind: str
    """``sent``, ``answered``, ``refused`` or ``planned``."""
    words: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """All that the page of one plan shows."""

    id: str
    handle: str
    window_id: str | None
    keeper: str
    mine: bool
    promised: str
    sender: str
    consent_at: datetime
    consent_text: str
    heard_at: datetime
    ended: str
    resting: str
    unsafe: bool
    agreed_at: datetime | None
    begins: datetime
    ends: datetime
    today_x: int
    heard_x: int
    marks: tuple[Mark, ...]


async def load_plan(session: ReadSession, viewer: Viewer, plan_id: str, calendar: Calendar, words: CheckinWords, now: datetime) -> PlanView:
    """Return one plan that the viewer may see."""
    plan, resident = await get_plan(session, viewer, plan_id)
    query = select(CheckinContact).where(CheckinContact.plan_id == plan.id).order_by(CheckinContact.due_at.desc()).limit(_MOST)
    past = list(reversed((await session.scalars(query)).all()))
    coming = [] if plan.ended_at else to_come(plan, resident, calendar, now)
    begins = min([plan.consent_at, *(contact.due_at for contact in past)])
    ends = max([begins + _YEAR, now + timedelta(days=30), *(contact.at for contact in coming)])

    def place(at: datetime) -> int:
        return MARGIN + round((WIDTH - 2 * MARGIN) * min(1.0, max(0.0, (at - begins) / (ends - begins))))

    rest = why_resting(plan.facts())
    names = await names_of(session, {plan.staff_id} if plan.staff_id else set())
    marks = [_past(contact, place, words) for contact in past] + [
        Mark(at=contact.at, x=place(contact.at), kind="planned", words="区切りのお便り" if contact.farewell else "", state="予定")
        for contact in coming
    ]
    return PlanView(
        id=plan.id,
        handle=resident.handle,
        window_id=plan.window_id,
        keeper=names.get(plan.staff_id or "", ""),
        mine=plan.staff_id == viewer.staff_id,
        promised=rhythm_words(plan.settings),
        sender=plan.sender_name,
        consent_at=plan.consent_at,
        consent_text=plan.consent_text,
        heard_at=plan.heard_at or plan.consent_at,
        ended="" if plan.end_reason is None else END_WORDS[plan.end_reason],
        resting="" if rest is None or plan.ended_at else REST_WORDS[rest],
        unsafe=plan.unsafe_since is not None,
        agreed_at=plan.safe_agreed_at,
        begins=begins,
        ends=ends,
        today_x=place(now),
        heard_x=place(plan.heard_at or plan.consent_at),
        marks=tuple(marks),
    )


def to_come(plan: CheckinPlan, resident: Resident, calendar: Calendar, now: datetime) -> list[Contact]:
    """Return the words to come as they are planned today, while no answer comes."""
    facts, history = plan.facts(), history_of(plan, resident)
    found: list[Contact] = []
    moment = now
    while len(found) < _MOST and isinstance(contact := next_contact(facts, history, calendar, moment), Contact):
        first = not found and plan.next_at is not None and plan.next_step == contact.step
        at = plan.next_at if first and plan.next_at is not None else contact.at
        found.append(replace(contact, at=at))
        history, moment = replace(history, done=contact.step + 1, last_sent_at=at), at
    return found


def _past(contact: CheckinContact, place: Callable[[datetime], int], words: CheckinWords) -> Mark:
    text = words.texts.get(contact.words_key or "")
    went = contact.state not in {ContactState.REFUSED, ContactState.RETURNED}
    kind = "answered" if contact.answered_at else "sent" if went else "refused"
    reason = REASON_WORDS.get(contact.reason or "", "")
    at = contact.decided_at or contact.due_at
    return Mark(
        at=at,
        x=place(at),
        kind=kind,
        words="" if text is None else text.words.text,
        state="お返事がありました" if contact.answered_at else STATE_WORDS[contact.state] + (f"（{reason}）" if reason else ""),
    )
