import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.nlp_commands import nlp_app
from nlp.lexicon import LexiconError

runner = CliRunner()


def tag(*lines: object) -> tuple[int, list[dict[str, Any]]]:
    raw = b"".join((line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()) + b"\n" for line in lines)
    result = runner.invoke(nlp_app, ["tag"], input=raw)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_a_text_is_tagged_with_every_field_of_the_contract() -> None:
    code, [answer] = tag({"id": "1", "text": "夫に殴られる。090-0000-1234"})
    assert code == 0
    fields = "id concerns candidates speaker intent risk risk_kinds circumstances evidence personal_data scores language truncated"
    assert " ".join(answer) == fields
    assert (answer["id"], answer["concerns"], answer["risk"], answer["risk_kinds"]) == ("1", ["dv"], "urgent", ["violence"])
    hit = {"start": 2, "end": 6, "label": "risk:violence", "rule": "risk.violence.hit", "polarity": "asserted"}
    assert hit in answer["evidence"]
    assert "dv" in {proof["label"] for proof in answer["evidence"]}
    assert answer["personal_data"] == [{"kind": "phone", "start": 7, "end": 20}]


def test_a_burst_is_read_as_one_text_joined_by_newlines() -> None:
    _, [answer] = tag({"id": "b", "messages": ["母のこと", "借金が返せない"]})
    assert [(found["start"], found["end"]) for found in answer["evidence"] if found["label"] == "debt"] == [(5, 12)]


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        (b"not json", None),
        (b"\xff\xfe", None),
        (b"", None),
        ([1], None),
        ({"id": "x"}, "x"),
        ({"id": "x", "text": 5}, "x"),
        ({"id": "x", "text": "a", "messages": []}, "x"),
        ({"id": "x", "messages": [1]}, "x"),
        ({"id": {"a": 1}, "text": "a"}, None),
        (b"[" * 100_000, None),
    ],
)
def test_a_bad_line_gets_its_error_and_the_rest_goes_on(line: object, identity: str | None) -> None:
    code, [bad, good] = tag(line, {"id": "2", "text": "こんにちは"})
    assert code == 1
    assert (bad["id"], set(bad)) == (identity, {"id", "error"})
    assert (good["id"], good["intent"]) == ("2", "greeting")


def test_japanese_is_written_as_it_is() -> None:
    result = runner.invoke(nlp_app, ["tag"], input='{"id":"い","text":"はい"}\n'.encode())
    assert '"い"' in result.stdout


def test_half_a_surrogate_pair_is_answered() -> None:
    code, [answer] = tag(b'{"id":"\\ud800","text":"\\ud800"}')
    assert (code, answer["risk"]) == (0, "none")


def test_nothing_in_nothing_out() -> None:
    assert tag() == (0, [])


def labelled(folder: Path, *records: object) -> str:
    path = folder / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    return str(path)


RECORD = {
    "id": "1",
    "text": "借金が返せない",
    "concerns": ["debt"],
    "speaker": "self",
    "intent": "disclose",
    "risk": "none",
    "risk_kinds": [],
}


def test_scores_are_printed_as_json(tmp_path: Path) -> None:
    result = runner.invoke(nlp_app, ["evaluate", labelled(tmp_path, RECORD), "--json"])
    scores = json.loads(result.stdout)
    assert (result.exit_code, scores["macro_f1"], scores["concerns"]["debt"]["support"]) == (0, 1.0, 1)


def test_scores_are_printed_as_a_table(tmp_path: Path) -> None:
    result = runner.invoke(nlp_app, ["evaluate", labelled(tmp_path, RECORD)])
    assert result.exit_code == 0
    assert "macro_f1: 1.000" in result.stdout


def test_a_wrong_record_is_named_by_its_line(tmp_path: Path) -> None:
    result = runner.invoke(nlp_app, ["evaluate", labelled(tmp_path, RECORD, RECORD | {"risk": "high"}), "--json"])
    assert result.exit_code == 1
    assert "labelled.jsonl:2: risk" in result.stderr
    assert result.stdout == ""


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    assert runner.invoke(nlp_app, ["evaluate", labelled(tmp_path)]).exit_code == 1


def test_a_wrong_lexicon_stops_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LexiconError("risk.yaml:3: labels: unknown label")

    monkeypatch.setattr("nlp.warm_up", broken)
    result = runner.invoke(nlp_app, ["tag"], input=b"{}\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "risk.yaml:3" in result.stderr


@pytest.mark.parametrize("command", ["tag", "evaluate"])
@pytest.mark.parametrize(("option", "read"), [([], ["lexicon"]), (["--town"], ["lexicon"]), (["--no-town"], [])])
def test_the_town_s_own_words_are_read_unless_they_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, option: list[str], read: list[str]
) -> None:
    folders: list[Path] = []
    monkeypatch.setattr("bot.cli.nlp_commands.use_overlay", folders.append)
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    files = [labelled(tmp_path, RECORD)] if command == "evaluate" else []
    assert runner.invoke(nlp_app, [command, *option, *files], input=b"").exit_code == 0
    assert folders == [tmp_path / name for name in read]


def test_a_wrong_word_of_the_town_stops_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "words.yaml").write_text("rows: 1\n", encoding="utf-8")
    result = runner.invoke(nlp_app, ["tag"], input=b"{}\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "words.yaml:1: rows" in result.stderr


@pytest.mark.parametrize("command", ["tag", "evaluate"])
def test_help_shows_an_example(command: str) -> None:
    assert "例:" in runner.invoke(nlp_app, [command, "--help"]).stdout
