"""Loading all data files: lexicon, wording, municipalities. What is wrong stops the start with file, line and key."""

from pathlib import Path

from bot.settings import Settings
from intake.base.clock import Clock
from intake.base.errors import StartupError
from intake.wording import Wording, load_overrides
from intake.wording.catalogue import default_wording
from intake.wording.nodes import WordingError
from nlp.learned import ModelError
from nlp.lexicon import LexiconError
from nlp.lexicon.clerk.overlay import use_overlay
from nlp.reader import warm_up
from routing.city import City
from routing.findings import DirectoryError
from routing.load import KEYS, load_city

DEMO_CITY = "aizuwakamatsu"


def load_data(settings: Settings, *, demo: bool, clock: Clock) -> dict[str, City]:
    """Load lexicon with the town's own words, wording and every municipality, in the demo with the 見本 overlay."""
    today = clock.now().date()
    try:
        use_overlay(lexicon_folder(settings))
        warm_up()
        default_wording()
        return {key: load_city(key, sample=demo and key == DEMO_CITY, data_dir=settings.data_dir, today=today) for key in KEYS}
    except (DirectoryError, LexiconError, ModelError, WordingError) as error:
        raise StartupError(str(error)) from error


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
