"""The phone pages without a browser: forms, policy, and what must never be shown."""

import asyncio

import pytest
from markupsafe import escape

from bot.simulator import DEMO_RESIDENTS, POLICY
from bot.simulator.views import SHOWN, STICKERS
from tests.simulator.conftest import Stage


async def test_the_list_shows_every_invented_resident_as_invented(stage: Stage) -> None:
    page = (await stage.client.get("/")).text
    assert all(resident.name in page and f"/simulator/phone/{resident.key}?" in page for resident in DEMO_RESIDENTS)
    assert "見本・架空" in page
    assert "/console" in page


@pytest.mark.parametrize("path", ["/", "/phone/haruka", "/phone/nobody", "/static/phone.js", "/control/state"])
async def test_every_answer_carries_the_strict_policy(stage: Stage, path: str) -> None:
    assert (await stage.client.get(path)).headers["content-security-policy"] == POLICY


async def test_no_page_has_inline_script_or_style(stage: Stage) -> None:
    await stage.act(text="こんにちは")
    page = (await stage.client.get("/phone/haruka")).text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/simulator/static/')


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", '"><b>'])
async def test_what_is_written_is_shown_as_written(stage: Stage, text: str) -> None:
    await stage.act(text=text)
    await stage.push(text=text)
    page = (await stage.client.get("/phone/haruka/log")).text
    assert page.count(f">{escape(text)}</p>") == 2


async def test_a_form_works_without_a_script(stage: Stage) -> None:
    answer = await stage.client.post("/phone/haruka/say", data={"text": "家賃が\r\n払えません"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/simulator/phone/haruka?account=aizuwakamatsu")
    await stage.simulator.delivery.settle()
    assert stage.listener.events[0]["message"]["text"] == "家賃が\n払えません"


async def test_a_sticker_a_picture_a_block_and_a_take_back_become_events(stage: Stage) -> None:
    await stage.client.post("/phone/haruka/follow")
    await stage.client.post("/phone/haruka/sticker", data={"sticker": STICKERS[0][0]})
    await stage.client.post("/phone/haruka/image")
    await stage.client.post("/phone/haruka/unsend", data={"message": stage.chat().messages[0].id})
    await stage.client.post("/phone/haruka/unfollow")
    await stage.simulator.delivery.settle()
    kinds = [event.get("message", {}).get("type") or event["type"] for event in stage.listener.events]
    assert kinds == ["follow", "sticker", "image", "unsend", "unfollow"]


async def test_the_picture_of_a_resident_can_be_seen_until_it_is_taken_back(stage: Stage) -> None:
    event = await stage.act(act="image")
    path = f"/phone/haruka/image/{event['message']['id']}"
    assert (await stage.client.get(path)).headers["content-type"] == "image/png"
    await stage.act(act="unsend", message_id=event["message"]["id"])
    assert (await stage.client.get(path)).status_code == 404


async def test_quick_replies_stand_only_below_the_newest_bubble_and_vanish_when_tapped(stage: Stage) -> None:
    quick = {"items": [{"type": "action", "action": {"type": "postback", "label": "話すだけでいい", "data": "listen"}}]}
    event = await stage.act(text="こんにちは")
    messages = [{"type": "text", "text": "一", "quickReply": quick}, {"type": "text", "text": "二"}]
    await stage.call("/message/reply", {"replyToken": event["replyToken"], "messages": messages})
    assert "話すだけでいい" not in (await stage.client.get("/phone/haruka/log")).text
    await stage.call("/message/push", {"to": stage.chat().resident.user_id, "messages": messages[:1]})
    assert "話すだけでいい" in (await stage.client.get("/phone/haruka/log")).text
    form = {"data": "listen", "message": stage.chat().messages[-1].id}
    await stage.client.post("/phone/haruka/postback", data=form)
    assert "話すだけでいい" not in (await stage.client.get("/phone/haruka/log")).text
    await stage.simulator.delivery.settle()
    assert stage.listener.events[-1]["postback"] == {"data": "listen"}


async def test_a_refused_act_is_told_in_words(stage: Stage) -> None:
    await stage.act(act="unfollow")
    answer = await stage.client.post("/phone/haruka/say", data={"text": "とどかない"})
    assert answer.status_code == 409
    assert "ブロック" in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/phone/haruka/say", "/control/act"])
async def test_another_sites_page_cannot_post(stage: Stage, path: str, site: str) -> None:
    answer = await stage.client.post(path, json={"user": "haruka", "text": "x"}, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert stage.simulator.platform.chats() == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/act", {"user": "nobody", "text": "x"}, 404),
        ("/control/act", {"user": "haruka", "act": "fly"}, 404),
        ("/control/act", {"user": "haruka", "colour": "red"}, 422),
        ("/control/act", {"user": "haruka", "account": "elsewhere"}, 404),
        ("/control/faults", {"kind": "rain"}, 422),
        ("/control/residents", {"key": "../x", "name": "x"}, 422),
    ],
)
async def test_an_order_that_cannot_be_carried_out_is_an_error(stage: Stage, path: str, body: dict[str, str], status: int) -> None:
    assert (await stage.client.post(path, json=body)).status_code == status
    assert stage.listener.events == []


async def test_a_new_resident_has_a_phone_at_once(stage: Stage) -> None:
    await stage.client.post("/control/residents", json={"key": "new", "name": "あたらしい人"})
    assert (await stage.client.get("/phone/new")).status_code == 200
    state = (await stage.client.get("/control/state")).json()
    assert "new" in [resident["key"] for resident in state["residents"]]


async def test_the_state_tells_chats_calls_and_deliveries(stage: Stage) -> None:
    await stage.act(text="こんにちは")
    await stage.push(text="お返事")
    state = (await stage.client.get("/control/state")).json()
    assert [message["body"]["text"] for message in state["chats"][0]["messages"]] == ["こんにちは", "お返事"]
    assert [(call["endpoint"], call["status"], call["delivered"]) for call in state["calls"]] == [("push", 200, True)]
    assert [delivery["outcome"] for delivery in state["deliveries"]] == ["success"]


async def test_a_stream_tells_of_changes_and_ends_with_the_server(stage: Stage) -> None:
    stream = stage.client.stream("GET", "/phone/haruka/events")
    reading = asyncio.create_task(_read_all(stream))
    await asyncio.sleep(0.05)
    await stage.act(text="こんにちは")
    await asyncio.sleep(0.05)
    stage.simulator.end_streams()
    assert (await asyncio.wait_for(reading, 2)).count("data: changed") >= 2


async def _read_all(stream: object) -> str:
    async with stream as answer:  # type: ignore[attr-defined]
        return str((await answer.aread()).decode())


async def test_a_very_long_chat_shows_its_end(stage: Stage) -> None:
    for number in range(SHOWN + 50):
        stage.simulator.platform.say(stage.chat(), f"第{number}話")
    page = (await stage.client.get("/phone/haruka/log")).text
    assert page.count("entry--own") == SHOWN
    assert f"第{SHOWN + 49}話" in page
