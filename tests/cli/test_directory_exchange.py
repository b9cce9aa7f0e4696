"""``tsunagi directory export`` and ``import`` as a clerk meets them."""

import io
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import directory_files
from bot.cli.directory_commands import directory_app
from routing import schema
from routing.check import read_folder
from routing.load import city_folder, load_city
from tests.routing.folders import copy_of, read, set_cell

FORMS = {"csv": "表", "xlsx": "窓口一覧.xlsx", "hsds": "窓口一覧.json", "hsds-package": "パッケージ"}


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TSUNAGI_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*arguments: object, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(directory_app, [str(argument) for argument in arguments], input=typed)
    return result.exit_code, result.output


def exported(tmp_path: Path, form: str = "xlsx", key: str = "nonoichi") -> Path:
    out = tmp_path / FORMS[form]
    code, output = run("export", key, out, "--format", form)
    assert code == 0, output
    return out


def edit(book: Path, sheet: str, place: str, value: object) -> None:
    opened = load_workbook(book)
    opened[sheet][place] = value
    opened.save(book)


@pytest.mark.parametrize("form", FORMS)
def test_what_was_exported_and_not_touched_changes_nothing(tmp_path: Path, data_dir: Path, form: str) -> None:
    code, output = run("import", "nonoichi", exported(tmp_path, form))
    assert (code, output.splitlines()[-1]) == (0, "変わるところはありません。")
    assert not data_dir.exists()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_arrives_whole_in_a_folder_of_choice(tmp_path: Path, form: str) -> None:
    out = tmp_path / "写し"
    code, _ = run("import", "aizuwakamatsu", exported(tmp_path, form, "aizuwakamatsu"), "--out", out, "--yes")
    assert code == 0
    assert read_folder(out) == read_folder(city_folder("aizuwakamatsu"))


def test_an_export_says_how_many_windows_are_not_public(tmp_path: Path) -> None:
    _, output = run("export", "nonoichi", tmp_path / "a.xlsx", "--format", "xlsx")
    assert "公開が「不可」の窓口が 24件" in output


def test_an_edited_book_is_shown_asked_about_and_then_used(tmp_path: Path, data_dir: Path) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "AC2", "入口は南側です")
    edit(book, "休業日", "A2", "2026-12-28")
    edit(book, "休業日", "B2", "庁舎の点検")
    code, output = run("import", "nonoichi", book, typed="y\n")
    assert code == 0
    assert "窓口: 変わる行 1" in output
    assert "→ 「入口は南側です」" in output
    assert "休業日: 加わる行 1" in output
    assert "＋ 2026-12-28（日付 2026-12-28、名称 庁舎の点検）" in output
    assert "取り込みますか" in output
    city = load_city("nonoichi", data_dir=data_dir)
    assert [day.isoformat() for day in city.closed_days] == ["2026-12-28"]


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_written(tmp_path: Path, data_dir: Path, typed: str) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "AC2", "入口は南側です")
    code, _ = run("import", "nonoichi", book, typed=typed)
    assert code == 1
    assert not data_dir.exists()


def test_a_book_that_breaks_a_rule_is_refused_with_sheet_row_column_and_what_to_do(tmp_path: Path, data_dir: Path) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "B3", 72028)
    code, output = run("import", "nonoichi", book, "--yes")
    assert code == 1
    assert "エラー 窓口一覧.xlsx シート「窓口」 3行 自治体コード: 「72028」は5桁です。先頭の0が落ちていませんか" in output
    assert "いまの一覧はそのままです" in output
    assert not data_dir.exists()


def test_the_tables_before_are_kept_beside_and_other_files_of_the_clerk_stay(tmp_path: Path, data_dir: Path) -> None:
    folder = copy_of("nonoichi", data_dir)
    (folder / "メモ.txt").write_text("覚え", encoding="utf-8")
    book = exported(tmp_path)
    edit(book, "窓口", "AC2", "入口は南側です")
    assert run("import", "nonoichi", book, "--yes")[0] == 0
    assert (folder / "メモ.txt").exists()
    assert read_folder(data_dir / "directory" / "nonoichi.前の版") == read_folder(city_folder("nonoichi"))
    assert read_folder(folder)[schema.WINDOWS].rows[0]["備考"] == "入口は南側です"
    assert sorted(path.name for path in folder.iterdir()) == sorted([*schema.COLUMNS, "メモ.txt"])


def test_one_table_alone_can_be_imported(tmp_path: Path, data_dir: Path) -> None:
    folder = exported(tmp_path, "csv")
    set_cell(folder / "窓口.csv", 2, "備考", "入口は南側です")
    code, output = run("import", "nonoichi", folder / "窓口.csv", "--yes")
    assert code == 0, output
    assert (
        read_folder(data_dir / "directory" / "nonoichi")[schema.MUNICIPALITY] == read_folder(city_folder("nonoichi"))[schema.MUNICIPALITY]
    )


def test_a_formula_like_text_survives_csv_import_and_stays_harmless(tmp_path: Path, data_dir: Path) -> None:
    folder = exported(tmp_path, "csv")
    set_cell(folder / "窓口.csv", 2, "備考", "'=1+1")
    assert run("import", "nonoichi", folder, "--yes")[0] == 0
    written = data_dir / "directory" / "nonoichi"
    assert read_folder(written)[schema.WINDOWS].rows[0]["備考"] == "=1+1"
    assert read(written / "窓口.csv")[1][-1] == "'=1+1"


def test_nothing_is_ever_written_into_the_program(tmp_path: Path) -> None:
    inside = directory_files.PACKAGE / "data" / "municipalities" / "new"
    for arguments in (
        ("export", "nonoichi", inside, "--format", "csv"),
        ("import", "nonoichi", exported(tmp_path), "--out", inside, "--yes"),
    ):
        code, output = run(*arguments)
        assert code == 2
        assert "プログラムの中" in "".join(output.split())
    assert not inside.exists()


def test_a_book_of_the_clerk_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "AC2", "入口は南側です")
    before = book.read_bytes()
    code, output = run("export", "nonoichi", book, "--format", "xlsx")
    assert (code, book.read_bytes()) == (2, before)
    assert "--overwrite" in output
    assert run("export", "nonoichi", book, "--format", "xlsx", "--overwrite")[0] == 0
    assert load_workbook(io.BytesIO(book.read_bytes()))["窓口"]["AC2"].value is None


def test_a_folder_that_breaks_a_rule_is_not_exported(tmp_path: Path, data_dir: Path) -> None:
    set_cell(copy_of("nonoichi", data_dir) / "窓口.csv", 2, "状態", "実施中")
    code, output = run("export", "nonoichi", tmp_path / "a.json", "--format", "hsds")
    assert code == 1
    assert "エラー 窓口.csv 2行 状態" in output
    assert not (tmp_path / "a.json").exists()


def test_a_broken_folder_in_use_can_be_mended_by_an_import(tmp_path: Path, data_dir: Path) -> None:
    book = exported(tmp_path)
    folder = copy_of("nonoichi", data_dir)
    set_cell(folder / "窓口.csv", 2, "状態", "実施中")
    code, output = run("import", "nonoichi", book, "--yes")
    assert code == 0
    assert "状態: 「実施中」 → 「実施」" in output
    assert load_city("nonoichi", data_dir=data_dir)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "nonoichi", "missing.xlsx"), "missing.xlsx"),
        (("import", "tokyo", "missing.xlsx"), "semboku"),
        (("export", "tokyo", "a.xlsx", "--format", "xlsx"), "semboku"),
        (("export", "nonoichi", "a.doc", "--format", "doc"), "hsds-package"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_would_be_right(arguments: tuple[str, ...], said: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert said in output


@pytest.mark.parametrize("form", ["xlsx", "hsds", "hsds-package"])
def test_check_judges_a_file_before_it_is_imported(tmp_path: Path, form: str) -> None:
    out = exported(tmp_path, form)
    code, output = run("check", out)
    assert (code, "エラー 0件" in output) == (0, True)


def test_check_names_the_sheet_of_a_book(tmp_path: Path) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "B3", 72028)
    code, output = run("check", book)
    assert code == 1
    assert "シート「窓口」 3行 自治体コード" in output


def test_a_full_disk_or_a_closed_folder_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(directory_files, "_write", full)
    code, output = run("export", "nonoichi", tmp_path / "a.xlsx", "--format", "xlsx")
    assert code == 2
    assert "書けません" in "".join(output.split())


def breaking_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk fill up in the middle of the tables."""
    write = directory_files._write

    def breaks_off(path: Path, raw: bytes) -> None:
        if schema.MEETINGS in path.name:
            raise OSError(28, "No space left on device")
        write(path, raw)

    monkeypatch.setattr(directory_files, "_write", breaks_off)


def test_a_half_written_new_folder_never_counts(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "AC2", "入口は南側です")
    breaking_off(monkeypatch)
    assert run("import", "nonoichi", book, "--yes")[0] == 2
    assert city_folder("nonoichi", data_dir) == city_folder("nonoichi")
    assert list((data_dir / "directory").iterdir()) == []


def test_a_disk_that_fills_up_leaves_the_tables_in_use_as_they_were(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = exported(tmp_path)
    edit(book, "窓口", "AC2", "入口は南側です")
    folder = copy_of("nonoichi", data_dir)
    breaking_off(monkeypatch)
    assert run("import", "nonoichi", book, "--yes")[0] == 2
    assert read_folder(folder) == read_folder(city_folder("nonoichi"))
    assert sorted(path.name for path in folder.iterdir()) == sorted(schema.COLUMNS)


def test_a_decomposed_file_name_is_still_the_table(tmp_path: Path) -> None:
    folder = exported(tmp_path, "csv")
    shutil.move(folder / "コーディネーター.csv", folder / "コーテ\u3099ィネーター.csv")
    code, output = run("import", "nonoichi", folder)
    assert (code, output.splitlines()[-1]) == (0, "変わるところはありません。")
