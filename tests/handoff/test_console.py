"""The door of the console: closed by default, honest in what it refuses, and never losing what somebody typed."""

import re
import uuid
from dataclasses import replace

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from handoff.accounts.models import Role
from handoff.console.edge import OPEN_ROUTES
from handoff.console.headers import BODY_LIMIT
from handoff.desk.models import Alarm, Note
from intake.base.tables import Base
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.turn import Controller
from intake.outbox.models import OutboxItem, OutboxStatus
from nlp.reading import Concern, Evidence, Reading, Risk, RiskKind
from tests.handoff.support import ALARM, ASKED, OTHER_CITY, OTHER_WINDOW, SAME_ORIGIN, WINDOW, Browser, World

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self'"
)
NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
POSTS = ("claim", "take-over", "release", "close", "alarms", "notes", "replies")
FORM: dict[str, str | int] = {
    "epoch": 1,
    "reason": "answered",
    "note": "メモ",
    "text": "こんにちは",
    "last_seen": "Z" * 26,
    "client_uuid": "00000000-0000-4000-8000-000000000001",
}


def all_routes(world: World) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for included in world.app.routes:
        inner = getattr(included, "original_router", included)
        for route in getattr(inner, "routes", (included,)):
            if isinstance(route, APIRoute):
                found += [(method, route.path.replace("{talk_id}", NOBODY)) for method in sorted(route.methods or ())]
    return found


async def test_every_route_but_the_login_is_closed_without_a_session(world: World) -> None:
    found = all_routes(world)
    assert len(found) >= 14
    for method, path in found:
        answer = await Browser(world.app).ask(method, path, headers=SAME_ORIGIN)
        closed = answer.status == 303 and answer.headers["location"] == "/console/login"
        assert closed != (path in OPEN_ROUTES), (method, path, answer.status)


async def test_every_answer_carries_the_same_strict_headers(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    paths = ["/", "/login", "/queue/rows", f"/talks/{talk.id}", f"/talks/{talk.id}/desk", "/nothing", "/talks/none", "/static/console.css"]
    for path in paths:
        headers = (await browser.get(path)).headers
        assert headers["content-security-policy"] == CSP
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


async def test_a_surprise_is_told_kindly_under_the_same_headers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await world.browser(await world.staff("a"))
    monkeypatch.setattr("handoff.console.pages.queue.queue_values", None)
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    with pytest.raises(TypeError):
        await world.app(browser.scope("GET", "/", {}), receive, send)  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert sent[0]["status"] == 500
    assert headers[b"content-security-policy"].decode() == CSP
    assert "うまく動きませんでした".encode() in bytes(sent[1]["body"])  # type: ignore[call-overload]


NO_TALKS = {Role.STATISTICS, Role.OPERATOR}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("place", ["own", "unassigned", "other window", "other city", "unknown"])
async def test_a_talk_that_is_not_ones_own_is_as_unknown_as_one_that_does_not_exist(world: World, role: Role, place: str) -> None:
    window = None if place == "unassigned" else OTHER_WINDOW if place == "other window" else WINDOW
    city = OTHER_CITY if place == "other city" else "aizuwakamatsu"
    talk = await world.talk(window=window, municipality=city)
    talk_id = NOBODY if place == "unknown" else talk.id
    seen = place == "own" or (place == "unassigned" and role is not Role.COUNSELLOR)
    browser = await world.browser(await world.staff("a", role))
    expected = 403 if role in NO_TALKS else 200 if seen else 404
    answer = await browser.get(f"/talks/{talk_id}")
    assert answer.status == expected
    for post in POSTS:
        answer = await browser.post(f"/talks/{talk_id}/{post}", form=FORM)
        if role in NO_TALKS:
            assert answer.status in {403, 404}
        elif seen:
            assert answer.status in {303, 403, 409, 200}
        else:
            assert answer.status == (403 if post == "take-over" and role not in {Role.SUPERVISOR, Role.MANAGER} else 404), post
    if not seen:
        async with world.database.read() as session:
            assert await session.scalar(select(func.count()).select_from(Note)) == 0
            assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 0


async def test_an_unknown_talk_and_a_hidden_one_read_the_same(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    hidden = await world.talk(window=OTHER_WINDOW)
    answers = [await browser.get(f"/talks/{key}") for key in (hidden.id, NOBODY)]
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"origin": "https://evil.test", "sec-fetch-site": "cross-site"}, True),
        ({"origin": "https://evil.test"}, True),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({}, True),
        (dict(SAME_ORIGIN), False),
    ],
)
async def test_a_form_from_elsewhere_changes_nothing(world: World, headers: dict[str, str], token: bool) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    body = f"csrf_token={browser.csrf if token else 'wrong'}".encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await browser.ask("POST", f"/talks/{talk.id}/claim", body=body, headers={**kind, **headers})
    assert answer.status == 403
    assert (await world.row(talk)).controller is Controller.WAITING


async def test_a_browser_that_hides_its_origin_but_names_the_site_is_ours(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    headers = {"origin": "null", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    answer = await browser.ask("POST", f"/talks/{talk.id}/claim", body=f"csrf_token={browser.csrf}".encode(), headers=headers)
    assert answer.status == 303


async def test_a_body_that_is_no_form_is_refused(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    body = f"csrf_token={browser.csrf}".encode()
    answer = await browser.ask("POST", f"/talks/{talk.id}/claim", body=body, headers={**SAME_ORIGIN, "content-type": "text/plain"})
    assert answer.status == 403


async def test_a_body_larger_than_any_form_is_refused_unread(world: World) -> None:
    headers = {**SAME_ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    answer = await Browser(world.app).ask("POST", "/login", body=b"login=" + b"x" * BODY_LIMIT, headers=headers)
    assert answer.status == 413


async def test_looking_changes_nothing(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk(effects=(ASKED, ALARM))

    async def snapshot() -> list[object]:
        async with world.database.read() as session:
            tables = [table for table in Base.metadata.sorted_tables if table.name not in {"staff_session", "audit_entry", "audit_head"}]
            return [(await session.execute(select(table))).all() for table in tables]

    before = await snapshot()
    for path in ("/", "/?view=all", "/queue/rows", f"/talks/{talk.id}", f"/talks/{talk.id}/desk", "/login"):
        assert (await browser.get(path)).status == 200
    for post in POSTS:
        assert (await browser.get(f"/talks/{talk.id}/{post}")).status == 405
    assert await snapshot() == before


async def test_a_refused_reply_gives_the_text_and_a_fresh_fence_back(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    page = await browser.get(f"/talks/{talk.id}")
    form = {name: page.field(name) for name in ("epoch", "last_seen", "client_uuid")}
    await world.says(talk, "追伸です")
    first = await browser.post(f"/talks/{talk.id}/replies", htmx=True, text="<b>下書き</b>", form=form)
    assert first.status == 409
    assert "新しいメッセージがあります" in first.text
    assert "&lt;b&gt;下書き&lt;/b&gt;</textarea>" in first.text
    again = {name: first.field(name) for name in ("epoch", "last_seen", "client_uuid")}
    second = await browser.post(f"/talks/{talk.id}/replies", htmx=True, text="<b>下書き</b>", form=again)
    assert second.status == 200
    assert "あなたが対応中" in second.text


async def test_the_second_claim_names_the_holder_and_keeps_what_was_typed(world: World) -> None:
    talk = await world.talk()
    first = await world.browser(await world.staff("a", name="田中"))
    second = await world.browser(await world.staff("b", name="鈴木"))
    assert (await first.post(f"/talks/{talk.id}/claim")).headers["location"] == f"/console/talks/{talk.id}"
    for htmx in (True, False):
        answer = await second.post(f"/talks/{talk.id}/claim", htmx=htmx, text="書きかけ", note="気づいたこと")
        assert answer.status == 409
        assert "田中さんが対応中です。" in answer.text
        assert "書きかけ</textarea>" in answer.text
        assert "気づいたこと</textarea>" in answer.text
        assert ("<html" in answer.text) != htmx


async def test_a_plain_form_pressed_twice_sends_once(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    fields = {**FORM, "client_uuid": str(uuid.uuid4())}
    for _ in range(2):
        assert (await browser.post(f"/talks/{talk.id}/replies", form=fields)).status == 303
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).where(Message.author == Author.STAFF)) == 1


@pytest.mark.parametrize(("text", "words"), [("", "文を入力してください"), ("あ" * 5001, "いま5,001文字"), ("😀" * 2501, "いま5,002文字")])
async def test_a_text_that_cannot_be_sent_is_given_back_with_the_reason(world: World, text: str, words: str) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    answer = await browser.post(f"/talks/{talk.id}/replies", htmx=True, form=FORM, text=text)
    assert answer.status == 422
    assert words in answer.text
    assert f"{text}</textarea>" in answer.text


async def test_emoji_up_to_the_limit_of_line_are_sent(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    assert (await browser.post(f"/talks/{talk.id}/replies", form=FORM, text="😀" * 2500)).status == 303


async def test_what_a_resident_writes_is_only_ever_text(world: World) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
    mark = Evidence(start=0, end=8, label="debt", rule="r")
    talk = await world.talk(nasty, reading=Reading(evidence=(mark,), concerns=(Concern.DEBT,)))
    browser = await world.browser(await world.staff("a"))
    await browser.post(f"/talks/{talk.id}/notes", form=FORM, note=nasty)
    for path in (f"/talks/{talk.id}", "/"):
        page = (await browser.get(path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(1)" in page
        assert "{{7*7}}" in page or path == "/"


async def test_evidence_is_marked_in_words_of_the_field(world: World) -> None:
    text = "死にたい。借金もある"
    evidence = (Evidence(start=0, end=4, label="risk:suicide", rule="r"), Evidence(start=5, end=7, label="debt", rule="r"))
    reading = Reading(evidence=evidence, concerns=(Concern.DEBT,), risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,))
    talk = await world.talk(text, reading=reading, effects=(ASKED, ALARM))
    page = (await (await world.browser(await world.staff("a"))).get(f"/talks/{talk.id}")).text
    marks = re.findall(r'<mark ([^>]*)title="([^"]*)">([^<]*)</mark>', page)
    assert [(("data-danger" in flags), title, words) for flags, title, words in marks] == [
        (True, "希死念慮", "死にたい"),
        (False, "債務", "借金"),
    ]
    assert "危険なし" not in page


async def test_words_taken_back_are_gone_from_every_page_and_the_alarm_stays(world: World) -> None:
    talk = await world.talk("消えたい", effects=(ASKED, ALARM))
    async with world.database.write() as session:
        message = (await session.scalars(select(Message))).one()
        message.sealed_body = message.sealed_reading = None
        message.unsent_at = world.clock.now()
        (await session.scalars(select(Alarm))).one().words_unsent = True
    browser = await world.browser(await world.staff("a"))
    for path in ("/", f"/talks/{talk.id}"):
        page = (await browser.get(path)).text
        assert "消えたい" not in page
        assert "送信取消されました" in page
        assert "取消あり" in page


async def test_what_cannot_be_opened_says_so(world: World) -> None:
    talk = await world.talk("大事な話")
    async with world.database.write() as session:
        (await session.scalars(select(Message))).one().sealed_body = b"\x01" + b"x" * 40
    browser = await world.browser(await world.staff("a"))
    for path in ("/", f"/talks/{talk.id}"):
        assert "読めません" in (await browser.get(path)).text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (OutboxStatus.WAITING, "送信待ち"),
        (OutboxStatus.ACCEPTED, "LINE受付済み"),
        (OutboxStatus.UNCERTAIN, "不明"),
        (OutboxStatus.FAILED, "失敗（月の通数を使い切りました）"),
    ],
)
async def test_a_send_is_told_as_far_as_it_is_known_and_never_as_read(world: World, status: OutboxStatus, words: str) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    await browser.post(f"/talks/{talk.id}/replies", form=FORM)
    async with world.database.write() as session:
        item = (await session.scalars(select(OutboxItem))).one()
        item.status, item.reason = status, "月の通数を使い切りました" if status is OutboxStatus.FAILED else None
    page = (await browser.get(f"/talks/{talk.id}")).text
    assert words in page
    assert "配信済み" not in page
    assert "既読" not in page


async def test_a_note_is_shown_to_staff_and_is_in_no_message(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    answer = await browser.post(f"/talks/{talk.id}/notes", htmx=True, form=FORM, note="家族には知られたくない様子")
    assert "家族には知られたくない様子" in answer.text
    assert "住民には見えません" in answer.text
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 0


async def notes_of(world: World) -> list[str]:
    async with world.database.read() as session:
        return [world.ring.open(note.sealed_text, note.place()) for note in await session.scalars(select(Note).order_by(Note.id))]


async def test_a_note_pressed_twice_is_kept_once_and_other_words_do_not_vanish(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    fields = {**FORM, "client_uuid": str(uuid.uuid4())}
    for _ in range(2):
        assert (await browser.post(f"/talks/{talk.id}/notes", form=fields, note="電話は夕方")).status == 303
    assert await notes_of(world) == ["電話は夕方"]
    other = await browser.post(f"/talks/{talk.id}/notes", form=fields, note="電話は朝")
    assert other.status == 409
    assert "電話は朝</textarea>" in other.text
    again = re.search(r'name="client_uuid" value="([^"]*)"', other.text.split('id="notes"')[-1])
    assert again is not None
    await browser.post(f"/talks/{talk.id}/notes", form={**fields, "client_uuid": again[1]}, note="電話は朝")
    assert await notes_of(world) == ["電話は夕方", "電話は朝"]


async def test_an_empty_note_is_refused_beside_the_note(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    for htmx in (True, False):
        answer = await browser.post(f"/talks/{talk.id}/notes", htmx=htmx, form=FORM, note=" ")
        assert answer.status == 422
        assert "文を入力してください。" in answer.text.split('id="notes"')[-1]
        assert answer.text.count("文を入力してください。") == 1


async def test_a_take_over_brings_the_unsent_words_back_into_the_reply(world: World) -> None:
    talk = await world.talk()
    await (await world.browser(await world.staff("a"))).post(f"/talks/{talk.id}/claim")
    chief = await world.browser(await world.staff("c", Role.SUPERVISOR))
    refused = await chief.post(f"/talks/{talk.id}/replies", htmx=True, form=FORM, text="書きかけ")
    assert refused.status == 409
    assert re.search(r'<textarea id="kept" name="text" form="take-over"[^>]*>書きかけ<', refused.text)
    taken = await chief.post(f"/talks/{talk.id}/take-over", htmx=True, epoch=2, reason="担当が不在", text="書きかけ", note="")
    assert re.search(r'<textarea id="reply-text"[^>]*>書きかけ<', taken.text)


async def test_keys_are_switched_for_the_person_and_not_for_the_browser(world: World) -> None:
    staff = await world.staff("a")
    assert (await (await world.browser(staff)).post("/settings/keys", on="0")).status == 303
    assert 'data-keys="off"' in (await (await world.browser(staff)).get("/")).text


async def test_scripts_get_their_refusals_as_data_and_fragments_as_fragments(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    assert '"code":"not_found"' in (await browser.get("/talks/none/desk", x_tsunagi_live="1")).text
    fragment = await browser.get("/talks/none", hx_request="true")
    assert (fragment.headers["hx-retarget"], "<html" in fragment.text) == ("#alerts", False)
    assert (await Browser(world.app).get("/talks/none", hx_request="true")).headers["hx-redirect"] == "/console/login"


async def test_a_reply_after_the_login_has_ended_stays_on_the_page_and_says_what_to_do(world: World) -> None:
    browser = await world.browser(await world.staff("a"))
    talk = await world.talk()
    world.clock.advance(hours=13)
    answer = await browser.post(f"/talks/{talk.id}/replies", htmx=True, form=FORM)
    assert (answer.status, answer.headers["hx-retarget"]) == (401, "#alerts")
    assert "入力した文を控えてから" in answer.text
    assert "hx-redirect" not in answer.headers


async def test_the_demo_says_so_on_every_page(world: World) -> None:
    from handoff.console.app import build_console  # noqa: PLC0415 - only this test builds a second console

    shown = replace(world, app=build_console(replace(world.context, demo=True)))
    browser = await shown.browser(await shown.staff("a"))
    talk: Conversation = await shown.talk()
    for path in ("/login", "/", f"/talks/{talk.id}"):
        assert "見本" in (await browser.get(path)).text
