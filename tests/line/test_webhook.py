import asyncio
import contextlib
import json
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.line.signature import sign
from bot.line.webhook import UnreadableBodyError, read_events
from intake.inbox.models import InboxEvent
from tests.support.line import SECRET, delivery, event, text_event, user
from tests.support.world import World


async def stored(world: World) -> list[InboxEvent]:
    async with world.database.read() as session:
        return list((await session.scalars(select(InboxEvent).order_by(InboxEvent.id))).all())


async def test_a_delivery_is_stored_sealed_before_it_is_acknowledged(world: World) -> None:
    assert await world.deliver(text_event("家賃が払えない", world.clock.now())) == 200
    [row] = await stored(world)
    assert row.sealed_payload is not None
    assert "家賃" not in row.sealed_payload.decode("utf-8", "replace")
    assert orjson.loads(world.ring.open(row.sealed_payload, row.place()))["message"]["text"] == "家賃が払えない"


async def test_an_empty_delivery_is_acknowledged(world: World) -> None:
    assert await world.deliver() == 200
    assert await stored(world) == []


async def test_residents_of_one_delivery_stay_apart(world: World) -> None:
    moment = world.clock.now()
    await world.deliver(text_event("A", moment, who=user(1)), text_event("B", moment, who=user(2)), text_event("C", moment, who=user(1)))
    lanes = [row.lane for row in await stored(world)]
    assert lanes[0] == lanes[2] != lanes[1]


async def test_the_same_delivery_twice_changes_nothing(world: World) -> None:
    body, headers = delivery(text_event("A", world.clock.now()))
    assert await world.post(body, headers) == 200
    assert await world.post(body, headers) == 200
    assert len(await stored(world)) == 1


async def test_deliveries_at_the_same_moment_are_all_stored(world: World) -> None:
    events = [text_event(str(number), world.clock.now(), who=user(number)) for number in range(40)]
    statuses = await asyncio.gather(*(world.deliver(one) for one in events))
    assert statuses == [200] * 40
    assert len(await stored(world)) == 40


@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 43 + "=", "あ".encode().decode("latin-1")])
async def test_without_a_genuine_signature_nothing_is_stored(world: World, signature: str) -> None:
    body, headers = delivery(text_event("A", world.clock.now()))
    assert await world.post(body, {**headers, "x-line-signature": signature}) == 401
    assert await world.post(body, {}) == 401
    assert await world.post(body + b" ", headers) == 401
    assert await stored(world) == []


async def test_the_secret_of_before_is_still_taken_during_a_change(world: World) -> None:
    assert await world.post(*delivery(text_event("A", world.clock.now()), secret="old-secret")) == 200


async def test_an_account_that_is_not_ours_is_not_found(world: World) -> None:
    assert await world.post(*delivery(text_event("A", world.clock.now())), account="other") == 404


async def test_a_body_over_the_limit_is_refused_before_it_is_read(world: World) -> None:
    body = b"x" * 100_001
    assert await world.post(body, {"x-line-signature": sign(SECRET, body)}) == 413


ODD_EVENTS = [
    {"type": "message"},
    {"type": None, "webhookEventId": 7, "timestamp": "soon", "source": [], "message": "text"},
    {"type": "unheard-of", "source": {"type": "user", "userId": user(3)}, "new": {"deep": [1, 2]}},
    {"type": "message", "timestamp": 10**20, "message": {"type": "hologram", "id": 5}, "source": {"type": "user", "userId": user(3)}},
    {"type": "message", "timestamp": -1, "source": {"type": "group", "groupId": "C1"}, "webhookEventId": "x" * 500},
    {"type": "postback", "postback": {"data": None}, "source": {"type": "user", "userId": user(3)}, "mode": "standby"},
    {"type": "unsend", "unsend": None, "source": {"type": "user", "userId": user(3)}},
]


@pytest.mark.parametrize("odd", ODD_EVENTS)
async def test_an_odd_event_never_costs_its_neighbours(world: World, odd: dict[str, object]) -> None:
    assert await world.deliver(odd, text_event("こんにちは", world.clock.now(), who=user(9))) == 200
    assert len(await stored(world)) == 2
    assert await world.work() == 2
    assert {row.status.value for row in await stored(world)} == {"done"}


async def test_a_list_that_holds_no_tables_is_kept_as_unreadable(world: World) -> None:
    body = orjson.dumps({"events": [None, 3, "x"]})
    assert await world.post(body, {"x-line-signature": sign(SECRET, body)}) == 200
    assert len(await stored(world)) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"events":[NaN]}', b'{"a":1e400}', b"[" * 100_000, b'{"events":[{"a":Infinity}]}']
)
async def test_a_signed_body_that_is_no_webhook_is_refused_kindly(world: World, body: bytes) -> None:
    status = await world.post(body, {"x-line-signature": sign(SECRET, body)})
    assert status in {200, 400, 413}
    assert await stored(world) == []


def test_half_an_emoji_does_not_lose_the_message() -> None:
    [found] = read_events(b'{"events":[{"type":"message","message":{"text":"\\ud83d \\u6b7b"}}]}')
    assert found["message"]["text"] == "\ufffd 死"


def test_an_event_without_an_id_is_still_known_when_it_is_repeated() -> None:
    from bot.line.webhook import _event_id  # noqa: PLC0415 - the helper behind the door
    from bot.line.webhook_model import WebhookEvent  # noqa: PLC0415

    first = {"type": "message", "deliveryContext": {"isRedelivery": False}, "message": {"text": "A"}}
    again = {**first, "deliveryContext": {"isRedelivery": True}}
    assert _event_id(WebhookEvent.model_validate(first), first) == _event_id(WebhookEvent.model_validate(again), again)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4),
    max_leaves=12,
)
events = st.dictionaries(
    st.sampled_from(["type", "mode", "timestamp", "source", "webhookEventId", "replyToken", "message", "postback", "unsend", "x"]),
    json_values,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), signature=st.binary(max_size=60))
async def test_any_bytes_without_a_genuine_signature_store_nothing_and_never_fail(world: World, body: bytes, signature: bytes) -> None:
    status = await world.post(body, {"x-line-signature": signature.decode("latin-1").replace("\n", "").replace("\r", "").strip()})
    assert status == 401
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(InboxEvent)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400) | st.builds(lambda found: json.dumps({"events": found}).encode(), st.lists(events, max_size=4)))
async def test_any_signed_bytes_are_answered_without_an_error_of_ours(world: World, body: bytes) -> None:
    assert await world.post(body, {"x-line-signature": sign(SECRET, body)}) in {200, 400, 413}
    await world.work()
    async with world.database.read() as session:
        stuck = await session.scalar(select(func.count()).select_from(InboxEvent).where(InboxEvent.reason.is_not(None)))
    assert stuck == 0


@given(body=st.binary(max_size=300))
def test_reading_any_bytes_gives_events_or_says_that_it_cannot(body: bytes) -> None:
    with contextlib.suppress(UnreadableBodyError):
        assert isinstance(read_events(body), list)


async def test_a_follow_is_an_event_like_any_other(world: World) -> None:
    await world.hear(event("follow", world.clock.now(), follow={"isUnblocked": False}))
    [call] = world.line.calls
    assert call.way == "reply"
    assert len(call.messages) >= 2


async def test_what_nests_deeper_than_it_can_be_written_again_is_refused_kindly(world: World) -> None:
    deep = b'{"events":[{"a":' + b"[" * 500 + b"]" * 500 + b"}]}"
    assert await world.post(deep, {"x-line-signature": sign(SECRET, deep)}) == 400
    assert await stored(world) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("first", [b"", b'{"ev'])
async def test_a_body_that_does_not_come_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch, first: bytes) -> None:
    monkeypatch.setattr("bot.line.webhook.BODY_SECONDS", 0.05)
    sent: list[int] = []
    parts: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    if first:
        parts.put_nowait({"type": "http.request", "body": first, "more_body": True})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.extend([message["status"]] if "status" in message else [])

    scope = {"type": "http", "method": "POST", "path": "/line/main/webhook", "headers": [], "query_string": b""}
    async with asyncio.timeout(2):
        await world.app(scope, parts.get, send)
    assert sent == [408]
