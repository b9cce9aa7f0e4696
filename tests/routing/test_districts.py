from dataclasses import replace
from datetime import date

import pytest

from routing.city import DeskWindow
from routing.districts import find_district, look_up, match_district, names_to_choose
from routing.referral import Kind
from routing.rows import read_districts
from routing.table import parse_table
from tests.routing.support import cities, sample_city

NONOICHI = [window for window in cities()["nonoichi"].windows.values() if window.districts]
AIZU = [window for window in sample_city().windows.values() if window.districts]
TABLE = """窓口ID,地区名,町字名,町字ID,備考,有効開始日,有効終了日,読み,郵便番号
w1,中央地区,本町一丁目,,つくりもの,,,ほんまちいっちょうめ,000-0001
w1,中央地区,本町二丁目,,つくりもの,,,,000-0001
w2,南地区,本町三丁目,,つくりもの,,,,000-0003
w2,南地区,門田町大字日吉,,つくりもの,,,もんでんまちひよし,000-0004
w2,南地区,鶴ヶ丘,,つくりもの,,,つるがおか;つるがおかまち,
w2,南地区,栄町,,つくりもの,,2027-03-31,,
w1,中央地区,栄町,,つくりもの,2027-04-01,,,
w1,中央地区,広沢,,つくりもの,,,,000-0004
w3,北地区,湊町,,つくりもの,,,みなとまち,
w1,北地区,川端,,つくりもの,,,,
w4,南地区,,,つくりもの,,,みなみちく,
"""


def invented() -> list[DeskWindow]:
    """Four windows with a full table: three centres of one kind, and one of another kind for the whole south."""
    found = read_districts(parse_table("担当地区.csv", TABLE.encode(), tuple(TABLE.split("\n", 1)[0].split(","))))
    base = replace(NONOICHI[0], municipality="中央市")
    kinds = {"w1": Kind.ELDERLY, "w2": Kind.ELDERLY, "w3": Kind.ELDERLY, "w4": Kind.DISABILITY}
    return [replace(base, id=key, name=key, kind=kind, **found[key]._asdict()) for key, kind in kinds.items()]


def ids(word: str, windows: list[DeskWindow], day: date | None = None) -> list[str]:
    return [window.id for window in match_district(word, windows, day)]


@pytest.mark.parametrize(
    ("word", "window"),
    [
        ("富奥です", "nonoichi-w02"),
        ("富奥地区に住んでいます", "nonoichi-w02"),
        ("富奥地区に住んでます", "nonoichi-w02"),
        ("富奥町です", "nonoichi-w02"),
        ("自宅は富奥", "nonoichi-w02"),
        ("野々市市本町です", "nonoichi-w01"),
        ("石川県野々市市本町3丁目2-22", "nonoichi-w01"),
        ("野々市本町", "nonoichi-w01"),
        ("本町三丁目", "nonoichi-w01"),
        ("郷", "nonoichi-w03"),
        ("郷地区です", "nonoichi-w03"),
        ("郷・押野地区", "nonoichi-w03"),
        ("押野", "nonoichi-w03"),
        ("富奥ではなくて押野です", "nonoichi-w03"),
        ("富奥とは違います、本町です", "nonoichi-w01"),
        ("白山市から引っ越して、今は富奥に住んでいます", "nonoichi-w02"),
    ],
)
def test_the_residents_own_word_finds_the_window(word: str, window: str) -> None:
    assert ids(word, NONOICHI) == [window]


@pytest.mark.parametrize(
    "word",
    [
        "",
        "駅のそば",
        "郷里は遠いです",
        "故郷に帰りたい",
        "七日本町",
        "本町田",
        "本町内科に通っています",
        "金沢市",
        "金沢市本町",
        "金沢市の本町です",
        "石川県金沢市 本町",
        "富奥ではありません",
        "富奥じゃないです",
        "富奥以外です",
        "富奥出身です",
        "わかりません",
        "〒000-0000",
    ],
)
def test_what_is_not_a_district_is_never_guessed(word: str) -> None:
    assert ids(word, NONOICHI) == []
    assert find_district(word, NONOICHI) is None


@pytest.mark.parametrize("word", ["富奥か押野です", "本町と郷のあいだ", "郷か富奥"])
def test_two_districts_in_one_sentence_decide_nothing_and_both_are_there_to_choose(word: str) -> None:
    assert find_district(word, NONOICHI) is None
    found = look_up(word, NONOICHI)
    assert not found.sure
    assert len(found.names) == 2
    assert all(name in word for name in found.names)


@pytest.mark.parametrize("word", ["富奥の近くです", "富奥のあたり", "富奥の方です", "富奥小学校のそば", "富奥公民館", "富奥周辺"])
def test_near_a_district_is_asked_back_and_not_taken(word: str) -> None:
    assert ids(word, NONOICHI) == []
    assert look_up(word, NONOICHI).names == ("富奥",)


@pytest.mark.parametrize("name", ["大字", "地区", "・", "?*["])
def test_a_name_that_says_nothing_matches_nothing(name: str) -> None:
    window = replace(NONOICHI[0], districts=(name,), district_words=(), areas=())
    assert look_up("母の介護で困っています", [window]).windows == ()


def test_the_longer_name_wins() -> None:
    assert ids("北会津です", AIZU) == ["aizu-w06"]


def test_a_district_is_found_inside_a_whole_message() -> None:
    assert find_district("富奥に住む母の介護のことです", NONOICHI) == "富奥"


def test_a_district_changes_hands_on_its_day() -> None:
    first, second = NONOICHI[0], NONOICHI[1]
    until = replace(first, districts=("富奥地区",), district_validity=((None, date(2027, 3, 31)),), district_words=())
    after = replace(second, districts=("富奥地区",), district_validity=((date(2027, 4, 1), None),), district_words=())
    assert match_district("富奥", [until, after], date(2027, 3, 31)) == (until,)
    assert match_district("富奥", [until, after], date(2027, 4, 1)) == (after,)


@pytest.mark.parametrize(
    ("word", "windows"),
    [
        ("本町1丁目", ["w1"]),
        ("本町一丁目", ["w1"]),
        ("本町３丁目", ["w2"]),
        ("本町３−２−２２", ["w2"]),
        ("中央市本町2-5", ["w1"]),
        ("本町13-1", ["w1", "w2"]),
        ("本町です", ["w1", "w2"]),
        ("門田町日吉", ["w2"]),
        ("門田町大字日吉字笹籬", ["w2"]),
        ("鶴ヶ丘", ["w2"]),
        ("鶴ケ丘です", ["w2"]),
        ("鶴が丘", ["w2"]),
        ("廣澤", ["w1"]),
        ("湊です", []),
        ("湊町", ["w3"]),
        ("ほんまちいっちょうめ", ["w1"]),
        ("みなとまちです", ["w3"]),
        ("ミナトマチ ニ スンデイマス", ["w3"]),
        ("000-0001", ["w1"]),
        ("〒000-0001です", ["w1"]),
        ("０００－０００３", ["w2"]),
        ("0000003", ["w2"]),
        ("000-0004", ["w1", "w2"]),
        ("000-0004 広沢", ["w1"]),
        ("北地区", ["w1", "w3"]),
        ("北地区の川端", ["w1"]),
        ("000-9999", []),
        ("090-0000-0001", []),
        ("ほんまちに行くみなとまちの人", []),
    ],
)
def test_a_full_table_is_matched_by_town_by_reading_and_by_postal_code(word: str, windows: list[str]) -> None:
    assert ids(word, [window for window in invented() if window.kind is Kind.ELDERLY], date(2026, 11, 20)) == windows


@pytest.mark.parametrize(("day", "window"), [("2027-03-31", "w2"), ("2027-04-01", "w1")])
def test_a_town_moves_to_another_window_on_the_first_of_april(day: str, window: str) -> None:
    assert ids("栄町", invented(), date.fromisoformat(day)) == [window]


def test_a_district_that_windows_of_two_kinds_share_is_one_for_each_of_them() -> None:
    found = look_up("南地区です", invented(), date(2026, 11, 20))
    assert found.sure
    assert {window.id for window in found.windows} == {"w2", "w4"}


@pytest.mark.parametrize(
    ("word", "names"),
    [("本町です", ("本町一丁目", "本町二丁目", "本町三丁目")), ("広沢か湊町", ("広沢", "湊町")), ("000-0004", ("門田町大字日吉", "広沢"))],
)
def test_what_is_not_clear_gives_names_of_the_table_to_choose_from(word: str, names: tuple[str, ...]) -> None:
    assert sorted(look_up(word, invented(), date(2026, 11, 20)).names) == sorted(names)


def test_every_name_to_choose_leads_to_its_own_window() -> None:
    for windows in (NONOICHI, AIZU):
        for window in windows:
            assert all(match_district(name, windows) == (window,) for name in names_to_choose([window]))


def test_a_name_that_decides_decides_again_when_it_is_remembered() -> None:
    for word in ("本町３−２", "ほんまちいっちょうめ", "000-0003", "門田町日吉", "鶴が丘です", "北地区の川端"):
        windows, day = invented(), date(2026, 11, 20)
        name = find_district(word, windows, day)
        assert name is not None
        assert ids(name, windows, day) == ids(word, windows, day)


def test_residents_choose_among_districts_and_not_among_hundreds_of_towns() -> None:
    assert names_to_choose(invented(), date(2026, 11, 20)) == ("中央地区", "北地区", "南地区")
    assert names_to_choose(NONOICHI) == ("本町地区", "富奥地区", "郷・押野地区")


@pytest.mark.parametrize("key", ["semboku", "sakata", "oshu", "aizuwakamatsu"])
def test_a_city_without_a_table_decides_nothing_by_a_word(key: str) -> None:
    windows = list(cities()[key].windows.values())
    for word in ("本町です", "門田町", "角館", "水沢横町", "000-0001"):
        assert look_up(word, windows).windows == ()
