"""Proves every row by its own examples."""

from collections.abc import Sequence

from nlp.lexicon.compiled import Compiled, compile_rows
from nlp.lexicon.files import LexiconError, load
from nlp.lexicon.model import Row
from nlp.lexicon.scan import scan


def check() -> list[str]:
    """List the problems of the project's lexicon, one Japanese line each; empty when all is well. Never raises for a wrong file."""
    try:
        rows = load()
        lexicon = compile_rows(rows)
    except LexiconError as error:
        return str(error).splitlines()
    return check_rows(rows, lexicon)


def check_rows(rows: Sequence[Row], lexicon: Compiled) -> list[str]:
    """List the examples that do not show what their row promises."""
    return [problem for row in rows for problem in check_row(row, lexicon)]


def check_row(row: Row, lexicon: Compiled) -> list[str]:
    """Hold a row to its examples: a positive one must show the row as something that is there, a negative one must not."""
    missed = [f"{row.id}: positive: 「{example}」 を読めません" for example in row.positive if not _speaks(row, example, lexicon)]
    wrong = [f"{row.id}: negative: 「{example}」 を読んでしまいます" for example in row.negative if _speaks(row, example, lexicon)]
    return missed + wrong


def _speaks(row: Row, example: str, lexicon: Compiled) -> bool:
    return any(hit.row.id == row.id and hit.speaks for hit in scan(example, lexicon).hits)
