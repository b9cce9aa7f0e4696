"""The town's own words: added without loss, previewed before they are saved, and explained."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nlp
from nlp.evaluate import Record
from nlp.lexicon import LexiconError
from nlp.lexicon.clerk.explain import explain
from nlp.lexicon.clerk.overlay import FILE, overlay_rows, propose, use_overlay, use_rows
from nlp.lexicon.clerk.preview import SAMPLE, development_set, preview
from nlp.lexicon.model import Row
from nlp.reading import Intent, Risk, RiskKind, Speaker

VALUES: dict[str, Any] = {
    "id": "town.market",
    "labels": ["risk:deprivation", "circumstance:infant"],
    "level": "watch",
    "terms": ["ひだまり市場"],
    "positive": ["ひだまり市場に並ぶ"],
    "owner": "福祉課",
    "source": "試験",
    "date": "2026-04-01",
    "status": "active",
}


@pytest.fixture(autouse=True)
def project_words_alone() -> Iterator[None]:
    yield
    use_rows(())


def kinds(text: str) -> list[str]:
    return [spot.kind for spot in nlp.read(text).circumstances]


def test_a_town_without_words_of_its_own_reads_with_the_project_s(tmp_path: Path) -> None:
    use_overlay(tmp_path / "lexicon")
    assert kinds("ひだまり市場に並ぶ") == []


def test_a_saved_row_is_read_after_the_project_s(tmp_path: Path) -> None:
    folder = tmp_path / "lexicon"
    propose(folder, VALUES).save()
    use_overlay(folder)
    assert kinds("ひだまり市場に並ぶ") == ["infant"]
    assert [(placed.row.id, placed.at("terms")) for placed in overlay_rows(folder)] == [("town.market", "words.yaml:8: terms")]


def test_nothing_is_written_before_it_is_saved(tmp_path: Path) -> None:
    propose(tmp_path, VALUES)
    assert list(tmp_path.iterdir()) == []


def test_a_row_is_added_behind_those_that_are_there_with_every_comment(tmp_path: Path) -> None:
    propose(tmp_path, VALUES).save()
    path = tmp_path / FILE
    edited = path.read_text(encoding="utf-8").replace("  level: watch\n", "  level: watch  # 会議で決めた\n# 次は学校の言葉\n").rstrip("\n")
    path.write_text(edited, encoding="utf-8")
    propose(tmp_path, VALUES | {"id": "town.second", "terms": ["こもれび棚"]}).save()
    assert path.read_text(encoding="utf-8").startswith(edited)
    assert [placed.row.id for placed in overlay_rows(tmp_path)] == ["town.market", "town.second"]
    assert sorted(found.name for found in tmp_path.iterdir()) == [FILE]


def test_a_file_whose_rows_are_not_last_is_left_alone(tmp_path: Path) -> None:
    propose(tmp_path, VALUES).save()
    path = tmp_path / FILE
    path.write_text(path.read_text(encoding="utf-8") + "defaults: {}\n", encoding="utf-8")
    with pytest.raises(LexiconError):
        propose(tmp_path, VALUES | {"id": "town.second"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": ["foods"]}, "words.yaml:6: labels: 「foods」というラベルはありません"),
        ({"level": "none"}, "words.yaml:5: row: risk: のラベルには level"),
        ({"positive": []}, "words.yaml:9: positive: 一つ以上書いてください"),
        ({"terms": []}, "words.yaml:5: row: terms か variants に"),
    ],
)
def test_a_row_that_is_not_valid_is_refused_with_its_place(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(LexiconError) as caught:
        propose(tmp_path, VALUES | change)
    assert str(caught.value).startswith(said)


def test_an_id_of_the_project_cannot_be_taken(tmp_path: Path) -> None:
    propose(tmp_path, VALUES | {"id": "concern.debt"}).save()
    with pytest.raises(LexiconError, match=r"words\.yaml:5: id: concern\.debt は living\.yaml:"):
        use_overlay(tmp_path)


def record(text: str, risk: Risk = Risk.NONE, *risk_kinds: RiskKind) -> Record:
    return Record(id="1", text=text, concerns=(), speaker=Speaker.UNKNOWN, intent=Intent.OTHER, risk=risk, risk_kinds=risk_kinds)


def test_a_preview_tells_what_a_row_would_change_and_whether_it_is_right() -> None:
    row = Row.model_validate(VALUES)
    records = [
        record("今日はいい天気"),
        record("ひだまり市場の写真", Risk.NONE),
        record("ひだまり市場の日", Risk.WATCH, RiskKind.DEPRIVATION),
    ]
    seen = preview((), row, records)
    effects = {effect.label: effect for effect in seen.effects}
    assert (seen.messages, seen.changed) == (3, 2)
    assert (effects["risk:deprivation"].gained, effects["risk:deprivation"].gained_right) == (2, 1)
    assert effects["risk:deprivation"].judged
    assert (effects["circumstance:infant"].gained, effects["circumstance:infant"].judged) == (2, False)
    assert (seen.alarms.gained, seen.alarms.lost) == (0, 0)
    assert seen.examples[0].text == "ひだまり市場の写真"
    assert kinds("ひだまり市場に並ぶ") == []


def test_the_sample_is_the_same_every_time_and_of_every_writer() -> None:
    one, other = development_set(), development_set()
    assert one == other
    assert len(one) == SAMPLE
    writers = {found.id.partition("-")[0] for found in development_set(whole=True)}
    assert {found.id.partition("-")[0] for found in one} == writers


def test_an_explanation_shows_the_way_from_the_letters_to_the_labels() -> None:
    found = explain("ｶﾚに殴られる。死のうかな")
    assert found.repaired == "カレに殴られる。死のうかな"
    assert ("殴ら", "殴る") in [(token.surface, token.norm) for token in found.tokens]
    hits = {hit.rule: hit for hit in found.found}
    assert (hits["risk.violence.hit"].text, hits["risk.violence.hit"].start, hits["risk.violence.hit"].counts) == ("殴られる", 3, True)
    assert {"level:urgent", "risk:violence"} <= {reason.label for reason in found.reasons}
    assert all(one.probability > 0.05 for one in found.likely)
    assert found.reading == nlp.read("ｶﾚに殴られる。死のうかな")


@pytest.mark.parametrize("text", ["", " ", "\ud800", "hello", "㍿", "おはよう", "あ" * 20_000])
def test_any_text_can_be_explained(text: str) -> None:
    assert explain(text).text == text
