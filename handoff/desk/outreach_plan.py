"""The plan of one resident in one picture: what went out, what was answered, what is to come. Positions only; the page draws them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from handoff.accounts.models import Staff
from handoff.accounts.viewer import Viewer
from handoff.desk.actions import names_of
from handoff.desk.outreach import END_WORDS, HOLD_WORDS, REST_WORDS, get_plan, rhythm_words
from intake.base.database import ReadSession
from intake.checkins.calendar import Calendar
from intake.checkins.holds import held_until, holds_of
from intake.checkins.models import CheckinConsent, CheckinContact, CheckinPlan, ContactHold, ContactState
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
    "talk": "相談や支援の途中、または控えている間のため",
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
class Picture:
    """All words of a plan on one line of time."""

    today_x: int
    heard_x: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """One time in which the resident is left in peace."""

    id: str
    words: str
    who: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """All that the page of one plan shows."""

    id: str
    handle: str
    window_id: str | None
    keeper: str
    keeper_left: bool
    """Whether the account of that person is closed."""
    mine: bool
    promised: str
    sender: str
    consents: tuple[CheckinConsent, ...]
    """Each yes, the newest first, with the words of its card."""
    ended: str
    resting: str
    unsafe: bool
    agreed_at: datetime | None
    holds: tuple[HoldView, ...]
    picture: Picture


async def load_plan(session: ReadSession, viewer: Viewer, plan_id: str, calendar: Calendar, words: CheckinWords, now: datetime) -> PlanView:
    """Return one plan that the viewer may see."""
    plan, resident = await get_plan(session, viewer, plan_id)
    query = select(CheckinContact).where(CheckinContact.plan_id == plan.id).order_by(CheckinContact.due_at.desc()).limit(_MOST)
    past = list(reversed((await session.scalars(query)).all()))
    holds = (await holds_of(session, [plan.resident_id], now)).get(plan.resident_id, [])
    wait_until = (await held_until(session, [plan.resident_id], now)).get(plan.resident_id)
    names = await names_of(session, {who for who in (plan.staff_id, *(hold.made_by for hold in holds)) if who})
    rest = why_resting(plan.facts())
    return PlanView(
        id=plan.id,
        handle=resident.handle,
        window_id=plan.window_id,
        keeper=names.get(plan.staff_id or "", ""),
        keeper_left=plan.staff_id is not None and await _has_left(session, plan.staff_id),
        mine=plan.staff_id == viewer.staff_id,
        promised=rhythm_words(plan.settings),
        sender=plan.sender_name,
        consents=tuple(await _consents(session, plan)),
        ended="" if plan.end_reason is None else END_WORDS[plan.end_reason],
        resting="" if rest is None or plan.ended_at else REST_WORDS[rest],
        unsafe=plan.unsafe_since is not None,
        agreed_at=plan.safe_agreed_at,
        holds=tuple(_hold(hold, names) for hold in holds),
        picture=_picture(plan, past, [] if plan.ended_at else to_come(plan, resident, calendar, now, wait_until), words, now),
    )


def _picture(plan: CheckinPlan, past: Sequence[CheckinContact], coming: Sequence[Contact], words: CheckinWords, now: datetime) -> Picture:
    begins = min([plan.consent_at, *(contact.due_at for contact in past)])
    ends = max([begins + _YEAR, now + timedelta(days=30), *(contact.at for contact in coming)])

    def place(at: datetime) -> int:
        return MARGIN + round((WIDTH - 2 * MARGIN) * min(1.0, max(0.0, (at - begins) / (ends - begins))))

    planned = [
        Mark(at=contact.at, x=place(contact.at), kind="planned", words="区切りのお便り" if contact.farewell else "", state="予定")
        for contact in coming
    ]
    marks = (*(_past(contact, place, words) for contact in past), *planned)
    return Picture(today_x=place(now), heard_x=place(plan.heard_at or plan.consent_at), marks=marks)


async def _consents(session: ReadSession, plan: CheckinPlan) -> Sequence[CheckinConsent]:
    """Return each yes, the newest first. A plan from before they were kept one by one has its latest."""
    query = select(CheckinConsent).where(CheckinConsent.plan_id == plan.id).order_by(CheckinConsent.id.desc())
    latest = CheckinConsent(agreed_at=plan.consent_at, way=plan.consent_way, text=plan.consent_text)
    return (await session.scalars(query)).all() or [latest]


async def _has_left(session: ReadSession, staff_id: str) -> bool:
    return await session.scalar(select(Staff.disabled_at).where(Staff.id == staff_id)) is not None


def _hold(hold: ContactHold, names: Mapping[str, str]) -> HoldView:
    return HoldView(id=hold.id, words=HOLD_WORDS[hold.kind], who=names.get(hold.made_by, ""), since=hold.made_at, until=hold.until)


def to_come(plan: CheckinPlan, resident: Resident, calendar: Calendar, now: datetime, wait_until: datetime | None = None) -> list[Contact]:
    """Return the words to come as they are planned today, while no answer comes."""
    facts, history = plan.facts(), history_of(plan, resident)
    found: list[Contact] = []
    moment = now
    while len(found) < _MOST and isinstance(contact := next_contact(facts, history, calendar, moment, wait_until=wait_until), Contact):
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
        words="" if text is None else text.shown,
        state="お返事がありました" if contact.answered_at else STATE_WORDS[contact.state] + (f"（{reason}）" if reason else ""),
    )
