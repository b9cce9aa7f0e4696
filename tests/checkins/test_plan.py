from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.checkins.calendar import Calendar, Pause
from intake.checkins.plan import GAP, Contact, End, History, Plan, Refusal, Rest, judge, next_contact
from intake.checkins.rhythm import OWN_DAYS, CheckinSettings, Hours, Rhythm
from routing.hours import TOKYO
from tests.checkins.people import CALENDAR, START, gap_faults, plan, time_faults

NOTHING = History()
chosen = st.one_of(
    st.builds(
        CheckinSettings, rhythm=st.sampled_from([rhythm for rhythm in Rhythm if rhythm is not Rhythm.OWN]), hours=st.sampled_from(Hours)
    ),
    st.builds(CheckinSettings, rhythm=st.just(Rhythm.OWN), every_days=st.sampled_from(OWN_DAYS), hours=st.sampled_from(Hours)),
)
moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
plans = st.builds(plan, key=st.text(max_size=8), chosen=chosen, began=moments, heavy=st.booleans())


def local(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def walk(given_plan: Plan, *, history: History = NOTHING, calendar: Calendar = CALENDAR) -> list[Contact]:
    """Send every word on its moment until the plan is over."""
    sent: list[Contact] = []
    now = given_plan.began_at
    while isinstance(found := next_contact(given_plan, history, calendar, now), Contact):
        assert judge(given_plan, history, calendar, found, found.at) is None
        sent.append(found)
        now = found.at
        history = replace(history, done=found.step + 1, last_sent_at=found.at)
    assert found is End.COMPLETED
    return sent


@given(plans)
def test_a_year_of_words_keeps_hours_days_off_and_the_week_between(given_plan: Plan) -> None:
    sent = walk(given_plan)
    assert [fault for contact in sent for fault in time_faults(given_plan.settings, contact.at, CALENDAR.closed_days)] == []
    assert gap_faults([contact.at for contact in sent], [(given_plan.began_at, given_plan.heavy)]) == []
    assert [contact.farewell for contact in sent] == [False] * (len(sent) - 1) + [True]
    assert all(contact.at < contact.not_after for contact in sent)


@given(plans, moments)
def test_the_same_question_has_always_the_same_answer(given_plan: Plan, now: datetime) -> None:
    assert next_contact(given_plan, NOTHING, CALENDAR, now) == next_contact(given_plan, NOTHING, CALENDAR, now)


@given(plans, st.integers(min_value=0, max_value=30), st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=800)))
def test_whatever_the_clock_says_no_word_is_due_before_now_or_within_a_week(given_plan: Plan, done: int, shift: timedelta) -> None:
    last = given_plan.began_at + timedelta(days=20)
    now = last + shift
    found = next_contact(given_plan, History(done=done, last_sent_at=last), CALENDAR, now)
    if isinstance(found, Contact):
        assert found.at >= now
        assert found.at - last >= (timedelta(days=4) if given_plan.heavy and found.step == 1 else GAP)
        assert time_faults(given_plan.settings, found.at, CALENDAR.closed_days) == []


def test_the_gentle_rhythm_falls_on_its_days() -> None:
    offsets = [(local(contact.at) - local(START)).days for contact in walk(plan())]
    for found, meant in zip(offsets, [7, 30, 61, 91, 122, 183, 244, 306, 365], strict=True):
        assert meant <= found <= meant + 7


def test_after_a_heavy_talk_the_next_day_and_the_first_week_are_kept() -> None:
    assert [(local(contact.at) - local(START)).days for contact in walk(plan(heavy=True))][:2] == [1, 7]


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekly_rhythm_is_kept_on_whatever_day_it_begins(weekday: int) -> None:
    weekly = plan(chosen=CheckinSettings(rhythm=Rhythm.OWN, every_days=7), began=START + timedelta(days=weekday))
    first_half = [contact for contact in walk(weekly) if contact.at < START + timedelta(days=182)]
    assert len(first_half) >= 20


def test_two_residents_of_one_day_are_not_written_to_at_one_minute() -> None:
    found = [next_contact(plan(f"resident-{number}"), NOTHING, CALENDAR, START) for number in range(200)]
    assert len({contact.at for contact in found if isinstance(contact, Contact)}) > 100


def test_a_reply_starts_the_rhythm_anew() -> None:
    answered = START + timedelta(days=100)
    found = next_contact(plan(began=answered), History(heard_at=answered, last_sent_at=answered - timedelta(days=1)), CALENDAR, answered)
    assert isinstance(found, Contact)
    assert (found.step, local(found.at)) == (0, local(answered) + timedelta(days=7))


def test_after_three_days_down_each_resident_is_due_once_and_nobody_at_once() -> None:
    now = START + timedelta(days=10)
    late = [next_contact(plan(f"r{number}"), NOTHING, CALENDAR, now, late=timedelta(days=3)) for number in range(400)]
    days = [local(contact.at) for contact in late if isinstance(contact, Contact)]
    assert len(days) == 400
    assert max(days.count(day) for day in set(days)) < 260
    assert len({contact.at for contact in late if isinstance(contact, Contact)}) > 300


def test_after_three_months_down_the_missed_months_are_left_out() -> None:
    found = next_contact(plan(), History(done=1, last_sent_at=START + timedelta(days=7)), CALENDAR, START + timedelta(days=120))
    assert isinstance(found, Contact)
    assert found.step == 5 - 1


@pytest.mark.parametrize(
    ("given_plan", "history", "meant"),
    [
        (plan(), History(blocked_at=START), End.BLOCKED),
        (plan(), History(stopped_at=START + timedelta(seconds=1)), End.STOPPED),
        (plan(friend=False), NOTHING, End.NO_FRIEND),
        (plan(paused_at=START - timedelta(days=180)), NOTHING, End.LAPSED),
        (plan(), History(done=9), End.COMPLETED),
        (plan(paused_at=START), NOTHING, Rest.PAUSED),
        (plan(unsafe_since=START), NOTHING, Rest.UNSAFE),
        (plan(unsafe_since=START, safe_agreed_at=START - timedelta(days=1)), NOTHING, Rest.UNSAFE),
    ],
)
def test_what_bars_a_word_bars_it_in_planning_and_at_sending(given_plan: Plan, history: History, meant: End | Rest) -> None:
    now = START + timedelta(days=7, hours=1)
    due = Contact(at=now - timedelta(minutes=1), not_after=now + timedelta(hours=1), step=0, began_at=START)
    assert next_contact(given_plan, history, CALENDAR, now) is meant
    assert judge(given_plan, history, CALENDAR, due, now) is (Refusal.RESTING if isinstance(meant, Rest) else meant)


def test_with_an_agreement_on_safe_contact_words_may_go_out_again() -> None:
    agreed = plan(unsafe_since=START, safe_agreed_at=START + timedelta(hours=1))
    assert isinstance(next_contact(agreed, NOTHING, CALENDAR, START), Contact)


def test_consent_after_a_stop_counts() -> None:
    assert isinstance(next_contact(plan(), History(stopped_at=START - timedelta(days=1)), CALENDAR, START), Contact)


DUE = Contact(at=START + timedelta(days=7), not_after=START + timedelta(days=7, hours=3), step=0, began_at=START)


@pytest.mark.parametrize(
    ("now", "history", "meant"),
    [
        (DUE.at, NOTHING, None),
        (DUE.at - timedelta(seconds=1), NOTHING, Refusal.EARLY),
        (DUE.not_after, NOTHING, Refusal.LATE),
        (DUE.at + timedelta(days=3), NOTHING, Refusal.LATE),
        (DUE.at, History(busy=True), Refusal.TALK),
        (DUE.at, History(done=1, last_sent_at=DUE.at - timedelta(minutes=1)), Refusal.CHANGED),
        (DUE.at, History(last_sent_at=DUE.at - timedelta(days=6)), Refusal.WEEK),
        (DUE.at, History(last_sent_at=DUE.at + timedelta(days=1)), Refusal.WEEK),
    ],
)
def test_a_word_is_judged_again_at_the_moment_of_sending(now: datetime, history: History, meant: Refusal | None) -> None:
    assert judge(plan(), history, CALENDAR, DUE, now) is meant


def test_a_word_filed_before_a_reply_is_not_said_after_it() -> None:
    assert judge(plan(began=DUE.at + timedelta(seconds=5)), NOTHING, CALENDAR, DUE, DUE.at + timedelta(seconds=9)) is Refusal.CHANGED


def test_a_closing_day_that_was_entered_after_the_planning_is_kept() -> None:
    closed = replace(CALENDAR, closed_days=frozenset({local(DUE.at)}))
    assert judge(plan(), NOTHING, closed, DUE, DUE.at) is Refusal.CLOSED


def test_a_pause_of_the_municipality_is_waited_out() -> None:
    paused = replace(CALENDAR, pauses=(Pause(begins_at=START, ends_at=START + timedelta(days=30)),))
    found = next_contact(plan(), NOTHING, paused, START)
    assert isinstance(found, Contact)
    assert found.at >= START + timedelta(days=30)
    assert judge(plan(), NOTHING, paused, DUE, DUE.at) is Refusal.RESTING


def test_a_pause_without_an_end_leaves_nothing_due() -> None:
    paused = replace(CALENDAR, pauses=(Pause(begins_at=START),))
    assert next_contact(plan(), NOTHING, paused, START) is Rest.ALL_PAUSED
