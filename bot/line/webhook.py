"""The LINE door: checks the signature over the raw bytes, stores the events durably, and only then answers 200.

A plain ASGI endpoint: nothing happens here that a resident could wait for.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import orjson
import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.line.signature import is_signed
from bot.line.webhook_model import Webhook, WebhookEvent
from bot.metrics import WEBHOOKS
from bot.settings import LineAccount
from intake.base.clock import Clock
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, Place
from intake.inbox.door import InboxDoor
from intake.inbox.models import InboxStatus
from intake.residents.service import lane_of

BODY_SECONDS = 10
_EVENT_ID_LENGTH = 64
_NO_PERSON = "-"
_PATH = re.compile(r"/line/(?P<account>[^/]+)/webhook")
_EMPTY = [(b"content-length", b"0")]
_log = structlog.get_logger(__name__)


@cache
def _counter(account: str, outcome: str) -> Counter:
    return WEBHOOKS.labels(account=account, outcome=outcome)


class UnreadableBodyError(Exception):
    """The body is signed but no JSON of a webhook."""


class _Refusal(Exception):  # noqa: N818 - it is an answer, not an error of the program
    def __init__(self, status: int, outcome: str) -> None:
        super().__init__(outcome)
        self.status = status
        self.outcome = outcome


class WebhookEndpoint:
    """``POST /line/{account}/webhook`` as an ASGI application."""

    def __init__(self, *, accounts: Mapping[str, LineAccount], door: InboxDoor, ring: KeyRing, clock: Clock, body_limit: int) -> None:
        self._accounts = {
            key: (account, tuple(secret.get_secret_value() for secret in account.channel_secrets)) for key, account in accounts.items()
        }
        self._door = door
        self._ring = ring
        self._clock = clock
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one delivery: 200 once it is durable, 401 unsigned, 400 unreadable, 413 too large, 503 when it cannot be stored."""
        key = scope["path_params"]["account"]
        status, outcome = 200, "stored"
        try:
            await self._take(key, scope, receive)
        except _Refusal as refusal:
            status, outcome = refusal.status, refusal.outcome
        except Exception:  # noqa: BLE001 - whatever went wrong, LINE must hear that it was not stored
            status, outcome = 503, "not_stored"
            _log.exception("webhook_not_stored", account=key)
        _counter(key if key in self._accounts else "unknown", outcome).inc()
        await send({"type": "http.response.start", "status": status, "headers": _EMPTY})
        await send({"type": "http.response.body", "body": b""})

    async def _take(self, key: str, scope: Scope, receive: Receive) -> None:
        if key not in self._accounts:
            raise _Refusal(404, "unknown_account")
        account, secrets = self._accounts[key]
        body = await self._body(scope, receive)
        signatures = [value for name, value in scope["headers"] if name.lower() == b"x-line-signature"]
        if len(signatures) != 1 or not is_signed(secrets, body, signatures[0]):
            raise _Refusal(401, "unsigned")
        now = self._clock.now()
        try:
            rows = [self._row(key, account.municipality, event, now) for event in read_events(body)]
        except (UnreadableBodyError, orjson.JSONEncodeError) as error:  # Nested deeper than it can be written again.
            raise _Refusal(400, "unreadable") from error
        if rows:
            await self._door.store(rows)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        for name, value in scope["headers"]:
            if name == b"content-length" and (not value.isdigit() or int(value) > self._body_limit):
                raise _Refusal(413, "too_large")
        body, more = b"", True
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Refusal(400, "cut_off")
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > self._body_limit:
                        raise _Refusal(413, "too_large")
        except TimeoutError as error:
            raise _Refusal(408, "too_slow") from error
        return body

    def _row(self, key: str, municipality: str, event: dict[str, Any], now: datetime) -> dict[str, Any]:
        known = WebhookEvent.model_validate(event)
        row_id = new_id(now)
        place = Place("inbox", "sealed_payload", municipality, row_id)
        payload = orjson.dumps(event)
        return {
            "id": row_id,
            "municipality": municipality,
            "account": key,
            "event_id": _event_id(known, event),
            "lane": lane_of(self._ring, key, known.user_id() or _NO_PERSON),
            "line_message_id": known.message_id(),
            "occurred_at": known.occurred_at() or now,
            "received_at": now,
            "sealed_payload": self._ring.seal(payload.decode(), place, now),
            "status": InboxStatus.PENDING,
            "attempts": 0,
            "next_at": now,
        }


class FrontDoor:
    """Takes LINE's deliveries past the routing and the middlewares of the app, which cost more than the door itself."""

    def __init__(self, webhook: WebhookEndpoint, rest: ASGIApp) -> None:
        self._webhook = webhook
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve ``POST /line/{account}/webhook``; hand over everything else."""
        if scope["type"] == "http" and scope["method"] == "POST" and (path := _PATH.fullmatch(scope["path"])):
            await self._webhook({**scope, "path_params": path.groupdict()}, receive, send)
        else:
            await self._rest(scope, receive, send)


def _event_id(known: WebhookEvent, event: dict[str, Any]) -> str:
    """Return LINE's id, or one made of the content, so that a repeat of an event without an id is still known as one."""
    given = known.webhook_event_id
    if given is not None and len(given) <= _EVENT_ID_LENGTH and given.isprintable():
        return given
    told = {name: value for name, value in event.items() if name != "deliveryContext"}
    return "x" + hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[: _EVENT_ID_LENGTH - 1]


def read_events(body: bytes) -> list[dict[str, Any]]:
    """Return the events of a signed body. Half characters become U+FFFD; :class:`UnreadableBodyError` when it is no webhook."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _read_half_characters(body)
    if not isinstance(document, dict):
        raise UnreadableBodyError
    return Webhook.model_validate(document).events


def _read_half_characters(body: bytes) -> Any:
    """Read JSON whose only fault is a lone surrogate; losing a message over half an emoji would be worse."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        lenient = json.loads(body.decode(), parse_constant=refuse)
        whole = json.dumps(lenient, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return orjson.loads(whole)
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError from error
