"""Checks of all data files: lexicon, directories, crisis lines, wording."""

import intake.checkins.words
import intake.wording
import nlp.lexicon
import routing


def data_problems() -> list[str]:
    """Return what is wrong, one line each with file and place; an empty list when nothing is."""
    return [*nlp.lexicon.check(), *routing.problems(), *intake.wording.problems(), *intake.checkins.words.problems()]
