"""Logs: one JSON line per event, ids and kinds only. Message texts, names, phones and tokens are never handed to a log."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

_FRAMES = 6


def _exception_without_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type and place: its text may quote what a resident wrote."""
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        event["error"] = None if kind is None else kind.__name__
        event["where"] = _places(trace)
    return event


class _WithoutWords(logging.Formatter):
    """Formats what libraries log. Of an exception it tells type and place only, as ours do."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the library's
        """Return type and place of an exception."""
        kind, _, trace = ei
        return "\n".join([kind.__name__ if kind else "", *_places(trace)])


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def set_up_logs(level: str) -> None:
    """Send structured lines to stderr; libraries may only warn, and only in words that hold no data."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutWords("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
