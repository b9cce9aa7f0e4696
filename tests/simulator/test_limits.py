from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.limits import check_messages

POSTBACK = {"type": "postback", "label": "つなぐ", "data": "staff"}


def text(**fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": "こんにちは", **fields}


def choices(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"items": [{"type": "action", "action": action} for action in actions]}


def card(*, label: str = "つなぐ", filler: int = 0, **fields: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "窓口" + "あ" * filler, "wrap": True}]}
    footer = {"type": "box", "layout": "vertical", "contents": [{"type": "button", "action": {**POSTBACK, "label": label}}]}
    return {"type": "flex", "altText": "ご案内", "contents": {"type": "bubble", "body": body, "footer": footer}, **fields}


def carousel(size: int) -> dict[str, Any]:
    return {"type": "flex", "altText": "ご案内", "contents": {"type": "carousel", "contents": [card()["contents"]] * size}}


TAKEN: dict[str, list[dict[str, Any]]] = {
    "five messages": [text()] * 5,
    "5000 units": [text(text="あ" * 5000)],
    "2500 emoji": [text(text="😀" * 2500)],
    "13 quick replies": [text(quickReply=choices(*[POSTBACK] * 13))],
    "a label of 20 families": [text(quickReply=choices({**POSTBACK, "label": "👨‍👩‍👧‍👦" * 20}))],
    "data of 300": [text(quickReply=choices({**POSTBACK, "data": "d" * 300}))],
    "a phone button": [text(quickReply=choices({"type": "uri", "label": "電話", "uri": "tel:000-0000-0001"}))],
    "a sender of 20": [text(sender={"name": "あ" * 20})],
    "an altText of 1500": [card(altText="あ" * 1500)],
    "a card label of 40": [card(label="あ" * 40)],
    "12 bubbles": [carousel(12)],
}
REFUSED: dict[str, tuple[Any, str]] = {
    "no messages": ([], "messages"),
    "six messages": ([text()] * 6, "messages"),
    "no array": (None, "messages"),
    "an empty text": ([text(text="")], "messages[0].text"),
    "5001 units": ([text(text="あ" * 5001)], "messages[0].text"),
    "2501 emoji": ([text(text="😀" * 2501)], "messages[0].text"),
    "an unknown key": ([text(), text(foo=1)], "messages[1].foo"),
    "an unknown type": ([{"type": "poem"}], "messages[0].type"),
    "14 quick replies": ([text(quickReply=choices(*[POSTBACK] * 14))], "messages[0].quickReply.items"),
    "a label of 21": ([text(quickReply=choices({**POSTBACK, "label": "あ" * 21}))], "messages[0].quickReply.items[0].action.label"),
    "no label": ([text(quickReply=choices({"type": "postback", "data": "d"}))], "messages[0].quickReply.items[0].action.label"),
    "data of 301": ([text(quickReply=choices({**POSTBACK, "data": "d" * 301}))], "messages[0].quickReply.items[0].action.data"),
    "a display text of 301": (
        [text(quickReply=choices({**POSTBACK, "displayText": "あ" * 301}))],
        "messages[0].quickReply.items[0].action.displayText",
    ),
    "a script as address": (
        [text(quickReply=choices({"type": "uri", "label": "x", "uri": "javascript:alert(1)"}))],
        "messages[0].quickReply.items[0].action.uri",
    ),
    "a sender of 21": ([text(sender={"name": "あ" * 21})], "messages[0].sender.name"),
    "a sender who calls itself LINE": ([text(sender={"name": "LINE事務局"})], "messages[0].sender.name"),
    "no altText": ([card(altText="")], "messages[0].altText"),
    "an altText of 1501": ([card(altText="あ" * 1501)], "messages[0].altText"),
    "a card label of 41": ([card(label="あ" * 41)], "messages[0].contents.footer.contents[0].action.label"),
    "a bubble over 30 KB": ([card(filler=11_000)], "messages[0].contents"),
    "13 bubbles": ([carousel(13)], "messages[0].contents.contents"),
    "a bubble without blocks": ([{"type": "flex", "altText": "x", "contents": {"type": "bubble"}}], "messages[0].contents"),
    "an http image": (
        [{"type": "image", "originalContentUrl": "http://example.com/a.png", "previewImageUrl": "https://example.com/a.png"}],
        "messages[0].originalContentUrl",
    ),
}


@pytest.mark.parametrize("messages", TAKEN.values(), ids=TAKEN)
def test_what_line_allows_is_taken(messages: list[dict[str, Any]]) -> None:
    assert check_messages(messages) == []


@pytest.mark.parametrize(("messages", "where"), REFUSED.values(), ids=REFUSED)
def test_what_line_forbids_is_refused_at_its_place(messages: Any, where: str) -> None:
    assert where in [problem.property for problem in check_messages(messages)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "contents", "action", "items", "label"]), inner)
    ),
    max_leaves=12,
)


@given(junk=JSON, key=st.sampled_from(["type", "text", "altText", "contents", "sender", "quickReply"]))
def test_junk_in_any_place_is_refused_and_never_an_error_of_ours(junk: Any, key: str) -> None:
    assert isinstance(check_messages(junk), list)
    assert isinstance(check_messages([junk]), list)
    assert isinstance(check_messages([{**text(), key: junk}, {**card(), key: junk}]), list)


@given(junk=JSON)
def test_junk_inside_a_card_is_never_an_error_of_ours(junk: Any) -> None:
    for block in ("header", "hero", "body", "footer"):
        bubble = {"type": "bubble", block: {"type": "box", "layout": "vertical", "contents": [junk]}}
        assert isinstance(check_messages([{"type": "flex", "altText": "x", "contents": bubble}]), list)
        assert isinstance(check_messages([{"type": "flex", "altText": "x", "contents": {"type": "bubble", block: junk}}]), list)
