"""A process that has loaded its tables settles them: out of the rounds of the collector, and on large pages where there are some."""

import json
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


def test_what_was_loaded_lies_on_large_pages_and_is_out_of_the_rounds_of_the_collector() -> None:
    if not _OFFERED.exists() or "[never]" in _OFFERED.read_text(encoding="ascii"):
        pytest.skip("this system offers no large pages")
    done = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, text=True, check=True, timeout=60)
    first, again, large, same, frozen = json.loads(done.stdout)
    assert same
    assert frozen > 0
    assert first == again
    if first == 0:
        pytest.skip("this kernel lays nothing together on demand")
    assert first % (2 * 1024 * 1024) == 0
    assert large >= 0.9 * first


def test_without_large_pages_all_stays_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "_SMAPS", tmp_path / "none")
    assert memory._onto_large_pages.__wrapped__() == 0
