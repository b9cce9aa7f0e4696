"""Proves the lexicon: every row by its own examples, and every word against the other rows and everyday messages."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from nlp.lexicon.compiled import Compiled, compile_rows
from nlp.lexicon.files import FOLDER, LexiconError, Placed, active, read_file, read_folders, unique
from nlp.lexicon.scan import scan
from nlp.lexicon.words import Problem, duplicates, false_friends, folded_variants


def check(overlay: Path | None = None) -> list[str]:
    """List the problems of the project's lexicon and of an overlay folder, one Japanese line each; empty when all is well.

    Never raises for a wrong file.
    """
    try:
        return [problem.told() for problem in find_problems(read_folders(*_folders(overlay)))]
    except LexiconError as error:
        return str(error).splitlines()


def check_file(path: Path, overlay: Path | None = None) -> list[str]:
    """List the problems that one file has or brings, beside all other files. Never raises for a wrong file."""
    try:
        own = read_file(path)
        others = [placed for placed in read_folders(*_folders(overlay)) if placed.path.resolve() != path.resolve()]
        problems = find_problems(unique([*others, *own]))
    except LexiconError as error:
        return str(error).splitlines()
    return [problem.told() for problem in problems if path in (problem.placed.path, problem.other.path if problem.other else None)]


def problems_of(new: Placed, present: Sequence[Placed]) -> list[Problem]:
    """Find the problems that a new row has or brings: its own, those beside other rows, and examples that failed in no row before.

    Raises :class:`LexiconError` when its id is taken.
    """
    known = {(problem.placed.row.id, problem.text) for problem in _failing(present)}
    return [
        problem
        for problem in find_problems(unique([*present, new]))
        if new in (problem.placed, problem.other)
        or (problem.key in ("positive", "negative") and (problem.placed.row.id, problem.text) not in known)
    ]


def find_problems(rows: Sequence[Placed]) -> list[Problem]:
    """Find what is wrong with rows that can be read. Raises :class:`LexiconError` for a word of which nothing is left to compare."""
    used = [placed for placed in rows if placed.row.status == "active"]
    lexicon = compile_rows(tuple(active(rows)))
    return [*_failing(used, lexicon), *duplicates(used), *folded_variants(used), *false_friends(used, lexicon)]


def _failing(rows: Sequence[Placed], lexicon: Compiled | None = None) -> Iterator[Problem]:
    lexicon = lexicon or compile_rows(tuple(active(rows)))
    return (problem for placed in rows if placed.row.status == "active" for problem in failing_examples(placed, lexicon))


def failing_examples(placed: Placed, lexicon: Compiled) -> Iterator[Problem]:
    """Hold a row to its examples: a positive one must show the row as something that is there, a negative one must not."""
    row = placed.row
    for example in row.positive:
        if not _speaks(row.id, example, lexicon):
            yield Problem(placed, "positive", f"{row.id} は「{example}」を読めません。言葉を足すか、例を直してください")
    for example in row.negative:
        if _speaks(row.id, example, lexicon):
            yield Problem(
                placed, "negative", f"{row.id} は「{example}」を読んでしまいます。blocks に打ち消す言い方を足すか、言葉を狭めてください"
            )


def _speaks(row_id: str, example: str, lexicon: Compiled) -> bool:
    return any(hit.row.id == row_id and hit.speaks for hit in scan(example, lexicon).hits)


def _folders(overlay: Path | None) -> list[Path]:
    return [FOLDER] if overlay is None else [FOLDER, overlay]
