"""Checks of all data files: lexicon, directories, crisis lines, wording."""

from pathlib import Path

import intake.checkins.words
import intake.wording
import nlp.lexicon
import routing


def data_problems(town: Path | None = None) -> list[str]:
    """Return what is wrong, one line each with file and place; an empty list when nothing is. ``town`` holds a town's own words."""
    return [*nlp.lexicon.check(town), *routing.problems(), *intake.wording.problems(), *intake.checkins.words.problems()]
