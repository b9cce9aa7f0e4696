"""The town's own rows: a folder of files in the form of the project's, read after them. Files are only ever added to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from nlp.learned.model import model
from nlp.lexicon.compiled import compiled
from nlp.lexicon.files import FOLDER, LexiconError, Placed, active, add_rows, added_rows, read_file, read_folders
from nlp.lexicon.model import Row

FILE = "words.yaml"
"""Where new rows of the town are written."""
HEADER = """\
# この市町村で足した言葉です。書き方は docs/lexicon.md にあります。
# 直したら `tsunagi nlp lexicon check` で確かめ、つなぎを起動し直してください。
defaults: {}
rows:
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that is not saved yet, and the whole text that its file would have."""

    path: Path
    text: str
    placed: Placed

    def save(self) -> None:
        """Write the file in one step, so that a reader never sees half of it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(self.text, encoding="utf-8", newline="\n")
        draft.replace(self.path)


def use_overlay(folder: Path) -> None:
    """Read messages with the rows of ``folder`` too, from now on in this process. A missing folder holds no rows.

    For the start of a process, before messages are read. Raises :class:`LexiconError` when a file or an id is wrong.
    """
    use_rows(tuple(active(overlay_rows(folder))))


def overlay_rows(folder: Path) -> tuple[Placed, ...]:
    """Read the rows of ``folder`` with their places. Raises :class:`LexiconError` when a file is wrong or an id is the project's."""
    return tuple(placed for placed in read_folders(FOLDER, folder) if placed.path.parent == folder)


def use_rows(rows: Sequence[Row]) -> None:
    """Read messages with these rows after the project's own, in place of those added before."""
    if tuple(rows) == added_rows():
        return
    add_rows(rows)
    compiled.cache_clear()
    model.cache_clear()


def propose(folder: Path, values: Mapping[str, Any]) -> Proposal:
    """Put a row behind the last one of the town's file, every comment kept. Nothing is saved.

    Raises :class:`LexiconError` when the row is not valid or the file cannot be added to.
    """
    path = folder / FILE
    present = path.read_text(encoding="utf-8") if path.exists() else HEADER
    before = read_file(path) if path.exists() else []
    text = present + ("" if present.endswith("\n") else "\n") + _block(values)
    with TemporaryDirectory() as room:
        draft = Path(room) / FILE
        draft.write_text(text, encoding="utf-8", newline="\n")
        after = read_file(draft)
    if [placed.row for placed in after[:-1]] != [placed.row for placed in before] or len(after) != len(before) + 1:
        raise LexiconError(f"{FILE}: rows: ファイルの終わりが rows の一覧ではないので、書き足せません。rows を最後に置いてください")
    new = after[-1]
    return Proposal(path, text, Placed(new.row, path, new.line, new.keys))


def _block(values: Mapping[str, Any]) -> str:
    plain = yaml.safe_dump([dict(values)], allow_unicode=True, sort_keys=False, default_flow_style=None, width=140)
    return str(plain)
