"""Taking up new directory tables while the service runs: each process looks for itself, so no process needs another."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import structlog

from bot.runtime import Runtime
from routing.live import Change, Directories

LOOK_SECONDS = 5.0
"""Tables that have changed are taken up at the second look that finds them the same: within ten seconds."""
_log = structlog.get_logger(__name__)


async def keep_fresh(runtime: Runtime, *, seconds: float = LOOK_SECONDS) -> None:
    """Look at the tables until the process ends, and at once on SIGHUP. What is wrong is refused and told; the last good ones go on."""
    directories = runtime.directories
    if directories is None:
        return
    nudged = asyncio.Event()
    with _on_hangup(nudged):
        while not runtime.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(nudged.wait(), seconds)
            at_once = nudged.is_set()
            nudged.clear()
            await _look(runtime, directories, at_once=at_once)


async def _look(runtime: Runtime, directories: Directories, *, at_once: bool) -> None:
    try:
        changes = await asyncio.to_thread(directories.refresh, runtime.clock.now(), at_once=at_once)
    except Exception:  # noqa: BLE001 - the tables in use stay in use, and the next look tries again
        _log.exception("directory_look_failed")
        return
    for change in changes:
        _tell(change)


def _tell(change: Change) -> None:
    """Log places and numbers; the cells themselves stay out of the log."""
    if change.refusal is None:
        _log.info("directory_taken_up", municipality=change.key, version=change.version)
        return
    first = change.refusal.findings[0]
    _log.error(
        "directory_refused",
        municipality=change.key,
        in_use=change.version,
        findings=len(change.refusal.findings),
        file=first.file,
        row=first.row,
        column=first.column,
    )


@contextlib.contextmanager
def _on_hangup(nudged: asyncio.Event) -> Iterator[None]:
    """Let SIGHUP ask for a look instead of ending the process."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGHUP, nudged.set)
    except (RuntimeError, ValueError):
        yield  # Only the main thread of a process is told of signals.
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
