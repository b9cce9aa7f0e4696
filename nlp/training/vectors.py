"""Word vectors, used at training time alone: they lend a rare word the weight of its relatives, and are folded into plain weights.

The vectors are those of chiVe (Apache-2.0) as packed in the wheel ``ja_ginza`` (MIT). Only its vector table is read; the
package itself is never imported, since it wants another tokenizer.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id
from spacy.vectors import Vectors

Floats: TypeAlias = NDArray[np.float32]
_PACKAGE = "ja_ginza"


class WordVectors:
    """Vectors by normal form."""

    def __init__(self, folder: Path) -> None:
        self._vectors = Vectors()
        self._vectors.from_disk(folder)
        self._strings = folder / "strings.json"

    @classmethod
    def installed(cls) -> "WordVectors | None":
        """Find the vectors in the environment; None when they are not there."""
        spec = find_spec(_PACKAGE)
        found = [] if spec is None or spec.origin is None else sorted(Path(spec.origin).parent.glob("ja_ginza-*/vocab"))
        return cls(found[0]) if found else None

    @property
    def width(self) -> int:
        """The number of dimensions."""
        return int(self._vectors.shape[1])

    def rows(self, words: Sequence[str]) -> Floats:
        """One vector a word, zero where there is none."""
        at = self._vectors.find(keys=[get_string_id(word) for word in words])
        table = np.asarray(self._vectors.data, dtype=np.float32)
        return np.where((at >= 0)[:, None], table[np.maximum(at, 0)], np.float32(0))

    @cached_property
    def common_words(self) -> list[str]:
        """The words that have a vector of their own, most common first; rarer ones share a neighbour's."""
        names = {get_string_id(word): word for word in json.loads(self._strings.read_text(encoding="utf-8"))}
        owners: dict[int, int] = {}
        for key, row in self._vectors.key2row.items():
            owners.setdefault(row, key)
        return [names[key] for key in owners.values() if key in names]
