"""通告・通報: the form opens by itself, is judged, reported and ended by its deadlines, and nobody has to remember it."""

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.audit.models import Action
from handoff.desk.models import Alarm, Episode
from handoff.report_abuse.erasing import erase_what_was_held
from handoff.report_abuse.models import AbuseReport, AbuseReportStep, StepKind
from intake.conversations.erasure import erase_talks
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.turn import Effect, EffectKind
from intake.residents.models import Resident
from nlp.reading import Concern, Reading, Risk, RiskKind, Speaker
from tests.care.support import called, recorded
from tests.handoff.support import ASKED, OTHER_WINDOW, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SIGN = Reading(concerns=(Concern.ABUSE,), speaker=Speaker.NEIGHBOUR)


async def report_of(world: World, talk: Conversation) -> AbuseReport:
    async with world.database.read() as session:
        return (await session.scalars(select(AbuseReport).where(AbuseReport.conversation_id == talk.id))).one()


async def told(world: World) -> tuple[Conversation, Browser]:
    """A talk in which abuse was read, and a browser of somebody who may answer it."""
    talk = await world.talk("隣の子が毎晩たたかれています", reading=SIGN)
    return talk, await world.browser(await world.staff("a"))


async def post(browser: Browser, talk: Conversation, step: str, **form: str) -> Answer:
    return await browser.post(f"/talks/{talk.id}/report/{step}", form=dict(form))


@pytest.mark.parametrize(
    "reading",
    [
        Reading(concerns=(Concern.ABUSE,), speaker=Speaker.SELF),
        Reading(concerns=(Concern.ABUSE,), speaker=Speaker.NEIGHBOUR),
        Reading(risk=Risk.URGENT, risk_kinds=(RiskKind.ABUSE,), speaker=Speaker.SUPPORTER),
    ],
)
async def test_the_form_opens_at_the_first_sign_whoever_speaks(world: World, reading: Reading) -> None:
    talk = await world.talk(reading=reading)
    report = await report_of(world, talk)
    assert (report.raised_at, report.opened_at, report.judgement) == (world.clock.now(), None, None)
    assert (report.due_at - report.raised_at).total_seconds() == 24 * 3600


async def test_no_form_opens_without_a_sign_and_a_second_sign_opens_no_second(world: World) -> None:
    calm = await world.talk("家賃のことです", reading=Reading(concerns=(Concern.RENT_LOAN,)))
    talk = await world.talk(reading=SIGN)
    await world.says(talk, "今日もです", reading=SIGN)
    async with world.database.read() as session:
        found = (await session.scalars(select(AbuseReport.conversation_id))).all()
    assert found == [talk.id]
    assert (await (await world.browser(await world.staff("a"))).get(f"/talks/{calm.id}/report")).status == 404


async def test_a_sign_that_raised_no_alarm_must_be_opened_by_a_person_all_the_same(world: World) -> None:
    talk = await world.talk(effects=(), reading=SIGN)
    async with world.database.read() as session:
        alarm = (await session.scalars(select(Alarm).where(Alarm.conversation_id == talk.id))).one()
    assert (alarm.kinds, alarm.risk) == ("abuse", Risk.WATCH)


async def test_an_alarm_of_its_own_is_not_doubled(world: World) -> None:
    effect = Effect(kind=EffectKind.ALARM_RAISED, risk=Risk.URGENT, risk_kinds=(RiskKind.ABUSE,))
    talk = await world.talk(effects=(ASKED, effect), reading=SIGN)
    async with world.database.read() as session:
        assert len((await session.scalars(select(Alarm.id).where(Alarm.conversation_id == talk.id))).all()) == 1


async def test_the_moment_of_the_first_opening_is_kept_and_no_later_one(world: World) -> None:
    talk, browser = await told(world)
    world.clock.advance(minutes=7)
    first = world.clock.now()
    await browser.get(f"/talks/{talk.id}/report")
    world.clock.advance(minutes=5)
    await browser.get(f"/talks/{talk.id}/report")
    report = await report_of(world, talk)
    assert report.opened_at == first
    async with world.database.read() as session:
        kinds = [step.kind for step in await session.scalars(select(AbuseReportStep).order_by(AbuseReportStep.id))]
    assert kinds == [StepKind.RAISED, StepKind.OPENED]


async def test_the_talk_leads_to_the_form_and_the_form_to_what_to_do_when_in_doubt(world: World) -> None:
    talk, browser = await told(world)
    page = (await browser.get(f"/talks/{talk.id}")).text
    assert "通告・通報の票が開いています" in page
    assert "虐待か迷うとき" in page
    form = (await browser.get(f"/talks/{talk.id}/report")).text
    assert "虐待か迷うとき" in form
    assert "該当しない" in form


async def test_not_applying_needs_a_reason_and_ends_the_matter(world: World) -> None:
    talk, browser = await told(world)
    refused = await post(browser, talk, "judgement", judgement="not_applies", reason=" ")
    assert (refused.status, "理由を書いてください" in refused.text) == (422, True)
    assert (await post(browser, talk, "judgement", judgement="not_applies", reason="本人の勘違いと確認")).status == 303
    report = await report_of(world, talk)
    assert report.settled_at == world.clock.now()
    assert (await world.row(talk)).held_at is None
    assert "本人の勘違いと確認" in (await browser.get(f"/talks/{talk.id}/report")).text


async def test_a_new_sign_opens_a_form_that_was_put_away(world: World) -> None:
    talk, browser = await told(world)
    await post(browser, talk, "judgement", judgement="not_applies", reason="確認した")
    world.clock.advance(days=2)
    await world.says(talk, "またです", reading=SIGN)
    report = await report_of(world, talk)
    assert (report.settled_at, report.judgement) == (None, None)
    assert report.due_at > world.clock.now()


async def test_a_doubt_calls_the_manager_and_is_enough_to_report(world: World) -> None:
    chief = await world.staff("chief", Role.MANAGER)
    talk, browser = await told(world)
    early = await post(browser, talk, "made", recipient="189", means="電話")
    assert early.status == 409
    await post(browser, talk, "judgement", judgement="unsure", reason="声だけ聞いた")
    assert await called(world, talk) == [chief.id]
    assert (await post(browser, talk, "made", recipient="こども家庭センター", means="電話", details="住所を伝えた")).status == 303
    report = await report_of(world, talk)
    assert report.reported_at == world.clock.now()
    late = await post(browser, talk, "judgement", judgement="not_applies", reason="やはり違う")
    assert late.status == 409


async def test_the_outcome_ends_the_form_and_not_knowing_yet_keeps_it_open(world: World) -> None:
    talk, browser = await told(world)
    assert (await post(browser, talk, "outcome", outcome="accepted")).status == 409
    await post(browser, talk, "judgement", judgement="applies")
    await post(browser, talk, "made", recipient="189", means="電話")
    world.clock.advance(hours=30)
    browser = await world.browser(await world.staff("b"))
    await post(browser, talk, "outcome", outcome="unknown")
    assert (await report_of(world, talk)).settled_at is None
    await post(browser, talk, "outcome", outcome="accepted", outcome_details="担当は家庭支援係")
    assert (await report_of(world, talk)).settled_at == world.clock.now()
    codes = [entry.details for entry in await recorded(world, Action.REPORT_CHANGED)]
    assert codes == ["judged:applies", "reported", "outcome:unknown", "outcome:accepted"]


async def test_the_manager_sees_what_is_late_in_the_own_windows_only(world: World) -> None:
    talk, _ = await told(world)
    other = await world.talk("よその窓口", window=OTHER_WINDOW, reading=SIGN, handle="かえで 999")
    await world.staff("chief-b", Role.MANAGER, windows=(OTHER_WINDOW,))
    chief = await world.staff("chief", Role.MANAGER)
    calm = (await (await world.browser(chief)).get("/oversight")).text
    assert "期限を過ぎたものはありません" in calm
    world.clock.advance(hours=25)
    page = (await (await world.browser(chief)).get("/oversight")).text
    assert "期限を過ぎたものが1件あります" in page
    assert f"/talks/{talk.id}/report" in page
    assert other.id not in page


async def test_a_form_is_not_for_other_windows(world: World) -> None:
    talk, _ = await told(world)
    browser = await world.browser(await world.staff("b", windows=(OTHER_WINDOW,)))
    assert (await browser.get(f"/talks/{talk.id}/report")).status == 404
    assert (await post(browser, talk, "judgement", judgement="applies")).status == 404
    assert (await report_of(world, talk)).opened_at is None


async def test_a_look_of_who_may_not_answer_counts_as_no_opening(world: World) -> None:
    talk, _ = await told(world)
    assert (await (await world.browser(await world.staff("s", Role.STATISTICS))).get(f"/talks/{talk.id}/report")).status == 403
    assert (await report_of(world, talk)).opened_at is None


async def test_words_under_a_report_are_held_when_the_resident_asks_to_erase_them(world: World) -> None:
    talk, browser = await told(world)
    async with world.database.write() as session:
        resident = await session.get_one(Resident, talk.resident_id)
        await erase_talks(session, world.ring, resident, world.clock.now())
    async with world.database.read() as session:
        kept = (await session.scalars(select(Message).where(Message.conversation_id == talk.id))).one()
    assert kept.sealed_body is not None
    assert (await world.row(talk)).erase_asked_at is not None
    assert "虐待の手がかりがあるため" in (await browser.get(f"/talks/{talk.id}")).text


async def wishes_to_erase(world: World, talk: Conversation) -> None:
    async with world.database.write() as session:
        resident = await session.get_one(Resident, talk.resident_id)
        await erase_talks(session, world.ring, resident, world.clock.now())


async def sweep(world: World) -> int:
    async with world.database.write() as session:
        return await erase_what_was_held(session, world.ring, world.clock.now())


async def test_a_wish_to_erase_is_carried_out_a_day_after_the_form_was_put_away(world: World) -> None:
    talk, browser = await told(world)
    await wishes_to_erase(world, talk)
    await post(browser, talk, "judgement", judgement="not_applies", reason="確認した")
    assert await sweep(world) == 0
    world.clock.advance(hours=24)
    assert await sweep(world) == 1
    row = await world.row(talk)
    assert (row.erased_at, row.close_reason) == (world.clock.now(), "erased")
    async with world.database.read() as session:
        assert set(await session.scalars(select(Message.sealed_body).where(Message.author == Author.RESIDENT))) == {None}
        assert (await session.scalars(select(Episode.close_reason))).one() == "erased"
    assert await sweep(world) == 0


@pytest.mark.parametrize("stops", ["a new sign", "another judgement", "danger", "no wish"])
async def test_what_must_still_be_held_is_not_erased(world: World, stops: str) -> None:
    talk, browser = await told(world)
    if stops != "no wish":
        await wishes_to_erase(world, talk)
    await post(browser, talk, "judgement", judgement="not_applies", reason="確認した")
    world.clock.advance(hours=20)
    if stops == "a new sign":
        await world.says(talk, "またです", reading=SIGN)
    elif stops == "another judgement":
        browser = await world.browser(await world.staff("b"))
        await post(browser, talk, "judgement", judgement="applies", reason="聞きなおした")
    elif stops == "danger":
        await world.says(talk, "もう死にたい", Effect(kind=EffectKind.ALARM_RAISED, risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,)))
    world.clock.advance(hours=28)
    assert await sweep(world) == 0
    assert (await world.row(talk)).erased_at is None


async def test_what_is_written_on_the_form_is_sealed(world: World) -> None:
    talk, browser = await told(world)
    await post(browser, talk, "judgement", judgement="not_applies", reason="蟋蟀堂の件")
    async with world.database.read() as session:
        steps = (await session.scalars(select(AbuseReportStep))).all()
    assert all("蟋蟀".encode() not in (step.sealed_details or b"") for step in steps)
    assert any(step.sealed_details for step in steps)
