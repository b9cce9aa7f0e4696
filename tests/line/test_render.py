"""From bubbles to LINE's messages: within every limit, never inside a character that a person sees as one."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.line.render import FLEX_LABEL, QUICK_LABEL, TEXT_UNITS, TooLongError, render, shorten, split_text, units
from bot.simulator.limits import check_messages
from intake.wording.bubbles import Button, ButtonKind, CardBubble, TextBubble, Utterance

FAMILY = "👨‍👩‍👧‍👦"
FLAG, SKIN, KANA, HALF = "🇯🇵", "👍🏽", "が", "か\u3099"
texts = st.lists(st.sampled_from([FAMILY, FLAG, SKIN, KANA, HALF, "a", "\n", "\r\n", "漢", "😀"]), max_size=60).map("".join)


def utterance(*texts: str, choices: tuple[Button, ...] = (), sender: str = "") -> Utterance:
    return Utterance(bubbles=tuple(TextBubble(text=text) for text in texts), choices=choices, sender=sender)


def tap(label: str, number: int = 0) -> Button:
    return Button(label=label, kind=ButtonKind.POSTBACK, value=f"v1:{number}")


@given(text=texts, limit=st.integers(11, 40))
def test_a_split_text_is_whole_again_and_never_cut_inside_a_grapheme(text: str, limit: int) -> None:
    pieces = list(split_text(text, limit))
    assert "".join(pieces) == text
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert [g for piece in pieces for g in regex.findall(r"\X", piece)] == regex.findall(r"\X", text)


@given(text=st.text(max_size=80), limit=st.integers(2, 30))
def test_any_text_is_split_within_the_limit_and_stays_whole(text: str, limit: int) -> None:
    pieces = list(split_text(text, limit))
    assert "".join(pieces) == text
    assert all(units(piece) <= limit for piece in pieces)


def test_a_single_grapheme_over_the_limit_is_cut_between_code_points() -> None:
    tower = "あ" + "\u3099" * (TEXT_UNITS + 5)
    assert check_messages(render(utterance(tower), "bot")) == []


@given(label=texts, limit=st.sampled_from([QUICK_LABEL, FLEX_LABEL]))
def test_a_label_is_cut_by_graphemes_and_shows_that_it_was(label: str, limit: int) -> None:
    cut = shorten(label, limit)
    parts = regex.findall(r"\X", cut)
    assert len(parts) <= limit
    assert cut == label or (cut.endswith("…") and label.startswith("".join(parts[:-1])))


@pytest.mark.parametrize("text", ["x" * 5000, "x" * 5001, "😀" * 2500, "😀" * 2501, FAMILY * 2000])
def test_long_texts_are_taken_by_line(text: str) -> None:
    messages = render(utterance(text), "bot")
    assert check_messages(messages) == []
    assert "".join(message["text"] for message in messages) == text


def test_what_needs_more_than_five_messages_is_too_long() -> None:
    with pytest.raises(TooLongError):
        render(utterance("x" * 25_001), "staff")
    with pytest.raises(TooLongError):
        render(utterance(*"123456"), "bot")


def test_at_most_thirteen_choices_hang_under_the_last_message() -> None:
    messages = render(utterance("A", "B", choices=tuple(tap(f"{FAMILY}" * 25, number) for number in range(20))), "bot")
    assert check_messages(messages) == []
    assert "quickReply" not in messages[0]
    assert len(messages[1]["quickReply"]["items"]) == 13


def test_a_large_card_is_taken_by_line() -> None:
    card = CardBubble(
        title="窓口" * 40,
        rows=tuple("とても長い案内文です。" * 20 for _ in range(12)),
        buttons=(
            Button(label="電話する" * 20, kind=ButtonKind.TEL, value="000-0000-0001"),
            Button(label="見る", kind=ButtonKind.URI, value="https://example.jp/"),
            tap("ほかを見る"),
        ),
        badge="見本",
        alt="ご案内" * 500,
    )
    assert check_messages(render(Utterance(bubbles=(card,)), "bot")) == []


def test_a_number_that_begins_with_a_hash_is_an_address_that_line_can_read() -> None:
    [message] = render(utterance("A", choices=(Button(label="#8008", kind=ButtonKind.TEL, value="#8008"),)), "bot")
    assert message["quickReply"]["items"][0]["action"]["uri"] == "tel:%238008"


@pytest.mark.parametrize(
    ("author", "sender", "shown"),
    [
        ("bot", "", "自動案内"),
        ("staff", "", "相談員"),
        ("staff", "相談員 たなか", "相談員 たなか"),
        ("staff", "  ", "相談員"),
        ("staff", "LINE相談員", "相談員"),
        ("staff", "Ｌｉｎｅ担当", "相談員"),
        ("staff", "長" * 30, "長" * 19 + "…"),
        ("staff", "𠮷" * 11, "𠮷" * 9 + "…"),
    ],
)
def test_the_name_above_a_bubble_is_one_that_line_takes(author: str, sender: str, shown: str) -> None:
    messages = render(utterance("A", sender=sender), author)
    assert [message["sender"]["name"] for message in messages] == [shown]
    assert check_messages(messages) == []


@given(
    bubbles=st.lists(st.text(min_size=1, max_size=300).filter(lambda text: text.strip()), min_size=1, max_size=5),
    labels=st.lists(st.text(min_size=1, max_size=50), max_size=15),
    sender=st.text(max_size=15),
)
def test_whatever_is_said_is_taken_by_line(bubbles: list[str], labels: list[str], sender: str) -> None:
    choices = tuple(tap(label, number) for number, label in enumerate(labels))
    assert check_messages(render(utterance(*bubbles, choices=choices, sender=sender), "staff")) == []
