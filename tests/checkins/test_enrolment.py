"""The resident begins, changes, rests and ends check-ins in the talk; what they write back is read for danger and goes to a person."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.checkins import run_checkins
from handoff.accounts.models import Role
from handoff.accounts.staff import add_staff
from handoff.accounts.viewer import Viewer
from handoff.desk.models import Alarm, Episode, HandoffReason
from handoff.desk.queue import load_queue
from handoff.desk.queue_query import Asker, QueueView
from intake.checkins.models import CheckinPlan, ConsentWay, ContactState, SafeContact
from intake.checkins.plan import End
from intake.checkins.rhythm import Hours, Rhythm, Sender, Style
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller
from intake.residents.models import Resident
from tests.checkins.rows import contacts_of
from tests.checkins.test_sweep import until_due
from tests.support.line import event, text_event, user
from tests.support.world import CITY, World


async def follow(world: World) -> None:
    await world.hear(event("follow", world.clock.now(), follow={"isUnblocked": False}))


async def tap(world: World, data: str) -> list[str]:
    return await hear(world, event("postback", world.clock.now(), postback={"data": f"v1:{data}"}))


async def say(world: World, words: str) -> list[str]:
    return await hear(world, text_event(words, world.clock.now()))


async def hear(world: World, deed: dict[str, Any]) -> list[str]:
    """Let the resident do something; returns what comes back."""
    before = len(world.line.calls)
    world.clock.advance(seconds=61)
    deed["timestamp"] = int(world.clock.now().timestamp() * 1000)
    await world.hear(deed)
    return [text for call in world.line.calls[before:] for text in call.texts()]


async def plan_in(world: World) -> CheckinPlan:
    async with world.database.read() as session:
        return (await session.scalars(select(CheckinPlan).order_by(CheckinPlan.id.desc()).limit(1))).one()


async def enrolled(world: World, *choices: str) -> CheckinPlan:
    await follow(world)
    for choice in ("checkin", "checkin:gentle", *choices, "checkin:yes", "end"):
        await tap(world, choice)
    return await plan_in(world)


async def written_to(world: World, plan: CheckinPlan) -> None:
    """Let the first check-in reach the resident."""
    await until_due(world, plan)
    assert await run_checkins(world.runtime) == 1
    await world.send()
    await run_checkins(world.runtime)


def quick_replies(world: World) -> list[str]:
    shown = world.line.calls[-1].messages[-1].get("quickReply", {"items": []})
    return [item["action"].get("data", "") for item in shown["items"]]


async def test_check_ins_are_offered_at_the_end_of_a_talk_and_begin_only_with_a_yes_to_the_card(world: World) -> None:
    await follow(world)
    await say(world, "家賃が払えなくて困っています")
    await tap(world, "end")
    assert "v1:checkin" in quick_replies(world)
    offer = "\n".join(await tap(world, "checkin"))
    assert "返事はいりません" in offer
    await tap(world, "checkin:monthly")
    await tap(world, "checkin:morning")
    card = (await tap(world, "checkin:neutral"))[0]
    assert "月に1回（半年からは2か月に1回）" in card
    assert "平日の午前" in card
    assert "名前：つなぎ" in card
    async with world.database.read() as session:
        assert (await session.scalars(select(CheckinPlan))).all() == []
    await tap(world, "checkin:yes")
    plan = await plan_in(world)
    assert (plan.rhythm, plan.hours, plan.sender, plan.style) == (Rhythm.MONTHLY, Hours.MORNING, Sender.NEUTRAL, Style.ORDINARY)
    assert (plan.consent_at, plan.consent_text, plan.consent_way) == (world.clock.now(), card, ConsentWay.TALK)
    assert plan.friend
    assert plan.next_at is not None


async def test_a_no_to_the_card_and_an_old_yes_begin_nothing(world: World) -> None:
    await follow(world)
    for choice in ("checkin", "checkin:gentle", "checkin:no", "checkin:yes"):
        await tap(world, choice)
    async with world.database.read() as session:
        assert (await session.scalars(select(CheckinPlan))).all() == []


async def test_an_own_rhythm_and_plain_writing_can_be_chosen_and_changed(world: World) -> None:
    await enrolled(world, "checkin:own", "checkin:d21", "checkin:plain", "checkin:hours", "checkin:afternoon")
    plan = await plan_in(world)
    assert (plan.every_days, plan.style, plan.hours) == (21, Style.PLAIN, Hours.AFTERNOON)
    await tap(world, "checkin:change")
    await tap(world, "checkin:fortnightly")
    await tap(world, "checkin:yes")
    changed = await plan_in(world)
    assert (changed.id, changed.rhythm, changed.every_days, changed.style) == (plan.id, Rhythm.FORTNIGHTLY, None, Style.PLAIN)
    assert changed.consent_at > plan.consent_at


@pytest.mark.parametrize("wish", ["tap", "もう大丈夫です", "声かけはもういりません", "お便りはやめてください"])
async def test_one_tap_or_a_word_ends_them_with_the_door_left_open(world: World, wish: str) -> None:
    plan = await enrolled(world)
    await written_to(world, plan)
    assert {"v1:checkin:pause", "v1:checkin:end"} <= set(quick_replies(world))
    answer = await (tap(world, "checkin:end") if wish == "tap" else say(world, wish))
    assert "この窓口は閉じません" in answer[0]
    after = await plan_in(world)
    assert (after.end_reason, after.next_at) == (End.RESIDENT, None)


@pytest.mark.parametrize("wish", ["tap", "そっとしておいてください", "お便りは少し休みたいです"])
async def test_one_tap_or_a_word_rests_them_until_the_resident_wants_them_again(world: World, wish: str) -> None:
    plan = await enrolled(world)
    await written_to(world, plan)
    answer = await (tap(world, "checkin:pause") if wish == "tap" else say(world, wish))
    assert "お休みします" in answer[0] or "やすみます" in answer[0]
    paused = await plan_in(world)
    assert paused.paused_at == world.clock.now()
    assert paused.next_at is not None
    assert paused.next_at - world.clock.now() > timedelta(days=150)
    await tap(world, "checkin:resume")
    resumed = await plan_in(world)
    assert (resumed.paused_at, resumed.done, resumed.began_at) == (None, 0, world.clock.now())


async def test_stopping_all_notices_and_erasing_the_records_end_them_too(world: World) -> None:
    await enrolled(world)
    await say(world, "お知らせを止めてください")
    assert (await plan_in(world)).end_reason is End.STOPPED
    await enrolled(world)
    await tap(world, "erase")
    await tap(world, "erase:yes")
    assert (await plan_in(world)).end_reason is End.ERASED


async def test_a_block_ends_them_quietly(world: World) -> None:
    await enrolled(world)
    before = len(world.line.calls)
    await world.hear(event("unfollow", world.clock.now() + timedelta(minutes=2)))
    assert (await plan_in(world)).end_reason is End.BLOCKED
    assert len(world.line.calls) == before


async def test_seven_days_without_friendship_end_them_quietly(world: World) -> None:
    for choice in ("checkin", "checkin:monthly", "checkin:yes", "end"):
        await tap(world, choice)
    plan = await plan_in(world)
    assert not plan.friend
    await until_due(world, plan)
    assert await run_checkins(world.runtime) == 0
    assert (await plan_in(world)).end_reason is End.NO_FRIEND


async def test_an_answer_is_received_with_thanks_and_stands_at_the_top_of_the_list_of_who_knows_the_resident(world: World) -> None:
    plan = await enrolled(world)
    viewer = await counsellor(world)
    async with world.database.write() as session:
        (await session.get_one(CheckinPlan, plan.id)).staff_id = viewer.staff_id
    await written_to(world, plan)
    await world.hear(text_event("職員と話したい", world.clock.now(), who=user(2)))
    (thanks,) = await say(world, "お便り、うれしかったです。こちらも蝉が鳴いています")
    assert thanks.startswith("お便りに書いてくださって、ありがとうございます")
    (contact,) = await contacts_of(world.database, plan)
    assert (contact.state, contact.answered_at) == (ContactState.SENT, world.clock.now())
    after = await plan_in(world)
    assert (after.began_at, after.done, after.heard_at) == (world.clock.now(), 0, world.clock.now())
    async with world.database.read() as session:
        reason = await session.scalar(select(Episode.reason).order_by(Episode.id.desc()).limit(1))
        resident = await session.get_one(Resident, plan.resident_id)
        queue = await load_queue(session, world.ring, Asker(viewer=viewer, now=world.clock.now()), QueueView.WAITING)
    assert reason is HandoffReason.CHECKIN
    assert next(row.handle for row in queue.rows) == resident.handle
    assert queue.rows[0].reason == "声かけへのお返事"
    assert await say(world, "それだけです") == [], "the machine has said its thanks; a person answers"


async def counsellor(world: World) -> Viewer:
    async with world.database.write() as session:
        staff = await add_staff(
            session,
            municipality=CITY,
            login="s",
            display_name="相談員",
            role=Role.RECEPTION,
            window_ids=(),
            password_hash="-",
            now=world.clock.now(),
        )
    return Viewer(staff_id=staff.id, municipality=CITY, display_name="相談員", role=Role.RECEPTION, windows=frozenset())


async def test_danger_in_an_answer_is_read_before_anything_else(world: World) -> None:
    plan = await enrolled(world)
    await written_to(world, plan)
    answer = "\n".join(await say(world, "ありがとう。でももう死にたいです"))
    assert "0120-279-" in answer
    assert "お便りに書いてくださって" not in answer
    async with world.database.read() as session:
        assert len((await session.scalars(select(Alarm))).all()) == 1
        talk = (await session.scalars(select(Conversation).where(Conversation.closed_at.is_(None)))).one()
    assert talk.controller is Controller.WAITING
    after = await plan_in(world)
    assert after.heavy
    assert (await contacts_of(world.database, plan))[0].answered_at is not None


async def test_nothing_is_said_while_the_answer_waits_for_a_person(world: World) -> None:
    plan = await enrolled(world)
    await written_to(world, plan)
    await say(world, "読みました。ありがとう")
    for _ in range(3):
        await until_due(world, await plan_in(world))
        assert await run_checkins(world.runtime) == 0
    assert {contact.reason for contact in (await contacts_of(world.database, plan))[1:]} == {"talk"}


async def test_who_lives_with_violence_is_offered_nothing_and_begins_only_with_a_person(world: World) -> None:
    await follow(world)
    await say(world, "夫に殴られました")
    await tap(world, "end")
    assert "v1:checkin" not in quick_replies(world)
    answer = "\n".join(await tap(world, "checkin"))
    assert "職員と決めてから" in answer
    await tap(world, "checkin:gentle")
    await tap(world, "checkin:yes")
    async with world.database.read() as session:
        assert (await session.scalars(select(CheckinPlan))).all() == []


async def test_violence_that_is_told_later_rests_the_plan_until_there_is_an_agreement(world: World) -> None:
    plan = await enrolled(world)
    await say(world, "夫に殴られました")
    assert (await plan_in(world)).unsafe_since is not None
    async with world.database.write() as session:
        talk = (await session.scalars(select(Conversation).where(Conversation.closed_at.is_(None)))).one()
        talk.closed_at, talk.controller = world.clock.now(), Controller.BOT
    for _ in range(2):
        await until_due(world, await plan_in(world))
        assert await run_checkins(world.runtime) == 0
    async with world.database.write() as session:
        session.add(SafeContact(resident_id=plan.resident_id, municipality=CITY, agreed_at=world.clock.now(), agreed_by="s"))
        held = await session.get_one(CheckinPlan, plan.id)
        held.safe_agreed_at, held.safe_agreed_by = world.clock.now(), "s"
    await tap(world, "checkin:resume")
    await tap(world, "end")
    world.clock.advance(hours=25)
    await until_due(world, await plan_in(world))
    assert await run_checkins(world.runtime) == 1
    await world.send()
    assert world.line.calls[-1].silent


async def test_after_a_heavy_talk_the_next_day_is_kept(world: World) -> None:
    plan = await enrolled(world)
    await say(world, "もう死にたいです")
    async with world.database.write() as session:
        talk = (await session.scalars(select(Conversation).where(Conversation.closed_at.is_(None)))).one()
        talk.closed_at, talk.controller = world.clock.now(), Controller.BOT
    after = await plan_in(world)
    assert after.id == plan.id
    assert after.heavy
    assert after.next_at is not None
    assert timedelta(hours=12) < after.next_at - world.clock.now() < timedelta(hours=36)


async def test_words_about_feeling_fine_in_a_talk_with_staff_end_nothing(world: World) -> None:
    await enrolled(world)
    await say(world, "職員と話したい")
    async with world.database.write() as session:
        talk = (await session.scalars(select(Conversation).where(Conversation.closed_at.is_(None)))).one()
        talk.controller, talk.owner = Controller.STAFF, "01STAFF"
    assert await say(world, "もう大丈夫です") == []
    assert (await plan_in(world)).ended_at is None
    assert "これで終わり" in (await say(world, "お便りはもういりません"))[0]
