"""What must hold for any words about any table of districts: a window is only ever chosen by a name that was written."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.city import DeskWindow
from routing.districts import find_district, look_up, match_district
from routing.place_names import bare_reading, plain, postal_codes
from tests.routing.support import cities

BASE = next(window for window in cities()["nonoichi"].windows.values() if window.districts)
SIGNS = "本町富奥郷押野門田北会津湊一二三丁目大字の"
NAMES = st.text(alphabet=SIGNS, min_size=1, max_size=5).filter(lambda name: name.strip("大字の丁目一二三"))
GLUE = st.sampled_from(
    [
        "",
        "",
        "です",
        "か",
        "の",
        "地区",
        "町",
        "市",
        "中央市",
        "金沢市",
        "ではない",
        "じゃなくて",
        "の近く",
        "に住んで",
        "、",
        " ",
        "県",
        "字",
        "3-2",
        "1丁目",
        "から",
        "母は",
    ]
)


@st.composite
def told(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    """Draw a table and words in which its names, parts of them and other names stand between other words."""
    table = draw(st.lists(st.lists(NAMES, min_size=1, max_size=4, unique=True), min_size=1, max_size=4))
    known = st.sampled_from([name for names in table for name in names])
    pieces = st.lists(st.tuples(GLUE, st.one_of(known, known, NAMES), GLUE).map("".join), min_size=1, max_size=3)
    return table, "".join(draw(pieces))


DAY = date(2026, 11, 20)


def windows_of(table: list[list[str]]) -> list[DeskWindow]:
    return [
        replace(BASE, id=f"w{at}", districts=tuple(names), district_validity=(), district_words=(), areas=(), municipality="中央市")
        for at, names in enumerate(table)
    ]


def written(name: str, text: str) -> bool:
    """Whether a name of the table, or the part that people say of it, stands in the text at all."""
    said, key = plain(text), plain(name)
    stems = {key, key.removesuffix("地区"), key.removesuffix("町"), key.split("丁目")[0].rstrip("0123456789")}
    return any(stem and stem in said for stem in stems)


@settings(max_examples=400, deadline=None)
@given(case=told())
def test_a_window_is_only_found_by_a_name_that_was_written(case: tuple[list[list[str]], str]) -> None:
    table, text = case
    windows = windows_of(table)
    for window in look_up(text, windows, DAY).windows:
        parts = [part for name in window.districts for part in name.split("・")]
        assert any(written(part, text) or bare_reading(part) & bare_reading(text) for part in parts)


@settings(max_examples=400, deadline=None)
@given(case=told())
def test_words_decide_for_one_window_or_give_names_to_choose_from(case: tuple[list[list[str]], str]) -> None:
    table, text = case
    windows = windows_of(table)
    found = look_up(text, windows, DAY)
    assert bool(found.windows) == bool(found.names)
    assert not found.sure or len(found.windows) == 1
    assert len(match_district(text, windows, DAY)) != 1 or found.sure
    assert find_district(text, windows, DAY) in {None, *found.names}


@settings(max_examples=400, deadline=None)
@given(case=told())
def test_the_name_that_is_remembered_decides_the_same_again(case: tuple[list[list[str]], str]) -> None:
    table, text = case
    windows = windows_of(table)
    name = find_district(text, windows, DAY)
    if name is not None:
        assert match_district(name, windows, DAY) == match_district(text, windows, DAY)


@settings(max_examples=400, deadline=None)
@given(case=told(), text=st.text(max_size=40))
def test_any_text_at_all_is_looked_up_without_harm(case: tuple[list[list[str]], str], text: str) -> None:
    look_up(text, windows_of(case[0]), DAY)
    assert all(len(code) == 7 for code in postal_codes(text))
