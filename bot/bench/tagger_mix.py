"""The messages that the reader is measured with: an everyday mix from the shipped corpus, or the lines of a file, and nasty texts."""

import json
import random
from itertools import cycle, islice
from pathlib import Path

import nlp
from intake.base.errors import StartupError

CORPUS = Path(nlp.__file__).parent / "corpus"
EVERYDAY_SHARE = 0.95
"""With the corpus as it is, about one message in seventy then tells of danger, as in the natural mix of a consultation account."""
TYPICAL_LENGTH = 47
_EVERYDAY_FILES = "e*.jsonl"
_LONGEST_LINE = 5_000  # LINE sends no longer text, and raw SudachiPy refuses more than 49,149 bytes.
_NASTY_LENGTHS = (5_000, 10_000)
_NASTY = {
    "hiragana": "あ",
    "katakana": "ア",
    "half_width_katakana": "ｶﾞ",
    "prolonged": "ー",
    "digits": "1",
    "risk_words": "死にたい",
    "risk_words_denied": "死にたいわけではない、",
    "spaced_kana": "し に た い ",
    "zero_width": "死\u200bに\u200bたい",
    "emoji": "😢👩‍👩‍👧",
    "phone_numbers": "000-0000-",
    "mail_addresses": "a@a.",
    "names": "田中さんと申します",
    "mixed": "もう し にたい😢ｼﾆﾀｲ、母が殴られて000-0000-0000へ。大丈夫じゃなくはない？\n",
}


def corpus_rows(*, everyday: bool, corpus: Path = CORPUS) -> list[dict[str, object]]:
    """Return the rows of the everyday files of the corpus, or of all others, in the order of file and line."""
    everyday_files = set(corpus.glob(_EVERYDAY_FILES))
    files = sorted(everyday_files if everyday else set(corpus.glob("*.jsonl")) - everyday_files)
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not rows:
        raise StartupError(f"{corpus.name} に文章がありません。--file で、測る文章のファイルを渡せます")
    return rows


def everyday_mix(count: int, corpus: Path = CORPUS) -> list[str]:
    """Return the same ``count`` messages each time: 95 % everyday, 5 % consultation. Repeats only when the corpus has too few."""
    chooser = random.Random(f"{count}")
    everyday = round(count * EVERYDAY_SHARE)
    texts = _chosen(corpus_rows(everyday=True, corpus=corpus), everyday, chooser)
    texts += _chosen(corpus_rows(everyday=False, corpus=corpus), count - everyday, chooser)
    chooser.shuffle(texts)
    return texts


def _chosen(rows: list[dict[str, object]], count: int, chooser: random.Random) -> list[str]:
    texts = [str(row["text"]) for row in rows]
    chooser.shuffle(texts)
    return list(islice(cycle(texts), count))


def lines_of(file: Path, count: int) -> list[str]:
    """Return the messages of a file, one a line, at most ``count`` of them, chosen the same way each time."""
    try:
        texts = [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{file} を UTF-8 の文章として読めません") from error
    if not texts:
        raise StartupError(f"{file} に文章がありません。一行に一つ書いてください")
    longest = max(map(len, texts))
    if longest > _LONGEST_LINE:
        raise StartupError(f"{file} に {longest:,} 字の行があります。一行は {_LONGEST_LINE:,} 字までにしてください")
    return texts if len(texts) <= count else random.Random(f"{count}").sample(texts, count)


def typical(texts: list[str], count: int) -> list[str]:
    """Return the ``count`` messages whose length is nearest to 47 characters."""
    return sorted(texts, key=lambda text: abs(len(text) - TYPICAL_LENGTH))[:count]


def nasty_texts() -> dict[str, str]:
    """Return texts of 5,000 and 10,000 characters that are built to be slow to read, by name."""
    return {f"{name}_{length}": "".join(islice(cycle(unit), length)) for length in _NASTY_LENGTHS for name, unit in _NASTY.items()}
