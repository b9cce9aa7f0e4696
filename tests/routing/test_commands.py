"""The commands that other programs and clerks call."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.directory_commands import directory_app
from bot.cli.route_command import route
from tests.routing.folders import copy_of, set_cell

application = typer.Typer()
application.command("route")(route)
application.add_typer(directory_app, name="directory")
KEYS_OF_AN_ANSWER = {
    "id",
    "outcome",
    "main",
    "also",
    "lines",
    "ask",
    "fields",
    "form_items",
    "patterns",
    "coordinator_candidate",
    "risk",
    "reasons",
}


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))


def run(*arguments: str, lines: list[object] | None = None) -> tuple[int, list[dict[str, Any]], str]:
    typed = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines or [])
    result = CliRunner().invoke(application, list(arguments), input=typed)
    answers = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return result.exit_code, answers, result.output


def test_given_needs_are_answered_line_for_line_with_all_keys() -> None:
    line = {"id": "a", "needs": [{"concern": "care", "person": "mother"}], "district": "富奥"}
    code, answers, _ = run("route", "--municipality", "nonoichi", "--as-of", "2026-11-20", lines=[line, {"id": "b", "needs": []}])
    assert code == 0
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert set(answers[0]) == KEYS_OF_AN_ANSWER
    assert answers[0]["main"] == {"window": "nonoichi-w02", "name": "富奥地区地域包括支援センター", "kind": "elderly"}
    assert answers[0]["form_items"] == {"main": "介護のこと", "others": []}
    assert "concerns.yaml:care" in {reason["rule"] for reason in answers[0]["reasons"]}
    assert (answers[1]["outcome"], answers[1]["main"]) == ("listen", None)


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        {"id": "x"},
        {"id": "x", "needs": [{"concern": "luck"}]},
        {"id": "x", "needs": [], "actor": "king"},
        {"id": "x", "needs": 3},
    ],
)
def test_a_bad_line_is_answered_with_an_error_and_the_rest_goes_on(line: object) -> None:
    code, answers, _ = run("route", "--municipality", "oshu", lines=[line, {"id": "good", "needs": []}])
    assert code == 1
    assert "error" in answers[0]
    assert (answers[1]["id"], answers[1]["outcome"]) == ("good", "listen")


def test_half_a_character_in_an_id_comes_back_as_it_was() -> None:
    _, answers, _ = run("route", "--municipality", "oshu", lines=['{"id": "\\ud83d", "needs": []}'])
    assert answers[0]["id"] == "\ud83d"


def test_a_line_nested_too_deep_is_one_bad_line() -> None:
    code, answers, _ = run("route", "--municipality", "oshu", lines=["[" * 100_000, {"id": "good", "needs": []}])
    assert (code, answers[1]["id"]) == (1, "good")


def test_an_unknown_municipality_is_refused_with_the_known_ones() -> None:
    code, _, output = run("route", "--municipality", "tokyo")
    assert code != 0
    assert "semboku" in output


def test_a_text_is_read_and_its_district_found() -> None:
    code, answers, _ = run("route", "--municipality", "nonoichi", lines=[{"id": "t", "text": "富奥に住む母の介護のことで相談したいです"}])
    assert code == 0
    assert answers[0]["main"]["window"] == "nonoichi-w02"


def test_windows_that_are_not_confirmed_are_not_named_where_the_setting_hides_them(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[object] = [{"id": "c", "needs": [{"concern": "money_living"}]}]
    _, open_answers, _ = run("route", "--municipality", "nonoichi", lines=lines)
    monkeypatch.setenv("TSUNAGI_REQUIRE_CONFIRMED", "true")
    _, answers, _ = run("route", "--municipality", "nonoichi", lines=lines)
    assert open_answers[0]["main"]["window"] == "nonoichi-w11"
    assert (answers[0]["main"]["window"], answers[0]["main"]["kind"]) == ("desk", "poverty")


def test_several_messages_are_read_as_one() -> None:
    lines: list[object] = [{"id": "m", "messages": ["母のことです", "介護が必要になりました"]}]
    _, answers, _ = run("route", "--municipality", "semboku", lines=lines)
    assert answers[0]["main"]["window"] == "semboku-w01"


def test_the_shipped_directories_pass_the_check() -> None:
    code, _, output = run("directory", "check")
    assert code == 0
    assert output.count("エラー 0件") == 5


def test_a_mistake_of_the_clerk_is_shown_and_ends_with_one(tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    set_cell(folder / "窓口.csv", 3, "状態", "実施中")
    for arguments in (("--municipality", "oshu"), (str(folder),)):
        code, _, output = run("directory", "check", *arguments)
        assert code == 1
        assert "窓口.csv 3行 状態" in output
    code, _, output = run("route", "--municipality", "oshu", lines=[{"id": "a", "needs": []}])
    assert code == 1
    assert "窓口.csv 3行 状態" in output


def test_findings_come_as_json_too(tmp_path: Path) -> None:
    folder = copy_of("oshu", tmp_path)
    set_cell(folder / "窓口.csv", 3, "状態", "実施中")
    code, _, output = run("directory", "check", str(folder), "--json")
    assert code == 1
    assert json.loads(output)[0] | {"text": ""} == {
        "folder": "oshu",
        "level": "エラー",
        "file": "窓口.csv",
        "row": 3,
        "column": "状態",
        "text": "",
    }
