from pathlib import Path

import pytest

from nlp.lexicon import LexiconError, check
from nlp.lexicon.checking import check_file, failing_examples, find_problems
from nlp.lexicon.compiled import compile_rows, compiled
from nlp.lexicon.files import FOLDER, Placed, load, read_file, read_folder, read_folders
from nlp.lexicon.model import CircumstanceKind
from nlp.reading import Concern, Intent, RiskKind, Speaker

HEAD = "defaults: {owner: 福祉課, source: 試験, date: 2026-04-01, status: active}\nrows:\n"
GOOD = "- id: test.row\n  labels: [debt]\n  terms: [借金]\n  positive: [借金がある]\n"


def write(folder: Path, text: str) -> Path:
    (folder / "words.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("placed", read_folders(FOLDER), ids=lambda placed: placed.row.id)
def test_each_row_is_proved_by_its_examples(placed: Placed) -> None:
    assert [problem.told() for problem in failing_examples(placed, compiled())] == []


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
        (HEAD + GOOD + "  colour: red\n", "words.yaml:7: colour: 知らない項目です"),
        (HEAD + GOOD.replace("[debt]", "[debts]"), "words.yaml:4: labels: "),
        (HEAD + GOOD.replace("[借金]", "[借金, 借金]"), "words.yaml:3: row: 「借金」が二度書かれています"),
        (HEAD + GOOD.replace("[debt]", '["risk:suicide"]'), "words.yaml:3: row: risk: のラベルには level"),
        (HEAD + GOOD.replace("positive:", "positives:"), "words.yaml:3: positive: 書かれていません"),
        (HEAD + GOOD.replace("  positive:", "  postive:"), "words.yaml:3: positive: "),
        (HEAD + GOOD + "  blocks: 借金取り\n", "words.yaml:7: blocks: [ ] で囲んだ一覧で"),
        (HEAD + GOOD + "  date: 春\n", "words.yaml:7: date: 2026-04-01 のように"),
        (HEAD + GOOD + "  terms: [返済]\n", "words.yaml:7: terms: 同じ項目が二度"),
        (HEAD + GOOD.replace("test.row", "試験"), "words.yaml:3: id: 英小文字"),
        (HEAD + GOOD + "  subject: me\n", "words.yaml:7: subject: 'self', 'family'"),
        (HEAD + GOOD + "  match: surface\n  inflection: [意志形]\n", "words.yaml:3: row: inflection は"),
        (HEAD + GOOD + "  level: terrible\n", "words.yaml:7: level: "),
        (HEAD + GOOD + GOOD, "words.yaml:7: id: test.row は words.yaml:3 にもあります"),
        (HEAD + "- 借金\n", "words.yaml:3: row: 一つの行は"),
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


def told(folder: Path, text: str) -> list[str]:
    return [problem.told() for problem in find_problems(read_file(write(folder, text) / "words.yaml"))]


def test_an_example_that_does_not_hold_is_a_problem(tmp_path: Path) -> None:
    first, second = told(tmp_path, HEAD + GOOD.replace("[借金がある]", "[家賃がある]") + "  negative: [借金が増えた]\n")
    assert first.startswith("words.yaml:6: positive: test.row は「家賃がある」を読めません")
    assert second.startswith("words.yaml:7: negative: test.row は「借金が増えた」を読んでしまいます")


def test_a_word_that_stands_in_two_rows_of_one_meaning_is_a_problem(tmp_path: Path) -> None:
    [problem] = told(tmp_path, HEAD + GOOD + GOOD.replace("test.row", "test.twin"))
    assert problem.startswith("words.yaml:9: terms: 「借金」は words.yaml:3 の test.row にもあります")


def test_a_word_may_stand_in_two_rows_of_different_meaning(tmp_path: Path) -> None:
    assert told(tmp_path, HEAD + GOOD + GOOD.replace("test.row", "test.twin").replace("debt", "family")) == []


@pytest.mark.parametrize(
    ("variant", "folds"), [("借金が返せん", False), ("借金返せない", True), ("しゃっきんがかえせない", True), ("しゃっきんかえせ", False)]
)
def test_a_variant_that_a_term_reads_already_is_a_problem(tmp_path: Path, variant: str, folds: bool) -> None:
    rows = GOOD.replace("[借金]", "[借金が返せない]").replace("借金がある", "借金が返せない") + f"  variants: [{variant}]\n"
    problems = told(tmp_path, HEAD + rows)
    assert problems == ([f"words.yaml:7: variants: 「{variant}」は「借金が返せない」で読めています。消してください"] if folds else [])


def test_a_word_of_everyday_talk_is_a_problem(tmp_path: Path) -> None:
    [problem] = told(tmp_path, HEAD + GOOD.replace("[借金]", "[借金, 今日]"))
    assert problem.startswith("words.yaml:5: terms: 「今日」は日常の文章 ")


def test_a_word_of_everyday_talk_may_tell_who_writes(tmp_path: Path) -> None:
    assert told(tmp_path, HEAD + GOOD.replace("[debt]", '["cue:now"]').replace("[借金]", "[借金, 今日]")) == []


def test_a_word_that_fires_on_the_negative_example_of_another_row_is_a_problem(tmp_path: Path) -> None:
    other = "- id: test.other\n  labels: [debt]\n  terms: [ローンがある]\n  positive: [ローンがある]\n  negative: [借金取りの映画]\n"
    [problem] = told(tmp_path, HEAD + GOOD + other)
    assert problem.startswith("words.yaml:5: terms: 「借金」は、test.other の読んではいけない例「借金取りの映画」で当たります")


def test_one_file_is_checked_beside_all_others(tmp_path: Path) -> None:
    new = HEAD + GOOD.replace("借金がある", "家賃がある").replace("[借金]", "[自己破産]")
    path = write(tmp_path, new) / "words.yaml"
    problems = check_file(path)
    assert [problem.partition(": ")[0] for problem in problems] == ["words.yaml:6", "words.yaml:5"]
    assert "concern.debt にもあります" in problems[1]
    assert check_file(write(tmp_path, HEAD + GOOD.replace("test.row", "concern.debt")) / "words.yaml")[0].startswith("words.yaml:3: id: ")
    assert check_file(FOLDER / "living.yaml") == []


@pytest.mark.parametrize("key", ["terms: [は]", "terms: [借金…を]", 'variants: [借金, "　"]'])
def test_a_word_of_which_nothing_is_left_is_an_error(tmp_path: Path, key: str) -> None:
    rows = read_folder(write(tmp_path, HEAD + GOOD.replace("terms: [借金]", key)))
    with pytest.raises(LexiconError, match=r"test\.row: terms: "):
        compile_rows(rows)
