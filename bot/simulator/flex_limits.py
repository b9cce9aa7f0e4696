"""Judges Flex containers: which boxes may hold what, and how large a bubble may be."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.simulator.rules import Problem, check_action, check_keys, check_required, encoded_size

MAX_BUBBLE_BYTES = 30 * 1024
MAX_CAROUSEL_BYTES = 50 * 1024
MAX_BUBBLES = 12
MAX_BUTTON_LABEL = 40

_OFFSETS = frozenset({"position", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"})
_TEXT_STYLE = frozenset({"size", "color", "weight", "style", "decoration"})
_BLOCKS = ("header", "hero", "body", "footer")
_BUBBLE = frozenset({"type", "size", "direction", "styles", "action", *_BLOCKS})
_COMPONENTS: Mapping[str, frozenset[str]] = {
    "box": _OFFSETS
    | {"layout", "contents", "flex", "spacing", "margin", "width", "height", "maxWidth", "maxHeight", "background", "backgroundColor"}
    | {"borderColor", "borderWidth", "cornerRadius", "justifyContent", "alignItems", "action"}
    | {"paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"},
    "text": _OFFSETS
    | _TEXT_STYLE
    | {"text", "contents", "flex", "margin", "align", "gravity", "wrap", "lineSpacing", "maxLines", "adjustMode", "scaling", "action"},
    "button": _OFFSETS | {"action", "flex", "margin", "height", "style", "color", "gravity", "adjustMode", "scaling"},
    "separator": frozenset({"margin", "color"}),
    "filler": frozenset({"flex"}),
    "span": _TEXT_STYLE | {"text"},
    "image": _OFFSETS
    | {"url", "flex", "margin", "align", "gravity", "size", "aspectRatio", "aspectMode", "backgroundColor", "action", "animated"},
}
_REQUIRED: Mapping[str, frozenset[str]] = {
    "box": frozenset({"layout"}),
    "button": frozenset({"action"}),
    "image": frozenset({"url"}),
}
_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("box", "layout"): ("horizontal", "vertical", "baseline"),
    ("button", "style"): ("primary", "secondary", "link"),
    ("button", "height"): ("sm", "md"),
    ("text", "weight"): ("regular", "bold"),
    ("text", "align"): ("start", "end", "center"),
}


def check_container(container: Any, at: str) -> Iterator[Problem]:
    """Check a bubble or a carousel of bubbles."""
    kind = container.get("type") if isinstance(container, Mapping) else None
    if kind == "bubble":
        yield from _check_bubble(container, at)
    elif kind == "carousel":
        bubbles = container.get("contents")
        yield from check_keys(container, {"type", "contents"}, at)
        if not isinstance(bubbles, list) or not 1 <= len(bubbles) <= MAX_BUBBLES:
            yield Problem(f"Size must be between 1 and {MAX_BUBBLES}", f"{at}.contents")
            return
        if encoded_size(container) > MAX_CAROUSEL_BYTES:
            yield Problem("The carousel is larger than 50 KB", at)
        for index, bubble in enumerate(bubbles):
            yield from _check_bubble(bubble, f"{at}.contents[{index}]")
    else:
        yield Problem("Must be one of the following values: [bubble, carousel]", f"{at}.type")


def _check_bubble(bubble: Any, at: str) -> Iterator[Problem]:
    if not isinstance(bubble, Mapping) or bubble.get("type") != "bubble":
        yield Problem("Must be a bubble", at)
        return
    yield from check_keys(bubble, _BUBBLE, at)
    if not any(block in bubble for block in _BLOCKS):
        yield Problem("At least one block must be specified", at)
    if encoded_size(bubble) > MAX_BUBBLE_BYTES:
        yield Problem("The bubble is larger than 30 KB", at)
    for block in _BLOCKS:
        if block not in bubble:
            continue
        if block != "hero" and (not isinstance(bubble[block], Mapping) or bubble[block].get("type") != "box"):
            yield Problem("Must be a box", f"{at}.{block}")
        else:
            yield from _check_component(bubble[block], f"{at}.{block}")


def _check_component(component: Any, at: str) -> Iterator[Problem]:
    kind = component.get("type") if isinstance(component, Mapping) else None
    known = _COMPONENTS.get(str(kind))
    if known is None or not isinstance(component, Mapping):
        yield Problem("Must be one of the following values: [" + ", ".join(_COMPONENTS) + "]", f"{at}.type")
        return
    yield from check_keys(component, known | {"type"}, at)
    yield from check_required(component, _REQUIRED.get(str(kind), frozenset()), at)
    for (owner, key), values in _CHOICES.items():
        if owner == kind and key in component and component[key] not in values:
            yield Problem(f"Must be one of the following values: [{', '.join(values)}]", f"{at}.{key}")
    if kind in {"text", "span"} and not component.get("text") and not component.get("contents"):
        yield Problem("must be non-empty text", f"{at}.text")
    if kind == "image" and not str(component.get("url", "")).startswith("https://"):
        yield Problem("Must be a HTTPS URL", f"{at}.url")
    if component.get("action") is not None:
        yield from check_action(component["action"], f"{at}.action", label=MAX_BUTTON_LABEL, label_required=kind == "button")
    yield from _check_contents(component, str(kind), at)


def _check_contents(component: Mapping[str, Any], kind: str, at: str) -> Iterator[Problem]:
    contents = component.get("contents", [] if kind != "box" else None)
    if not isinstance(contents, list):
        yield Problem("May not be null", f"{at}.contents")
        return
    for index, child in enumerate(contents):
        here = f"{at}.contents[{index}]"
        if (kind == "text") != (isinstance(child, Mapping) and child.get("type") == "span"):
            yield Problem("May not stand here", here)
        else:
            yield from _check_component(child, here)
