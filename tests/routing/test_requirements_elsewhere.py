"""Requirements that routing does not decide: those whose facts stand in the tables of the directory, and where the others are tested."""

import ast
from functools import cache
from pathlib import Path

import pytest

from routing import schema
from routing.check import read_folder
from routing.load import KEYS, city_folder
from routing.table import Table

TESTS = Path(__file__).parent.parent
KEPT_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "C08 consent, D12 meetings": {
        "handoff/test_transfer.py": (
            "test_before_the_yes_the_receiver_sees_the_fact_of_a_request_and_nothing_else",
            "test_a_no_ends_the_request_and_leaves_everything_as_it_was",
        )
    },
    "C09 hops, D11 つなぎもどし": {
        "handoff/test_transfer.py": (
            "test_a_refusal_needs_a_reason_and_leaves_the_owner",
            "test_a_hand_back_is_a_hop_of_its_own_with_its_reason",
        )
    },
    "C13 follow-up": {"handoff/test_work.py": ("test_the_next_contact_stands_in_the_list_and_is_late_after_its_day",)},
    "C14 counts": {
        "statistics/test_periods.py": ("test_the_period_before_a_fiscal_year_is_the_one_before",),
        "statistics/test_reports.py": ("test_a_yearly_report_has_the_sections_that_the_meeting_asks_for",),
    },
    "C15 who may open a case": {
        "authorization/test_table.py": ("test_every_cell_of_the_table_answers_as_it_says",),
        "audit/test_record.py": ("test_opening_a_talk_goes_on_record_with_who_and_which",),
    },
}


@cache
def tables(key: str) -> dict[str, Table]:
    return read_folder(city_folder(key))


def meetings(key: str, consent: str) -> list[str]:
    return [row["会議名"] for row in tables(key)[schema.MEETINGS].rows if row["同意"] == consent]


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("requirement", KEPT_BY)
def test_c08_c09_c13_c14_c15_and_d11_are_held_by_tests_of_the_parts_that_keep_them(requirement: str) -> None:
    for file, names in KEPT_BY[requirement].items():
        assert set(names) <= functions(file), file


@pytest.mark.parametrize(
    ("key", "with_consent", "without"),
    [
        ("semboku", ["重層的支援会議"], ["支援会議"]),
        ("sakata", [], []),
        ("nonoichi", ["多機関協働会議"], ["支援会議"]),
        ("oshu", ["重層的支援会議"], ["支援会議"]),
        ("aizuwakamatsu", ["重層的支援会議"], ["支援会議"]),
    ],
)
def test_d12_each_city_names_its_meetings_and_what_sakata_does_not_say_is_not_filled_in(
    key: str, with_consent: list[str], without: list[str]
) -> None:
    assert meetings(key, "要") == with_consent
    assert meetings(key, "不要") == without
    assert bool(meetings(key, "定めなし")) is (key != "semboku")


@pytest.mark.parametrize("key", KEYS)
def test_d16_only_aizuwakamatsu_has_targets_eleven_numbers_and_five_in_words(key: str) -> None:
    goals = [row["目標"] for row in tables(key)[schema.TARGETS].rows]
    numbers = sum(goal[:1].isdigit() for goal in goals)
    assert (numbers, len(goals) - numbers) == ((11, 5) if key == "aizuwakamatsu" else (0, 0))


def test_d18_the_line_of_aizuwakamatsu_is_among_its_windows_and_no_other_city_has_one() -> None:
    named = {key: [row["窓口名"] for row in tables(key)[schema.WINDOWS].rows if "LINE" in row["窓口名"]] for key in KEYS}
    assert {key: names for key, names in named.items() if names} == {"aizuwakamatsu": ["あいまるLINE"]}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("semboku", "2025年4月"),
        ("sakata", "令和5年度"),
        ("nonoichi", "令和7年10月"),
        ("oshu", "令和7年度"),
        ("aizuwakamatsu", "（案）"),
    ],
)
def test_d19_each_city_names_the_plan_and_the_year_that_its_rows_rest_on(key: str, words: str) -> None:
    (source,) = [row["出典"] for row in tables(key)[schema.MUNICIPALITY].rows if row["項目"] == "自治体名"]
    assert words in source


@pytest.mark.parametrize(
    ("key", "body"),
    [("nonoichi", "庁内連携会議"), ("oshu", "奥州市地域福祉推進市民会議"), ("aizuwakamatsu", "重層的支援体制整備事業推進会議")],
)
def test_d20_the_body_that_judges_the_year_is_known_where_the_plan_names_one(key: str, body: str) -> None:
    assert body in meetings(key, "定めなし")
