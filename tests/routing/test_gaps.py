from dataclasses import replace
from datetime import date, timedelta

from routing.gaps import gaps
from tests.routing.support import FRIDAY_NOON, cities, sample_city


def columns(city_key: str) -> set[str]:
    return {finding.column for finding in gaps(cities()[city_key], FRIDAY_NOON)}


def test_a_city_that_has_confirmed_nothing_has_all_gaps() -> None:
    assert columns("aizuwakamatsu") == {
        *("確認日・確認者", "電話", "受付時間", "担当地区", "市の代表電話", "緊急連絡先", "日付"),
        *("確認日", "期間の開始", "開始"),
    }


def test_one_centre_for_the_whole_city_needs_no_district() -> None:
    assert "担当地区" not in columns("semboku")


def test_named_districts_are_no_gap() -> None:
    assert "担当地区" not in columns("nonoichi")


def test_what_the_sample_fills_is_no_gap() -> None:
    found = {finding.column: finding.text for finding in gaps(sample_city(), FRIDAY_NOON)}
    assert "市の代表電話" not in found


def test_a_line_past_its_review_date_is_listed_by_name() -> None:
    city = cities()["oshu"]
    lines = {key: replace(line, review_on=date(2026, 1, 1)) for key, line in city.lines.items()}
    texts = [finding.text for finding in gaps(replace(city, lines=lines), FRIDAY_NOON) if finding.column == "見直し日"]
    assert len(texts) == 1
    assert "よりそいホットライン" in texts[0]
    assert "消防・救急" not in texts[0]


def _checked(days: int) -> set[str]:
    city = cities()["oshu"]
    first = next(iter(city.windows))
    windows = city.windows | {first: replace(city.windows[first], confirmed=True, checked_on=FRIDAY_NOON.date() - timedelta(days=days))}
    return {finding.text.split("（")[0] for finding in gaps(replace(city, windows=windows), FRIDAY_NOON) if "確認から" in finding.text}


def test_a_confirmation_is_due_after_a_year_and_hides_the_contacts_after_two() -> None:
    assert _checked(365) == set()
    assert _checked(366) == _checked(730) == {"1件の窓口で確認から1年を過ぎました。確認し直してください"}
    assert _checked(731) == {"1件の窓口は確認から2年を過ぎたため、電話と時間を出していません"}


def test_a_gap_names_the_table_in_which_it_is_filled() -> None:
    files = {finding.column: finding.file for finding in gaps(cities()["aizuwakamatsu"], FRIDAY_NOON)}
    assert (files["電話"], files["受付時間"], files["確認日・確認者"]) == ("電話.csv", "受付時間.csv", "窓口.csv")
