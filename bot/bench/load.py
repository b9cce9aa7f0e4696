"""Raw-socket load: keep-alive connections that send prepared requests as fast as answers come. Runs in its own process."""

import math
import multiprocessing
import multiprocessing.connection
import re
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from bot.line.signature import sign

_RECEIVE = 65_536
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TEXT = "家賃が払えなくて、子どももいて、どこに相談したらいいか分かりません"
_OK = b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one run of load saw: answers with 200, others, wall seconds, and latencies in seconds, sorted."""

    good: int
    bad: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return self.good / self.seconds


def event_body(number: int, text: str, moment_ms: int, event_id: str, user: str | None = None) -> bytes:
    """Return the body of a webhook with one text message, about as long as LINE's own."""
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": moment_ms,
        "webhookEventId": event_id,
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"token-{event_id}",
        "source": {"type": "user", "userId": user or f"U{number:032x}"},
        "message": {"type": "text", "id": f"m-{event_id}", "quoteToken": "q" * 90, "text": text},
    }
    return orjson.dumps({"destination": "U" + "0" * 32, "events": [event]})


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return an HTTP/1.1 request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "host: bench", "content-type: application/json; charset=utf-8", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


def signed_requests(path: str, secret: str, count: int, now_ms: int, series: str) -> list[bytes]:
    """Return unique, signed webhook requests. ``series`` tells the rounds of one run apart."""
    found = []
    for number in range(count):
        body = event_body(number, TEXT, now_ms, f"{series}{number:010d}")
        found.append(request(path, body, {"x-line-signature": sign(secret, body)}))
    return found


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(found) and len(body) >= (int(length[1]) if length else 0)


class _Run:
    """One run of load over keep-alive connections."""

    def __init__(self, port: int, requests: Sequence[bytes], connections: int, seconds: float) -> None:
        self._todo = iter(requests)
        self._selector = selectors.DefaultSelector()
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
        self._sent_at: dict[socket.socket, float] = {}
        self._partial: dict[socket.socket, bytes] = {}
        self._latencies: list[float] = []
        self._good = 0
        self._start = time.perf_counter()
        self._end = self._start + seconds

    def measure(self) -> Measured:
        for connection in self._sockets:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(connection, selectors.EVENT_READ)
            self._send(connection, self._start)
        while self._sent_at:
            for key, _ in self._selector.select():
                if isinstance(key.fileobj, socket.socket):
                    self._answer(key.fileobj)
        took = time.perf_counter() - self._start
        for connection in self._sockets:
            connection.close()
        self._latencies.sort()
        return Measured(good=self._good, bad=len(self._latencies) - self._good, seconds=took, latencies=self._latencies)

    def _answer(self, connection: socket.socket) -> None:
        piece = connection.recv(_RECEIVE)
        answer = self._partial.pop(connection, b"") + piece
        if piece and not _is_whole(answer):
            self._partial[connection] = answer
            return
        now = time.perf_counter()
        self._latencies.append(now - self._sent_at[connection])
        self._good += answer.startswith(_OK)
        if now < self._end and piece:
            self._send(connection, now)
        else:
            self._forget(connection)

    def _send(self, connection: socket.socket, now: float) -> None:
        following = next(self._todo, None)
        if following is None:
            self._forget(connection)
            return
        self._sent_at[connection] = now
        connection.sendall(following)

    def _forget(self, connection: socket.socket) -> None:
        self._sent_at.pop(connection, None)
        self._selector.unregister(connection)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value by nearest rank; ``values`` are sorted."""
    return values[min(len(values) - 1, max(0, math.ceil(share * len(values)) - 1))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run that the load process is to do. A ``secret`` makes signed webhooks; without one the same body is sent each time."""

    port: int
    path: str
    count: int
    now_ms: int
    connections: int
    seconds: float
    series: str = ""
    secret: str | None = None

    def requests(self) -> Sequence[bytes]:
        """Prepare the requests."""
        if self.secret is not None:
            return signed_requests(self.path, self.secret, self.count, self.now_ms, self.series)
        return [request(self.path, event_body(1, TEXT, self.now_ms, "0" * 26), {"x-line-signature": "0" * 44})] * self.count


def _work(pipe: multiprocessing.connection.Connection) -> None:
    while (job := pipe.recv()) is not None:
        requests = job.requests()
        pipe.send("ready")
        pipe.recv()
        pipe.send(_Run(job.port, requests, job.connections, job.seconds).measure())


class LoadProcess:
    """A process of its own that makes load, so that the server keeps a core to itself."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_work, args=(far,), daemon=True)
        self._process.start()

    def run(self, job: Job, busy: Callable[[], float]) -> tuple[Measured, float]:
        """Do one job. Returns what was measured and the share of the time in which the server's processor was busy."""
        self._pipe.send(job)
        self._pipe.recv()
        before = busy()
        self._pipe.send("go")
        measured: Measured = self._pipe.recv()
        return measured, (busy() - before) / measured.seconds

    def end(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join(5)
