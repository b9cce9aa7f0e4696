"""What else could read messages in process: spaCy's PhraseMatcher and scikit-learn, each timed against the same yardstick.

Both are optional (dependency group ``bench``) and never part of serving. They do less than the reader: no polarity, no
evidence, no personal data.
"""

import importlib
import importlib.util
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from bot.bench.server import progress
from bot.bench.tagger_mix import corpus_rows
from bot.bench.tagger_timing import Way, share_of_raw
from nlp.lexicon.files import load

HINT = "比べる相手は任意の依存（グループ bench: scikit-learn, spacy）です。make bench で、専用の環境（.venv-bench）に入れて測れます"
_GAP = "…"
_TRAINED_ON = 1_500
_ROUNDS, _BUDGET_S = 5, 5.0


def _phrase_matcher() -> Way:
    """Return spaCy's Japanese tokenizer with all terms of the lexicon; a term with a gap is left out, as PhraseMatcher knows none."""
    with warnings.catch_warnings():
        # spaCy 3.8 still calls SudachiPy's older name of `tokenizer`.
        warnings.simplefilter("ignore", DeprecationWarning)
        pipeline: Any = importlib.import_module("spacy").blank("ja")
    matcher = importlib.import_module("spacy.matcher").PhraseMatcher(pipeline.vocab)
    terms = {term for row in load() for term in row.terms if _GAP not in term}
    matcher.add("lexicon", [pipeline.make_doc(term) for term in sorted(terms)])
    return lambda text: matcher(pipeline(text))


def _predict_proba() -> Way:
    """Return a classifier over character 1-3-grams, trained on the first 1,500 consultation messages, asked for one message at a time."""
    rows = corpus_rows(everyday=False)[:_TRAINED_ON]
    text_features = importlib.import_module("sklearn.feature_extraction.text")
    vectorizer = text_features.TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    regression = importlib.import_module("sklearn.linear_model").LogisticRegression(solver="liblinear")
    classifier = importlib.import_module("sklearn.multiclass").OneVsRestClassifier(regression)
    labels = importlib.import_module("sklearn.preprocessing").MultiLabelBinarizer().fit_transform([row["concerns"] for row in rows])
    classifier.fit(vectorizer.fit_transform([row["text"] for row in rows]), labels)
    return lambda text: classifier.predict_proba(vectorizer.transform([text]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A peer: the module it needs, the package's name, how it is built, and how many messages one round can bear."""

    module: str
    package: str
    build: Callable[[], Way]
    messages: int


PEERS = {
    "spacy_phrase_matcher": Peer(module="spacy", package="spacy", build=_phrase_matcher, messages=500),
    "sklearn_predict_proba": Peer(module="sklearn", package="scikit-learn", build=_predict_proba, messages=100),
}


def measure_peers(raw: Way, texts: Sequence[str]) -> dict[str, dict[str, Any] | None]:
    """Measure each peer against the yardstick in interleaved rounds of its own; None for one that is not installed."""
    return {name: _measured(name, peer, raw, texts) for name, peer in PEERS.items()}


def _measured(name: str, peer: Peer, raw: Way, texts: Sequence[str]) -> dict[str, Any] | None:
    if importlib.util.find_spec(peer.module) is None:
        progress(f"{name}: not installed")
        return None
    share = share_of_raw(peer.build(), raw, texts[: peer.messages], rounds=_ROUNDS, budget_s=_BUDGET_S)
    progress(f"{name}: share {share.median:.3f}")
    return {"share_of_raw": round(share.median, 4), "messages_per_s": round(share.per_s), "version": version(peer.package)}
