"""What stands beside a talk: the household with its needs, how the danger went, when what happened; and sending again what did not go."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from handoff.accounts.viewer import Viewer
from handoff.desk import actions
from handoff.desk.errors import HeldError, StaleError, TooLateError
from handoff.desk.household import Person, household_of
from handoff.desk.reply import reply
from handoff.desk.resend import send_again
from handoff.desk.talk import load_talk
from handoff.desk.timeline import timeline_of
from intake.conversations.models import Conversation, Message
from intake.conversations.service import write_state
from intake.dialogue.turn import TalkState
from intake.outbox.models import OutboxItem, OutboxStatus
from nlp.reading import Concern, Reading, Risk, RiskKind
from routing.referral import Actor, Member, Need, Stage
from tests.handoff.support import ALARM, ASKED, WINDOW, Browser, World
from tests.handoff.test_fence import form

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STORY = TalkState(
    needs=(
        Need(concern=Concern.CARE, person="mother", stage=Stage.ELDER),
        Need(concern=Concern.RENT_LOAN),
        Need(concern=Concern.MENTAL),
        Need(concern=Concern.SCHOOL, person="son"),
    ),
    household=(Member(person="mother", age=80), Member(person="son", stage=Stage.CHILD), Member(person="brother")),
    district="鶴城",
    refuses_contact=True,
    actor=Actor.MINSEI,
)


def test_the_household_names_each_person_with_age_and_needs_the_writer_first() -> None:
    home = household_of(STORY)
    assert home.people == (
        Person(who="本人", life="", needs=("家賃・住宅ローン", "こころの不調")),
        Person(who="母", life="80歳くらい", needs=home.people[1].needs),
        Person(who="息子", life="18歳未満", needs=home.people[2].needs),
        Person(who="兄弟", life="", needs=()),
    )
    assert home.district == "鶴城"
    assert home.signs == ("支援を断っている人がいます", "民生委員・児童委員が書いています")


def test_what_staff_have_said_was_read_wrongly_is_no_need_any_more() -> None:
    assert household_of(STORY, {Concern.RENT_LOAN}).people[0].needs == ("こころの不調",)


@SQLITE
@pytest.mark.parametrize(
    ("kinds", "called"), [((), []), ((RiskKind.ABUSE,), ["虐待か迷うとき"]), ((RiskKind.SUICIDE,), ["死にたい気持ちが書かれているとき"])]
)
async def test_both_procedures_stand_beside_every_talk_and_those_that_its_signs_call_for_come_first(
    world: World, kinds: tuple[RiskKind, ...], called: list[str]
) -> None:
    talk = await world.talk(effects=(ASKED, replace(ALARM, risk_kinds=kinds)) if kinds else (ASKED,))
    page = (await (await world.browser(await world.staff("a"))).get(f"/talks/{talk.id}")).text
    found = re.findall(r'<details class="procedure"\s+(data-called)?[^>]*>\s*<summary>手順：(.*?)</summary>\s*<ol><li>', page)
    assert sorted(title for _, title in found) == ["死にたい気持ちが書かれているとき", "虐待か迷うとき"]
    assert [title for sign, title in found if sign] == called
    assert [title for _, title in found][: len(called)] == called


async def answered(world: World) -> tuple[Conversation, Viewer, Message, Browser]:
    talk, staff = await world.talk(), await world.staff("a")
    viewer = await world.viewer(staff)
    async with world.database.write() as session:
        message = await reply(session, world.ring, viewer, talk.id, form(), now=world.clock.now())
    return talk, viewer, message, await world.browser(staff)


async def settle(world: World, message: Message, status: OutboxStatus, reason: str | None) -> OutboxItem:
    async with world.database.write() as session:
        away = update(OutboxItem).where(OutboxItem.message_id == message.id)
        await session.execute(away.values(status=status, reason=reason, finished_at=world.clock.now(), attempts=3))
    return await item(world, message)


async def item(world: World, message: Message) -> OutboxItem:
    async with world.database.read() as session:
        return (await session.scalars(select(OutboxItem).where(OutboxItem.message_id == message.id))).one()


@SQLITE
async def test_the_page_shows_the_household_and_the_course_of_danger(world: World) -> None:
    talk = await world.talk(reading=Reading(risk=Risk.WATCH))
    async with world.database.write() as session:
        write_state(world.ring, await session.get_one(Conversation, talk.id), STORY, world.clock.now())
    world.clock.advance(minutes=1)
    await world.says(talk, "もう死にたい", reading=Reading(risk=Risk.URGENT))
    world.clock.advance(minutes=1)
    await world.says(talk, "さっきはすみません")
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.read() as session:
        shown = await load_talk(session, world.ring, viewer, talk.id)
    assert [one.risk for one in shown.risks] == [Risk.WATCH, Risk.URGENT, Risk.NONE]
    page = (await (await world.browser(await world.staff("b"))).get(f"/talks/{talk.id}")).text
    assert "世帯と困りごと" in page
    assert "80歳くらい" in page
    assert "鶴城" in page


@SQLITE
async def test_the_timeline_tells_what_happened_once_each_and_holds_no_words(world: World) -> None:
    talk, viewer, _, browser = await answered(world)
    world.clock.advance(minutes=1)
    async with world.database.write() as session:
        epoch = (await session.get_one(Conversation, talk.id)).epoch
        await actions.release(session, viewer, talk.id, epoch=epoch, now=world.clock.now())
    async with world.database.read() as session:
        told = [(one.words, one.window_id) for one in await timeline_of(session, talk.id)]
    assert told == [
        ("職員への引き継ぎ", None),
        ("担当が決まる", WINDOW),
        ("職員のはじめの返事", None),
        ("一覧に戻る", None),
    ]
    assert "経過（いつ、何があったか）" in (await browser.get(f"/talks/{talk.id}")).text


async def test_an_answer_that_failed_is_sent_again_as_if_just_written(world: World) -> None:
    talk, viewer, message, browser = await answered(world)
    before = await settle(world, message, OutboxStatus.FAILED, "refused")
    page = (await browser.get(f"/talks/{talk.id}")).text
    assert "失敗（LINEが受け付けませんでした）" in page
    assert "もう一度送る" in page
    world.clock.advance(hours=30)
    epoch = (await world.row(talk)).epoch
    async with world.database.write() as session:
        await send_again(session, viewer, talk.id, message.id, epoch=epoch, now=world.clock.now())
    after = await item(world, message)
    assert (after.status, after.attempts, after.created_at) == (OutboxStatus.WAITING, 0, world.clock.now())
    assert (after.reason, after.first_push_at, after.sealed_reply_token) == (None, None, None)
    assert after.retry_key != before.retry_key


@SQLITE
async def test_of_an_uncertain_one_staff_are_told_that_it_may_come_twice(world: World) -> None:
    talk, _, message, browser = await answered(world)
    await settle(world, message, OutboxStatus.UNCERTAIN, "reply_unknown")
    page = (await browser.get(f"/talks/{talk.id}")).text
    assert "同じ文が二回届きます" in page
    epoch = (await world.row(talk)).epoch
    assert (await browser.post(f"/talks/{talk.id}/replies/{message.id}/again", epoch=epoch)).status == 303
    assert (await item(world, message)).status is OutboxStatus.WAITING


@SQLITE
@pytest.mark.parametrize("status", [OutboxStatus.WAITING, OutboxStatus.SENDING, OutboxStatus.ACCEPTED, OutboxStatus.CANCELLED])
async def test_what_is_on_its_way_or_gone_is_not_sent_again(world: World, status: OutboxStatus) -> None:
    talk, viewer, message, browser = await answered(world)
    await settle(world, message, status, None)
    assert "もう一度送る" not in (await browser.get(f"/talks/{talk.id}")).text
    async with world.database.write() as session:
        with pytest.raises(TooLateError):
            await send_again(session, viewer, talk.id, message.id, epoch=(await world.row(talk)).epoch, now=world.clock.now())


@SQLITE
async def test_only_whoever_holds_the_talk_sends_again_and_only_what_staff_wrote_in_it(world: World) -> None:
    talk, viewer, message, _ = await answered(world)
    await settle(world, message, OutboxStatus.FAILED, "refused")
    epoch, now = (await world.row(talk)).epoch, world.clock.now()
    other = await world.viewer(await world.staff("b"))
    elsewhere = await world.talk()
    async with world.database.write() as session:
        with pytest.raises(HeldError):
            await send_again(session, other, talk.id, message.id, epoch=epoch, now=now)
        with pytest.raises(StaleError):
            await send_again(session, viewer, talk.id, message.id, epoch=epoch - 1, now=now)
        own = await actions.claim(session, viewer, elsewhere.id, now=now)
        with pytest.raises(TooLateError):
            await send_again(session, viewer, elsewhere.id, message.id, epoch=own.epoch, now=now)
