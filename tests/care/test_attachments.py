"""Attachments at the desk: unread until a person opens them, shown without running anything, taken out under record."""

import re
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.audit.models import Action
from handoff.desk.models import Alarm
from intake.attachments.models import Attachment, AttachmentStatus, MediaKind
from intake.attachments.service import Media, announce, claim_attachments, keep_piece, settle
from intake.conversations.models import Conversation, Message
from intake.dialogue.turn import Effect, EffectKind, EventKind
from nlp.reading import Risk
from tests.care.contents import PNG, WAV
from tests.care.support import recorded
from tests.handoff.support import ASKED, OTHER_WINDOW, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UNREADABLE = Effect(kind=EffectKind.ALARM_RAISED, risk=Risk.WATCH, reason="unreadable")


async def sent(
    world: World, *, kind: MediaKind = MediaKind.IMAGE, name: str = "", content: bytes = PNG, media_type: str = "image/png", why: str = ""
) -> tuple[Conversation, str]:
    """A talk with an attachment that was fetched, or that was not because of ``why``."""
    talk = await world.talk(effects=(ASKED,))
    message = await world.says(talk, "", UNREADABLE, kind=EventKind.MEDIA)
    now = world.clock.now()
    async with world.database.write() as session:
        row = await session.get_one(Message, message.id)
        row.line_message_id = f"m-{row.id}"
        await announce(session, world.ring, row, Media(kind=kind, name=name), now=now)
    async with world.database.write() as session:
        (claimed,) = await claim_attachments(session, now, 5)
    async with world.database.write() as session:
        if why:
            await settle(session, claimed, now=now, status=AttachmentStatus(why.partition(":")[0]), reason=why.partition(":")[2])
        else:
            await keep_piece(session, world.ring, claimed, 0, content, now=now)
            kept = {"status": AttachmentStatus.KEPT, "media_type": media_type, "size": len(content)}
            await settle(session, claimed, now=now, **kept)
    return talk, claimed.id


async def opened(world: World, talk: Conversation, key: str, login: str = "a") -> Browser:
    browser = await world.browser(await world.staff(login))
    assert (await browser.post(f"/talks/{talk.id}/attachments/{key}/open")).status == 303
    return browser


async def alarms_open(world: World, talk: Conversation) -> int:
    async with world.database.read() as session:
        return len((await session.scalars(select(Alarm.id).where(Alarm.conversation_id == talk.id, Alarm.opened_at.is_(None)))).all())


async def test_before_a_person_opens_it_nothing_of_it_is_shown(world: World) -> None:
    talk, key = await sent(world)
    browser = await world.browser(await world.staff("a"))
    page = (await browser.get(f"/talks/{talk.id}")).text
    assert "まだだれも開いていない画像・音声・ファイルが1件あります" in page
    assert "開いて確かめる" in page
    assert '<img src="/console/talks' not in page
    assert (await browser.get(f"/talks/{talk.id}/attachments/{key}/shown")).status == 404


async def test_opening_shows_the_picture_says_who_opened_it_and_opens_its_alarm(world: World) -> None:
    talk, key = await sent(world)
    assert await alarms_open(world, talk) == 1
    browser = await opened(world, talk, key)
    page = (await browser.get(f"/talks/{talk.id}")).text
    assert f'src="/console/talks/{talk.id}/attachments/{key}/shown"' in page
    assert "aさんが開きました" in page
    assert await alarms_open(world, talk) == 0
    shown = await browser.get(f"/talks/{talk.id}/attachments/{key}/shown")
    assert (shown.status, shown.headers["content-type"], shown.headers["x-content-type-options"]) == (200, "image/png", "nosniff")
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert [entry.subject for entry in await recorded(world, Action.ATTACHMENT_OPENED)] == [talk.id]


async def test_a_general_press_on_seen_does_not_count_for_what_was_not_opened(world: World) -> None:
    talk, _ = await sent(world)
    browser = await world.browser(await world.staff("a"))
    await browser.post(f"/talks/{talk.id}/alarms")
    assert await alarms_open(world, talk) == 1


async def test_a_talk_with_an_unread_attachment_cannot_be_closed(world: World) -> None:
    talk, key = await sent(world)
    browser = await world.browser(await world.staff("a"))
    await browser.post(f"/talks/{talk.id}/claim")
    async with world.database.write() as session:
        for alarm in await session.scalars(select(Alarm)):
            alarm.opened_at = world.clock.now()
    form: dict[str, str | int] = {"epoch": (await world.row(talk)).epoch, "reason": "answered"}
    refused = await browser.post(f"/talks/{talk.id}/close", form=form)
    assert (refused.status, "開いて確かめてから終了してください" in refused.text) == (409, True)
    await browser.post(f"/talks/{talk.id}/attachments/{key}/open")
    assert (await browser.post(f"/talks/{talk.id}/close", form=form)).status == 303


async def test_a_file_is_only_ever_taken_out_under_a_safe_name_and_each_time_on_record(world: World) -> None:
    talk, key = await sent(world, kind=MediaKind.FILE, name="../診断\u202efdp.exe", content=b"%PDF-1.7", media_type="application/pdf")
    browser = await opened(world, talk, key)
    taken = await browser.get(f"/talks/{talk.id}/attachments/{key}/file")
    named = re.search(r"filename\*=UTF-8''(\S+)", taken.headers["content-disposition"])
    assert named is not None
    assert unquote(named[1]) == "診断_fdp.pdf"
    assert taken.headers["content-disposition"].startswith("attachment;")
    assert taken.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in taken.headers["content-security-policy"]
    assert (await browser.get(f"/talks/{talk.id}/attachments/{key}/shown")).status == 404
    await browser.get(f"/talks/{talk.id}/attachments/{key}/file")
    assert len(await recorded(world, Action.ATTACHMENT_TAKEN)) == 2


async def test_a_voice_is_played_in_the_page(world: World) -> None:
    talk, key = await sent(world, kind=MediaKind.AUDIO, content=WAV, media_type="audio/wav")
    browser = await opened(world, talk, key)
    page = await browser.get(f"/talks/{talk.id}")
    assert "<audio" in page.text
    assert "media-src 'self'" in page.headers["content-security-policy"]
    assert (await browser.get(f"/talks/{talk.id}/attachments/{key}/shown")).headers["content-type"] == "audio/wav"


async def test_the_name_of_a_file_is_for_the_holder_alone(world: World) -> None:
    talk, _ = await sent(world, kind=MediaKind.FILE, name="鵺野の診断書.pdf", content=b"%PDF-1.7", media_type="application/pdf")
    holder, other = await world.browser(await world.staff("a")), await world.browser(await world.staff("b"))
    await holder.post(f"/talks/{talk.id}/claim")
    assert "鵺野の診断書" in (await holder.get(f"/talks/{talk.id}")).text
    assert "鵺野" not in (await other.get(f"/talks/{talk.id}")).text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("failed:no_answer", "もう一度取りに行く"),
        ("gone:gone", "もう消えていました"),
        ("refused:too_large", "大きすぎるため"),
        ("refused:type", "安全に開けない種類"),
        ("refused:external", "ほかの場所に置かれた"),
        ("waiting:preparing", "LINEが準備しています"),
    ],
)
async def test_what_did_not_come_is_told_in_words(world: World, why: str, words: str) -> None:
    talk, _ = await sent(world, why=why)
    assert words in (await (await world.browser(await world.staff("a"))).get(f"/talks/{talk.id}")).text


async def test_a_failed_fetch_can_be_tried_again_and_no_other(world: World) -> None:
    talk, key = await sent(world, why="failed:no_answer")
    other, gone = await sent(world, why="gone:gone")
    browser = await world.browser(await world.staff("a"))
    assert (await browser.post(f"/talks/{talk.id}/attachments/{key}/retry")).status == 303
    assert (await browser.post(f"/talks/{other.id}/attachments/{gone}/retry")).status == 409
    async with world.database.read() as session:
        row = await session.get_one(Attachment, key)
    assert (row.status, row.attempts, row.reason) == (AttachmentStatus.WAITING, 0, None)


async def test_attachments_are_not_for_other_windows_nor_under_another_talk(world: World) -> None:
    talk, key = await sent(world)
    second, _ = await sent(world)
    await opened(world, talk, key)
    stranger = await world.browser(await world.staff("b", windows=(OTHER_WINDOW,)))
    mine = await world.browser(await world.staff("c"))
    operator = await world.browser(await world.staff("d", Role.OPERATOR))
    for path in ("shown", "file"):
        assert (await stranger.get(f"/talks/{talk.id}/attachments/{key}/{path}")).status == 404
        assert (await mine.get(f"/talks/{second.id}/attachments/{key}/{path}")).status == 404
        assert (await operator.get(f"/talks/{talk.id}/attachments/{key}/{path}")).status == 403
    assert (await stranger.post(f"/talks/{talk.id}/attachments/{key}/open")).status == 404


async def test_a_picture_in_an_open_page_is_not_a_second_look_at_the_talk(world: World) -> None:
    talk, key = await sent(world)
    browser = await opened(world, talk, key)
    await browser.get(f"/talks/{talk.id}")
    before = len(await recorded(world, Action.TALK_VIEWED))
    await browser.get(f"/talks/{talk.id}/attachments/{key}/shown")
    assert len(await recorded(world, Action.TALK_VIEWED)) == before
