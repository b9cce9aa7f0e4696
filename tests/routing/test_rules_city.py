"""A municipality's own rules, 規則.csv: what they change, what stops the start, and what happens when their window rests."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from routing import schema
from routing.check import check_folder, read_folder
from routing.choose import refer
from routing.city import City, State
from routing.city_rules import COLUMNS, FILE, read_city_rules
from routing.exchange.csv_files import to_csv
from routing.exchange.incoming import read_incoming
from routing.exchange.xlsx_write import to_xlsx
from routing.findings import DirectoryError
from routing.gaps import gaps
from routing.load import city_folder, load_city
from routing.referral import Kind, Outcome, Profile, Referral, Stage
from tests.routing.folders import copy_of, set_cell, write
from tests.routing.support import FRIDAY_NOON, codes, kinds, named, need

GOOD = {"相談内容タグ": "pregnancy", "つなぐ先": "semboku-w04", "理由": "保健師が先に会います。", "出典": "市確認"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of("semboku", tmp_path)


def with_rules(folder: Path, *rules: dict[str, str]) -> City:
    """Load the copied city after writing ``rules`` into its folder."""
    write(folder / FILE, [list(COLUMNS), *([rule.get(column, "") for column in COLUMNS] for rule in rules)])
    return load_city("semboku", data_dir=folder.parent.parent)


def ask_in(city: City, *needs: str) -> Referral:
    return refer([need(text) for text in needs], Profile(), city, FRIDAY_NOON)


def test_a_rule_of_the_city_goes_before_the_common_one_and_says_so(folder: Path) -> None:
    referral = ask_in(with_rules(folder, GOOD), "pregnancy")
    assert referral.main is not None
    assert (referral.main.window, referral.main.kind) == ("semboku-w04", Kind.CHILD)
    reason = next(reason for reason in referral.reasons if reason.code == "city_rule")
    assert (reason.rule, "保健師が先に会います。" in reason.text) == ("規則.csv:2", True)


def test_a_rule_may_name_a_kind_in_words_and_windows_and_kinds_beside(folder: Path) -> None:
    rule = GOOD | {"相談内容タグ": "family", "つなぐ先": "子ども・子育ての相談", "合わせて示す": "semboku-w05;法律"}
    referral = ask_in(with_rules(folder, rule), "family")
    assert referral.main is not None
    assert referral.main.kind is Kind.CHILD
    assert {"semboku-w05", "line:houterasu"} <= named(referral)


def test_a_rule_for_older_people_leaves_everybody_else_to_the_common_rule(folder: Path) -> None:
    city = with_rules(folder, GOOD | {"相談内容タグ": "health", "相手": "高齢者", "つなぐ先": "semboku-w01"})
    assert "semboku-w01" in named(ask_in(city, "health@grandmother"))
    assert "semboku-w01" not in named(ask_in(city, "health"))
    old = refer([replace(need("health"), stage=Stage.ELDER)], Profile(), city, FRIDAY_NOON)
    assert "semboku-w01" in named(old)


def test_a_rule_for_one_group_decides_before_one_for_everybody(folder: Path) -> None:
    everybody, elder = GOOD | {"相談内容タグ": "health"}, GOOD | {"相談内容タグ": "health", "相手": "高齢者", "つなぐ先": "semboku-w01"}
    referral = ask_in(with_rules(folder, everybody, elder), "health@grandmother")
    assert referral.main is not None
    assert referral.main.window == "semboku-w01"


def test_a_rule_holds_only_between_its_dates(folder: Path) -> None:
    city = with_rules(folder, GOOD | {"有効開始日": "2027-04-01"})
    assert "city_rule" not in codes(ask_in(city, "pregnancy"))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("つなぐ先", "semboku-w99", "窓口.csvになく"),
        ("つなぐ先", "", "どちらか一方"),
        ("つなぐ先", "semboku-w04;法律", "どちらか一方"),
        ("つなぐ先", "多機関協働", "種別の名前"),
        ("合わせて示す", "semboku-w98", "semboku-w98"),
        ("相談内容タグ", "pregnant", "pregnancy"),
        ("相手", "老人", "老人"),
        ("有効開始日", "2027年4月", "2027年4月"),
        ("出典", "", "空です"),
    ],
)
def test_a_wrong_rule_stops_the_start_with_file_row_and_column(folder: Path, column: str, value: str, said: str) -> None:
    with pytest.raises(DirectoryError) as caught:
        with_rules(folder, GOOD, GOOD | {column: value})
    assert f"規則.csv 3行 {column}: " in str(caught.value)
    assert said in str(caught.value)
    assert any(finding.file == FILE and finding.row == 3 for finding in check_folder(folder))


def test_a_rule_that_has_become_inactive_falls_back_to_the_desk_and_is_reported(folder: Path) -> None:
    set_cell(folder / "窓口.csv", 5, "状態", "休止中")
    city = with_rules(folder, GOOD)
    assert city.windows["semboku-w04"].state is State.PAUSED
    referral = ask_in(city, "pregnancy")
    assert referral.main is not None
    assert (referral.outcome, referral.main.window, referral.main.kind) == (Outcome.STAFF, "desk", Kind.CHILD)
    assert "rule_inactive" in codes(referral)
    assert [(gap.file, gap.row) for gap in gaps(city, FRIDAY_NOON) if gap.file == FILE] == [(FILE, 2)]


def test_a_rule_whose_window_is_hidden_until_confirmed_falls_back_too(folder: Path) -> None:
    city = with_rules(folder, GOOD)
    hidden = replace(city, windows={key: window for key, window in city.windows.items() if key != "semboku-w04"})
    assert "rule_inactive" in codes(ask_in(hidden, "pregnancy"))


def test_the_rules_belong_to_the_version_of_the_directory(folder: Path) -> None:
    assert with_rules(folder, GOOD).version != with_rules(folder, GOOD | {"理由": "ほか"}).version


def test_the_rules_of_the_project_are_in_order_and_give_their_source() -> None:
    city = load_city("aizuwakamatsu")
    assert read_city_rules(city_folder("aizuwakamatsu") / FILE, city.windows) == city.rules
    assert Kind.HEALTH in kinds(refer([need("hikikomori@son")], Profile(), city, FRIDAY_NOON))


def test_a_city_without_the_file_has_no_rules_of_its_own(tmp_path: Path) -> None:
    assert read_city_rules(tmp_path / FILE, ()) == ()
    assert load_city("oshu", today=date(2026, 11, 20)).rules == ()


def test_a_municipality_without_own_rules_leaves_none_behind() -> None:
    tables = read_folder(city_folder("oshu"))
    assert schema.RULES not in tables
    assert schema.RULES not in to_csv(tables)
    assert schema.RULES not in read_incoming("a.xlsx", {"a.xlsx": to_xlsx(tables)}, tables).tables


def test_a_rule_that_names_no_window_is_refused_on_import_with_its_row() -> None:
    tables = read_folder(city_folder("oshu"))
    rule = ",".join(schema.OPTIONAL[schema.RULES]) + "\nhikikomori,,oshu-w99,,試し,,,試しの決まり\n"
    incoming = read_incoming(schema.RULES, {schema.RULES: rule.encode()}, tables)
    assert incoming.refused
    assert {(finding.file, finding.row, finding.column) for finding in incoming.findings} == {(schema.RULES, 2, "つなぐ先")}
