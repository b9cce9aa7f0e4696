"""The SDK's client against the stand-in: what each answer of LINE says, and that every request is one that LINE describes."""

import socket
import socketserver
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from bot.line.client import LineDoor, SdkLine
from bot.line.inspect import inspect_account
from bot.line.render import render
from bot.settings import LineAccount
from intake.outbox.policy import Answer
from intake.wording.bubbles import Button, ButtonKind, CardBubble, TextBubble, Utterance
from tests.simulator.conftest import TOKEN
from tests.simulator.server import running
from tests.simulator.strict import SCHEMAS, needs_description, problems_of

HELLO = [{"type": "text", "text": "こんにちは"}]
CARD = CardBubble(
    title="見本窓口",
    rows=("月〜金 8:30〜17:15", ""),
    buttons=(
        Button(label="電話する", kind=ButtonKind.TEL, value="000-0000-0001"),
        Button(label="見る", kind=ButtonKind.URI, value="https://example.jp/"),
        Button(label="ほか", kind=ButtonKind.POSTBACK, value="v1:other", say="ほかの窓口"),
    ),
    badge="見本",
    alt="窓口のご案内",
)
CHOICES = (
    Button(label="はい", kind=ButtonKind.POSTBACK, value="v1:yes"),
    Button(label="#8008に電話", kind=ButtonKind.TEL, value="#8008"),
    Button(label="チャット", kind=ButtonKind.URI, value="https://example.jp/chat"),
)
SAID = {
    "text": (Utterance(bubbles=(TextBubble(text="こんにちは"),)), "bot"),
    "card": (Utterance(bubbles=(TextBubble(text="こちらです"), CARD)), "bot"),
    "choices": (Utterance(bubbles=(TextBubble(text="どうしますか"),), choices=CHOICES), "bot"),
    "card with choices": (Utterance(bubbles=(CARD,), choices=CHOICES), "bot"),
    "staff": (Utterance(bubbles=(TextBubble(text="担当です"),), sender="相談員 たなか"), "staff"),
    "silent": (Utterance(bubbles=(TextBubble(text="静かに"),), silent=True), "bot"),
    "five": (Utterance(bubbles=tuple(TextBubble(text=str(number)) for number in range(5))), "bot"),
}


class Stage:
    """The running stand-in, and one resident who has written to it."""

    def __init__(self, address: str) -> None:
        self.base = f"{address}/api"
        self._http = httpx2.Client(base_url=f"{address}/control")
        self.user = next(found["user_id"] for found in self.state()["residents"] if found["key"] == "haruka")

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._http.get("/state").json()
        return found

    def token(self) -> str:
        answer = self._http.post("/act", json={"user": "haruka", "text": "はい"})
        return str(answer.json()["events"][0]["replyToken"])

    def fail(self, kind: str, endpoint: str = "push", **more: Any) -> None:
        assert self._http.post("/faults", json={"kind": kind, "endpoint": endpoint, **more}).status_code == 200

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with running() as address:
        stage = Stage(address)
        yield stage
        stage.close()


@pytest.fixture
async def line(stage: Stage) -> AsyncIterator[LineDoor]:
    door = SdkLine(access_token=TOKEN, api_base=stage.base, timeout_seconds=30)
    yield door
    await door.close()


async def push_in_haste(stage: Stage, key: str) -> Answer:
    """Push through a door that does not wait for an answer that hangs."""
    door = SdkLine(access_token=TOKEN, api_base=stage.base, timeout_seconds=0.4)
    answer = await push(door, stage, key)
    await door.close()
    return answer


async def push(
    line: LineDoor, stage: Stage, key: str | None = None, messages: list[dict[str, Any]] = HELLO, to: str | None = None
) -> Answer:
    return (await line.push(to or stage.user, messages, retry_key=key or str(uuid.uuid4()), silent=False)).answer


async def test_a_good_answer_is_accepted_with_its_request_id(line: LineDoor, stage: Stage) -> None:
    outcome = await line.push(stage.user, HELLO, retry_key=str(uuid.uuid4()), silent=False)
    assert outcome.answer is Answer.ACCEPTED
    assert outcome.request_id == stage.state()["calls"][-1]["request_id"]


async def test_a_token_is_good_once(line: LineDoor, stage: Stage) -> None:
    token = stage.token()
    assert (await line.reply(token, HELLO, silent=False)).answer is Answer.ACCEPTED
    assert (await line.reply(token, HELLO, silent=False)).answer is Answer.REFUSED


async def test_the_same_key_twice_is_accepted_and_sent_once(line: LineDoor, stage: Stage) -> None:
    key = str(uuid.uuid4())
    before = _bubbles(stage)
    assert [await push(line, stage, key), await push(line, stage, key)] == [Answer.ACCEPTED] * 2
    assert _bubbles(stage) == before + 1


def _bubbles(stage: Stage) -> int:
    [chat] = [chat for chat in stage.state()["chats"] if chat["user"] == "haruka"]
    return sum(message["author"] == "bot" for message in chat["messages"])


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("rate_limit", Answer.THROTTLED),
        ("monthly_limit", Answer.THROTTLED),
        ("same_user", Answer.THROTTLED),
        ("server_error", Answer.UNKNOWN),
        ("accepted_error", Answer.UNKNOWN),
        ("accepted_timeout", Answer.UNKNOWN),
        ("timeout", Answer.UNKNOWN),
        ("cut", Answer.UNKNOWN),
        ("empty_answer", Answer.ACCEPTED),
    ],
)
async def test_each_fault_of_line_is_understood_and_a_repeat_makes_no_second_message(
    line: LineDoor, stage: Stage, fault: str, answer: Answer
) -> None:
    if stage.state()["chats"] == []:
        stage.token()
    key, before = str(uuid.uuid4()), _bubbles(stage)
    stage.fail(fault, seconds=1.0)
    hangs = fault in {"timeout", "accepted_timeout"}
    assert await (push_in_haste(stage, key) if hangs else push(line, stage, key)) is answer
    assert await push(line, stage, key) is Answer.ACCEPTED
    assert _bubbles(stage) == before + 1


async def test_a_late_answer_within_the_time_limit_is_waited_for(line: LineDoor, stage: Stage) -> None:
    stage.fail("delay", seconds=0.1)
    assert await push(line, stage) is Answer.ACCEPTED


@pytest.mark.parametrize(
    ("status", "answer"), [(400, Answer.REFUSED), (403, Answer.REFUSED), (404, Answer.REFUSED), (401, Answer.UNAUTHORISED)]
)
async def test_a_refusal_is_final_except_that_of_our_token(status: int, answer: Answer) -> None:
    with _always(f"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}") as base:
        assert await _ask(base) is answer


async def test_a_wrong_access_token_is_told_apart(stage: Stage) -> None:
    door = SdkLine(access_token="wrong", api_base=stage.base, timeout_seconds=1)
    assert await push(door, stage) is Answer.UNAUTHORISED
    await door.close()


async def test_a_message_that_line_does_not_take_is_refused(line: LineDoor, stage: Stage) -> None:
    assert await push(line, stage, messages=[{"type": "text", "text": "x" * 5001}]) is Answer.REFUSED
    assert await push(line, stage, to="U" + "f" * 32) is Answer.REFUSED


async def test_where_nobody_listens_the_outcome_is_unknown() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert await _ask(f"http://127.0.0.1:{unused.getsockname()[1]}") is Answer.UNKNOWN


@contextmanager
def _always(answer: str) -> Iterator[str]:
    """A server that reads a request and gives the same answer to everybody."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            length = 0
            while (header := self.rfile.readline()).strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            self.rfile.read(length)
            self.wfile.write(answer.encode())

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


async def _ask(base: str) -> Answer:
    door = SdkLine(access_token="t", api_base=base, timeout_seconds=1)
    try:
        return (await door.push("U" + "0" * 32, HELLO, retry_key=str(uuid.uuid4()), silent=False)).answer
    finally:
        await door.close()


@needs_description
@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("way", ["reply", "push"])
async def test_every_kind_of_message_goes_through_the_sdk_as_line_describes_it(line: LineDoor, stage: Stage, name: str, way: str) -> None:
    utterance, author = SAID[name]
    messages = render(utterance, author)
    if way == "reply":
        outcome = await line.reply(stage.token(), messages, silent=utterance.silent)
    else:
        outcome = await line.push(stage.user, messages, retry_key=str(uuid.uuid4()), silent=utterance.silent)
    call = stage.state()["calls"][-1]
    assert outcome.answer is Answer.ACCEPTED
    assert problems_of(SCHEMAS[way], call["body"]) == []
    assert call["body"]["messages"] == messages, "the SDK drops and changes nothing"
    assert call["body"]["notificationDisabled"] is utterance.silent


async def test_the_profile_of_a_resident_is_never_asked_for(stage: Stage) -> None:
    assert stage.state()["profile_calls"] == []


async def test_the_mode_of_an_account_is_asked_for_and_a_strange_answer_is_no_error(stage: Stage) -> None:
    state = await inspect_account(_account(stage.base), timeout_seconds=1)
    assert (state.reachable, state.chat_mode) == (True, "chat")
    with _always("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}") as base:
        assert not (await inspect_account(_account(base), timeout_seconds=1)).reachable
    assert not (await inspect_account(_account("http://127.0.0.1:1"), timeout_seconds=1)).reachable


def _account(base: str) -> LineAccount:
    return LineAccount.model_validate({"municipality": "a", "channel_secrets": ["s"], "access_token": TOKEN, "api_base": base})
