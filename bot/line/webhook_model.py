"""LINE's webhook as far as we must understand it. Tolerant: what is unknown, missing or of another type never loses an event."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text_or_none(value: object) -> object:
    return value if isinstance(value, str) and value else None


def _whole_or_none(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _table_or_none(value: object) -> object:
    return value if isinstance(value, dict) else None


def _tables(value: object) -> object:
    return [event if isinstance(event, dict) else {"type": "unreadable"} for event in value] if isinstance(value, list) else []


Text = Annotated[str | None, BeforeValidator(_text_or_none)]
Whole = Annotated[int | None, BeforeValidator(_whole_or_none)]
Table = Annotated[dict[str, Any] | None, BeforeValidator(_table_or_none)]
MESSAGE_ID_LENGTH = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 253_402_300_799_000


class WebhookEvent(BaseModel):
    """One event. Fields that we do not name are kept by whoever keeps the raw event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: Text = None
    mode: Text = None
    timestamp: Whole = None
    source: Table = None
    webhook_event_id: Text = Field(default=None, alias="webhookEventId")
    reply_token: Text = Field(default=None, alias="replyToken")
    message: Table = None
    postback: Table = None
    unsend: Table = None

    def user_id(self) -> str | None:
        """Return the LINE user id of a one-to-one chat; None for groups, rooms and events without a person."""
        source = self.source or {}
        user = source.get("userId")
        return user if source.get("type") == "user" and isinstance(user, str) and user else None

    def message_id(self) -> str | None:
        """Return LINE's id of the message, or None for events without one."""
        found = (self.message or {}).get("id")
        return found[:MESSAGE_ID_LENGTH] if isinstance(found, str) and found else None

    def occurred_at(self) -> datetime | None:
        """Return when it happened, by LINE's word; None where that is missing or no possible time."""
        if self.timestamp is None or not 0 <= self.timestamp <= _LATEST_MS:
            return None
        return _EPOCH + timedelta(milliseconds=self.timestamp)


class Webhook(BaseModel):
    """One delivery: events of any number of residents."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    destination: Text = None
    events: Annotated[list[dict[str, Any]], BeforeValidator(_tables)] = []
