"""From LINE's events to what intake understands."""

from datetime import datetime
from typing import Any

from bot.line.webhook_model import MESSAGE_ID_LENGTH, WebhookEvent
from intake.attachments.models import MediaKind
from intake.attachments.service import Media
from intake.dialogue.turn import EventKind
from intake.inbox.inbound import Deed, Inbound
from intake.outbox.policy import REPLY_FRESH
from intake.outbox.service import ReplyTicket

_NAME_LENGTH = 200


def translate(
    event: dict[str, Any], *, municipality: str, account: str, lane: str, received_at: datetime, occurred_at: datetime
) -> Inbound:
    """Translate one event. What we do not know is ``Deed.IGNORED`` or ``EventKind.UNKNOWN``, never an error."""
    known = WebhookEvent.model_validate(event)
    user_id = known.user_id()
    base: dict[str, Any] = {
        "municipality": municipality,
        "account": account,
        "lane": lane,
        "user_id": user_id or "",
        "occurred_at": occurred_at,
    }
    if user_id is None:
        return Inbound(deed=Deed.IGNORED, **base)
    if known.reply_token and known.mode != "standby":
        base["ticket"] = ReplyTicket(token=known.reply_token, until=received_at + REPLY_FRESH)
    return _deed(known, base)


def _deed(known: WebhookEvent, base: dict[str, Any]) -> Inbound:
    match known.type:
        case "message":
            return _message(known.message or {}, {**base, "line_message_id": known.message_id()})
        case "postback":
            return Inbound(deed=Deed.TALK, kind=EventKind.POSTBACK, data=_text((known.postback or {}).get("data")), **base)
        case "follow":
            return Inbound(deed=Deed.TALK, kind=EventKind.FOLLOW, **base)
        case "unfollow":
            return Inbound(deed=Deed.UNFOLLOW, **base)
        case "unsend":
            return Inbound(deed=Deed.UNSEND, line_message_id=_identity((known.unsend or {}).get("messageId")), **base)
        case _:
            return Inbound(deed=Deed.IGNORED, **base)


def _message(message: dict[str, Any], base: dict[str, Any]) -> Inbound:
    kind = message.get("type")
    if kind == "text":
        return Inbound(deed=Deed.TALK, kind=EventKind.TEXT, text=_text(message.get("text")), **base)
    if kind == "sticker":
        return Inbound(deed=Deed.TALK, kind=EventKind.STICKER, text=_text(message.get("text")), detail=_keywords(message), **base)
    if kind in set(MediaKind):
        return Inbound(deed=Deed.TALK, kind=EventKind.MEDIA, detail=str(kind), media=_media(MediaKind(kind), message), **base)
    if kind == "location":
        words = " ".join(part for part in (_text(message.get("title")), _text(message.get("address"))) if part)
        return Inbound(deed=Deed.TALK, kind=EventKind.LOCATION, text=words, detail=_coordinates(message), **base)
    return Inbound(deed=Deed.TALK, kind=EventKind.UNKNOWN, **base)


def _media(kind: MediaKind, message: dict[str, Any]) -> Media:
    provider = message.get("contentProvider")
    external = isinstance(provider, dict) and provider.get("type") == "external"
    return Media(kind=kind, name=_text(message.get("fileName"))[:_NAME_LENGTH], external=external)


def _coordinates(message: dict[str, Any]) -> str:
    """Return the place on the map in numbers: an address alone may be wrong or missing where somebody must be found."""
    found = [message.get(name) for name in ("latitude", "longitude")]
    numbers = [value for value in found if isinstance(value, int | float) and not isinstance(value, bool) and -180 <= value <= 180]  # noqa: PLR2004 - degrees
    return f"緯度 {numbers[0]:.6f}、経度 {numbers[1]:.6f}" if len(numbers) == len(found) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _identity(value: object) -> str | None:
    return value[:MESSAGE_ID_LENGTH] if isinstance(value, str) and value else None


def _keywords(message: dict[str, Any]) -> str:
    words = message.get("keywords")
    return " ".join(word for word in words if isinstance(word, str))[:200] if isinstance(words, list) else ""
