"""A LINE of the tests: makes signed deliveries, and takes calls down instead of sending them."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.line.client import Outcome
from bot.line.media import Fetched
from bot.line.signature import sign
from intake.attachments.policy import Answer as MediaAnswer
from intake.outbox.policy import Answer

ACCOUNT = "main"
SECRET = "test-channel-secret"
_numbers = itertools.count(1)


def user(number: int) -> str:
    return f"U{number:032x}"


def event(kind: str, moment: datetime, *, who: str | None = None, event_id: str | None = None, **more: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(moment.timestamp() * 1000),
        "webhookEventId": event_id or f"01TEST{number:020d}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": who or user(1)},
        **({} if kind in {"unsend", "unfollow"} else {"replyToken": f"token{number}"}),
        **more,
    }


def text_event(words: str, moment: datetime, *, message_id: str | None = None, **more: Any) -> dict[str, Any]:
    message = {"type": "text", "id": message_id or f"m{next(_numbers)}", "quoteToken": "q", "text": words}
    return event("message", moment, message=message, **more)


def unsend_event(message_id: str, moment: datetime, **more: Any) -> dict[str, Any]:
    return event("unsend", moment, unsend={"messageId": message_id}, **more)


def delivery(*events: dict[str, Any], secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    """The raw body of a webhook and its headers."""
    body = json.dumps({"destination": user(0), "events": list(events)}, ensure_ascii=False).encode()
    return body, {"x-line-signature": sign(secret, body), "content-type": "application/json; charset=utf-8"}


@dataclass
class Call:
    """One call to LINE."""

    way: str
    to: str
    messages: list[dict[str, Any]]
    retry_key: str | None = None
    silent: bool = False

    def texts(self) -> list[str]:
        return [message.get("text", message.get("altText", "")) for message in self.messages]


@dataclass
class RecordingLine:
    """A ``LineDoor`` that answers from a plan and takes down what it was asked."""

    answers: Iterator[Answer] = field(default_factory=lambda: itertools.repeat(Answer.ACCEPTED))
    calls: list[Call] = field(default_factory=list)

    async def reply(self, token: str, messages: list[dict[str, Any]], *, silent: bool) -> Outcome:
        self.calls.append(Call("reply", token, messages, silent=silent))
        return Outcome(next(self.answers), "req")

    async def push(self, user_id: str, messages: list[dict[str, Any]], *, retry_key: str, silent: bool) -> Outcome:
        self.calls.append(Call("push", user_id, messages, retry_key, silent=silent))
        return Outcome(next(self.answers), "req")

    async def close(self) -> None:
        return None


@dataclass
class RecordingMedia:
    """A ``MediaDoor`` that hands out what it was given, or answers from a plan."""

    contents: dict[str, bytes] = field(default_factory=dict)
    answers: list[Fetched] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, line_message_id: str) -> Fetched:
        self.asked.append(line_message_id)
        if self.answers:
            return self.answers.pop(0)
        content = self.contents.get(line_message_id)
        return Fetched(MediaAnswer.GONE) if content is None else Fetched(MediaAnswer.CONTENT, content)

    async def close(self) -> None:
        return None


def media_event(kind: str, moment: datetime, *, message_id: str | None = None, **more: Any) -> dict[str, Any]:
    message = {"type": kind, "id": message_id or f"m{next(_numbers)}", **more.pop("message", {})}
    return event("message", moment, message=message, **more)
