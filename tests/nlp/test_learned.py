"""The learned layer adds up like arithmetic, refuses what it was not made for, and never silences a row."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from nlp.decide import decide
from nlp.learned.features import KIND, PAIR, letter_features, row_feature, token_features
from nlp.learned.gate import BARE, LIGHT, LONGEST
from nlp.learned.model import COLUMNS, FOLDER, Calibration, Model, ModelError, model
from nlp.learned.table import Table, pack
from nlp.learned.words import Letters, Words
from nlp.lexicon.compiled import compile_rows, compiled
from nlp.lexicon.model import Row
from nlp.lexicon.scan import scan
from nlp.personal.people import telling_names
from nlp.reading import Concern, Reading, Risk
from nlp.repair import fold, repair

CORPUS = Path(nlp.__file__).parent / "corpus"
WEIGHTS = st.dictionaries(st.integers(0, 9), st.integers(-200, 200), max_size=10)


def _is_ended(text: str) -> bool:
    """Whether letters or words end the reading as small talk: what is read on has scores."""
    return not nlp.read(text).scores


@given(st.lists(WEIGHTS, max_size=30))
def test_packed_weights_add_up_column_by_column(rows: list[dict[int, int]]) -> None:
    table = Table(10, {str(at): pack(row.items()) for at, row in enumerate(rows)})
    total = table.total([*map(str, range(len(rows))), "unknown"])
    expected = [sum(row.get(column, 0) for row in rows) for column in range(10)]
    assert list(table.unpack(total)) == expected
    assert list(table.unpack_all([total, 0, total])) == [*expected, *[0] * 10, *expected]


@given(st.floats(0.001, 0.999), st.floats(0.1, 5), st.floats(-5, 5))
def test_a_threshold_on_scores_is_the_threshold_on_probabilities(probability: float, slope: float, offset: float) -> None:
    curve = Calibration(slope=slope, offset=offset)
    assert curve.probability(curve.score(probability)) == pytest.approx(probability, abs=1e-6)


@given(st.lists(st.sampled_from(["母", "が", "夜", "歩く"]), max_size=6))
def test_each_feature_of_the_tokens_has_a_place_in_the_text(norms: list[str]) -> None:
    tokens, pairs, kinds = token_features(norms, {"母": "#1"})
    assert list(tokens) == norms
    assert len(pairs) == len(kinds) == len(norms) + 1


@given(st.lists(st.sampled_from(["母", "が", "夜", "歩く", "未知", "$"]), max_size=12))
def test_numbered_words_weigh_what_their_named_features_weigh(norms: list[str]) -> None:
    classes = {"母": "#1", "夜": "#1"}
    names = [f"{one}{joint}{two}" for joint in (PAIR, KIND) for one in ("^", "が", "#1", "歩く") for two in ("が", "#1", "歩く", "$", "母")]
    weights = {name: at + 1 for at, name in enumerate(["母", "が", "歩く", "$", *names])}
    written = {name: f"0:{value}" for name, value in weights.items()}
    pairs, kinds = ({name: value for name, value in written.items() if joint in name} for joint in (PAIR, KIND))
    alone = {name: value for name, value in written.items() if PAIR not in name and KIND not in name}
    features = token_features(norms, classes)
    words = Words(alone, pairs, kinds, classes)
    for _ in range(2):  # The first time weights are read from what is written, then remembered.
        assert sum(map(sum, words.weigh(norms))) == sum(weights.get(name, 0) for names in features for name in names)


@given(st.text("しにたい", max_size=12))
def test_letters_weigh_what_their_named_features_weigh(text: str) -> None:
    weights = {name: at + 1 for at, name in enumerate(["しに", "にた", "たい", "いい", "しにた", "にたい", "いいい"])}
    found = Letters(weights).weigh(text)
    assert sum(packed for _, packed in found) == sum(weights.get(name, 0) for names in letter_features(text) for name in names)
    assert all(text.startswith(tuple(weights), start) for start, _ in found)


def test_the_gate_tells_every_text_with_a_listed_name() -> None:
    plain = "きょうは{}と川べりを歩いた"
    assert not model().gate.look(plain.format("犬")).named
    assert [name for name in telling_names() if not model().gate.look(fold(plain.format(name))).named] == []


def test_letters_are_weighed_only_where_there_is_no_kanji() -> None:
    assert letter_features("しにたい") == (["しに", "にた", "たい"], ["しにた", "にたい"])
    assert letter_features("死にたい") == ([], [])


def test_a_long_text_adds_up_like_its_parts() -> None:
    word = "死にたい。"
    short, long = (model().weigh(scan(word * times).tokens.norms, word * times, []) for times in (7, 700))
    column = COLUMNS.index("risk:suicide")
    assert long.scores[column] > short.scores[column] > 0


def test_tables_made_for_another_dictionary_are_refused_with_the_way_on(tmp_path: Path) -> None:
    folder = copy_of_the_model(tmp_path)
    settings = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(settings | {"dictionary": "20200101"}))
    with pytest.raises(ModelError, match=r"sudachidict_core 20200101 .*tsunagi nlp train"):
        Model(folder, compiled())


def test_a_model_without_settings_is_refused_with_the_way_on(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.json: .*tsunagi nlp train"):
        Model(tmp_path, compiled())


def test_a_row_that_the_model_does_not_know_yet_decides_its_concern() -> None:
    row = Row(
        id="concern.staff",
        labels=("consumer",),
        terms=("きつねうどん詐欺",),
        positive=("きつねうどん詐欺だった",),
        owner="福祉課",
        source="試験",
        date=date(2026, 11, 21),
        status="active",
    )
    lexicon = compile_rows([*compiled().rows, row])
    learned = Model(FOLDER, lexicon)
    found = scan("きつねうどん詐欺だった", lexicon)
    values = learned.weigh(found.tokens.norms, found.folded, [row_feature(row.id, speaks=True)]).scores
    assert Concern.CONSUMER in decide(values, found.hits, learned, len(found.folded)).concerns
    assert learned.gate.look("きつねうどん詐欺だった").intent is None


def test_a_row_that_was_edited_falls_back_to_its_own_weight() -> None:
    edited = [row.model_copy(update={"variants": (*row.variants, "あたらしいことば")}) for row in compiled().rows]
    learned = Model(FOLDER, compile_rows(edited[:3]))
    assert not learned.known_rows & {row.id for row in edited[:3]}


@pytest.mark.parametrize(
    "text",
    [
        "夫に財布を取り上げられてレシートまで見られる",
        "三日なにも食べてない",
        "うちの裏の家、缶とか袋とか天井まで積んで、もう玄関があかない",
    ],
)
def test_what_is_decided_is_shown_with_the_words_that_moved_it(text: str) -> None:
    reading = nlp.read(text)
    labels = {proof.label for proof in reading.evidence}
    assert {*reading.concerns, *(f"risk:{kind}" for kind in reading.risk_kinds)} <= labels
    assert all(0 <= score.probability <= 1 for score in reading.scores)
    assert {score.label for score in reading.scores} >= {*reading.concerns, f"intent:{reading.intent}"}


def test_every_column_has_a_calibration_or_a_temperature() -> None:
    learned = model().settings
    single = [name for name in COLUMNS if not name.startswith(("speaker:", "intent:"))]
    assert set(single) == set(learned.calibration)
    assert set(learned.temperature) == {"speaker", "intent"}


@pytest.mark.parametrize("row", [row for row in compiled().rows if row.level.rank >= Risk.URGENT.rank], ids=lambda row: row.id)
def test_no_word_of_danger_passes_for_small_talk(row: Row) -> None:
    words = [*row.positive, *row.terms, *row.variants]
    texts = [word.replace("…", "、") for word in words]
    beside = [f"今日はカレーでした。{text}" for text in texts]
    assert [text for text in (*texts, *beside) if _is_ended(text)] == []


def test_a_bare_stop_or_yes_is_read_with_its_rows_and_not_taken_for_small_talk() -> None:
    rows = [row for row in compiled().rows if row.of("intent")]
    bare = [word for row in rows for word in row.variants if len(word) <= BARE]
    assert [text for text in bare if _is_ended(text)] == []


def test_plain_small_talk_is_ended_by_its_letters_alone() -> None:
    lines = (CORPUS / "e10.jsonl").read_text(encoding="utf-8").splitlines()[:200]
    said = [json.loads(line)["text"] for line in lines]
    ended = [text for text in said if model().gate.look(fold(repair(text).text)).intent is not None]
    assert len(ended) > len(said) / 2
    assert {nlp.read(text) for text in ended if not nlp.read(text).personal_data} <= {Reading(intent=intent) for intent in LIGHT}


def test_words_end_small_talk_that_letters_leave_in_doubt_and_nothing_long() -> None:
    lines = [line for name in ("e09", "e10") for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:300]]
    said = [json.loads(line)["text"] for line in lines]
    left = [text for text in said if model().gate.look(fold(repair(text).text)).intent is None]
    settled = [text for text in left if _is_ended(text)]
    assert settled
    assert [text for text in settled if len(text) > LONGEST] == []
    assert {nlp.read(text) for text in settled if not nlp.read(text).personal_data} <= {Reading(intent=intent) for intent in LIGHT}


def test_small_talk_is_never_ended_where_a_row_of_danger_fires() -> None:
    assert nlp.read("カレーおいしいですよね。死にたいです").risk.rank >= Risk.URGENT.rank


def copy_of_the_model(tmp_path: Path) -> Path:
    folder = tmp_path / "learned"
    shutil.copytree(FOLDER, folder)
    return folder
