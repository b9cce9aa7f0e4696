"""緊急時情報提供票: one tap, told at once, answered for afterwards, closed by itself, and every look on record."""

import re

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.audit.models import Action
from handoff.audit.verify import verify
from handoff.emergency.models import EmergencySheet
from intake.conversations.models import Conversation
from intake.dialogue.turn import EventKind
from nlp.reading import PersonalDatum, PersonalKind, Reading, Risk
from tests.care.support import USER_ID, called, know_user, notes, recorded
from tests.handoff.support import ALARM, ASKED, CITY, OTHER_WINDOW, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "見本町一丁目"


async def danger(world: World) -> Conversation:
    phone = PersonalDatum(kind=PersonalKind.ADDRESS, start=0, end=len(ADDRESS))
    reading = Reading(risk=Risk.URGENT, personal_data=(phone,))
    talk = await world.talk(f"{ADDRESS}にいます。もう死にたい", effects=(ASKED, ALARM), reading=reading)
    await know_user(world, talk)
    return talk


async def opened(browser: Browser, talk: Conversation, **form: str) -> Answer:
    """Tap, and go where the answer leads."""
    answer = await browser.post(f"/talks/{talk.id}/emergency", form={"ground": "police", **form})
    assert answer.status == 303, answer.text
    return await browser.get(answer.headers["location"].removeprefix("/console"))


async def sheet_id(world: World) -> str:
    async with world.database.read() as session:
        return (await session.scalars(select(EmergencySheet.id))).one()


async def test_one_tap_opens_a_page_with_all_that_the_police_ask_for(world: World) -> None:
    talk = await danger(world)
    world.clock.advance(minutes=3)
    place = await world.says(talk, "見本公園", kind=EventKind.LOCATION)
    assert place.kind == EventKind.LOCATION
    page = await opened(await world.browser(await world.staff("a", name="相談員A")), talk)
    assert page.status == 200
    for wanted in (
        USER_ID,
        "main",
        f"{ADDRESS}にいます。もう死にたい",
        "見本公園",
        "2026年4月7日 10:03",
        "相談員A（a）",
        "110番通報のため",
    ):
        assert wanted in page.text, wanted


async def test_no_other_page_of_the_console_shows_the_user_id(world: World) -> None:
    talk = await danger(world)
    browser = await world.browser(await world.staff("a", Role.MANAGER))
    await opened(browser, talk)
    for path in ("/", f"/talks/{talk.id}", f"/talks/{talk.id}/desk", f"/talks/{talk.id}/record", "/oversight", "/audit"):
        assert USER_ID not in (await browser.get(path)).text, path


async def test_the_manager_of_the_window_is_called_in_the_same_moment_and_others_are_not(world: World) -> None:
    chief = await world.staff("chief", Role.MANAGER)
    await world.staff("other", Role.MANAGER, windows=(OTHER_WINDOW,))
    talk = await danger(world)
    await opened(await world.browser(await world.staff("a")), talk)
    assert await called(world, talk) == [chief.id]
    assert "110番通報のため" in (await notes(world, talk))[0]


async def test_where_a_window_has_no_manager_those_of_the_city_are_called_and_may_decide(world: World) -> None:
    chief = await world.staff("chief", Role.MANAGER, windows=(OTHER_WINDOW,))
    talk = await danger(world)
    await opened(await world.browser(await world.staff("a")), talk)
    assert await called(world, talk) == [chief.id]
    browser = await world.browser(chief)
    assert "すみれ" in (await browser.get("/oversight")).text
    assert (await browser.post(f"/emergency/{await sheet_id(world)}/verdict", form={"verdict": "approved"})).status == 303


async def test_a_second_tap_opens_no_second_sheet_and_calls_nobody_twice(world: World) -> None:
    talk = await danger(world)
    browser = await world.browser(await world.staff("a"))
    for _ in range(2):
        await opened(browser, talk)
    assert len(await notes(world, talk)) == 1
    assert len(await recorded(world, Action.EMERGENCY_OPENED)) == 1


async def test_another_reason_must_be_written(world: World) -> None:
    talk = await danger(world)
    browser = await world.browser(await world.staff("a"))
    refused = await browser.post(f"/talks/{talk.id}/emergency", form={"ground": "other", "glass_reason": " "})
    assert (refused.status, "開く理由を書いてください。" in refused.text) == (422, True)
    assert await recorded(world, Action.EMERGENCY_OPENED) == []
    page = await opened(browser, talk, ground="other", glass_reason="救助隊から照会")
    assert "救助隊から照会" in page.text


async def test_every_look_is_in_the_chain_and_the_chain_holds(world: World) -> None:
    talk = await danger(world)
    browser = await world.browser(await world.staff("a"))
    await opened(browser, talk)
    await browser.get(f"/talks/{talk.id}/emergency/{await sheet_id(world)}")
    assert [entry.subject for entry in await recorded(world, Action.EMERGENCY_VIEWED)] == [talk.id, talk.id]
    async with world.database.read() as session:
        assert (await verify(session, world.ring, CITY)).fault == ""


async def test_a_sheet_that_somebody_else_opened_does_not_exist(world: World) -> None:
    talk = await danger(world)
    await opened(await world.browser(await world.staff("a")), talk)
    other = await (await world.browser(await world.staff("b"))).get(f"/talks/{talk.id}/emergency/{await sheet_id(world)}")
    assert other.status == 404


async def test_the_sheet_closes_by_itself_and_the_opener_is_refused_and_told_how_to_go_on(world: World) -> None:
    talk = await danger(world)
    staff = await world.staff("a")
    await opened(await world.browser(staff), talk)
    world.clock.advance(hours=2, minutes=1)
    late = await (await world.browser(staff)).get(f"/talks/{talk.id}/emergency/{await sheet_id(world)}")
    assert late.status == 403
    assert USER_ID not in late.text
    assert "もう一度開いてください" in late.text


async def test_a_manager_confirms_or_objects_once_and_the_opener_is_told(world: World) -> None:
    talk = await danger(world)
    opener = await world.staff("a")
    await opened(await world.browser(opener), talk)
    browser = await world.browser(await world.staff("chief", Role.MANAGER))
    key = await sheet_id(world)
    assert '1<span class="vh">件' in (await browser.get("/oversight")).text
    without = await browser.post(f"/emergency/{key}/verdict", form={"verdict": "objected"})
    assert (without.status, "異議の理由を書いてください。" in without.text) == (422, True)
    assert (await browser.post(f"/emergency/{key}/verdict", form={"verdict": "objected", "remark": "先に電話を"})).status == 303
    again = await browser.post(f"/emergency/{key}/verdict", form={"verdict": "approved"})
    assert again.status == 409
    assert "先に電話を" in (await notes(world, talk))[-1]
    assert opener.id in await called(world, talk)
    assert [entry.details for entry in await recorded(world, Action.EMERGENCY_DECIDED)] == ["objected"]


async def test_nobody_confirms_the_own_opening(world: World) -> None:
    talk = await danger(world)
    browser = await world.browser(await world.staff("chief", Role.MANAGER))
    await opened(browser, talk)
    refused = await browser.post(f"/emergency/{await sheet_id(world)}/verdict", form={"verdict": "approved"})
    assert (refused.status, "ほかの責任者が確認します" in refused.text) == (409, True)


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.SUPERVISOR, Role.OPERATOR, Role.STATISTICS])
async def test_only_a_manager_decides(world: World, role: Role) -> None:
    talk = await danger(world)
    await opened(await world.browser(await world.staff("a")), talk)
    browser = await world.browser(await world.staff("b", role))
    assert (await browser.post(f"/emergency/{await sheet_id(world)}/verdict", form={"verdict": "approved"})).status == 403
    assert (await browser.get("/oversight")).status == 403


async def test_what_the_resident_took_back_does_not_come_back_on_the_sheet(world: World) -> None:
    talk = await danger(world)
    message = await world.says(talk, "取り消す言葉")
    async with world.database.write() as session:
        row = await session.get_one(type(message), message.id)
        row.sealed_body, row.unsent_at = None, world.clock.now()
    page = await opened(await world.browser(await world.staff("a")), talk)
    assert "取り消す言葉" not in page.text
    assert re.search(r"送信取消", page.text)


async def test_the_database_holds_no_reason_in_the_open(world: World) -> None:
    talk = await danger(world)
    await opened(await world.browser(await world.staff("a")), talk, ground="other", glass_reason="橋の上にいる")
    async with world.database.read() as session:
        sheet = (await session.scalars(select(EmergencySheet))).one()
    assert sheet.sealed_reason is not None
    assert "橋".encode() not in sheet.sealed_reason
    assert all("橋" not in entry.details for entry in await recorded(world, Action.EMERGENCY_OPENED))
