"""Loading all data files: lexicon, wording, municipalities. What is wrong stops the start with file, line and key."""

from pathlib import Path

from bot.settings import Settings
from intake.base.clock import Clock
from intake.base.errors import StartupError
from intake.checkins.words import default_words
from intake.wording import Wording, load_overrides
from intake.wording.catalogue import default_wording
from intake.wording.nodes import WordingError
from nlp.learned import ModelError
from nlp.lexicon import LexiconError
from nlp.lexicon.clerk.overlay import use_overlay
from nlp.reader import warm_up
from routing.findings import DirectoryError
from routing.live import Directories
from routing.load import KEYS

DEMO_CITY = "aizuwakamatsu"


def load_data(settings: Settings, *, demo: bool, clock: Clock, fall_back: bool = False) -> Directories:
    """Load lexicon with the town's own words, wording and every municipality, in the demo with the 見本 overlay.

    With ``fall_back`` tables that are wrong are replaced by the project's own and named in ``refused``, for a command that only looks.
    """
    directories = Directories(
        data_dir=settings.data_dir,
        sample=frozenset({DEMO_CITY} if demo else ()),
        require_confirmed=settings.require_confirmed,
    )
    try:
        use_overlay(lexicon_folder(settings))
        warm_up()
        default_wording()
        default_words()
        directories.load(clock.now(), fall_back=fall_back)
    except (DirectoryError, LexiconError, ModelError, WordingError) as error:
        raise StartupError(str(error)) from error
    return directories


def lexicon_folder(settings: Settings) -> Path:
    """Where a town keeps words of its own, in files that are read after the project's."""
    return settings.data_dir / "lexicon"


def load_wordings(settings: Settings) -> dict[str, Wording]:
    """Load the sentences of municipalities that have their own, from ``DATA_DIR/wording/KEY.yaml``."""
    found = sorted((settings.data_dir / "wording").glob("*.yaml"))
    for path in found:
        if path.stem not in KEYS:
            raise StartupError(f"{path}: その自治体はありません。ファイルの名前は {', '.join(KEYS)} のどれかにしてください")
    try:
        return {path.stem: load_overrides(path) for path in found}
    except WordingError as error:
        raise StartupError(str(error)) from error
