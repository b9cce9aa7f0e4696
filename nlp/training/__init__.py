"""Trains the learned layer from ``nlp/corpus/*.jsonl``. Needs the dependency group ``train``; nothing here runs while messages are read.

In: the labelled corpus, one file per writer, and (if installed) a table of word vectors. Out: the tables of ``nlp/learned`` and a
report whose figures come from writers that were held out whole.
"""
