"""What staff and managers see and decide about check-ins."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role, Staff
from handoff.desk.outreach_models import OutreachChoice, OutreachWay
from intake.base.ids import new_id
from intake.checkins.decide import approved_keys
from intake.checkins.models import (
    CheckinContact,
    CheckinPause,
    CheckinPlan,
    ConsentWay,
    ContactState,
    PushBudget,
    SafeContact,
    WordsApproval,
)
from intake.checkins.plan import End
from intake.checkins.rhythm import CheckinSettings
from intake.checkins.service import CheckinContext, Consent, agree
from intake.checkins.words import default_words
from intake.conversations.models import Conversation, Message
from intake.conversations.service import open_utterance, write_state
from intake.dialogue.turn import TalkState
from intake.outbox.models import OutboxItem
from intake.residents.models import Resident
from tests.handoff.conftest import cities, world
from tests.handoff.support import CITY, OTHER_CITY, OTHER_WINDOW, WINDOW, World

__all__ = ["cities", "world"]


async def enrolled(world: World, handle: str = "つばめ 100", *, window: str | None = WINDOW, municipality: str = CITY) -> CheckinPlan:
    """A resident who agreed, after a talk that reached people."""
    talk = await world.talk(handle=handle, window=window, municipality=municipality)
    context = CheckinContext(ring=world.ring, cities=world.context.cities)
    async with world.database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        held.closed_at, held.close_reason = world.clock.now(), "answered"
        resident = await session.get_one(Resident, talk.resident_id)
        consent = Consent(settings=CheckinSettings(), text="お便りの内容です。", way=ConsentWay.TALK, heavy=False, window_id=window)
        return await agree(session, context, resident, talk.id, consent, world.clock.now())


async def plan_of(world: World, plan: CheckinPlan) -> CheckinPlan:
    async with world.database.read() as session:
        return (await session.scalars(select(CheckinPlan).where(CheckinPlan.id == plan.id))).one()


async def supervisor(world: World) -> Staff:
    return await world.staff("boss", Role.SUPERVISOR, name="責任者 鈴木")


async def test_the_list_shows_whom_one_may_see_with_the_longest_silent_first(world: World) -> None:
    old = await enrolled(world, "つばめ 100")
    world.clock.advance(days=3)
    await enrolled(world, "かえで 200")
    await enrolled(world, "すみれ 300", window=OTHER_WINDOW)
    await enrolled(world, "よもぎ 400", municipality=OTHER_CITY)
    page = (await (await world.browser(await world.staff("a"))).get("/outreach")).text
    assert page.index("つばめ 100") < page.index("かえで 200")
    assert "すみれ 300" not in page
    assert "よもぎ 400" not in page
    assert "そっと（1週間後" in page
    assert "2<small>" not in page.partition("これから一週間の予定")[0]
    other = await (await world.browser(await world.staff("b", windows=(OTHER_WINDOW,)))).get(f"/outreach/plans/{old.id}")
    assert other.status == 404


async def test_silence_leads_to_a_decision_that_is_kept_and_sends_nothing(world: World) -> None:
    plan = await enrolled(world)
    staff = await world.staff("a")
    browser = await world.browser(staff)
    for way in ("visit", "letter", "leave"):
        assert (await browser.post(f"/outreach/plans/{plan.id}/way", way=way)).status == 303
        world.clock.advance(minutes=1)
    assert "「そのままにする」と決めました" in (await browser.get("/outreach")).text
    async with world.database.read() as session:
        kept = (await session.scalars(select(OutreachChoice).order_by(OutreachChoice.id))).all()
        assert [choice.way for choice in kept] == [OutreachWay.VISIT, OutreachWay.LETTER, OutreachWay.LEAVE]
        assert {choice.made_by for choice in kept} == {staff.id}
        assert (await session.scalars(select(OutboxItem))).all() == []


async def test_the_plan_of_one_resident_is_one_picture_with_the_same_as_a_table(world: World) -> None:
    plan = await enrolled(world)
    async with world.database.write() as session:
        held, talk = await session.get_one(CheckinPlan, plan.id), await session.get_one(Conversation, plan.conversation_id)
        now = world.clock.now()
        message = Message(
            id=new_id(now),
            municipality=CITY,
            account="main",
            conversation_id=talk.id,
            author="bot",
            kind="utterance",
            occurred_at=now,
            created_at=now,
        )
        session.add(message)
        await session.flush()
        common = {"plan_id": held.id, "municipality": CITY, "not_after": now, "began_at": held.began_at, "decided_at": now}
        session.add(CheckinContact(due_at=now, step=0, state=ContactState.SENT, message_id=message.id, words_key="desk_pot", **common))
        session.add(CheckinContact(due_at=now + timedelta(hours=1), step=1, state=ContactState.REFUSED, reason="talk", **common))
    page = (await (await world.browser(await world.staff("a"))).get(f"/outreach/plans/{plan.id}")).text
    assert page.count('class="mark sent"') == 1
    assert page.count('class="mark refused"') == 1
    assert page.count('class="mark planned"') == 9
    assert "窓口の鉢植えに、新しい葉が一枚出ました。" in page
    assert "送りませんでした（相談や支援の途中、または控えている間のため）" in page
    assert "区切りのお便り" in page
    assert "お便りの内容です。" in page


async def test_managers_pause_everything_and_lift_it_again(world: World) -> None:
    await enrolled(world)
    browser = await world.browser(await supervisor(world))
    assert (await browser.post("/outreach/pauses", reason="大雨のため")).status == 303
    page = (await browser.get("/outreach")).text
    assert "すべての声かけをお休みしています" in page
    assert "大雨のため" in page
    assert page.count("お休み</span>") == 7
    assert (await browser.post("/outreach/pauses/lift")).status == 303
    assert "すべての声かけをお休みしています" not in (await browser.get("/outreach")).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "お休みの理由"),
        ({"reason": "雨", "until": "2020-01-01"}, "明日より先"),
        ({"reason": "雨", "until": "x"}, "もう一度選んで"),
    ],
)
async def test_a_pause_that_means_nothing_is_refused_in_a_kind_word(world: World, fields: dict[str, str], words: str) -> None:
    browser = await world.browser(await supervisor(world))
    answer = await browser.post("/outreach/pauses", form=fields)
    assert answer.status >= 400
    assert words in answer.text
    async with world.database.read() as session:
        assert (await session.scalars(select(CheckinPause))).all() == []


async def test_only_those_who_answer_for_the_service_pause_budget_and_approve(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    for path, fields in (
        ("pauses", {"reason": "雨"}),
        ("pauses/lift", {}),
        ("budgets", {"account": "main"}),
        ("words", {"words": "desk_pot.x"}),
        ("keepers", {"before": "a", "after": "b"}),
    ):
        assert (await browser.post(f"/outreach/{path}", form=fields)).status == 403, path
    assert "すべての声かけをお休みする" not in (await browser.get("/outreach")).text


async def test_the_forecast_says_what_the_pushes_will_not_bear(world: World) -> None:
    for number in range(4):
        await enrolled(world, f"つばめ {number}")
    browser = await world.browser(await supervisor(world))
    assert "月の上限は決められていません" in (await browser.get("/outreach")).text
    assert (await browser.post("/outreach/budgets", account="main", limit="1,002", reserve="1000")).status == 303
    assert "このままでは2通が来月に延びます" in (await browser.get("/outreach")).text
    async with world.database.read() as session:
        budget = (await session.scalars(select(PushBudget))).one()
    assert (budget.monthly_limit, budget.reserve) == (1002, 1000)
    assert (await browser.post("/outreach/budgets", account="main", limit="たくさん")).status >= 400


async def test_texts_are_approved_by_name_and_date_and_a_changed_text_is_not(world: World) -> None:
    browser = await world.browser(await supervisor(world))
    city = world.context.cities[CITY]
    context = CheckinContext(ring=world.ring, cities=world.context.cities)
    async with world.database.read() as session:
        assert await approved_keys(session, context, city) == frozenset()
    assert f"承認されていない文面が{len(default_words().texts)}件" in (await browser.get("/outreach")).text
    assert (
        await browser.post("/outreach/words", form={"words": f"desk_pot.{default_words().texts['desk_pot'].fingerprint}"})
    ).status == 303
    async with world.database.read() as session:
        assert await approved_keys(session, context, city) == {"desk_pot"}
        row = (await session.scalars(select(WordsApproval))).one()
    assert (row.approved_by, row.approved_at) == ("責任者 鈴木", world.clock.now())
    async with world.database.write() as session:
        (await session.get_one(WordsApproval, (CITY, "desk_pot"))).fingerprint = "another"
    async with world.database.read() as session:
        assert await approved_keys(session, context, city) == frozenset()


async def test_staff_suggest_and_only_the_resident_begins(world: World) -> None:
    talk, browser = await world.talk(), await world.browser(await world.staff("a"))
    assert (await browser.post(f"/outreach/suggestions/{talk.id}", epoch=1)).status == 409, "only whoever holds the talk suggests"
    await browser.post(f"/talks/{talk.id}/claim")
    epoch = (await world.row(talk)).epoch
    assert "声かけを提案する" in (await browser.get(f"/talks/{talk.id}")).text
    assert (await browser.post(f"/outreach/suggestions/{talk.id}", epoch=epoch)).status == 303
    async with world.database.read() as session:
        assert (await session.scalars(select(CheckinPlan))).all() == []
        message = (await session.scalars(select(Message).where(Message.author == "bot"))).one()
    utterance = open_utterance(world.ring, message)
    assert utterance is not None
    assert "v1:checkin:gentle" in [button.value for button in utterance.choices]


async def test_where_violence_was_read_an_agreement_comes_before_the_suggestion(world: World) -> None:
    talk, browser = await world.talk(), await world.browser(await world.staff("a"))
    await browser.post(f"/talks/{talk.id}/claim")
    async with world.database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        write_state(world.ring, held, TalkState(unsafe_contact=True), world.clock.now())
    epoch = (await world.row(talk)).epoch
    refused = await browser.post(f"/outreach/suggestions/{talk.id}", epoch=epoch)
    assert "安全な連絡の約束" in refused.text
    async with world.database.write() as session:
        session.add(SafeContact(resident_id=talk.resident_id, municipality=CITY, agreed_at=world.clock.now(), agreed_by="s"))
    assert (await browser.post(f"/outreach/suggestions/{talk.id}", epoch=epoch)).status == 303


async def test_an_agreement_on_safe_contact_lets_a_plan_go_on(world: World) -> None:
    plan, browser = await enrolled(world), await world.browser(await world.staff("a"))
    async with world.database.write() as session:
        (await session.get_one(CheckinPlan, plan.id)).unsafe_since = world.clock.now()
    assert "安全な連絡の約束を待っています" in (await browser.get("/outreach")).text
    assert (await browser.post(f"/outreach/plans/{plan.id}/safe")).status == 303
    assert (await browser.post(f"/outreach/plans/{plan.id}/keeper")).status == 303
    after = await plan_of(world, plan)
    assert after.safe_agreed_at == world.clock.now()
    assert after.staff_id is not None
    assert "安全な連絡の約束を待っています" not in (await browser.get("/outreach")).text


async def test_the_figures_count_answers_and_ends_by_choice(world: World) -> None:
    plans = [await enrolled(world, f"つばめ {number}") for number in range(3)]
    async with world.database.write() as session:
        ended = await session.get_one(CheckinPlan, plans[0].id)
        ended.ended_at, ended.end_reason, ended.next_at, ended.next_not_after = world.clock.now(), End.RESIDENT, None, None
        again = await session.get_one(CheckinPlan, plans[1].id)
        again.heard_at = world.clock.now() + timedelta(hours=1)
    page = " ".join((await (await world.browser(await world.staff("a"))).get("/outreach")).text.split())
    for words in ("いま受け取っている方</dt> <dd> 2<", "始めてから書いてくださった方</dt> <dd> 1<", "本人が終えた方</dt> <dd> 1<"):
        assert words in page
