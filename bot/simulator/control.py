"""The strings behind the stage: JSON calls with which tests and the demo move residents and order faults."""

import dataclasses
import json
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.delivery import WebhookDelivery
from bot.simulator.events import in_standby
from bot.simulator.model import Chat, Delivery, Fault, FaultKind, Resident
from bot.simulator.pages import refuse_cross_site
from bot.simulator.platform import Event, LinePlatform, RefusedActError
from bot.simulator.sending import MessagingApi
from bot.simulator.views import PACKAGE


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


_T = TypeVar("_T", bound=_Order)


class Act(_Order):
    """One thing that one resident does."""

    user: str
    act: str = "say"
    account: str | None = None
    text: str = ""
    sticker: str = "1"
    data: str = ""
    display_text: str = ""
    message_id: str = ""
    latitude: float = 37.0
    longitude: float = 139.0
    address: str = ""
    preparing_seconds: float = 0.0
    standby: bool = False
    raw: dict[str, Any] = Field(default_factory=dict)
    """The message object of ``act: message``, or the fields of an event whose type is ``text`` for ``act: event``."""


class Batch(_Order):
    """Several acts in one webhook; ``reverse`` sends the newest first."""

    acts: list[Act]
    reverse: bool = False


class NewResident(_Order):
    """One more invented person."""

    key: str = Field(pattern=r"^[a-z0-9_-]{1,32}$")
    name: str
    about: str = ""


class FaultOrder(_Order):
    """Fail the next ``times`` calls of ``endpoint``."""

    endpoint: str = "*"
    kind: FaultKind
    times: int = Field(default=1, ge=1)
    seconds: float = Field(default=0.0, ge=0)


class Again(_Order):
    """Send the latest events once more."""

    account: str | None = None
    last: int = Field(default=1, ge=1)
    duplicate: bool = False
    reverse: bool = False


class ChannelChange(_Order):
    """Change a channel: a new first secret (the old ones stay), its quota, its switches."""

    account: str | None = None
    new_secret: str | None = None
    quota: int | None = None
    unlimited: bool = False
    redelivery: bool | None = None
    chat_mode: str | None = None


class Control:
    """Routes of the control calls. Each delivers its webhook before it answers, and tells how that went."""

    def __init__(self, platform: LinePlatform, api: MessagingApi, delivery: WebhookDelivery) -> None:
        self._platform = platform
        self._api = api
        self._delivery = delivery

    def routes(self) -> list[Route]:
        """Return the control calls."""
        return [
            Route("/state", self._state, methods=["GET"]),
            Route("/residents", self._add_resident, methods=["POST"]),
            Route("/act", self._act, methods=["POST"]),
            Route("/batch", self._batch, methods=["POST"]),
            Route("/empty", self._empty, methods=["POST"]),
            Route("/redeliver", self._redeliver, methods=["POST"]),
            Route("/faults", self._faults, methods=["POST"]),
            Route("/channel", self._channel, methods=["POST"]),
        ]

    async def _state(self, _request: Request) -> Response:
        platform = self._platform
        value = {
            "residents": list(platform.residents.values()),
            "chats": [_chat_state(chat) for chat in platform.chats()],
            "calls": list(platform.calls),
            "deliveries": list(platform.deliveries),
            "faults": platform.faults,
            "profile_calls": self._api.profile_calls,
            "used_this_month": {channel.account: self._api.used_this_month(channel) for channel in platform.channels.values()},
        }
        return _json(value)

    async def _add_resident(self, request: Request) -> Response:
        order = await _read(request, NewResident)
        if isinstance(order, Response):
            return order
        resident = Resident(key=order.key, name=order.name, about=order.about)
        self._platform.add_resident(resident)
        return _json(resident)

    async def _act(self, request: Request) -> Response:
        order = await _read(request, Act)
        return order if isinstance(order, Response) else await self._deliver([order], reverse=False)

    async def _batch(self, request: Request) -> Response:
        order = await _read(request, Batch)
        return order if isinstance(order, Response) else await self._deliver(order.acts, reverse=order.reverse)

    async def _deliver(self, acts: list[Act], *, reverse: bool) -> Response:
        account = self._account(acts[0].account if acts else None)
        try:
            events = [self._do(account, act) for act in acts]
        except RefusedActError as refused:
            return JSONResponse({"error": str(refused)}, status_code=409)
        except LookupError as unknown:
            return JSONResponse({"error": str(unknown)}, status_code=404)
        if reverse:
            events.reverse()
        delivery = await self._delivery.deliver(account, events)
        return _json({"delivery": delivery, "events": events})

    def _do(self, account: str, order: Act) -> Event:
        resident = self._platform.find_resident(order.user)
        if resident is None or account != self._account(order.account, account):
            raise LookupError(order.user)
        event = self._event(self._platform.chat(account, resident), order)
        return in_standby(event) if order.standby else event

    def _event(self, chat: Chat, order: Act) -> Event:
        platform = self._platform
        body = _message_of(order)
        if body is not None:
            return platform.send(chat, body, preparing=timedelta(seconds=order.preparing_seconds))
        match order.act:
            case "postback":
                return platform.postback(chat, order.data, display_text=order.display_text, message_id=order.message_id)
            case "unsend":
                return platform.unsend(chat, order.message_id)
            case "follow":
                return platform.follow(chat)
            case "unfollow":
                return platform.unfollow(chat)
            case "event":
                return platform.unknown_event(chat, order.text, order.raw)
            case other:
                raise LookupError(other)

    async def _empty(self, request: Request) -> Response:
        order = await _read(request, Again)
        return order if isinstance(order, Response) else _json(await self._delivery.deliver(self._account(order.account), []))

    async def _redeliver(self, request: Request) -> Response:
        order = await _read(request, Again)
        if isinstance(order, Response):
            return order
        account = self._account(order.account)
        delivery: Delivery = await self._delivery.redeliver(account, last=order.last, duplicate=order.duplicate, reverse=order.reverse)
        return _json(delivery)

    async def _faults(self, request: Request) -> Response:
        order = await _read(request, FaultOrder)
        if isinstance(order, Response):
            return order
        self._platform.faults.append(Fault(**order.model_dump()))
        return _json(self._platform.faults)

    async def _channel(self, request: Request) -> Response:
        order = await _read(request, ChannelChange)
        if isinstance(order, Response):
            return order
        channel = self._platform.channels[self._account(order.account)]
        if order.new_secret:
            channel.secrets.insert(0, order.new_secret)
        if order.quota is not None or order.unlimited:
            channel.quota = order.quota
        if order.redelivery is not None:
            channel.redelivery = order.redelivery
        if order.chat_mode in {"chat", "bot"}:
            channel.chat_mode = str(order.chat_mode)
        return JSONResponse(
            {"account": channel.account, "quota": channel.quota, "redelivery": channel.redelivery, "chat_mode": channel.chat_mode}
        )

    def _account(self, account: str | None, default: str | None = None) -> str:
        """Return the channel that was named, else the default, else the first; a wrong name is an error and never another channel."""
        if account is None:
            return default or next(iter(self._platform.channels))
        if account not in self._platform.channels:
            raise HTTPException(404, f"no channel {account}")
        return account


def _message_of(order: Act) -> dict[str, Any] | None:
    """Return the message object that an act sends; None where it sends none."""
    bodies: dict[str, dict[str, Any]] = {
        "say": {"type": "text", "text": order.text},
        "sticker": {"type": "sticker", "packageId": PACKAGE, "stickerId": order.sticker, "stickerResourceType": "STATIC", **order.raw},
        "image": {"type": "image", "contentProvider": {"type": "line"}},
        "audio": {"type": "audio", "duration": 2000, "contentProvider": {"type": "line"}},
        "file": {"type": "file", "fileName": order.text or "見本.pdf", "fileSize": 1000},
        "location": {"type": "location", "latitude": order.latitude, "longitude": order.longitude, "address": order.address},
        "message": {"type": "unknown", **order.raw},
    }
    return bodies.get(order.act)


def _chat_state(chat: Chat) -> dict[str, Any]:
    return {
        "account": chat.account,
        "user": chat.resident.key,
        "user_id": chat.resident.user_id,
        "friend": chat.friend,
        "blocked": chat.blocked,
        "loading_until": chat.loading_until,
        "messages": chat.messages,
    }


async def _read(request: Request, kind: type[_T]) -> _T | Response:
    """Return the order of a JSON body; only JSON, so that no foreign page can post it as a plain form."""
    refuse_cross_site(request)
    if not request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"error": "send application/json"}, status_code=415)
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as invalid:
        return JSONResponse({"error": json.loads(invalid.json(include_url=False, include_context=False))}, status_code=422)


def _json(value: Any) -> Response:
    return Response(json.dumps(value, default=_plain, ensure_ascii=True), media_type="application/json")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    raise TypeError(type(value).__name__)
