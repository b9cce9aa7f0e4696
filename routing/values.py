"""Judges single values of a directory: codes, numbers, dates, times. Each returns what is wrong, or an empty string."""

import difflib
import re
import unicodedata
from collections.abc import Collection
from datetime import date, time

WEEKDAYS = "月火水木金土日"
_PHONE = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}|0[0-9]{3}-[0-9]{6}|0120-[0-9]-[0-9]{5}|#[0-9]{4}|1[0-9]{2}")
_CODE_WEIGHTS = (6, 5, 4, 3, 2)


def phone_problem(value: str) -> str:
    """Say what is wrong with a number must be dialable from anywhere: with its area code, half-width, hyphenated."""
    if _PHONE.fullmatch(value):
        return ""
    if problem := wide_problem(value):
        return problem
    if re.fullmatch(r"[1-9]\d{8,9}", value):
        return f"「{value}」は先頭の0が落ちています。Excelの列を「文字列」にして入れ直してください"
    return f"「{value}」は市外局番からの番号（例 0000-00-0000 の形）ではありません"


def wide_problem(value: str) -> str:
    """Say that a code was typed in full-width characters, or nothing."""
    return "" if unicodedata.normalize("NFKC", value) == value else f"「{value}」は全角です。半角にしてください"


def code_problem(value: str) -> str:
    """Say what is wrong: the six digits of a local government with their check digit."""
    if problem := wide_problem(value):
        return problem
    if re.fullmatch(r"\d{5}", value):
        return f"「{value}」は5桁です。先頭の0が落ちていませんか（6桁の文字列にしてください）"
    if not re.fullmatch(r"[0-9]{6}", value):
        return f"「{value}」は半角数字6桁ではありません"
    rest = sum(int(digit) * weight for digit, weight in zip(value[:5], _CODE_WEIGHTS, strict=True)) % 11
    return "" if value[5] == str((11 - rest) % 10) else f"「{value}」は検査数字が合いません"


def corporate_number_problem(value: str) -> str:
    """法人番号: 13 digits, the first checks the rest."""
    if problem := wide_problem(value):
        return problem
    if re.fullmatch(r"[0-9](\.[0-9]+)?E\+?[0-9]+", value):
        return f"「{value}」は Excel が短くした数です。列を「文字列」にして、13桁を入れ直してください"
    if not re.fullmatch(r"[0-9]{13}", value):
        return f"「{value}」は半角数字13桁ではありません"
    total = sum(int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(value[1:])))
    return "" if int(value[0]) == 9 - total % 9 else f"「{value}」は検査数字が合いません"


def postal_problem(value: str) -> str:
    """NNN-NNNN, in half-width."""
    if problem := wide_problem(value):
        return problem
    hint = "（先頭の0が落ちていませんか）" if re.fullmatch(r"[0-9]{6}", value) else ""
    return "" if re.fullmatch(r"[0-9]{3}-[0-9]{4}", value) else f"「{value}」は NNN-NNNN の形ではありません{hint}"


def postals_problem(value: str) -> str:
    """Judge one or several postal codes, separated by ``;``."""
    return next(filter(None, map(postal_problem, value.split(";"))), "")


def readings_problem(value: str) -> str:
    """Judge one or several readings in kana, separated by ``;``."""
    wrong = [word for word in value.split(";") if not re.fullmatch(r"[ぁ-ゖァ-ヺー]+", word)]
    return f"「{wrong[0]}」はかなだけではありません（いくつかあるときは ; で区切る）" if wrong else ""


def town_problem(value: str) -> str:
    """町字ID: seven digits; fewer have mostly lost their zeros in Excel."""
    if problem := wide_problem(value):
        return problem
    hint = "（先頭の0が落ちていませんか）" if re.fullmatch(r"[0-9]{1,6}", value) else ""
    return "" if re.fullmatch(r"[0-9]{7}", value) else f"「{value}」は7桁の数字ではありません{hint}"


def age_problem(value: str) -> str:
    """Judge a lower limit of age, in years."""
    return wide_problem(value) or ("" if re.fullmatch(r"[0-9]{1,3}", value) else f"「{value}」は年齢の数ではありません（例 65）")


def date_problem(value: str) -> str:
    """YYYY-MM-DD; a serial number of Excel is named as such."""
    if problem := wide_problem(value):
        return problem
    if re.fullmatch(r"\d{5}", value):
        return f"「{value}」は Excel の日付の通し番号です。2026-04-01 の形に直してください"
    if meant := _respelled(value):
        return f"「{value}」は {meant} と書いてください（Excel が書きかえるときは、列を「文字列」にします）"
    return "" if parse_date(value) else f"「{value}」は日付の形 YYYY-MM-DD ではありません"


def _respelled(value: str) -> str:
    """Return the date behind 2026/4/1 or 2026年4月1日, as it is to be written; empty for anything else."""
    parts = re.fullmatch(r"([0-9]{4})[/.年]([0-9]{1,2})[/.月]([0-9]{1,2})日?( 0:00(:00)?)?", value)
    meant = f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else ""
    return meant if parse_date(meant) else ""


def lines_problem(value: str) -> str:
    """Say that Excel has taken line numbers such as 5-7 for a date."""
    if re.fullmatch(
        r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", value
    ):
        return f"「{value}」は Excel が行の番号（5-7 など）を日付に変えたものです。列を「文字列」にして入れ直してください"
    return ""


def parse_date(value: str) -> date | None:
    """Return the date, or None where the cell is empty or no date."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def time_problem(value: str) -> str:
    """HH:MM; 24:00 is the end of the day."""
    if problem := wide_problem(value):
        return problem
    if (short := re.fullmatch(r"([0-9]:[0-5][0-9])(:00)?|([0-9]{2}:[0-5][0-9]):00", value)) and parse_time(
        meant := (short[1] or short[3]).zfill(5)
    ):
        return f"「{value}」は {meant} と書いてください（08:30 の形。Excel が0を落とすときは、列を「文字列」にします）"
    if re.fullmatch(r"0\.[0-9]+", value):
        return f"「{value}」は Excel が時刻を数に変えたものです。列を「文字列」にして 08:30 の形に直してください"
    return "" if parse_time(value) is not None else f"「{value}」は 08:30 の形ではありません"


def parse_time(value: str) -> time | None:
    """Return the time of day (24:00 becomes 00:00, which as a closing time means midnight), or None."""
    if value == "24:00":
        return time(0)
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return None
    return time.fromisoformat(value)


def weekdays_problem(value: str) -> str:
    """Say what is wrong with a row of 月火水木金土日."""
    return "" if parse_weekdays(value) else f"「{value}」は月火水…の並びではありません"


def parse_weekdays(value: str) -> frozenset[int]:
    """Weekdays as numbers (Monday is 0); empty where the cell is not a row of weekdays."""
    found = [WEEKDAYS.find(character) for character in value]
    return frozenset() if -1 in found else frozenset(found)


def choice_problem(value: str, allowed: Collection[str]) -> str:
    """Say what is wrong with a closed list, exactly as spelled; the nearest word is suggested."""
    if value in allowed:
        return ""
    words = sorted(filter(None, allowed))
    near = [word for word in words if value and (word.startswith(value) or value.startswith(word))] or difflib.get_close_matches(
        value, words, 1
    )
    hint = f"「{near[0]}」ではありませんか" if near else f"使える値: {'・'.join(words)}"
    return f"「{value}」は使えません（{hint}）"
