"""Builds webhook events in LINE's form and signs the bodies that carry them."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from intake.base.ids import new_id


def sign(secret: str, body: bytes) -> str:
    """Return the value of ``x-line-signature``: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def envelope(destination: str, events: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the body of a webhook: UTF-8 JSON, lone surrogates escaped as LINE's clients may send them."""
    value = {"destination": destination, "events": list(events)}
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def new_token() -> str:
    """Return a random token in the alphabet of LINE's."""
    return secrets.token_urlsafe(24)


def event(kind: str, *, user_id: str, at: datetime, reply_token: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return one event of a one-to-one chat with a fresh ``webhookEventId``."""
    value: dict[str, Any] = {
        "type": kind,
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "source": {"type": "user", "userId": user_id},
        "webhookEventId": new_id(at),
        "deliveryContext": {"isRedelivery": False},
    }
    if reply_token is not None:
        value["replyToken"] = reply_token
    return value | fields


def as_redelivery(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same event as LINE sends it again: only ``isRedelivery`` differs."""
    return {**value, "deliveryContext": {**value.get("deliveryContext", {}), "isRedelivery": True}}


def in_standby(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event as it looks while a module channel holds the chat: standby, and no reply token."""
    return {**{key: field for key, field in value.items() if key != "replyToken"}, "mode": "standby"}
