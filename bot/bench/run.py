"""Running a benchmark by its name."""

from bot.bench import conversation, webhook
from bot.bench.server import result
from bot.settings import load_settings
from intake.base.errors import StartupError

BENCHES = {"webhook": webhook.measure, "conversation": conversation.measure}


def run(name: str, *, as_json: bool, full: bool) -> int:
    """Run one benchmark, print its figures, and return the exit code."""
    if name not in BENCHES:
        raise StartupError(f"「{name}」という計測はありません。使えるのは {', '.join(sorted(BENCHES))} です")
    values = BENCHES[name](load_settings(), full=full)
    if as_json:
        result(values)
    else:
        for key, value in values.items():
            print(f"{key}\t{value}")
    return 0
