"""The words of check-ins: enough of them, in families and seasons, and none that asks, advises, praises or diagnoses."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.checkins import words as module
from intake.checkins.rhythm import Style
from intake.checkins.taste import faults
from intake.checkins.words import FAREWELL, RECENT, choose, default_words, load_own_words, problems
from intake.wording.nodes import WordingError
from intake.wording.taste import faults as never_said
from intake.wording.taste import first_line_faults, has_kanji

WORDS = default_words()
ALL = frozenset(WORDS.texts)


def test_there_are_sixty_texts_and_more_in_families() -> None:
    families = Counter(text.family for text in WORDS.texts.values())
    assert sum(count for family, count in families.items() if family != FAREWELL) >= 60
    assert len(families) >= 10
    assert min(families.values()) >= 2
    assert len({text.words.text for text in WORDS.texts.values()}) == len(WORDS.texts)


def test_the_words_of_the_project_are_in_order() -> None:
    assert problems() == []
    for text in WORDS.texts.values():
        for said in (text.words.text, text.words.plain):
            assert faults(said) == never_said(said) == first_line_faults(said) == [], text.key


def test_every_text_has_its_plain_form_in_kana() -> None:
    assert [text.key for text in WORDS.texts.values() if has_kanji(text.words.plain.replace("{place}", ""))] == []


@pytest.mark.parametrize(
    "said",
    [
        "お元気ですか。",
        "どうしていますか？",
        "今日はどうでしたか",
        "教えてください。",
        "お返事を待っています。",
        "よかったら連絡をください。",
        "外に出てみましょう。",
        "無理をせずお過ごしください。",
        "早めに休んだほうがいいです。",
        "お体を大切に。",
        "暖かくしてお過ごしくださいね。",
        "ゆっくりしてくださいね。",
        "よくがんばっていますね。",
        "毎日えらいです。",
        "ご立派です。",
        "お疲れのようですね。",
        "眠れない夜もありますね。",
        "さびしい季節です。",
        "うつ病のことが気になっています。",
        "心配しています。",
        "あけましておめでとうございます。",
        "よいお正月を。",
        "もうすぐ母の日です。",
        "ご家族で過ごす季節です。",
        "卒業の季節です。",
        "クリスマスの飾りが出ました。",
        "お誕生日おめでとうございます。",
        "いつでも来てください。",
        "必ずそばにいます。",
        "ずっと見守っています。",
        "お金のことが気になります。",
    ],
)
def test_what_presses_teaches_judges_or_hurts_is_found(said: str) -> None:
    assert faults(said)


@given(
    st.integers(min_value=1, max_value=12),
    st.integers(min_value=0, max_value=2**40),
    st.booleans(),
    st.lists(st.sampled_from(sorted(ALL)), max_size=RECENT),
)
def test_a_choice_fits_the_season_and_is_neither_of_the_last_family_nor_said_lately(
    month: int, chance: int, place: bool, recent: list[str]
) -> None:
    chosen = choose(WORDS, ALL, month=month, recent=recent, farewell=False, place=place, chance=chance)
    assert chosen is not None
    assert month in chosen.months
    assert chosen.family != FAREWELL
    assert chosen.key not in recent
    assert not recent or chosen.family != WORDS.texts[recent[0]].family
    assert place or not chosen.names_place


def test_all_texts_of_a_season_come_up() -> None:
    found = {choose(WORDS, ALL, month=6, recent=[], farewell=False, place=True, chance=chance) for chance in range(500)}
    assert found == {text for text in WORDS.texts.values() if 6 in text.months and text.family != FAREWELL}


def test_what_nobody_has_approved_is_not_said() -> None:
    assert choose(WORDS, frozenset(), month=6, recent=[], farewell=False, place=True, chance=1) is None
    only = choose(WORDS, frozenset({"desk_pot", "desk_tea"}), month=6, recent=["town_cat"], farewell=False, place=True, chance=1)
    assert only is not None
    assert only.family == "desk"


def test_a_farewell_is_said_only_at_the_end() -> None:
    chosen = choose(WORDS, ALL, month=6, recent=["desk_pot"], farewell=True, place=True, chance=1)
    assert chosen is not None
    assert chosen.family == FAREWELL


def test_a_successor_is_named_before_the_next_word_and_a_name_stands_under_each() -> None:
    text = WORDS.texts["desk_pot"]
    said = WORDS.framed(text, Style.ORDINARY, sender="くらしの相談", before="ふくしの相談")
    assert said.splitlines()[0] == "このお便りの名前は、ふくしの相談からくらしの相談に変わりました。"
    assert said.splitlines()[-1] == "くらしの相談より（自動でお送りしています）"
    assert "変わりました" not in WORDS.framed(text, Style.ORDINARY, sender="くらしの相談")
    assert not has_kanji(WORDS.framed(text, Style.PLAIN, sender="つなぎ"))


def test_a_municipality_lays_its_own_texts_over_the_projects(tmp_path: Path) -> None:
    path = tmp_path / "sakata.yaml"
    path.write_text(
        "families:\n  harbour:\n    months: [5]\n    texts:\n"
        "      harbour_gull: {text: かもめが来ています。, plain: かもめが います。, approved_by: 佐藤, approved_on: '2026-04-01'}\n"
        "  desk:\n    texts:\n      desk_pot: {text: 鉢植えに花が咲きました。, plain: はなが さきました。}\n",
        encoding="utf-8",
    )
    own = load_own_words(path)
    assert own.texts["harbour_gull"].approved_by == "佐藤"
    assert own.texts["desk_pot"].words.text == "鉢植えに花が咲きました。"
    assert own.texts["desk_pot"].fingerprint != WORDS.texts["desk_pot"].fingerprint
    assert own.texts["town_cat"] == WORDS.texts["town_cat"]


@pytest.mark.parametrize(
    ("yaml", "finding"),
    [
        ("families:\n  a:\n    texts:\n      b: {text: お元気ですか。, plain: あ。}\n", "own.yaml:4: families.a.texts.b.text: asks"),
        (
            "families:\n  a:\n    texts:\n      b: {text: 雨です。, plain: 雨です。}\n",
            "own.yaml:4: families.a.texts.b.plain: やさしい日本語",
        ),
        ("families:\n  a:\n    texts:\n      b: {text: 雨です。}\n", "own.yaml:4: families.a.texts.b: plain is missing"),
        (
            "families:\n  a:\n    months: [13]\n    texts:\n      b: {text: 雨です。, plain: あめ。}\n",
            "own.yaml:3: families.a.months: months are",
        ),
        ("families:\n  a:\n    texts:\n      B: {text: 雨です。, plain: あめ。}\n", "own.yaml:4: families.a.texts.B: a key is"),
        ("families:\n  a:\n    texts:\n      b: {text: '{name}です。', plain: あめ。}\n", "own.yaml:4: families.a.texts.b.text: only"),
        (
            "families:\n  a:\n    texts:\n      b: {text: 雨です。, plain: あめ。, approved_by: 佐藤}\n",
            "own.yaml:4: families.a.texts.b: an approval names the person and the day",
        ),
        ("famlies: {}\n", "own.yaml:1: famlies: this key is not known here"),
    ],
)
def test_a_wrong_file_is_refused_with_file_line_and_key(tmp_path: Path, yaml: str, finding: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(yaml, encoding="utf-8")
    with pytest.raises(WordingError) as refused:
        load_own_words(path)
    assert finding in str(refused.value)


def test_a_frame_that_nobody_says_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text("families:\n  a:\n    texts:\n      b: {text: 雨です。, plain: あめ。}\n", encoding="utf-8")
    monkeypatch.setattr(module, "_HERE", tmp_path)
    default_words.cache_clear()
    with pytest.raises(WordingError, match=r"frame\.signature: no file says it"):
        default_words()
    monkeypatch.undo()
    default_words.cache_clear()
    assert default_words().texts
