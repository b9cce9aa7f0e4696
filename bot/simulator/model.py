"""The values of the stand-in: channels, residents, messages, faults, and what was asked of the platform."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = Mapping[str, Any]
"""A JSON object as it was sent. The stand-in keeps what it was given and reads it with its own rules."""


def invented_id(seed: str) -> str:
    """Return a LINE user id (``U`` and 32 hex digits) that belongs to nobody and is the same for the same seed."""
    return "U" + hashlib.sha256(f"tsunagi-simulator:{seed}".encode()).hexdigest()[:32]


@dataclass(slots=True, kw_only=True)
class Channel:
    """One LINE account. ``secrets[0]`` signs; the others are only remembered, as a receiver does during a rotation."""

    account: str
    name: str
    secrets: list[str]
    access_token: str
    user_id: str = ""
    quota: int | None = None
    """Pushes allowed in one month; None is a plan without a limit."""
    chat_mode: str = "chat"
    """``chat``: messages stay unread until markAsRead. ``bot``: LINE marks them as read at once."""
    redelivery: bool = False
    """The console switch 「Webhookの再送」."""
    webhook_path: str = ""

    def __post_init__(self) -> None:
        """Fill what follows from the account key."""
        self.user_id = self.user_id or invented_id(f"bot:{self.account}")
        self.webhook_path = self.webhook_path or f"/line/{self.account}/webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """An invented person with a phone. ``key`` is the short name in addresses."""

    key: str
    name: str
    about: str
    user_id: str = ""

    def __post_init__(self) -> None:
        """Give the person a LINE user id."""
        if not self.user_id:
            object.__setattr__(self, "user_id", invented_id(f"resident:{self.key}"))


class Author(StrEnum):
    """Who a bubble belongs to."""

    RESIDENT = "resident"
    BOT = "bot"


@dataclass(slots=True, kw_only=True)
class ChatMessage:
    """One bubble of a chat. ``body`` is the message object; of an unsent message nothing but id and times stays."""

    id: str
    author: Author
    at: datetime
    body: Json
    read: bool = False
    unsent: bool = False
    choices_used: bool = False
    """Whether a quick reply below this bubble was tapped: then the buttons are gone."""
    silent: bool = False
    read_token: str = ""
    content_ready_at: datetime | None = None
    """When LINE has finished preparing the picture; None where a message has no content to fetch."""
    content: bytes | None = None
    """What somebody has chosen on the own device; None where the stand-in makes a sample."""
    content_type: str = ""


@dataclass(slots=True, kw_only=True)
class Chat:
    """What one resident and one account have between them."""

    account: str
    resident: Resident
    friend: bool = False
    blocked: bool = False
    last_wrote: datetime | None = None
    loading_until: datetime | None = None
    messages: list[ChatMessage] = field(default_factory=list)

    def message(self, message_id: str) -> ChatMessage | None:
        """Return the bubble with this id."""
        return next((m for m in self.messages if m.id == message_id), None)


@dataclass(slots=True, kw_only=True)
class ReplyToken:
    """Good once, for a minute after the latest delivery of its event, and never later than 20 minutes after the event."""

    token: str
    account: str
    user_id: str
    event_at: datetime
    delivered_at: datetime
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedKey:
    """What the platform remembers of an accepted push for 24 hours."""

    request_id: str
    at: datetime
    sent: tuple[Json, ...]


class FaultKind(StrEnum):
    """What can go wrong at LINE. ``ACCEPTED_*`` and ``CUT`` do the work first and hide the answer."""

    RATE_LIMIT = "rate_limit"
    MONTHLY_LIMIT = "monthly_limit"
    SAME_USER = "same_user"
    SERVER_ERROR = "server_error"
    ACCEPTED_ERROR = "accepted_error"
    ACCEPTED_TIMEOUT = "accepted_timeout"
    TIMEOUT = "timeout"
    DELAY = "delay"
    CUT = "cut"
    """The connection ends in the middle of the answer."""
    EMPTY_ANSWER = "empty_answer"
    """Accepted, answered 200 with ``{}``: sent, but under an unknown id."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """An order to fail the next ``times`` calls of ``endpoint`` (``*`` is any), each after or for ``seconds``."""

    endpoint: str
    kind: FaultKind
    times: int = 1
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class ApiCall:
    """One request to the Messaging API and what became of it."""

    at: datetime
    request_id: str
    endpoint: str
    method: str
    path: str
    account: str | None = None
    retry_key: str | None = None
    body: Json | None = None
    status: int = 0
    performed: bool = False
    delivered: bool = False
    """Whether a bubble reached a phone: false for blocked people and strangers, though the answer was 200."""
    fault: FaultKind | None = None


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One attempt to bring events to the webhook. ``outcome`` uses LINE's own words of its error statistics."""

    at: datetime
    account: str
    event_ids: tuple[str, ...]
    redelivery: bool
    outcome: str = "pending"
    status: int | None = None
