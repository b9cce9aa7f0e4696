"""What LINE sends: signatures, batches, redelivery, duplicates, order, and its two seconds of patience."""

import asyncio
import json
import re

import pytest

from bot.simulator.delivery import WebhookDelivery
from bot.simulator.events import sign
from tests.simulator.conftest import SECRET, Stage


def test_the_signature_is_lines_own_vector() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert sign(SECRET, body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


async def test_a_text_arrives_signed_and_in_lines_form(stage: Stage) -> None:
    await stage.act(text="家賃が払えません 😀")
    envelope = json.loads(stage.listener.bodies[0])
    event = envelope["events"][0]
    assert stage.listener.last_is_signed_with(SECRET)
    assert envelope["destination"] == stage.channel.user_id
    assert re.fullmatch(r"U[0-9a-f]{32}", event["source"]["userId"])
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", event["webhookEventId"])
    assert event["mode"] == "active"
    assert event["timestamp"] == int(stage.clock.now().timestamp() * 1000)
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["message"]["text"] == "家賃が払えません 😀"
    assert {"id", "quoteToken", "markAsReadToken"} <= event["message"].keys()


async def test_after_a_rotation_the_new_secret_signs(stage: Stage) -> None:
    await stage.client.post("/control/channel", json={"new_secret": "n" * 32})
    await stage.act(text="こんにちは")
    assert stage.listener.last_is_signed_with("n" * 32)
    assert not stage.listener.last_is_signed_with(SECRET)


async def test_an_empty_call_checks_the_connection(stage: Stage) -> None:
    await stage.client.post("/control/empty", json={})
    assert json.loads(stage.listener.bodies[0])["events"] == []
    assert stage.listener.last_is_signed_with(SECRET)


async def test_one_call_can_carry_several_residents_in_reverse_order(stage: Stage) -> None:
    acts = [{"user": "haruka", "text": "一"}, {"user": "yoshio", "text": "二"}]
    await stage.client.post("/control/batch", json={"acts": acts, "reverse": True})
    assert len(stage.listener.bodies) == 1
    assert [event["message"]["text"] for event in stage.listener.events] == ["二", "一"]
    assert len({event["source"]["userId"] for event in stage.listener.events}) == 2


@pytest.mark.parametrize(("duplicate", "marked"), [(False, True), (True, False)])
async def test_an_event_can_come_again_marked_or_not_under_the_same_id(stage: Stage, *, duplicate: bool, marked: bool) -> None:
    await stage.act(text="こんにちは")
    await stage.client.post("/control/redeliver", json={"duplicate": duplicate})
    first, second = stage.listener.events
    assert second.pop("deliveryContext") == {"isRedelivery": marked}
    assert first.pop("deliveryContext") == {"isRedelivery": False}
    assert first == second


@pytest.mark.parametrize(("switched_on", "calls"), [(True, 2), (False, 1)])
async def test_a_failed_call_is_redelivered_only_where_the_switch_is_on(stage: Stage, *, switched_on: bool, calls: int) -> None:
    stage.channel.redelivery = switched_on
    stage.listener.status = 500
    await stage.act(text="こんにちは")
    stage.listener.status = 200
    await asyncio.sleep(0.1)
    assert len(stage.listener.bodies) == calls
    assert [d.outcome for d in stage.simulator.platform.deliveries] == ["error_status_code", "success"][:calls]


async def test_a_product_that_is_too_slow_counts_as_a_timeout_though_it_has_the_event(stage: Stage) -> None:
    stage.listener.delay = 1
    await stage.act(text="おそい")
    assert stage.simulator.platform.deliveries[-1].outcome == "request_timeout"
    assert len(stage.listener.events) == 1


async def test_a_product_that_is_not_there_counts_as_not_connected(stage: Stage) -> None:
    lonely = WebhookDelivery(stage.simulator.platform, "http://127.0.0.1:1")
    event = stage.simulator.platform.say(stage.chat(), "だれもいない")
    assert (await lonely.deliver(stage.channel.account, [event])).outcome == "could_not_connect"
    await lonely.aclose()


async def test_in_the_background_each_residents_events_keep_their_order(stage: Stage) -> None:
    for number in range(10):
        stage.simulator.delivery.submit(stage.channel.account, [stage.simulator.platform.say(stage.chat(), str(number))])
    await stage.simulator.delivery.settle()
    assert [event["message"]["text"] for event in stage.listener.events] == [str(number) for number in range(10)]


async def test_a_follow_has_a_token_and_a_block_has_none(stage: Stage) -> None:
    follow = await stage.act(act="follow")
    block = await stage.act(act="unfollow")
    again = await stage.act(act="follow")
    assert follow["follow"] == {"isUnblocked": False}
    assert again["follow"] == {"isUnblocked": True}
    assert "replyToken" in follow
    assert "replyToken" not in block


async def test_who_blocks_cannot_write(stage: Stage) -> None:
    await stage.act(act="unfollow")
    answer = await stage.client.post("/control/act", json={"user": "haruka", "text": "送れない"})
    assert answer.status_code == 409
    assert len(stage.listener.events) == 1


async def test_a_taken_back_message_leaves_no_words_and_can_overtake_itself(stage: Stage) -> None:
    said = await stage.act(text="まちがい")
    await stage.act(act="unsend", message_id=said["message"]["id"])
    await stage.client.post("/control/redeliver", json={"last": 2, "reverse": True})
    assert [event["type"] for event in stage.listener.events] == ["message", "unsend", "unsend", "message"]
    assert stage.listener.events[1]["unsend"] == {"messageId": said["message"]["id"]}
    assert "まちがい" not in (await stage.client.get("/phone/haruka/log")).text


async def test_in_standby_there_is_no_reply_token(stage: Stage) -> None:
    event = await stage.act(text="こんにちは", standby=True)
    assert event["mode"] == "standby"
    assert "replyToken" not in event


async def test_tomorrows_events_and_messages_can_be_sent_today(stage: Stage) -> None:
    await stage.act(act="event", text="dance", raw={"dance": {"steps": 3}})
    await stage.act(act="message", raw={"type": "hologram", "depth": 4})
    first, second = stage.listener.events
    assert (first["type"], first["dance"]) == ("dance", {"steps": 3})
    assert (second["message"]["type"], second["message"]["depth"]) == ("hologram", 4)


async def test_message_ids_are_unique_over_all_chats(stage: Stage) -> None:
    ids = [(await stage.act(user, text="こんにちは"))["message"]["id"] for user in ("haruka", "yoshio") for _ in range(20)]
    assert len(set(ids)) == 40
