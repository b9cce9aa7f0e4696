import re
from pathlib import Path

import pytest

from bot.settings import PREFIX, LineAccount, Settings

DOCS = Path(__file__).parents[2] / "docs"
SETTINGS = (DOCS / "settings.md").read_text(encoding="utf-8")
ROWS = set(re.findall(r"^\| `([A-Za-z_]+)` \|", SETTINGS, re.MULTILINE))


def variable(field: str) -> str:
    return f"{PREFIX}{field}".upper()


@pytest.mark.parametrize("field", Settings.model_fields)
def test_each_setting_has_its_row(field: str) -> None:
    assert variable(field) in ROWS


@pytest.mark.parametrize("field", LineAccount.model_fields)
def test_each_field_of_a_line_account_has_its_row(field: str) -> None:
    assert field in ROWS


def test_nothing_is_documented_that_is_no_setting() -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", SETTINGS))
    assert named == {variable(field) for field in Settings.model_fields}


@pytest.mark.parametrize("field", ["host", "port", "data_dir", "log_level", "worker_parallel", "send_timeout_seconds"])
def test_the_documented_default_is_the_real_one(field: str) -> None:
    row = re.search(rf"^\| `{variable(field)}` \| `([^`]+)` \|", SETTINGS, re.MULTILINE)
    assert row is not None
    assert row[1] == str(Settings.model_fields[field].default)
