"""Where the directory commands touch the disk: what a clerk gives, what a clerk gets, and the folder that counts."""

import os
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from routing.rules import DATA

LARGEST_BYTES = 50_000_000
PACKAGE = DATA.parent.resolve()


def read_source(path: Path) -> tuple[str, dict[str, bytes]]:
    """Return the name of a file or folder and the bytes of the file, or of all files of the folder."""
    if not path.exists():
        raise typer.BadParameter(f"{path} がありません。ファイルかフォルダの場所を確かめてください")
    found = [path] if path.is_file() else sorted(entry for entry in path.iterdir() if entry.is_file())
    if sum(entry.stat().st_size for entry in found) > LARGEST_BYTES:
        raise typer.BadParameter(f"{path} は大きすぎます。窓口一覧のファイルか確かめてください")
    try:
        # Some systems store が as か and a mark; the names of the tables are compared in one form.
        return unicodedata.normalize("NFC", path.resolve().name), {
            unicodedata.normalize("NFC", entry.name): entry.read_bytes() for entry in found
        }
    except OSError as error:
        raise typer.BadParameter(f"{path} を読めません。Excel などで開いていたら閉じてください（{error.strerror}）") from error


def write_new(path: Path, content: bytes | Mapping[str, bytes], *, overwrite: bool) -> None:
    """Write a file, or a folder of files. What is already there is kept unless ``overwrite``."""
    refuse_package(path)
    if not overwrite and path.exists() and (path.is_file() or any(path.iterdir())):
        raise typer.BadParameter(f"{path} はもうあります。別の名前にするか、--overwrite を付けてください")
    if isinstance(content, bytes) and path.is_dir():
        raise typer.BadParameter(f"{path} はフォルダです。ファイルの名前まで書いてください")
    if not isinstance(content, bytes) and path.is_file():
        raise typer.BadParameter(f"{path} はファイルです。フォルダの名前を書いてください")
    try:
        if isinstance(content, bytes):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_all(path.parent, {path.name: content})
        else:
            path.mkdir(parents=True, exist_ok=True)
            _write_all(path, content)
    except OSError as error:
        raise typer.BadParameter(f"{path} に書けません（{error.strerror}）") from error


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> Path | None:
    """Put the tables into ``folder``; return where the ones before are kept, if there were any.

    A new folder appears at once with all its tables, because a folder that exists counts. In an existing one the tables
    are replaced once all are written, and other files of the clerk stay.
    """
    refuse_package(folder)
    try:
        if folder.is_dir():
            before = folder.with_name(f"{folder.name}.前の版")
            before.mkdir(exist_ok=True)
            for name in files:
                if (folder / name).is_file():
                    shutil.copy2(folder / name, before / name)
            _write_all(folder, files)
            return before
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as temporary:
            fresh = Path(temporary) / folder.name
            fresh.mkdir()
            _write_all(fresh, files)
            fresh.rename(folder)
    except OSError as error:
        raise typer.BadParameter(f"{folder} に書けません（{error.strerror}）") from error
    return None


def refuse_package(path: Path) -> None:
    """Refuse places inside the program: the tables that came with it stay as they came."""
    if path.resolve().is_relative_to(PACKAGE):
        raise typer.BadParameter(f"{path} はプログラムの中です。データの場所か、ほかのフォルダにしてください")


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file beside its place first, so that nobody reads half a table and a full disk changes nothing."""
    beside = {folder / name: folder / f".{name}.tmp" for name in files}
    try:
        for name, raw in files.items():
            _write(beside[folder / name], raw)
        for place, temporary in beside.items():
            temporary.replace(place)
    finally:
        for temporary in beside.values():
            temporary.unlink(missing_ok=True)


def _write(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
