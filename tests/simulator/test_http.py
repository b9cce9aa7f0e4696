"""The Messaging API as HTTP: who may come in, what is too large, and every way in which LINE can fail."""

import asyncio
from uuid import uuid4

import pytest

from tests.simulator.conftest import TOKEN, Stage

PUSH = "/api/v2/bot/message/push"


@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
async def test_without_the_right_token_nobody_comes_in(stage: Stage, header: str) -> None:
    answer = await stage.client.get("/api/v2/bot/info", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["message"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v2/bot/info"), ("POST", PUSH), ("GET", "/api/v2/nothing"), ("PUT", PUSH)])
async def test_every_answer_carries_a_request_id(stage: Stage, method: str, path: str) -> None:
    answer = await stage.client.request(method, path)
    assert answer.headers["x-line-request-id"] == stage.simulator.platform.calls[-1].request_id


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"x":"' + b"x" * (2 * 1024 * 1024) + b'"}', "application/json", 413),
    ],
    ids=["broken", "array", "deep", "text", "large"],
)
async def test_a_body_that_is_no_json_object_is_refused(stage: Stage, content: bytes, kind: str, status: int) -> None:
    answer = await stage.client.post(PUSH, content=content, headers={"authorization": f"Bearer {TOKEN}", "content-type": kind})
    assert answer.status_code == status


async def test_the_bot_tells_the_id_that_webhooks_name_as_destination(stage: Stage) -> None:
    assert (await stage.call("/info")).json()["userId"] == stage.channel.user_id


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("rate_limit", 429, "The API rate limit has been exceeded. Try again later."),
        ("monthly_limit", 429, "You have reached your monthly limit."),
        ("same_user", 429, "Too many messages have been sent to the same user."),
        ("server_error", 500, "An error occurred in the internal server."),
    ],
)
async def test_a_refusal_that_was_ordered_sends_nothing_and_ends_after_its_number(stage: Stage, kind: str, status: int, words: str) -> None:
    await stage.act(act="follow")
    await stage.fail(kind, "push", times=2)
    for _ in range(2):
        answer = await stage.push()
        assert (answer.status_code, answer.json()["message"]) == (status, words)
    assert stage.chat().messages == []
    assert (await stage.push()).status_code == 200


async def test_a_fault_strikes_only_its_endpoint(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    await stage.fail("server_error", "push")
    assert (await stage.reply(event)).status_code == 200
    assert (await stage.push()).status_code == 500


async def test_a_500_after_acceptance_is_found_out_by_the_retry_key(stage: Stage) -> None:
    await stage.act(act="follow")
    await stage.fail("accepted_error", "push")
    key = str(uuid4())
    assert (await stage.push(x_line_retry_key=key)).status_code == 500
    assert (await stage.push(x_line_retry_key=key)).status_code == 409
    assert len(stage.chat().messages) == 1


async def test_a_reply_that_hangs_after_acceptance_was_delivered_and_its_token_is_gone(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    await stage.fail("accepted_timeout", "reply", seconds=5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await stage.reply(event)
    assert stage.chat().messages[-1].body["text"] == "お返事"
    assert (await stage.reply(event)).json()["message"] == "Invalid reply token"


async def test_a_call_that_hangs_before_acceptance_sends_nothing(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    await stage.fail("timeout", "reply", seconds=5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await stage.reply(event)
    assert (await stage.reply(event)).status_code == 200


async def test_a_delay_ends_in_an_ordinary_answer(stage: Stage) -> None:
    await stage.act(act="follow")
    await stage.fail("delay", "push", seconds=0.01)
    assert (await stage.push()).status_code == 200


async def test_an_empty_answer_hides_the_id_of_what_was_sent(stage: Stage) -> None:
    await stage.act(act="follow")
    await stage.fail("empty_answer", "push")
    answer = await stage.push()
    assert (answer.status_code, answer.json()) == (200, {})
    assert len(stage.chat().messages) == 1


async def test_hanging_calls_end_when_the_server_stops(stage: Stage) -> None:
    await stage.act(act="follow")
    await stage.fail("accepted_timeout", "push", seconds=60)
    hanging = asyncio.create_task(stage.push())
    await asyncio.sleep(0.05)
    stage.simulator.end_streams()
    assert (await asyncio.wait_for(hanging, 1)).status_code == 200


async def test_a_picture_is_prepared_then_there_then_gone(stage: Stage) -> None:
    event = await stage.act(act="image", preparing_seconds=10)
    path = f"/message/{event['message']['id']}/content"
    assert (await stage.call(path)).status_code == 202
    stage.clock.advance(seconds=11)
    ready = await stage.call(path)
    assert (ready.status_code, ready.headers["content-type"]) == (200, "image/png")
    assert ready.content.startswith(b"\x89PNG")
    await stage.act(act="unsend", message_id=event["message"]["id"])
    assert (await stage.call(path)).status_code == 410


async def test_a_text_has_no_content_to_fetch(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    assert (await stage.call(f"/message/{event['message']['id']}/content")).status_code == 404
    assert (await stage.call("/message/1/content")).status_code == 404
