"""What only real connections can show: an answer that breaks off, and a server that stops under open streams."""

import threading
import time

import httpx2
import pytest

from tests.simulator.conftest import TOKEN
from tests.simulator.server import running


def test_an_answer_can_break_off_after_the_work_was_done() -> None:
    with running() as address, httpx2.Client(trust_env=False) as client:
        client.post(f"{address}/control/act", json={"user": "haruka", "act": "follow"})
        chat = client.get(f"{address}/control/state").json()["chats"][0]
        client.post(f"{address}/control/faults", json={"kind": "cut", "endpoint": "push"})
        body = {"to": chat["user_id"], "messages": [{"type": "text", "text": "とどいた"}]}
        with pytest.raises(httpx2.RemoteProtocolError):
            client.post(f"{address}/api/v2/bot/message/push", json=body, headers={"authorization": f"Bearer {TOKEN}"})
        assert client.get(f"{address}/control/state").json()["chats"][0]["messages"][0]["body"]["text"] == "とどいた"


def test_a_server_that_stops_does_not_wait_for_open_phones() -> None:
    seen: list[str] = []

    def listen(address: str) -> None:
        with httpx2.Client(trust_env=False, timeout=20) as client, client.stream("GET", f"{address}/phone/haruka/events") as stream:
            seen.extend(stream.iter_lines())

    with running() as address:
        listener = threading.Thread(target=listen, args=(address,))
        listener.start()
        time.sleep(0.3)
        began = time.monotonic()
    listener.join(5)
    assert time.monotonic() - began < 5
    assert "data: changed" in seen
