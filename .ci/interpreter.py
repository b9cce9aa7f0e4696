"""Prints the Python to make the environment with: the one that runs this, or another build of the same version that is clearly faster.

Distributions build theirs with profiles and across files; a build from plain source, as pyenv makes it, takes a quarter
longer for the same work, and the reader of messages is that much slower with it. So the builds found are measured.
"""

import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

CLEARLY = 0.9
"""Another build is taken when it needs less than this share of the time, in the middle of the rounds."""
ROUNDS = 5
_WORK = """
import ctypes, sqlite3, ssl, sys, time
def work():
    found, text = {}, "".join(map(chr, range(0x3041, 0x3097))) * 8
    for at, letter in enumerate(text):
        found[letter] = found.get(letter, 0) + at
    return sorted((value, key) for key, value in found.items() if isinstance(key, str))
took = []
for _ in range(15):
    start = time.perf_counter()
    for _ in range(20):
        work()
    took.append(time.perf_counter() - start)
print(sys.version_info[:2] == {version}, min(took))
"""


def seconds(python: str) -> float | None:
    """Return how long a build needs for a little work; None when it is none, of another version, or lacks a part."""
    code = _WORK.replace("{version}", repr(sys.version_info[:2]))
    try:
        done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, timeout=20, check=True)  # noqa: S603 - a Python of this machine
    except (OSError, subprocess.SubprocessError):
        return None
    same, took = done.stdout.split()
    return float(took) if same == "True" else None


def builds() -> list[str]:
    """Return every different Python of this version on the path and where systems keep theirs; the one that runs this is first.

    Scripts that only call another Python (as pyenv puts them on the path) are left out.
    """
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folders = [*os.get_exec_path(), "/usr/local/bin", "/usr/bin"]
    paths = [Path(getattr(sys, "_base_executable", sys.executable)), *(Path(folder) / name for folder in folders)]
    different: dict[Path, str] = {}
    for path in paths:
        if path.is_file() and not _is_script(path):
            different.setdefault(path.resolve(), str(path))
    return list(different.values())


def _is_script(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def fastest(found: list[str]) -> str:
    """Return the first build, or the fastest that is clearly faster. All take turns, so that a busy moment slows each of them."""
    first, *others = found
    rounds = [{python: seconds(python) for python in found} for _ in range(ROUNDS if others else 0)]
    shares = {python: statistics.median(_share(one[python], one[first]) for one in rounds) for python in others}
    return min((python for python, share in shares.items() if share < CLEARLY), key=shares.__getitem__, default=first)


def _share(took: float | None, own: float | None) -> float:
    return took / own if took is not None and own else math.inf


if __name__ == "__main__":
    print(fastest(builds()))
