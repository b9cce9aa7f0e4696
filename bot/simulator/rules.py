"""Small checks that several kinds of objects share: keys, lengths, actions of buttons."""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from bot.simulator.graphemes import grapheme_count, utf16_units

MAX_DATA = 300
MAX_DISPLAY_TEXT = 300
MAX_URI = 1000
MAX_CLIPBOARD = 1000
SCHEMES = ("https://", "http://", "line://", "tel:")


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of ``details`` in an error answer."""

    message: str
    property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _ActionShape:
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    quick_reply_only: bool = False


_ACTIONS: Mapping[str, _ActionShape] = {
    "postback": _ActionShape(required=frozenset({"data"}), optional=frozenset({"displayText", "text", "inputOption", "fillInText"})),
    "message": _ActionShape(required=frozenset({"text"})),
    "uri": _ActionShape(required=frozenset({"uri"}), optional=frozenset({"altUri"})),
    "datetimepicker": _ActionShape(required=frozenset({"data", "mode"}), optional=frozenset({"initial", "max", "min"})),
    "clipboard": _ActionShape(required=frozenset({"clipboardText"})),
    "location": _ActionShape(required=frozenset(), quick_reply_only=True),
    "camera": _ActionShape(required=frozenset(), quick_reply_only=True),
    "cameraRoll": _ActionShape(required=frozenset(), quick_reply_only=True),
}


def encoded_size(value: Any) -> int:
    """Return the bytes of a value as compact JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def check_keys(value: Mapping[str, Any], known: AbstractSet[str], at: str) -> Iterator[Problem]:
    """Name each key that this object does not have."""
    for key in value:
        if key not in known:
            yield Problem("Unknown property", f"{at}.{key}")


def check_required(value: Mapping[str, Any], required: AbstractSet[str], at: str) -> Iterator[Problem]:
    """Name each key that is missing, null or an empty text."""
    for key in sorted(required):
        if value.get(key) in (None, ""):
            yield Problem("May not be empty", f"{at}.{key}")


def check_units(text: Any, most: int, at: str) -> Iterator[Problem]:
    """Check a text that LINE counts in UTF-16 code units."""
    if not isinstance(text, str):
        yield Problem("Must be a string", at)
    elif utf16_units(text) > most:
        yield Problem(f"Length must be between 0 and {most}", at)


def check_graphemes(text: Any, most: int, at: str) -> Iterator[Problem]:
    """Check a text that LINE counts in grapheme clusters."""
    if not isinstance(text, str):
        yield Problem("Must be a string", at)
    elif grapheme_count(text) > most:
        yield Problem(f"Length must be between 0 and {most}", at)


def check_action(action: Any, at: str, *, label: int, quick_reply: bool = False, label_required: bool = True) -> Iterator[Problem]:
    """Check an action: its keys, a label of at most ``label`` graphemes, and the limits of its kind."""
    shape = _ACTIONS.get(str(action.get("type"))) if isinstance(action, Mapping) else None
    if shape is None or not isinstance(action, Mapping) or (shape.quick_reply_only and not quick_reply):
        yield Problem("Must be an action that may stand here", at)
        return
    yield from check_keys(action, {"type", "label"} | shape.required | shape.optional, at)
    yield from check_required(action, shape.required | ({"label"} if label_required else frozenset()), at)
    if action.get("label"):
        yield from check_graphemes(action["label"], label, f"{at}.label")
    if "data" in action:
        yield from check_units(action["data"], MAX_DATA, f"{at}.data")
    for key in ("displayText", "fillInText", "text"):
        if key in action:
            yield from check_graphemes(action[key], MAX_DISPLAY_TEXT, f"{at}.{key}")
    if action["type"] == "uri":
        yield from _check_uri(action.get("uri"), f"{at}.uri")
    if action["type"] == "clipboard":
        yield from check_units(action.get("clipboardText"), MAX_CLIPBOARD, f"{at}.clipboardText")


def _check_uri(uri: Any, at: str) -> Iterator[Problem]:
    if not isinstance(uri, str) or len(uri) > MAX_URI:
        yield Problem(f"Length must be between 1 and {MAX_URI}", at)
    elif not uri.startswith(SCHEMES):
        yield Problem("invalid uri scheme", at)
