"""Judges message objects by the documented limits, and says what is wrong in LINE's form: a message and a property path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.simulator.flex_limits import check_container
from bot.simulator.rules import Problem, check_action, check_keys, check_required, check_units

MAX_MESSAGES = 5
MAX_TEXT = 5000
MAX_ALT = 1500
MAX_URL = 2000
MAX_QUICK_REPLIES = 13
MAX_QUICK_LABEL = 20
MAX_SENDER_NAME = 20
_COMMON = frozenset({"type", "quickReply", "sender"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The keys of one message type beyond the common ones."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


SHAPES: Mapping[str, Shape] = {
    "text": Shape(required=frozenset({"text"}), optional=frozenset({"emojis", "quoteToken"})),
    "sticker": Shape(required=frozenset({"packageId", "stickerId"}), optional=frozenset({"quoteToken"})),
    "image": Shape(required=frozenset({"originalContentUrl", "previewImageUrl"})),
    "flex": Shape(required=frozenset({"altText", "contents"})),
}
"""The message types that are modelled. Others are refused, so that nobody trusts a check that was not made."""


def check_messages(messages: Any) -> list[Problem]:
    """Return every problem of a ``messages`` array; an empty list means that LINE would take it."""
    if not isinstance(messages, Sequence) or isinstance(messages, str):
        return [Problem("May not be null", "messages")]
    if not 1 <= len(messages) <= MAX_MESSAGES:
        return [Problem(f"Size must be between 1 and {MAX_MESSAGES}", "messages")]
    return [problem for index, message in enumerate(messages) for problem in _check_message(message, f"messages[{index}]")]


def _check_message(message: Any, at: str) -> Iterator[Problem]:
    if not isinstance(message, Mapping):
        yield Problem("Must be an object", at)
        return
    shape = SHAPES.get(str(message.get("type")))
    if shape is None:
        yield Problem("Must be one of the following values: [" + ", ".join(SHAPES) + "] (the stand-in models no others)", f"{at}.type")
        return
    yield from check_keys(message, _COMMON | shape.required | shape.optional, at)
    missing = list(check_required(message, shape.required, at))
    yield from missing
    if not missing:
        yield from _check_body(message, at)
    yield from _check_sender(message.get("sender"), f"{at}.sender")
    yield from _check_quick_reply(message.get("quickReply"), f"{at}.quickReply")


def _check_body(message: Mapping[str, Any], at: str) -> Iterator[Problem]:
    match message["type"]:
        case "text":
            yield from check_units(message["text"], MAX_TEXT, f"{at}.text")
        case "flex":
            yield from check_units(message["altText"], MAX_ALT, f"{at}.altText")
            yield from check_container(message["contents"], f"{at}.contents")
        case "image":
            for key in ("originalContentUrl", "previewImageUrl"):
                if not str(message[key]).startswith("https://") or len(str(message[key])) > MAX_URL:
                    yield Problem(f"Must be a HTTPS URL of at most {MAX_URL} characters", f"{at}.{key}")


def _check_sender(sender: Any, at: str) -> Iterator[Problem]:
    if sender is None:
        return
    if not isinstance(sender, Mapping):
        yield Problem("Must be an object", at)
        return
    yield from check_keys(sender, frozenset({"name", "iconUrl"}), at)
    name = sender.get("name")
    if name is not None:
        yield from check_units(name, MAX_SENDER_NAME, f"{at}.name")
        if "line" in str(name).lower():
            yield Problem("Contains a word that may not be used", f"{at}.name")
    icon = sender.get("iconUrl")
    if icon is not None and not str(icon).startswith("https://"):
        yield Problem("Must be a HTTPS URL", f"{at}.iconUrl")


def _check_quick_reply(quick: Any, at: str) -> Iterator[Problem]:
    if quick is None:
        return
    items = quick.get("items") if isinstance(quick, Mapping) else None
    if not isinstance(items, list) or not items:
        yield Problem("May not be empty", f"{at}.items")
        return
    if len(items) > MAX_QUICK_REPLIES:
        yield Problem(f"Size must be between 1 and {MAX_QUICK_REPLIES}", f"{at}.items")
    for index, item in enumerate(items):
        here = f"{at}.items[{index}]"
        if not isinstance(item, Mapping):
            yield Problem("Must be an object", here)
            continue
        yield from check_keys(item, frozenset({"type", "action", "imageUrl"}), here)
        yield from check_action(item.get("action"), f"{here}.action", label=MAX_QUICK_LABEL, quick_reply=True)
