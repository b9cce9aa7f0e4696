"""The rules that staff can edit: what is wrong in them is named before anybody is referred by them."""

import shutil
from pathlib import Path

import pytest

from nlp.reading import Concern
from routing.findings import DirectoryError
from routing.rules import DATA, FORM_ITEMS, load_rules


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("concerns.yaml", "patterns.yaml", "kinds.yaml"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_concern_has_one_rule_and_every_item_of_the_form_is_reached() -> None:
    rules = load_rules()
    assert set(rules.concerns) == set(Concern)
    assert {rule.item for rule in rules.concerns.values()} == set(FORM_ITEMS)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("concerns.yaml", "food: {", "foood: {", "足りないタグ: food"),
        ("concerns.yaml", "item: 介護のこと", "item: 介護", "知らない項目"),
        ("concerns.yaml", "field: 高齢", "field: 老人", "知らない項目"),
        ("concerns.yaml", "kinds: [consumer]", "kinds: []", "空"),
        ("concerns.yaml", "kinds: [consumer]", "kinds: [shop]", "shop"),
        ("concerns.yaml", "kinds: [consumer]", "kind: [consumer]", "知らない"),
        ("concerns.yaml", "also_person: {elder: [elderly]}", "also_person: {old: [elderly]}", "知らない項目・分野・列・人"),
        ("concerns.yaml", "when: {unreached: {", "when: {unseen: {", "知らない項目・分野・列・人"),
        ("concerns.yaml", "unreached: {kinds: [outreach, poverty], weight: 1.5}", "unreached: {weight: 1.5}", "hikikomori: when"),
        ("patterns.yaml", "ダブルケア: {", "W: {", "足りないタグ: ダブルケア"),
        ("patterns.yaml", "kinds: [elderly, child]", "kinds: [elder]", "ダブルケア: 'elder'"),
        ("patterns.yaml", "why: いくつもの", "because: いくつもの", "kinds と why"),
        ("patterns.yaml", "leads: elderly", "leads: elder", "ダブルケア: 'elder'"),
        ("kinds.yaml", "kind: consumer}", "kind: shop}", "shop"),
        ("kinds.yaml", "central: true", "centre: true", "centre"),
        ("kinds.yaml", "  legal: 法律\n", "", "legal"),
    ],
)
def test_a_wrong_rule_stops_the_start_and_is_named(data: Path, file: str, old: str, new: str, said: str) -> None:
    change(data / file, old, new)
    with pytest.raises(DirectoryError, match=said):
        load_rules(data)


def test_rules_that_are_no_yaml_are_named_by_file(data: Path) -> None:
    (data / "kinds.yaml").write_text("rules: [", encoding="utf-8")
    with pytest.raises(DirectoryError, match=r"kinds\.yaml"):
        load_rules(data)
