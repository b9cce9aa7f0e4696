"""``tsunagi setup``: data directory, keys and database, made ready and left alone when they are."""

from bot.runtime import database_url, only_process, open_runtime
from bot.settings import Settings


async def set_up(settings: Settings) -> None:
    """Make everything ready that a start needs; changes nothing when it is."""
    if database_url(settings).startswith("sqlite"):
        with only_process(settings.data_dir):
            await _open(settings)
    else:
        await _open(settings)


async def _open(settings: Settings) -> None:
    async with open_runtime(settings):
        print(f"用意ができました（データ: {settings.data_dir.resolve()}）")  # noqa: T201 - the answer of the command
