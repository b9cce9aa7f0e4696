"""``tsunagi nlp lexicon`` as a clerk meets it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import lexicon_desk
from bot.cli.nlp_commands import nlp_app
from bot.data import load_data
from bot.settings import load_settings
from intake.base.clock import SystemClock
from intake.base.errors import StartupError
from nlp.lexicon.clerk.overlay import use_rows
from nlp.lexicon.clerk.preview import development_set

WORDS = "--id town.food.market --label food --term ひだまり市場 --positive ひだまり市場に行きたい --negative 駐車場"
ADD = f"{WORDS} --owner 福祉課 --source 聞き取り".split()


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path))
    few = development_set()[:50]
    monkeypatch.setattr(lexicon_desk, "development_set", lambda *, whole: few * 2 if whole else few)
    yield tmp_path
    use_rows(())


def lexicon(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(nlp_app, ["lexicon", *arguments], input=answer)


def test_the_lexicon_of_the_project_and_of_a_town_without_words_is_well() -> None:
    checked = lexicon("check")
    assert (checked.exit_code, checked.stdout) == (0, "語彙に誤りはありません\n")


def test_every_problem_of_a_town_s_file_is_told_with_its_place(data_dir: Path) -> None:
    assert lexicon("add", *ADD, "--yes").exit_code == 0
    path = data_dir / "lexicon" / "words.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[ひだまり市場に行きたい]", "[家賃の話]"), encoding="utf-8")
    for checked in (lexicon("check"), lexicon("check", "--file", str(path))):
        assert checked.exit_code == 1
        assert "words.yaml:9: positive: town.food.market は「家賃の話」を読めません" in checked.stderr
        assert "直すところが 1 件あります" in checked.stderr


def test_a_row_is_shown_first_and_saved_only_after_yes(data_dir: Path) -> None:
    refused = lexicon("add", *ADD, answer="n\n")
    assert refused.exit_code == 1
    assert "文例 50 件" in refused.stdout
    assert "職員を呼ぶ警報" in refused.stdout
    assert not (data_dir / "lexicon").exists()
    saved = lexicon("add", *ADD, "--all", answer="y\n")
    assert (saved.exit_code, "文例 100 件" in saved.stdout) == (0, True)
    assert "ひだまり市場" in (data_dir / "lexicon" / "words.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--positive", "パンがほしい"), "「パンがほしい」を読めません"),
        (("--negative", "ひだまり市場の駐車場"), "「ひだまり市場の駐車場」を読んでしまいます"),
        (("--label", "foods"), "「foods」というラベルはありません"),
        (("--term", "今日"), "「今日」は日常の文章"),
        (("--term", "フードバンク"), "フードバンク"),
        (("--id", "concern.debt"), "concern.debt は living.yaml"),
    ],
)
def test_a_row_that_breaks_a_promise_is_refused_with_a_way_on(data_dir: Path, change: tuple[str, str], said: str) -> None:
    refused = lexicon("add", *ADD, *change, "--yes")
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "保存していません。上のところを直して、もう一度行ってください" in refused.stderr
    assert not (data_dir / "lexicon").exists()


def test_a_reading_is_explained_in_japanese_and_as_json() -> None:
    told = lexicon("explain", "夫に殴られる。死のうかな")
    assert told.exit_code == 0
    for part in ("殴ら→殴る", "risk.violence.hit", "5% より確からしいラベル", "危険の度合い「本日中」", "理由"):
        assert part in told.stdout
    found = json.loads(lexicon("explain", "夫に殴られる", "--json").stdout)
    assert found["reading"]["risk"] in ("urgent", "emergency")
    assert [hit["rule"] for hit in found["found"] if hit["text"] == "殴られる"] == ["risk.violence.hit"]


def test_the_start_stops_at_a_town_s_file_that_is_wrong(data_dir: Path) -> None:
    (data_dir / "lexicon").mkdir()
    (data_dir / "lexicon" / "words.yaml").write_text("defaults: {}\nrows:\n- id: town.x\n  colour: red\n", encoding="utf-8")
    with pytest.raises(StartupError, match=r"words\.yaml:4: colour: 知らない項目です"):
        load_data(load_settings(), demo=False, clock=SystemClock())


@pytest.mark.parametrize("command", ["check", "explain", "add"])
def test_help_shows_an_example(command: str) -> None:
    assert "例:" in lexicon(command, "--help").stdout
