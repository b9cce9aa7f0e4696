"""Every row of our crisis lines beside the collected one: number, hours, prefecture, age, kind, channel and cost."""

import csv
import re
from pathlib import Path

import pytest

from routing.load_lines import FILE
from routing.rules import DATA

SHARED = Path(__file__).resolve().parents[3] / "shared" / FILE
DAYS = {"毎日": "月火水木金土日", "平日": "月火水木金", "": ""}
COST = {"yes": "無料", "no": "有料", "unknown": "不明"}
KEPT = {
    "手段": "channel",
    "番号": "number",
    "開始": "from",
    "終了": "to",
    "都道府県": "prefectures",
    "年齢": "ages",
    "見直し日": "review_on",
}
"""Columns that must be the same word for word."""
OTHER_KINDS = {
    # 119 comes for what has happened to the body; beside a death wish the lines that listen stand first.
    "ambulance": "medical",
    # Shown to nobody who writes Japanese, and for the same dangers as the Japanese line of the same operator.
    "yorisoi_foreign": "suicide;self_harm;violence;deprivation",
}


def rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def collected() -> dict[str, dict[str, str]]:
    if not SHARED.is_file():
        pytest.skip("the collected crisis lines are not beside this project")
    return rows(SHARED, "key")


OURS = rows(DATA / FILE, "鍵")


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def test_no_line_was_lost_and_none_was_added(collected: dict[str, dict[str, str]]) -> None:
    assert set(OURS) == set(collected)


@pytest.mark.parametrize("key", OURS)
def test_a_line_has_the_number_the_hours_and_the_limits_that_were_collected(collected: dict[str, dict[str, str]], key: str) -> None:
    theirs, ours = collected[key], OURS[key]
    assert {column: ours[column] for column in KEPT} == {column: theirs[source] for column, source in KEPT.items()}
    assert ours["曜日"] == DAYS[theirs["days"]]
    assert ours["通話料"] == COST[theirs["free"]]
    assert ours["危険の種類"] == OTHER_KINDS.get(key, theirs["kinds"])
    assert numbers(ours["番号の補足"]) == numbers(theirs["number_alt"])
    assert numbers(ours["時間の説明"]) == numbers(theirs["hours_text"])


@pytest.mark.parametrize("key", OURS)
def test_no_line_claims_a_check_that_nobody_made(collected: dict[str, dict[str, str]], key: str) -> None:
    assert OURS[key]["確認日"] == collected[key]["checked_on"]
    assert OURS[key]["出典"]
