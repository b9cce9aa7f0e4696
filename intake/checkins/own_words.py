"""The texts that a municipality lays over the project's, from ``checkins/KEY.yaml`` in the data directory; read anew when they change."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from intake.checkins.words import CheckinWords, default_words, load_own_words
from intake.wording.nodes import WordingError

FOLDER = "checkins"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The texts of one municipality. Where its file is wrong there are none, and ``faults`` says why: nobody approved what stands there."""

    words: CheckinWords
    faults: tuple[str, ...] = ()


def read_own_words(data_dir: Path | None, municipality: str) -> OwnWords:
    """Return the texts of a municipality as they stand now; the project's where it has no file."""
    if data_dir is None:
        return OwnWords(default_words())
    path = data_dir / FOLDER / f"{municipality}.yaml"
    try:
        now = path.stat()
    except FileNotFoundError:
        return OwnWords(default_words())
    except OSError as error:
        return OwnWords(_nothing(), (f"{path.name}: {error.strerror}",))
    return _read(path, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int, _size: int) -> OwnWords:
    try:
        return OwnWords(load_own_words(path))
    except WordingError as error:
        return OwnWords(_nothing(), tuple(str(error).splitlines()))
    except OSError as error:
        return OwnWords(_nothing(), (f"{path.name}: {error.strerror}",))


def _nothing() -> CheckinWords:
    return CheckinWords({}, default_words().frame)
