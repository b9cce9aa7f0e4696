"""What staff do about check-ins: suggest them, agree on safe contact, decide on silence, pause all, set the budget."""

from datetime import datetime

from sqlalchemy import select, update

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import holder_names
from handoff.desk.checks import check_epoch, check_holder, check_open
from handoff.desk.errors import TextError
from handoff.desk.outreach import hold_visible_plan
from handoff.desk.outreach_models import OutreachChoice, OutreachWay
from handoff.desk.visibility import hold_visible
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.checkins.models import CheckinPause, PushBudget, SafeContact
from intake.checkins.service import calendar_for, hold_plan, replan
from intake.conversations.models import Author, Conversation
from intake.conversations.service import read_state, say
from intake.wording import Wording
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from intake.wording.speak import speak
from routing.city import City

LONGEST_REASON = 200
MOST_PUSHES = 10_000_000
LONGEST_ACCOUNT = 40
_RHYTHMS = [Choice.CHECKIN_GENTLE, Choice.CHECKIN_MONTHLY, Choice.CHECKIN_FORTNIGHTLY, Choice.CHECKIN_OWN, Choice.CHECKIN_NO]


async def suggest(
    session: WriteSession,
    ring: KeyRing,
    city: City,
    viewer: Viewer,
    talk_id: str,
    *,
    epoch: int,
    now: datetime,
    wording: Wording | None = None,
) -> Conversation:
    """Suggest check-ins in a talk that the viewer holds. They begin only when the resident says yes to the card."""
    check_permission(viewer, Permission.ANSWER)
    talk = await hold_visible(session, viewer, talk_id)
    check_open(talk)
    check_holder(talk, viewer, await holder_names(session, talk))
    check_epoch(talk, epoch)
    state = read_state(ring, talk)
    if state.unsafe_contact and await session.get(SafeContact, talk.resident_id) is None:
        raise TextError("この方には、先に「安全な連絡の約束」をしてから、声かけを提案してください。")
    style = {"kana": 1} if state.plain_kana or state.child_writer else {}
    params: dict[str, str | int | list[str]] = {"choices": [str(choice) for choice in _RHYTHMS], **style}
    utterance = speak((Reply(key=Key.ASK_CHECKIN, params=params),), city, now, overrides=wording)
    say(session, ring, talk, utterance.model_copy(update={"silent": state.unsafe_contact}), author=Author.BOT, now=now)
    return talk


async def agree_safe_contact(session: WriteSession, city: City, viewer: Viewer, resident_id: str, *, now: datetime) -> None:
    """Note that the viewer has agreed with a resident on how to write safely. Urgent words of violence later make it void."""
    check_permission(viewer, Permission.ANSWER)
    plan = await hold_plan(session, resident_id)
    known = await session.get(SafeContact, resident_id)
    if known is None:
        session.add(SafeContact(resident_id=resident_id, municipality=viewer.municipality, agreed_at=now, agreed_by=viewer.staff_id))
    else:
        known.agreed_at, known.agreed_by = now, viewer.staff_id
    if plan is not None:
        plan.safe_agreed_at, plan.safe_agreed_by = now, viewer.staff_id
        _, resident = await hold_visible_plan(session, viewer, plan.id)
        replan(plan, resident, await calendar_for(session, city, now), now)


async def agree_safe_plan(session: WriteSession, city: City, viewer: Viewer, plan_id: str, *, now: datetime) -> None:
    """Note the same from the page of a plan."""
    plan, _ = await hold_visible_plan(session, viewer, plan_id)
    await agree_safe_contact(session, city, viewer, plan.resident_id, now=now)


async def choose_way(session: WriteSession, viewer: Viewer, plan_id: str, way: OutreachWay, *, now: datetime) -> None:
    """Keep what was decided about somebody silent. Nothing is sent by it, to nobody."""
    check_permission(viewer, Permission.ANSWER)
    plan, _ = await hold_visible_plan(session, viewer, plan_id)
    session.add(
        OutreachChoice(id=new_id(now), municipality=viewer.municipality, plan_id=plan.id, way=way, made_by=viewer.staff_id, made_at=now)
    )


async def keep_in_touch(session: WriteSession, viewer: Viewer, plan_id: str) -> None:
    """Make the viewer the person who knows the resident: answers come to the top of their list."""
    check_permission(viewer, Permission.ANSWER)
    plan, _ = await hold_visible_plan(session, viewer, plan_id)
    plan.staff_id = viewer.staff_id


async def pause_all(session: WriteSession, viewer: Viewer, *, ends_at: datetime | None, reason: str, now: datetime) -> None:
    """Stop all check-ins of the municipality at once, until a moment or until it is lifted."""
    check_permission(viewer, Permission.TAKE_OVER)
    tidy = reason.strip()
    if not tidy or len(tidy) > LONGEST_REASON:
        raise TextError(f"お休みの理由を、{LONGEST_REASON}文字までで入力してください。")
    if ends_at is not None and ends_at <= now:
        raise TextError("お休みの終わりは、明日より先の日にしてください。")
    session.add(
        CheckinPause(
            id=new_id(now),
            municipality=viewer.municipality,
            begins_at=now,
            ends_at=ends_at,
            reason=tidy,
            made_by=viewer.staff_id,
            made_at=now,
        )
    )


async def lift_pauses(session: WriteSession, viewer: Viewer, *, now: datetime) -> None:
    """End every pause of the municipality. What was missed is spread over the next working days."""
    check_permission(viewer, Permission.TAKE_OVER)
    lasting = (CheckinPause.municipality == viewer.municipality, CheckinPause.lifted_at.is_(None))
    await session.execute(update(CheckinPause).where(*lasting).values(lifted_at=now))


async def set_budget(session: WriteSession, viewer: Viewer, account: str, *, limit: int | None, reserve: int, now: datetime) -> None:
    """Say how many pushes a month the account has, and how many are kept for alarms and the answers of people."""
    check_permission(viewer, Permission.TAKE_OVER)
    if not 0 < len(account) <= LONGEST_ACCOUNT:
        raise TextError("どのLINEアカウントの上限かを、画面から選んでください。")
    if not 0 <= reserve <= MOST_PUSHES or (limit is not None and not 0 <= limit <= MOST_PUSHES):
        raise TextError("通数は、0以上の数字で入力してください。")
    query = select(PushBudget).where(PushBudget.account == account).with_for_update()
    budget = await session.scalar(query)
    if budget is None:
        budget = PushBudget(account=account, municipality=viewer.municipality, month="", used=0)
        session.add(budget)
    elif budget.municipality != viewer.municipality:
        raise TextError("このアカウントは、ほかの自治体のものです。")
    budget.monthly_limit, budget.reserve, budget.set_by, budget.set_at = limit, reserve, viewer.staff_id, now
