"""The learned layer: a plain table of weights over tokens, pairs, word classes, letters and fired rows. No library at run time.

In: the normal forms and folded letters of a text, and the rows that fired. Out: calibrated probabilities for every label and the
words that moved them. The tables are written by ``tsunagi nlp train`` and can be read by eye; a table that was made for another
dictionary is refused (:class:`ModelError`), and a row that was edited since falls back to the weight of its own level.
"""

from nlp.learned.model import Model, ModelError, model

__all__ = ["Model", "ModelError", "model"]
