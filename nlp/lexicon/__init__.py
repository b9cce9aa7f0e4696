"""The lexicon: words as data (``*.yaml``), checked when loaded and compiled with the production tokenizer.

In: the YAML files of this folder. Out: rows, tries, and the hits of a text with their polarity. What is wrong in a file
stops the start with file, line and key (:class:`LexiconError`); :func:`check` proves every row by its examples.
"""

from nlp.lexicon.checking import check, check_file
from nlp.lexicon.files import LexiconError

__all__ = ["LexiconError", "check", "check_file"]
