"""What a phone shows: chats turned into values that templates print without deciding anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.simulator.model import Author, Channel, Chat, ChatMessage, Json, Resident

_TOKYO = ZoneInfo("Asia/Tokyo")
_WEEKDAYS = "月火水木金土日"
_PREVIEW = 30
SHOWN = 200
"""Bubbles on a page: a long test run must not make every refresh slow."""
PACKAGE = "9000001"
STICKERS = (("1", "うれしい"), ("2", "ありがとう"), ("3", "かなしい"), ("4", "しんどい"), ("5", "おねがいします"), ("6", "わかりました"))
_STICKER_NAMES = dict(STICKERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log: a day, a notice, or a bubble."""

    id: str
    kind: str
    version: str
    text: str = ""
    own: bool = False
    speaker: str = ""
    time: str = ""
    iso: str = ""
    read: bool = False
    silent: bool = False
    may_unsend: bool = False
    sticker: str = ""
    flex: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """One phone with one chat open."""

    resident: Resident
    channel: Channel
    friend: bool
    blocked: bool
    entries: list[Entry]
    choices: list[Json]
    choices_of: str
    loading: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One row in the list of residents."""

    resident: Resident
    tone: int
    preview: str
    time: str


def phone_view(channel: Channel, chat: Chat, now: datetime) -> PhoneView:
    """Return what this person's phone shows now."""
    last = chat.messages[-1] if chat.messages else None
    choices: list[Json] = []
    if last is not None and last.author is Author.BOT and not last.choices_used and not chat.blocked:
        choices = [item["action"] for item in last.body.get("quickReply", {}).get("items", [])]
    return PhoneView(
        resident=chat.resident,
        channel=channel,
        friend=chat.friend,
        blocked=chat.blocked,
        entries=_entries(channel, chat),
        choices=choices,
        choices_of=last.id if last else "",
        loading=chat.loading_until is not None and chat.loading_until > now,
    )


def people_view(residents: list[Resident], chats: dict[str, Chat]) -> list[PersonView]:
    """Return the list of residents, each with the end of the latest chat."""
    rows = []
    for index, resident in enumerate(residents):
        chat = chats.get(resident.user_id)
        last = chat.messages[-1] if chat and chat.messages else None
        preview = _plain(last) if last else ""
        rows.append(
            PersonView(
                resident=resident,
                tone=index % 6,
                preview=preview if len(preview) <= _PREVIEW else preview[:_PREVIEW] + "…",
                time=last.at.astimezone(_TOKYO).strftime("%H:%M") if last else "",
            )
        )
    return rows


def _entries(channel: Channel, chat: Chat) -> list[Entry]:
    entries: list[Entry] = []
    day = ""
    for message in chat.messages[-SHOWN:]:
        local = message.at.astimezone(_TOKYO)
        if local.date().isoformat() != day:
            day = local.date().isoformat()
            words = f"{local.month}月{local.day}日（{_WEEKDAYS[local.weekday()]}）"
            entries.append(Entry(id=f"d-{day}", kind="day", version=day, text=words))
        entries.append(_entry(channel, message, local))
    return entries


def _entry(channel: Channel, message: ChatMessage, local: datetime) -> Entry:
    own = message.author is Author.RESIDENT
    common: dict[str, Any] = {
        "id": f"m-{message.id}",
        "own": own,
        "time": local.strftime("%H:%M"),
        "iso": local.isoformat(timespec="seconds"),
    }
    if message.unsent:
        return Entry(**common, kind="notice", version="unsent", text="メッセージの送信を取り消しました")
    kind = str(message.body["type"])
    return Entry(
        **common,
        kind=kind if kind in {"text", "sticker", "image", "flex"} else "other",
        version=f"{message.read:d}",
        text=_plain(message),
        speaker="あなた" if own else _speaker(channel, message),
        read=own and message.read,
        silent=message.silent,
        may_unsend=own and bool(message.read_token),
        sticker=str(message.body.get("stickerId", "")) if message.body.get("stickerId") in _STICKER_NAMES else "",
        flex=message.body.get("contents"),
    )


def _speaker(channel: Channel, message: ChatMessage) -> str:
    name = message.body.get("sender", {}).get("name", "")
    return f"{name} from {channel.name}" if name else channel.name


def _plain(message: ChatMessage) -> str:
    """Return the words of a bubble, as a notification would show them."""
    if message.unsent:
        return "メッセージの送信を取り消しました"
    body = message.body
    kind = str(body["type"])
    words = {
        "text": body.get("text", ""),
        "sticker": f"スタンプ：{_STICKER_NAMES.get(str(body.get('stickerId')), 'スタンプ')}",
        "image": "写真",
        "audio": "ボイスメッセージ",
        "video": "動画",
        "file": f"ファイル：{body.get('fileName', '')}",
        "location": f"位置情報：{body.get('address') or body.get('title') or ''}",
        "flex": body.get("altText", ""),
    }
    return str(words.get(kind, f"（{kind}）"))
