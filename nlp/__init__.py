"""Reads one short Japanese consultation message and says what a careful intake worker would understand.

In: a text (and the lexicon in ``nlp/lexicon/*.yaml``). Out: a :class:`nlp.reading.Reading` with concerns, speaker,
intent, risk, circumstances and personal data, each tied to the span that shows it. The labels and their meaning are
those of ``docs/labels.md``. Pure: no database, no network, no clock; one tokenizer per thread.
"""

from nlp.burst import read_burst
from nlp.reader import Context, read, warm_up
from nlp.undertone import HINTS, Undertone, undertone_of

__all__ = ["HINTS", "Context", "Undertone", "read", "read_burst", "undertone_of", "warm_up"]
