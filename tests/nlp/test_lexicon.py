from pathlib import Path

import pytest

from nlp.lexicon import LexiconError, check
from nlp.lexicon.checking import check_row, check_rows
from nlp.lexicon.compiled import compile_rows, compiled
from nlp.lexicon.files import load, read_folder
from nlp.lexicon.model import CircumstanceKind, Row
from nlp.reading import Concern, Intent, RiskKind, Speaker

HEAD = "defaults: {owner: 福祉課, source: 試験, date: 2026-04-01, status: active}\nrows:\n"
GOOD = "- id: test.row\n  labels: [debt]\n  terms: [借金]\n  positive: [借金がある]\n"


def write(folder: Path, text: str) -> Path:
    (folder / "words.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("row", load(), ids=lambda row: row.id)
def test_each_row_is_proved_by_its_examples(row: Row) -> None:
    assert check_row(row, compiled()) == []


def test_the_project_lexicon_has_no_problem() -> None:
    assert check() == []


def test_each_label_of_the_contract_has_words() -> None:
    labels = {label for row in load() for label in row.labels}
    wanted = {
        *Concern,
        *(f"intent:{intent}" for intent in Intent if intent not in (Intent.DISCLOSE, Intent.OTHER)),
        *(f"risk:{kind}" for kind in RiskKind),
        *(f"circumstance:{kind}" for kind in CircumstanceKind),
        *(f"speaker:{speaker}" for speaker in (Speaker.NEIGHBOUR, Speaker.SUPPORTER)),
    }
    assert wanted <= labels


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + GOOD + "  colour: red\n", "words.yaml:7: colour: "),
        (HEAD + GOOD.replace("[debt]", "[debts]"), "words.yaml:4: labels: "),
        (HEAD + GOOD.replace("[借金]", "[借金, 借金]"), "words.yaml:3: row: Value error, 借金 stands twice"),
        (HEAD + GOOD.replace("[debt]", '["risk:suicide"]'), "words.yaml:3: row: Value error, a risk label needs a level"),
        (HEAD + GOOD + "  level: terrible\n", "words.yaml:7: level: "),
        (HEAD + GOOD + GOOD, "words.yaml:7: id: test.row already stands in words.yaml:3"),
        (HEAD + "- 借金\n", "words.yaml:3: row: must be a mapping"),
        (HEAD + "- id: [\n", "words.yaml:4: yaml: "),
        ("rows: []\n", "words.yaml:1: rows: "),
        ("", "words.yaml:1: rows: "),
    ],
)
def test_a_wrong_file_stops_with_file_line_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LexiconError) as caught:
        read_folder(write(tmp_path, text))
    assert str(caught.value).startswith(message)


def test_an_empty_folder_is_an_error_not_an_empty_lexicon(tmp_path: Path) -> None:
    with pytest.raises(LexiconError):
        read_folder(tmp_path)


def test_a_draft_row_says_nothing(tmp_path: Path) -> None:
    draft = GOOD.replace("test.row", "test.draft") + "  status: draft\n"
    assert [row.id for row in read_folder(write(tmp_path, HEAD + GOOD + draft))] == ["test.row"]


def test_an_example_that_does_not_hold_is_a_problem(tmp_path: Path) -> None:
    rows = read_folder(write(tmp_path, HEAD + GOOD.replace("[借金がある]", "[家賃がある]") + "  negative: [借金が増えた]\n"))
    assert check_rows(rows, compile_rows(rows)) == [
        "test.row: positive: 「家賃がある」 を読めません",
        "test.row: negative: 「借金が増えた」 を読んでしまいます",
    ]


@pytest.mark.parametrize("key", ["terms: [は]", "terms: [借金…を]", 'variants: [借金, "　"]'])
def test_a_word_of_which_nothing_is_left_is_an_error(tmp_path: Path, key: str) -> None:
    rows = read_folder(write(tmp_path, HEAD + GOOD.replace("terms: [借金]", key)))
    with pytest.raises(LexiconError, match=r"test\.row: terms: "):
        compile_rows(rows)
