"""スーパーバイザー: watches, advises the colleague alone, takes over with a reason. Advice has no way to the resident."""

import uuid

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role, Staff
from handoff.supervision.models import Whisper
from intake.conversations.models import Conversation, Message
from intake.outbox.models import OutboxItem
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADVICE = "まず受け止めの言葉を"


async def held(world: World) -> tuple[Conversation, Staff, Browser]:
    """A talk in a counsellor's hands, and the counsellor's browser."""
    talk = await world.talk(effects=(ASKED, ALARM))
    counsellor = await world.staff("a", name="相談員A")
    browser = await world.browser(counsellor)
    await browser.post(f"/talks/{talk.id}/claim")
    return talk, counsellor, browser


async def advise(browser: Browser, talk: Conversation, text: str = ADVICE, number: str = "") -> Answer:
    return await browser.post(f"/talks/{talk.id}/whispers", form={"whisper_text": text, "client_uuid": number or str(uuid.uuid4())})


async def supervisor(world: World, login: str = "sv") -> Browser:
    return await world.browser(await world.staff(login, Role.SUPERVISOR, name="スーパーバイザー"))


async def test_advice_is_seen_by_the_colleague_and_by_nobody_else(world: World) -> None:
    talk, _, counsellor = await held(world)
    assert (await advise(await supervisor(world), talk)).status == 303
    assert ADVICE in (await counsellor.get(f"/talks/{talk.id}")).text
    assert ADVICE in (await counsellor.get(f"/talks/{talk.id}/desk")).text
    other = await world.browser(await world.staff("b"))
    assert ADVICE not in (await other.get(f"/talks/{talk.id}")).text


async def test_advice_makes_no_message_and_nothing_to_send(world: World) -> None:
    talk, _, _ = await held(world)
    await advise(await supervisor(world), talk)
    async with world.database.read() as session:
        messages = (await session.scalars(select(Message.author).where(Message.conversation_id == talk.id))).all()
        assert (await session.scalars(select(OutboxItem))).all() == []
        row = (await session.scalars(select(Whisper))).one()
    assert [str(author) for author in messages] == ["resident"]
    assert ADVICE.encode() not in row.sealed_text


async def test_the_form_of_advice_and_the_form_to_the_resident_never_stand_on_one_page(world: World) -> None:
    talk, _, counsellor = await held(world)
    watching = (await (await supervisor(world)).get(f"/talks/{talk.id}")).text
    writing = (await counsellor.get(f"/talks/{talk.id}")).text
    assert 'id="whisper-text"' in watching
    assert 'id="reply-text"' not in watching
    assert 'id="reply-text"' in writing
    assert 'id="whisper-text"' not in writing


async def test_the_same_press_twice_is_one_piece_of_advice(world: World) -> None:
    talk, _, _ = await held(world)
    browser, number = await supervisor(world), str(uuid.uuid4())
    for _ in range(2):
        await advise(browser, talk, number=number)
    async with world.database.read() as session:
        assert len((await session.scalars(select(Whisper.id))).all()) == 1


async def test_without_a_colleague_who_holds_it_nobody_is_advised_and_the_words_are_kept(world: World) -> None:
    talk = await world.talk()
    browser = await supervisor(world)
    refused = await advise(browser, talk)
    assert (refused.status, "いまほかの職員が担当していません" in refused.text) == (409, True)
    async with world.database.read() as session:
        assert (await session.scalars(select(Whisper))).all() == []


async def test_what_was_read_moves_out_of_the_way_and_only_the_addressee_can_say_so(world: World) -> None:
    talk, _, counsellor = await held(world)
    browser = await supervisor(world)
    await advise(browser, talk)
    async with world.database.read() as session:
        key = (await session.scalars(select(Whisper.id))).one()
    await browser.post(f"/talks/{talk.id}/whispers/{key}/read")
    assert "data-new" in (await counsellor.get(f"/talks/{talk.id}")).text
    await counsellor.post(f"/talks/{talk.id}/whispers/{key}/read")
    assert "data-new" not in (await counsellor.get(f"/talks/{talk.id}")).text


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.RECEPTION, Role.COORDINATOR])
async def test_only_supervisors_and_managers_advise_and_watch(world: World, role: Role) -> None:
    talk, _, _ = await held(world)
    browser = await world.browser(await world.staff("b", role))
    assert (await advise(browser, talk)).status == 403
    assert (await browser.get("/watch")).status == 403


async def test_the_list_of_those_watched_holds_colleagues_talks_of_the_own_windows_danger_first(world: World) -> None:
    talk, _, _ = await held(world)
    calm = await world.talk(handle="かえで 111", effects=(ASKED,))
    colleague = await world.browser(await world.staff("c", name="相談員C"))
    await colleague.post(f"/talks/{calm.id}/claim")
    free = await world.talk(handle="りんどう 222")
    stranger = await world.talk(handle="つばき 333", window=OTHER_WINDOW)
    await (await world.browser(await world.staff("d", windows=(OTHER_WINDOW,)))).post(f"/talks/{stranger.id}/claim")
    page = (await (await supervisor(world)).get("/watch")).text
    assert page.index(talk.id) < page.index(calm.id)
    assert "確認していない手がかり 1件" in page
    assert free.id not in page
    assert stranger.id not in page


async def test_a_supervisor_takes_over_with_a_reason(world: World) -> None:
    talk, _, _ = await held(world)
    browser = await supervisor(world)
    row = await world.row(talk)
    assert (await browser.post(f"/talks/{talk.id}/take-over", form={"epoch": row.epoch, "reason": " "})).status == 422
    assert (await browser.post(f"/talks/{talk.id}/take-over", form={"epoch": row.epoch, "reason": "危険が高い"})).status == 303
    assert "危険が高い" in (await browser.get(f"/talks/{talk.id}")).text
