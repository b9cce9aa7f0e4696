import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

import intake.dialogue
import intake.wording
from intake.dialogue.other_language import LANGUAGE_NAMES
from intake.wording.bubbles import Reply
from intake.wording.catalogue import default_wording, load_overrides, problems
from intake.wording.keys import CARDS, PARAMS, STYLE, Choice, Key
from intake.wording.nodes import WordingError
from intake.wording.speak import speak
from intake.wording.taste import BANNED, faults, first_line_faults
from intake.wording.times import say_hours, say_time
from nlp.language import LOCAL
from routing.city import Opening
from routing.staff_hours import parse_staff_hours
from tests.dialogue.player import city_of, load_scripts, play

WORDING = Path(intake.wording.__file__).parent
DIALOGUE = Path(intake.dialogue.__file__).parent
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


def test_the_wording_of_the_project_is_in_order() -> None:
    assert intake.wording.problems() == []


def test_every_sentence_is_asked_for_somewhere_in_the_dialogue() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in DIALOGUE.glob("*.py"))
    assert {key.name for key in Key} - set(re.findall(r"Key\.([A-Z_]+)", source)) == set()
    assert {choice.name for choice in Choice} - set(re.findall(r"Choice\.([A-Z_]+)", source)) == set()


def test_every_reply_of_every_script_brings_the_parameters_that_its_key_declares() -> None:
    for script in load_scripts():
        for played in play(script):
            for reply in played.turn.replies:
                assert reply.params.keys() - STYLE == PARAMS.get(Key(reply.key), frozenset()), reply.key


def test_sentences_are_short_and_two_or_three() -> None:
    long_ones = {Key.GREETING_HELLO, Key.GREETING_LIMITS, Key.GREETING_SHORT, Key.CONFIRM_ERASE, Key.STORED}
    for key, sentences in default_wording().replies.items():
        for text in (*sentences.text, *sentences.kana):
            assert key in long_ones or text.count("。") <= 5, f"{key}: {text}"
            assert len(text) <= 260, f"{key}: {text}"


@pytest.mark.parametrize("phrase", BANNED)
def test_a_phrase_that_is_never_said_is_found(phrase: str) -> None:
    assert faults(f"ありがとうございます。{phrase}。")


def test_two_questions_and_a_loud_first_line_are_found() -> None:
    assert faults("どこですか？だれですか？") == ["asks twice"]
    assert first_line_faults("借金のことですね。\nありがとうございます。")
    assert first_line_faults("ありがとうございます。\n借金のことですね。") == []


@pytest.mark.parametrize(
    ("yaml", "finding"),
    [
        ("replies:\n  helo: {text: [やあ], kana: [やあ]}\n", "own.yaml:2: replies.helo: this key is not known here"),
        ("replies:\n  sticker: {text: [やあ]}\n", "own.yaml:2: replies.sticker: kana is missing"),
        ("replies:\n  sticker: {text: [], kana: [やあ]}\n", "own.yaml:2: replies.sticker.text: a list of texts is expected here"),
        (
            "replies:\n  sticker: {text: ['{promise}'], kana: [やあ]}\n",
            "own.yaml:2: replies.sticker.text: the parameter {promise} is not given",
        ),
        ("replies:\n  sticker: {text: ['{'], kana: [やあ]}\n", "own.yaml:2: replies.sticker.text: a brace does not close"),
        ("replies:\n  sticker: {text: ['{city!r}'], kana: [やあ]}\n", "own.yaml:2: replies.sticker.text: a parameter is written"),
        ("replies:\n  sticker: {text: [必ず返します], kana: [やあ]}\n", "own.yaml:2: replies.sticker.text: holds 「必ず」"),
        ("replies:\n  sticker: {text: [やあ], kana: [今日]}\n", "own.yaml:2: replies.sticker.kana: plain kana holds kanji"),
        (
            "replies:\n  sticker: {text: [やあ], kana: [やあ]}\n  sticker: {text: [a], kana: [a]}\n",
            "own.yaml:3: replies.sticker: stands twice",
        ),
        (
            "choices:\n  staff: {label: とても長い長い長い長い長い長い長いボタンの名前, kana: あ, say: あ}\n",
            "own.yaml:2: choices.staff: 「",
        ),
        ("languages:\n  en: Call 110.\n", "own.yaml:2: languages.en: 119 is not named"),
        ("languages:\n  eo: Voku 110 aŭ 119.\n", "own.yaml:2: languages.eo: this key is not known here"),
        ("replys: {}\n", "own.yaml:1: replys: this key is not known here"),
        ("", "own.yaml:1: the file is empty"),
        ("replies: [\n", "own.yaml:2: cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_file_line_and_key(tmp_path: Path, yaml: str, finding: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(yaml, encoding="utf-8")
    with pytest.raises(WordingError) as refused:
        load_overrides(path)
    assert finding in str(refused.value)
    assert any(finding in line for line in problems(path))


def test_a_key_that_no_file_says_is_a_finding(tmp_path: Path) -> None:
    for path in WORDING.glob("*.yaml"):
        if path.name != "greeting.yaml":
            shutil.copy(path, tmp_path)
    assert "replies.greeting_hello: no file says it" in problems(folder=tmp_path)


def test_a_municipality_says_a_sentence_its_own_way_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("replies:\n  sticker: {text: ['{city}です。ありがとう。'], kana: [ありがとう。]}\n", encoding="utf-8")
    own = load_overrides(path)
    said = speak((Reply(key="sticker", params={}), Reply(key="silence", params={})), city_of("sakata", sample=False), NOW, overrides=own)
    assert next(bubble.text for bubble in said.bubbles if bubble.type == "text") == "酒田市です。ありがとう。"
    assert own.replies[Key.SILENCE] == default_wording().replies[Key.SILENCE]


def test_a_sample_window_is_marked_and_has_a_phone_button() -> None:
    city = city_of("aizuwakamatsu", sample=True)
    params: dict[str, str | int | list[str]] = {"window": "aizu-w15", "name": city.windows["aizu-w15"].name, "kind": "poverty"}
    (card,) = speak((Reply(key="window_card", params=params),), city, NOW).bubbles
    assert card.type == "card"
    assert (card.badge, card.alt) == ("見本", "窓口のご案内")
    assert next((button.kind.value, button.value) for button in card.buttons) == ("tel", "000-0000-0019")


def test_a_window_without_a_number_says_so_and_has_none() -> None:
    city = city_of("nonoichi", sample=False)
    window = next(window for window in city.windows.values() if window.name == "ののいち自立生活サポートセンター")
    params: dict[str, str | int | list[str]] = {"window": window.id, "name": window.name, "kind": "poverty"}
    (card,) = speak((Reply(key="window_card", params=params),), city, NOW).bubbles
    assert card.type == "card"
    assert "tel" not in {button.kind.value for button in card.buttons}
    assert any("確認中" in row for row in card.rows)


def test_staff_have_a_name_for_each_language_that_is_told_apart() -> None:
    assert set(LANGUAGE_NAMES) == LOCAL


@pytest.mark.parametrize(("language", "words"), [("vi", "hãy gọi 110"), ("my", "call 110"), ("und", "call 110")])
def test_a_language_without_a_sentence_of_its_own_gets_the_english_one(language: str, words: str) -> None:
    params: dict[str, str | int | list[str]] = {"promise": NOW.isoformat(), "lines": ["police"], "language": language}
    (bubble,) = speak((Reply(key="other_language", params=params),), city_of("sakata", sample=False), NOW).bubbles
    assert bubble.type == "text"
    assert words in bubble.text


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ValueError, match="no_such_key"):
        speak((Reply(key="no_such_key", params={}),), city_of("sakata", sample=False), NOW)


def test_cards_have_no_sentence() -> None:
    assert not CARDS & set(default_wording().replies)


@pytest.mark.parametrize(
    ("moment", "ordinary", "kana"),
    [
        (datetime(2026, 11, 20, 2, 5, tzinfo=UTC), "今日11:05", "きょう 11:05"),
        (datetime(2026, 11, 21, 0, 30, tzinfo=UTC), "明日（土）9:30", "あす（ど）9:30"),
        (datetime(2026, 11, 24, 0, 30, tzinfo=UTC), "11月24日（火）9:30", "11がつ24にち（か）9:30"),
    ],
)
def test_times_are_said_in_tokyo(moment: datetime, ordinary: str, kana: str) -> None:
    assert (say_time(moment, NOW), say_time(moment, NOW, kana=True)) == (ordinary, kana)


def test_hours_are_said_by_their_days() -> None:
    def opening(*days: int) -> Opening:
        return Opening(
            weekdays=frozenset(days), opens=datetime(2026, 1, 1, 8, 30, tzinfo=UTC).time(), closes=datetime(2026, 1, 1, tzinfo=UTC).time()
        )

    assert say_hours((opening(*range(5)),)) == "平日の8:30から24:00"
    assert say_hours((opening(*range(7)),), kana=True) == "まいにち 8:30から 24:00"
    assert say_hours((opening(1, 5),)) == "火・土曜日の8:30から24:00"
    assert say_hours(()) == "市役所の開いている時間"


@pytest.mark.parametrize(
    ("cell", "ordinary", "kana"),
    [
        ("第2・4土 09:00-12:00", "第2・第4土曜日の9:00から12:00", "だい2・だい4 どようび 9:00から 12:00"),
        ("毎月10日 08:00-翌08:00", "毎月10日の8:00から翌日の8:00", "まいつき 10にち 8:00から つぎの ひの 8:00"),
    ],
)
def test_hours_that_do_not_come_every_week_are_said_as_such(cell: str, ordinary: str, kana: str) -> None:
    openings = parse_staff_hours(cell)
    assert (say_hours(openings), say_hours(openings, kana=True)) == (ordinary, kana)
