"""Word classes: words of like meaning share a class, so that what was learned of one pair is known of its relatives."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.preprocessing import normalize

from nlp.training.examples import Example
from nlp.training.vectors import WordVectors

CLASSES = 600
OWN = 150
"""So many of the most common words stay themselves: particles and the like are grammar, not meaning."""


def word_classes(examples: Sequence[Example], vectors: WordVectors, extra: Sequence[str]) -> dict[str, str]:
    """Give every word that has a vector a class ``#N``."""
    counts = Counter(norm for example in examples for norm in set(example.norms))
    common = {word for word, _ in counts.most_common(OWN)}
    words = [word for word in dict.fromkeys([*counts, *extra]) if word not in common]
    table = vectors.rows(words)
    has_one = np.linalg.norm(table, axis=1) > 0
    known = [word for word, found in zip(words, has_one, strict=True) if found]
    table = normalize(table[has_one])
    learned = np.array([word in counts for word in known])
    clusters = MiniBatchKMeans(CLASSES, random_state=0, n_init=1, batch_size=2048).fit(table[learned])
    return {word: f"#{number}" for word, number in zip(known, clusters.predict(table), strict=True)}
