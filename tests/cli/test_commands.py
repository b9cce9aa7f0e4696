"""The command line as an operator meets it: every command explains itself, every refusal is one line and exit code 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app

TSUNAGI = Path(sys.executable).with_name("tsunagi")
COMMANDS = [
    ["serve"],
    ["web"],
    ["worker"],
    ["setup"],
    ["check-data"],
    ["doctor"],
    ["bench"],
    ["route"],
    ["nlp", "tag"],
    ["nlp", "evaluate"],
    ["directory", "check"],
    ["directory", "export"],
    ["directory", "import"],
]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TSUNAGI_")}
    return subprocess.run(
        [str(TSUNAGI), *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"])
    assert shown.exit_code == 0
    assert "例:" in shown.output
    assert f"tsunagi {command[0]}" in " ".join(shown.output.replace("│", " ").split())


def test_the_help_of_the_whole_names_every_command() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    assert [command[0] for command in COMMANDS if command[0] not in shown.output] == []


def test_staff_are_added_by_a_command_that_explains_itself() -> None:
    shown = run("staff", "add", "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "tsunagi staff add" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["doctor"], {"TSUNAGI_PROT": "1"}, "知らない設定です: TSUNAGI_PROT"),
        (["worker"], {}, "PostgreSQL が必要です"),
    ],
    ids=["unknown setting", "worker on SQLite"],
)
def test_a_refusal_is_told_on_stderr_without_a_traceback(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], word: str
) -> None:
    told = run(*arguments, TSUNAGI_DATA_DIR=str(tmp_path / "data"), **environment)
    assert told.returncode == 2
    assert word in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


def test_setting_up_twice_is_fine_and_the_doctor_agrees(tmp_path: Path) -> None:
    for _ in range(2):
        made = run("setup", TSUNAGI_DATA_DIR=str(tmp_path / "data"))
        assert (made.returncode, made.stderr) == (0, "")
        assert "用意ができました" in made.stdout


def test_the_data_can_be_checked(tmp_path: Path) -> None:
    checked = run("check-data", TSUNAGI_DATA_DIR=str(tmp_path))
    assert (checked.returncode, checked.stderr, checked.stdout) == (0, "", "データに誤りはありません\n")
