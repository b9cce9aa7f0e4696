"""A process that has loaded its tables settles them: out of the rounds of the collector, and on large pages where there are some."""

import json
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import memory

_CHILD = """
import gc, json
kept = [str(number) * 9 for number in range(400_000)]
total = sum(map(len, kept))
from bot.memory import keep_for_good
first, again = keep_for_good(), keep_for_good()
large = [line.split()[1] for line in open("/proc/self/smaps_rollup", encoding="ascii") if line.startswith("AnonHugePages")]
print(json.dumps([first, again, int(large[0]) * 1024, sum(map(len, kept)) == total, gc.get_freeze_count()]))
"""
_OFFERED = Path("/sys/kernel/mm/transparent_hugepage/enabled")


_MAPS = """\
01000000-01a00000 rw-p 00000000 00:00 0                                  [heap]
Size:              10240 kB
Rss:                9000 kB
VmFlags: rd wr mr mw me ac
02000000-02a00000 rw-p 00000000 00:00 0
Size:              10240 kB
Rss:                 500 kB
VmFlags: rd wr mr mw me ac
03100000-03700000 rw-p 00000000 00:00 0
Size:               6144 kB
Rss:                6144 kB
VmFlags: rd wr mr mw me ac
04000000-04a00000 rw-p 00000000 fe:00 1234                               /usr/lib/library.so
Size:              10240 kB
Rss:               10240 kB
05000000-05a00000 r--s 00000000 fe:00 1235                               /usr/share/system.dic
Size:              10240 kB
Rss:               10240 kB
06000000-06a00000 rw-p 00000000 00:00 0                                  [stack]
Size:              10240 kB
Rss:               10240 kB
"""


def _release() -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", platform.release())[:2])


def test_only_memory_in_use_that_no_file_backs_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "smaps").write_text(_MAPS, encoding="ascii")
    monkeypatch.setattr(memory, "_SMAPS", tmp_path / "smaps")
    large = 2 * 1024 * 1024
    assert list(memory._stretches()) == [(0x01000000, 5 * large), (0x03200000, 2 * large)]


def test_what_was_loaded_lies_on_large_pages_and_is_out_of_the_rounds_of_the_collector() -> None:
    if not _OFFERED.exists() or "[never]" in _OFFERED.read_text(encoding="ascii") or _release() < (6, 1):
        pytest.skip("this system offers no large pages, or does not lay them on demand (Linux 6.1)")
    done = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, text=True, check=True, timeout=60)
    first, again, large, same, frozen = json.loads(done.stdout)
    assert same
    assert frozen > 0
    assert first == again
    assert first > 0
    assert first % (2 * 1024 * 1024) == 0
    assert large >= 0.9 * first


def test_without_large_pages_all_stays_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "_SMAPS", tmp_path / "none")
    assert memory._onto_large_pages.__wrapped__() == 0
