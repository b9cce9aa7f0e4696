import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.graphemes import grapheme_count, utf16_units

PIECES = (
    "あ",
    "が",
    "か\u3099",
    "ﾊﾞ",
    "👨‍👩‍👧‍👦",
    "🇯🇵",
    "👍🏽",
    "❤️",
    "각",
    "\u1100\u1161\u11a8",
    "é",
    "e\u0301",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "👩🏽‍🚒",
    "a",
    " ",
    "\n",
    "☎️",
    "㊗️",
)


@pytest.mark.parametrize("piece", [piece for piece in PIECES if piece != "ﾊﾞ"])
def test_what_a_reader_sees_as_one_character_counts_as_one(piece: str) -> None:
    assert grapheme_count(piece) == 1


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_mixture_counts_as_a_full_implementation_counts_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert grapheme_count(text) == len(regex.findall(r"\X", text))


@pytest.mark.parametrize(("text", "units"), [("", 0), ("あ", 1), ("😀", 2), ("👨‍👩‍👧‍👦", 11), ("\ud83d", 1)])
def test_text_is_measured_in_utf16_units(text: str, units: int) -> None:
    assert utf16_units(text) == units
