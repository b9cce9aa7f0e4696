"""What a word of a row does beside the words of other rows and in everyday messages."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.lexicon.compiled import FREE_KANA, Compiled, compile_rows, kana_of, sequence, token_paths, written
from nlp.lexicon.files import Placed
from nlp.lexicon.model import Row
from nlp.lexicon.scan import Hit, scan

EVERYDAY = Path(__file__).parent.parent / "corpus" / "e08.jsonl"
"""Small talk with a few serious messages in it, each with its labels."""
MOST_EVERYDAY = 12
"""A word that is heard in more everyday messages than this has another meaning there."""
_FRAMES = ("{}", "{}の")
"""A variant folds only when it does so inside a sentence too: 「眠れん」 does, 「眠れんのに」 does not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a key of a row. ``other`` is the row that it is at odds with."""

    placed: Placed
    key: str
    text: str
    other: Placed | None = None

    def told(self) -> str:
        """Say it in one line: ``file:line: key: what is wrong``."""
        return f"{self.placed.at(self.key)}: {self.text}"


def duplicates(rows: Sequence[Placed]) -> Iterator[Problem]:
    """Find words that already stand in another row of the same meaning."""
    seen: dict[tuple[object, ...], Placed] = {}
    for placed in rows:
        row = placed.row
        for key in ("terms", "variants"):
            for word in getattr(row, key):
                same = (frozenset(row.labels), row.strength, row.inflection, written(row, word))
                first = seen.setdefault(same, placed)
                if first is not placed:
                    told = f"「{word}」は {first.path.name}:{first.line} の {first.row.id} にもあります。どちらか一つにしてください"
                    yield Problem(placed, key, told, first)


def folded_variants(rows: Sequence[Placed]) -> Iterator[Problem]:
    """Find variants that a term of their row reads already, so that they only make the row longer."""
    for placed in rows:
        row = placed.row
        if row.match == "surface" or row.inflection:
            continue
        paths = {path: term for term in row.terms for path, rest in token_paths(row, term) if not rest}
        sounds = {kana: term for term in row.terms if len(kana := kana_of(term)) >= FREE_KANA}
        for variant in row.variants:
            term = _covering(variant, written(row, variant), paths, sounds)
            if term is not None:
                yield Problem(placed, "variants", f"「{variant}」は「{term}」で読めています。消してください")


def _covering(variant: str, letters: str, paths: dict[tuple[str, ...], str], sounds: dict[str, str]) -> str | None:
    """Return the term that reads a variant wherever it stands. Kana alone may be cut into other words, so there its sound must do."""
    if letters in sounds:
        return sounds[letters]
    if not any("一" <= letter <= "龥" for letter in letters):
        return None
    found = paths.get(sequence(variant))
    if found is None:
        return None
    path = sequence(variant)
    return found if all(sequence(frame.format(variant))[: len(path)] == path for frame in _FRAMES) else None


def false_friends(rows: Sequence[Placed], lexicon: Compiled) -> Iterator[Problem]:
    """Find words that are heard where nobody means them: in many everyday messages, or in another row's negative examples."""
    places = {placed.row.id: placed for placed in rows}
    heard: dict[str, list[str]] = defaultdict(list)
    for text, labels in _everyday():
        for row_id in {
            hit.row.id for hit in scan(text, lexicon).hits if _decides(hit.row) and hit.speaks and not labels & set(hit.row.labels)
        }:
            heard[row_id].append(text)
    for row_id, texts in heard.items():
        if row_id in places and len(texts) > MOST_EVERYDAY:
            yield from _too_common(places[row_id], texts)
    for placed in rows:
        yield from _against(placed, places, lexicon)


def _too_common(placed: Placed, texts: Sequence[str]) -> Iterator[Problem]:
    for key in ("terms", "variants"):
        for word in getattr(placed.row, key):
            alone = compile_rows([placed.row.model_copy(update={"terms": (), "variants": (), key: (word,)})])
            found = [text for text in texts if any(hit.speaks for hit in scan(text, alone).hits)]
            if len(found) > MOST_EVERYDAY:
                told = (
                    f"「{word}」は日常の文章 {len(found)} 件でも当たります（例「{found[0]}」）。長い言い方にするか、blocks を足してください"
                )
                yield Problem(placed, key, told)


def _against(placed: Placed, places: dict[str, Placed], lexicon: Compiled) -> Iterator[Problem]:
    for example in placed.row.negative:
        for hit in scan(example, lexicon).hits:
            if hit.row.id in places and _contradicts(hit, placed.row):
                word = example[hit.start : hit.end]
                told = f"「{word}」は、{placed.row.id} の読んではいけない例「{example}」で当たります。blocks を足してください"
                yield Problem(places[hit.row.id], "terms", told, placed)


def _contradicts(hit: Hit, row: Row) -> bool:
    return hit.speaks and hit.row.id != row.id and _decides(hit.row) and bool(set(hit.row.labels) & set(row.labels))


def _decides(row: Row) -> bool:
    """Whether a row says that something is there; who writes and what for is said in small talk too."""
    return bool(row.concerns or row.of("risk") or row.of("circumstance"))


@cache
def _everyday() -> list[tuple[str, frozenset[str]]]:
    records = [json.loads(line) for line in EVERYDAY.read_bytes().splitlines()]
    return [(record["text"], frozenset([*record["concerns"], *(f"risk:{kind}" for kind in record["risk_kinds"])])) for record in records]
