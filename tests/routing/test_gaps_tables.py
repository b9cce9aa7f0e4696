"""What ``tsunagi doctor`` says of hours, districts and crisis lines, for each of the five cities."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from routing.city import City, Opening
from routing.findings import Finding
from routing.gaps import gaps
from routing.gaps_tables import district_gaps, hours_gaps, line_gaps
from routing.load import KEYS
from tests.routing.support import FRIDAY_NOON, cities, sample_city


def said(findings: Iterable[Finding]) -> dict[str, str]:
    return {finding.column: finding.text for finding in findings}


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("semboku", set()),
        ("sakata", {"種類"}),
        ("nonoichi", {"町字名", "読み", "郵便番号"}),
        ("oshu", {"種類"}),
        ("aizuwakamatsu", set()),
    ],
)
def test_each_city_hears_what_its_districts_lack(key: str, columns: set[str]) -> None:
    assert set(said(district_gaps(cities()[key], FRIDAY_NOON))) == columns


def test_a_city_whose_centres_have_no_districts_at_all_hears_it() -> None:
    texts = {finding.column: finding.text for finding in gaps(cities()["aizuwakamatsu"], FRIDAY_NOON)}
    assert "若松第 1 地域包括支援センター" in texts["担当地区"]


def test_readings_that_the_table_holds_are_no_gap() -> None:
    assert set(said(district_gaps(sample_city(), FRIDAY_NOON))) == {"町字名", "郵便番号"}


@pytest.mark.parametrize("key", KEYS)
def test_each_city_hears_what_its_crisis_lines_lack(key: str) -> None:
    found = said(line_gaps(cities()[key], FRIDAY_NOON))
    assert f"{len(cities()[key].lines)}件" in found["確認日"]
    assert "孤独・孤立相談ダイヤル" in found["期間の開始"]
    assert "DV相談ナビ" in found["開始"]
    assert ("都道府県" in found) is (key != "aizuwakamatsu")


def with_lines(city: City, review: date) -> City:
    return replace(city, lines={key: replace(line, checked_on=date(2026, 1, 1), review_on=review) for key, line in city.lines.items()})


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, "期限を過ぎたため示していません"), (0, "30日のうちに"), (29, "30日のうちに"), (30, ""), (365, "")]
)
def test_a_review_date_is_told_before_and_after_it_has_come(days: int, expected: str) -> None:
    city = with_lines(cities()["oshu"], FRIDAY_NOON.date() + timedelta(days=days))
    found = said(line_gaps(city, FRIDAY_NOON))
    assert "確認日" not in found
    assert expected in found.get("見直し日", "")
    assert ("見直し日" in found) is bool(expected)
    assert "消防・救急" not in found.get("見直し日", "")


def test_a_city_without_closing_days_ahead_hears_what_counts_in_their_place() -> None:
    city = cities()["sakata"]
    assert "12月29日" in said(hours_gaps(city, FRIDAY_NOON))["日付"]
    assert "日付" in said(hours_gaps(replace(city, closed_days=frozenset({date(2026, 11, 19)})), FRIDAY_NOON))
    assert "日付" not in said(hours_gaps(replace(city, closed_days=frozenset({date(2026, 12, 28)})), FRIDAY_NOON))


def test_hours_that_have_run_out_are_named_with_their_window() -> None:
    city = sample_city()
    assert "有効終了日" not in said(hours_gaps(city, FRIDAY_NOON))
    ended = Opening(weekdays=frozenset(range(5)), opens=time(9), closes=time(17), valid_to=date(2026, 3, 31))
    window = replace(city.windows["aizu-w15"], openings=(ended,))
    found = said(hours_gaps(replace(city, windows={**city.windows, window.id: window}), FRIDAY_NOON))
    assert "生活サポート相談窓口" in found["有効終了日"]
