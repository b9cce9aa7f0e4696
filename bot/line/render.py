"""From neutral bubbles to LINE's messages, within LINE's limits (UTF-16 units for texts, graphemes for labels)."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any
from urllib.parse import quote

import regex

from intake.wording.bubbles import Bubble, Button, ButtonKind, CardBubble, TextBubble, Utterance

TEXT_UNITS = 5000
MESSAGES = 5
CHOICES = 13
QUICK_LABEL = 20
FLEX_LABEL = 40
ALT_UNITS = 400
SENDER_NAME = 20
BOT_NAME = "自動案内"
STAFF_NAME = "相談員"


class TooLongError(Exception):
    """More than five messages: it cannot be sent in one request, and must be shortened by whoever wrote it."""


def graphemes(text: str) -> list[str]:
    """Split a text into what a person sees as characters."""
    return regex.findall(r"\X", text)


def units(text: str) -> int:
    """Count a text as LINE does: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int = TEXT_UNITS) -> Iterator[str]:
    """Split a text into pieces of at most so many units, never inside a grapheme, unless one alone is larger than that."""
    piece: list[str] = []
    size = 0
    for grapheme in chain.from_iterable([g] if units(g) <= limit else list(g) for g in graphemes(text)):
        cost = units(grapheme)
        if size + cost > limit and piece:
            yield "".join(piece)
            piece, size = [], 0
        piece.append(grapheme)
        size += cost
    if piece:
        yield "".join(piece)


def shorten(text: str, limit: int) -> str:
    """Cut a label to so many graphemes, with an ellipsis as the last."""
    parts = graphemes(text)
    return text if len(parts) <= limit else "".join(parts[: limit - 1]) + "…"


def _within(text: str, limit: int) -> str:
    """Cut a text to so many units, with an ellipsis as the last."""
    return text if units(text) <= limit else f"{next(split_text(text, limit - 1))}…"


def render(utterance: Utterance, author: str) -> list[dict[str, Any]]:
    """Return LINE's message objects. The sender's name tells the automatic guide from a person."""
    name = BOT_NAME if author == "bot" else _staff_name(utterance.sender)
    messages = [message for bubble in utterance.bubbles for message in _bubble(bubble)]
    if len(messages) > MESSAGES:
        raise TooLongError(str(len(messages)))
    for message in messages:
        message["sender"] = {"name": _within(name, SENDER_NAME)}
    if messages and utterance.choices:
        messages[-1]["quickReply"] = {"items": [_choice(button) for button in utterance.choices[:CHOICES]]}
    return messages


def _staff_name(name: str) -> str:
    """Return the name of a person; LINE refuses every message of a sender whose name holds its own."""
    return STAFF_NAME if not name.strip() or "line" in unicodedata.normalize("NFKC", name).lower() else name


def _bubble(bubble: Bubble) -> Iterator[dict[str, Any]]:
    match bubble:
        case TextBubble():
            for piece in split_text(bubble.text):
                yield {"type": "text", "text": piece}
        case CardBubble():
            yield {"type": "flex", "altText": next(split_text(bubble.alt, ALT_UNITS)), "contents": _card(bubble)}


def _card(card: CardBubble) -> dict[str, Any]:
    head: list[dict[str, Any]] = []
    if card.badge:
        head.append({"type": "text", "text": card.badge, "size": "xs", "color": "#A90000", "weight": "bold", "wrap": True})
    head.append({"type": "text", "text": card.title, "size": "lg", "weight": "bold", "wrap": True})
    rows = [{"type": "text", "text": row, "size": "sm", "wrap": True, "color": "#333333"} for row in card.rows if row]
    bubble: dict[str, Any] = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": [*head, *rows]}}
    if card.buttons:
        bubble["footer"] = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": _buttons(card.buttons)}
    return bubble


def _buttons(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    return [
        {"type": "button", "style": "primary" if number == 0 else "secondary", "height": "sm", "action": _action(button, FLEX_LABEL)}
        for number, button in enumerate(buttons)
    ]


def _choice(button: Button) -> dict[str, Any]:
    return {"type": "action", "action": _action(button, QUICK_LABEL)}


def _action(button: Button, label_limit: int) -> dict[str, Any]:
    label = shorten(button.label, label_limit)
    match button.kind:
        case ButtonKind.POSTBACK:
            return {"type": "postback", "label": label, "data": button.value, "displayText": shorten(button.say or button.label, 300)}
        case ButtonKind.TEL:
            return {"type": "uri", "label": label, "uri": "tel:" + quote(button.value, safe="+-*")}
        case ButtonKind.URI:
            return {"type": "uri", "label": label, "uri": button.value}
