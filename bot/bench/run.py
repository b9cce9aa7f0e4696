"""Running a benchmark by its name."""

from pathlib import Path
from typing import Any

from bot.bench import checkins, console, conversation, statistics, tagger, webhook
from bot.bench.server import result
from bot.settings import load_settings
from intake.base.errors import StartupError

READER = "tagger"
BENCHES = {
    "checkins": checkins.measure,
    "console": console.measure,
    "conversation": conversation.measure,
    "statistics": statistics.measure,
    "webhook": webhook.measure,
}


def run(name: str, *, as_json: bool, full: bool, messages: int | None = None, file: Path | None = None) -> int:
    """Run one benchmark, print its figures, and return the exit code. ``messages`` and ``file`` choose what the reader reads."""
    values = _measured(name, full=full, messages=messages, file=file)
    if as_json:
        result(values)
    else:
        for key, value in values.items():
            print(f"{key}\t{value}")
    return 0


def _measured(name: str, *, full: bool, messages: int | None, file: Path | None) -> dict[str, Any]:
    if name == READER:
        return tagger.measure(full=full, messages=messages or tagger.MESSAGES, file=file)
    if name not in BENCHES:
        raise StartupError(f"「{name}」という計測はありません。使えるのは {', '.join(sorted([*BENCHES, READER]))} です")
    if messages is not None or file is not None:
        raise StartupError(f"--messages と --file は {READER} でだけ使えます")
    return BENCHES[name](load_settings(), full=full)
