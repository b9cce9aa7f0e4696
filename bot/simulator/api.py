"""The Messaging API over HTTP: bearer token, JSON, faults that were ordered, a request id on every answer, a log of every call."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.simulator.model import ApiCall, Channel, Fault, FaultKind, Json
from bot.simulator.platform import LinePlatform
from bot.simulator.sending import Answer, MessagingApi, refusal, refused_by

MAX_BODY = 2 * 1024 * 1024
HANGS_FOR = 30.0
"""Seconds that a call hangs where the fault names none."""
Operation = Callable[[Channel, Json, ApiCall], Answer]
Observer = Callable[[ApiCall], None]


class CutResponse(Response):
    """An answer whose connection ends half-way: the promised length is longer than what comes."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send half a body and leave."""
        headers = [*self.raw_headers, (b"connection", b"close")]
        promised = [(key, b"4096" if key == b"content-length" else value) for key, value in headers]
        await send({"type": "http.response.start", "status": 200, "headers": promised})
        await send({"type": "http.response.body", "body": b'{"sentMess', "more_body": True})


class ApiEndpoints:
    """Routes of the Messaging API. ``closing`` ends calls that hang when the server stops."""

    def __init__(self, platform: LinePlatform, api: MessagingApi, closing: asyncio.Event, on_call: Observer | None = None) -> None:
        self._platform = platform
        self._api = api
        self._closing = closing
        self._on_call = on_call

    def routes(self) -> list[Route]:
        """Return every endpoint under its path at api.line.me."""
        api = self._api
        return [
            self._route("POST", "/v2/bot/message/reply", "reply", api.reply),
            self._route("POST", "/v2/bot/message/push", "push", api.push),
            self._route("POST", "/v2/bot/message/validate/reply", "validate", api.validate),
            self._route("POST", "/v2/bot/message/validate/push", "validate", api.validate),
            self._route("GET", "/v2/bot/message/quota", "quota", api.quota),
            self._route("GET", "/v2/bot/message/quota/consumption", "consumption", api.consumption),
            self._route("GET", "/v2/bot/message/{messageId}/content", "content", api.content),
            self._route("GET", "/v2/bot/info", "info", api.info),
            self._route("GET", "/v2/bot/profile/{userId}", "profile", api.profile),
            self._route("POST", "/v2/bot/chat/loading/start", "loading", api.loading),
            self._route("POST", "/v2/bot/chat/markAsRead", "mark_as_read", api.mark_as_read),
            Route("/{path:path}", self._unknown, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
        ]

    def _route(self, method: str, path: str, endpoint: str, operation: Operation) -> Route:
        async def handle(request: Request) -> Response:
            return await self._handle(request, endpoint, operation)

        return Route(path, handle, methods=[method], name=f"api_{endpoint}_{path.rsplit('/', 1)[-1]}")

    async def _unknown(self, request: Request) -> Response:
        async def find_nothing() -> Answer:
            return refusal(404, "Not found")

        return await self._logged(request, "unknown", lambda _call: find_nothing())

    async def _handle(self, request: Request, endpoint: str, operation: Operation) -> Response:
        async def work(call: ApiCall) -> Answer:
            channel = self._platform.find_channel_by_token(_bearer(request))
            if channel is None:
                return refusal(401, "Authentication failed. Confirm that the access token in the authorization header is valid.")
            call.account = channel.account
            if call.retry_key is not None and endpoint != "push":
                return refusal(400, "The 'X-Line-Retry-Key' header may not be used with this endpoint")
            body = await _read(request)
            if isinstance(body, Answer):
                return body
            call.body = body
            return await self._perform(endpoint, operation, channel, call)

        return await self._logged(request, endpoint, work)

    async def _perform(self, endpoint: str, operation: Operation, channel: Channel, call: ApiCall) -> Answer:
        fault = self._api.take_fault(endpoint)
        if fault is None:
            return operation(channel, call.body or {}, call)
        call.fault = fault.kind
        refused = refused_by(fault)
        if refused is not None:
            return refused
        if fault.kind is FaultKind.TIMEOUT:
            await self._pause(fault)
            return refusal(500, "Timed out")
        if fault.kind is FaultKind.DELAY:
            await self._pause(fault)
        answer = operation(channel, call.body or {}, call)
        return await self._hide(fault, answer) if answer.accepted else answer

    async def _hide(self, fault: Fault, answer: Answer) -> Answer:
        """Return what the caller gets to see of an accepted request."""
        if fault.kind is FaultKind.ACCEPTED_ERROR:
            return refusal(500, "An error occurred in the internal server.")
        if fault.kind is FaultKind.ACCEPTED_TIMEOUT:
            await self._pause(fault)
        if fault.kind is FaultKind.EMPTY_ANSWER:
            return Answer()
        return answer

    async def _pause(self, fault: Fault) -> None:
        try:
            async with asyncio.timeout(fault.seconds or HANGS_FOR):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _logged(self, request: Request, endpoint: str, work: Callable[[ApiCall], Awaitable[Answer]]) -> Response:
        call = ApiCall(
            at=self._platform.now(),
            request_id=str(uuid4()),
            endpoint=endpoint,
            method=request.method,
            path=request.url.path,
            retry_key=request.headers.get("x-line-retry-key"),
        )
        self._platform.calls.append(call)
        answer = await work(call)
        call.status = answer.status
        if self._on_call is not None:
            self._on_call(call)
        response = _respond(answer, cut=call.fault is FaultKind.CUT and answer.accepted)
        response.headers["x-line-request-id"] = call.request_id
        return response


def _respond(answer: Answer, *, cut: bool) -> Response:
    headers = dict(answer.headers)
    if cut:
        return CutResponse(b"{}", media_type="application/json")
    if answer.content is not None:
        return Response(answer.content, headers=headers)
    return JSONResponse(dict(answer.body), status_code=answer.status, headers=headers)


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind == "Bearer" else ""


async def _read(request: Request) -> dict[str, Any] | Answer:
    """Return the JSON object of a POST, the path's values of a GET, or the refusal of a body that is neither."""
    if request.method == "GET":
        return dict(request.path_params)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return refusal(415, "The content type is not supported")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            return refusal(413, "Request exceeds the max size of 2MB")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return refusal(400, "The request body could not be parsed as JSON")
    return value if isinstance(value, dict) else refusal(400, "The request body has 1 error(s)")
