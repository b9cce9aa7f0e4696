"""``tsunagi bench tagger`` reports what other programs rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.bench import run, tagger, tagger_child, tagger_fresh, tagger_peers
from bot.bench.tagger_peers import PEERS, Peer, measure_peers
from bot.bench.tagger_timing import raw_tokenizer
from intake.base.errors import StartupError
from nlp.lexicon.files import load

TEXTS = ["家賃が払えなくて困っています", "今日はいい天気ですね", "母の介護のことで相談したいです"]
ABSENT = Peer(module="no_such_module_here", package="no-such-package", build=raw_tokenizer, messages=1)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ROUNDS": 3, "CALLS": 20, "BLOCKS": 1, "COLD_STARTS": 1}.items():
        monkeypatch.setattr(tagger, name, value)
    monkeypatch.setattr(tagger, "nasty_texts", lambda: {"kana": "あ" * 50})
    monkeypatch.setattr(tagger_fresh, "READS", 3)
    monkeypatch.setitem(PEERS, "spacy_phrase_matcher", ABSENT)
    monkeypatch.setitem(PEERS, "sklearn_predict_proba", ABSENT)


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    file = tmp_path / "own.txt"
    file.write_text("\n".join(TEXTS), encoding="utf-8")
    return file


@pytest.mark.usefixtures("tiny")
def test_the_last_line_is_one_json_object_with_all_promised_figures(own_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.run("tagger", as_json=True, full=False, file=own_file) == 0
    told = capsys.readouterr()
    values: dict[str, Any] = json.loads(told.out.splitlines()[-1])
    times = ["p50_s", "p99_s", "worst_s", "cold_start_s"]
    assert [name for name in [*times, "share_of_raw", "share_min", "messages_per_s"] if not values[name] > 0] == []
    assert values["p50_s"] <= values["p99_s"]
    assert values["added_p50_s"] <= values["added_p99_s"] < values["p99_s"]
    assert values["share_min"] <= values["share_of_raw"]
    assert values["worst_text"] == "kana"
    assert (values["messages"], values["mix"], values["database"]) == (3, "own.txt", None)
    assert values["peers"] == {"spacy_phrase_matcher": None, "sklearn_predict_proba": None}
    assert "make bench" in values["peers_hint"]
    assert "3 rounds" in told.err


def test_a_new_process_tells_what_the_reader_adds_to_its_memory() -> None:
    if tagger_child.anonymous_kb() is None:
        pytest.skip("this system has no smaps_rollup")
    added = tagger_fresh.memory_mb(TEXTS)
    assert added is not None
    assert added > 1


def test_memory_is_null_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tagger_child, "_ROLLUP", tmp_path / "absent")
    assert tagger_child.anonymous_kb() is None


def test_an_installed_peer_is_measured_and_a_missing_one_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    itself = Peer(module="sudachipy", package="sudachipy", build=raw_tokenizer, messages=2)
    monkeypatch.setattr(tagger_peers, "PEERS", {"itself": itself, "absent": ABSENT})
    found = measure_peers(raw_tokenizer(), TEXTS)
    assert found["absent"] is None
    assert found["itself"] is not None
    assert found["itself"]["version"] == "0.7.0"
    assert found["itself"]["share_of_raw"] > 0


@pytest.mark.parametrize("name", sorted(PEERS))
def test_a_real_peer_reads_a_message(name: str) -> None:
    peer = PEERS[name]
    pytest.importorskip(peer.module, reason="the optional group `bench` is not installed")
    term = next(term for row in load() for term in row.terms if "…" not in term)
    found = peer.build()(term)
    assert len(found) > 0  # type: ignore[arg-type]  # Matches of the one, an array of the other.


@pytest.mark.parametrize("options", [{"messages": 5}, {"file": Path("own.txt")}], ids=["messages", "file"])
def test_messages_for_a_bench_that_reads_none_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(StartupError, match="tagger でだけ"):
        run.run("webhook", as_json=True, full=False, **options)


def test_an_unknown_bench_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(StartupError, match="checkins, console, conversation, statistics, tagger, webhook"):
        run.run("reader", as_json=False, full=False)
