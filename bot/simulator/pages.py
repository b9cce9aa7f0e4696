"""The phone pages: a list of residents, a chat for each, and a stream that says when something is new."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.simulator.graphemes import utf16_units
from bot.simulator.limits import MAX_TEXT
from bot.simulator.model import Chat, Json
from bot.simulator.platform import Event, LinePlatform, RefusedActError
from bot.simulator.samples import content_of
from bot.simulator.views import PACKAGE, STICKERS, people_view, phone_view

if TYPE_CHECKING:
    from bot.simulator.delivery import WebhookDelivery

HERE = Path(__file__).parent
STATIC = HERE / "static"
PING_AFTER = 15.0
_MOST = 10_000_000
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Changes:
    """Wakes the streams of a phone when its chats change."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.ended = False

    def notify(self, user_id: str) -> None:
        """Wake every open page of this phone."""
        for event in self._waiting.get(user_id, ()):
            event.set()

    def end(self) -> None:
        """Let every stream end: the server stops."""
        self.ended = True
        for user_id in self._waiting:
            self.notify(user_id)

    def open(self, user_id: str) -> asyncio.Event:
        """Register a page."""
        event = asyncio.Event()
        self._waiting[user_id].add(event)
        return event

    def close(self, user_id: str, event: asyncio.Event) -> None:
        """Forget a page."""
        self._waiting[user_id].discard(event)


class PhonePages:
    """Routes of the pages. ``console_url`` is where the staff's side stands."""

    def __init__(self, platform: LinePlatform, delivery: "WebhookDelivery", changes: Changes, *, console_url: str) -> None:
        self._platform = platform
        self._delivery = delivery
        self._console_url = console_url
        self._changes = changes
        platform.listeners.append(changes.notify)
        self._templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._templates.globals.update(version=_static_version(), stickers=STICKERS)

    def routes(self) -> list[Route]:
        """Return the pages and what their forms post to."""
        return [
            Route("/", self._index, name="index"),
            Route("/phone/{user}", self._phone, name="phone"),
            Route("/phone/{user}/log", self._log, name="log"),
            Route("/phone/{user}/events", self._stream, name="events"),
            Route("/phone/{user}/image/{message}", self._image, name="image"),
            Route("/phone/{user}/{act}", self._act, methods=["POST"], name="act"),
        ]

    async def _index(self, request: Request) -> Response:
        account = _account(self._platform, request)
        return self._page(request, "index.html", account=account, selected="")

    async def _phone(self, request: Request) -> Response:
        chat = self._chat(request)
        return self._page(request, "phone.html", account=chat.account, selected=chat.resident.key, **self._phone_values(chat))

    async def _log(self, request: Request) -> Response:
        chat = self._chat(request)
        return self._page(request, "_live.html", account=chat.account, selected=chat.resident.key, **self._phone_values(chat))

    async def _image(self, request: Request) -> Response:
        found = self._platform.find_message(request.path_params["message"])
        if found is None or found[1].content_ready_at is None or found[1].unsent:
            raise HTTPException(404)
        content, content_type = content_of(found[1])
        if content_type not in _PICTURES:
            raise HTTPException(404)
        return Response(content, media_type=content_type, headers={"cache-control": "no-store"})

    async def _act(self, request: Request) -> Response:
        refuse_cross_site(request)
        chat = self._chat(request)
        try:
            async with request.form() as given:
                form = {key: value.replace("\r\n", "\n") for key, value in given.items() if isinstance(value, str)}
                chosen = given.get("chosen")
                act = request.path_params["act"]
                event = await self._upload(chat, chosen) if act == "upload" else self._do(chat, act, form)
        except RefusedActError as refused:
            return PlainTextResponse(str(refused), status_code=409)
        self._delivery.submit(chat.account, [event])
        if request.headers.get("x-phone") == "fetch":
            return Response(status_code=204)
        return RedirectResponse(f"{_base(request)}/phone/{chat.resident.key}?account={chat.account}", status_code=303)

    def _do(self, chat: Chat, act: str, form: dict[str, str]) -> Event:
        platform = self._platform
        match act:
            case "say" if text := form.get("text", "").strip("\n"):
                return self._say(chat, text, form.get("message"))
            case "sticker" | "image" | "audio" | "file":
                return platform.send(chat, _picture(act, form.get("sticker", "")))
            case "postback":
                return platform.postback(
                    chat, form.get("data", ""), display_text=form.get("display_text", ""), message_id=form.get("message")
                )
            case "unsend":
                return platform.unsend(chat, form.get("message", ""))
            case "follow" | "unfollow":
                return platform.follow(chat) if act == "follow" else platform.unfollow(chat)
            case _:
                raise HTTPException(400)

    async def _upload(self, chat: Chat, chosen: object) -> Event:
        """Send what somebody chose on the own device, as the kind of message that LINE makes of it."""
        if not isinstance(chosen, UploadFile) or not chosen.filename:
            raise RefusedActError("送るものを選んでください。")
        content = await chosen.read(_MOST + 1)
        if len(content) > _MOST:
            raise RefusedActError("大きすぎます。10MBまでのものを選んでください。")
        content_type = chosen.content_type or "application/octet-stream"
        kind = content_type.partition("/")[0] if content_type.partition("/")[0] in {"image", "audio", "video"} else "file"
        body: dict[str, Any] = {"type": kind, "contentProvider": {"type": "line"}}
        if kind == "file":
            body = {"type": kind, "fileName": chosen.filename, "fileSize": len(content)}
        return self._platform.send(chat, body, content=content, content_type=content_type)

    def _say(self, chat: Chat, text: str, tapped: str | None) -> Event:
        if utf16_units(text) > MAX_TEXT:
            raise RefusedActError("文字が多すぎます。5,000文字までにしてください。")
        bubble = chat.message(tapped) if tapped else None
        if bubble is not None:
            bubble.choices_used = True
        return self._platform.say(chat, text)

    async def _stream(self, request: Request) -> Response:
        chat = self._chat(request)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._changes_of(chat), media_type="text/event-stream", headers=headers)

    async def _changes_of(self, chat: Chat) -> AsyncIterator[bytes]:
        """Say "changed" for each burst of changes, ping in between, and end when the server stops."""
        user_id = chat.resident.user_id
        changed = self._changes.open(user_id)
        try:
            yield b"retry: 1000\n\ndata: changed\n\n"
            while not self._changes.ended:
                try:
                    async with asyncio.timeout(self._wait_seconds(chat)):
                        await changed.wait()
                except TimeoutError:
                    yield b"data: changed\n\n" if self._dots_ended(chat) else b": ping\n\n"
                    continue
                changed.clear()
                yield b"data: changed\n\n"
        finally:
            self._changes.close(user_id, changed)

    def _wait_seconds(self, chat: Chat) -> float:
        if chat.loading_until is None:
            return PING_AFTER
        left = (chat.loading_until - self._platform.now()).total_seconds()
        return min(PING_AFTER, left) if left > 0 else PING_AFTER

    def _dots_ended(self, chat: Chat) -> bool:
        """Whether the moving dots have just run out; they are then forgotten."""
        if chat.loading_until is None or self._platform.now() < chat.loading_until - timedelta(milliseconds=50):
            return False
        chat.loading_until = None
        return True

    def _chat(self, request: Request) -> Chat:
        resident = self._platform.find_resident(request.path_params["user"])
        if resident is None:
            raise HTTPException(404)
        return self._platform.chat(_account(self._platform, request), resident)

    def _phone_values(self, chat: Chat) -> dict[str, Any]:
        return {"phone": phone_view(self._platform.channels[chat.account], chat, self._platform.now())}

    def _page(self, request: Request, template: str, *, account: str, selected: str, **values: Any) -> Response:
        chats = {chat.resident.user_id: chat for chat in self._platform.chats() if chat.account == account}
        html = self._templates.get_template(template).render(
            base=_base(request),
            account=account,
            channels=list(self._platform.channels.values()),
            console_url=self._console_url,
            people=people_view(list(self._platform.residents.values()), chats),
            selected=selected,
            **values,
        )
        return HTMLResponse(html.encode("utf-8", "replace"), headers={"cache-control": "no-store"})


def refuse_cross_site(request: Request) -> None:
    """Refuse a post that another site's page makes: the stand-in has no login that could do it."""
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise HTTPException(403)


def _base(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _account(platform: LinePlatform, request: Request) -> str:
    account = request.query_params.get("account") or next(iter(platform.channels))
    if account not in platform.channels:
        raise HTTPException(404)
    return account


def _picture(act: str, number: str) -> Json:
    if act in {"image", "audio"}:
        return {"type": act, "contentProvider": {"type": "line"}}
    if act == "file":
        return {"type": "file", "fileName": "見本のお知らせ.pdf", "fileSize": 1000}
    if number not in dict(STICKERS):
        raise HTTPException(400)
    return {
        "type": "sticker",
        "packageId": PACKAGE,
        "stickerId": number,
        "stickerResourceType": "STATIC",
        "keywords": [dict(STICKERS)[number]],
    }


def _static_version() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
