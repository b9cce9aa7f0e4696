"""What a process has loaded at its start, kept for good: out of the collector's rounds, and on large pages of memory."""

import ctypes
import gc
import re
import sys
from collections.abc import Iterator
from functools import cache
from mmap import PAGESIZE
from pathlib import Path

_ROUNDS = (2_000, 10, 20)
"""So many new objects are a round, so many rounds a wider one, so many of those one of everything."""
_SMAPS = Path("/proc/self/smaps")
_LARGE = 2 * 1024 * 1024
_MOSTLY = 0.75
"""Of a stretch of memory at least so much must be in use: else large pages would make more of it."""
_ALLOW, _COLLAPSE = 14, 25
"""``MADV_HUGEPAGE`` and ``MADV_COLLAPSE`` of Linux (the second from 6.1 on)."""
_STRETCH = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:\[heap\])?\n(?:(?![0-9a-f]+-).*\n)*?Rss: +(\d+) kB$", re.MULTILINE)


def keep_for_good() -> int:
    """Settle what was loaded, once the process is about to serve. Returns how many bytes lie on large pages now.

    The tables of the reader are some million objects that nobody throws away. Each look of the collector through them held every
    stream and every resident's message up for half a second. What requests leave behind goes by itself; only rings of objects
    wait for a round. On pages of 4 kB the same objects cost the processor a search for nearly each page that it has not used of late.
    """
    gc.freeze()
    gc.set_threshold(*_ROUNDS)
    return _onto_large_pages()


@cache
def _onto_large_pages() -> int:
    """Ask the system for large pages where objects lie. No harm where it has none: then all stays as it was."""
    if sys.platform != "linux" or PAGESIZE > _LARGE or not _SMAPS.exists():
        return 0
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return sum(size for start, size in _stretches() if advise(start, size, _ALLOW) == 0 and advise(start, size, _COLLAPSE) == 0)


def _stretches() -> Iterator[tuple[int, int]]:
    """Yield start and size of the memory in use that no file backs, cut to whole large pages."""
    for found in list(_STRETCH.finditer(_SMAPS.read_text(encoding="ascii", errors="replace"))):
        begin, end = (int(number, 16) for number in found.group(1, 2))
        first, last = -(-begin // _LARGE) * _LARGE, end // _LARGE * _LARGE
        if first < last and int(found.group(3)) * 1024 >= _MOSTLY * (end - begin):
            yield first, last - first
