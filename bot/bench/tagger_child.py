"""Runs alone in a new process: reads messages (a JSON list on stdin) and prints by how many kB its own memory grew, or null.

The dictionary's file is mapped and shared by all processes; only pages that no file backs are counted.
"""

import importlib
import json
import sys
from pathlib import Path

_ROLLUP = Path("/proc/self/smaps_rollup")


def anonymous_kb() -> int | None:
    """Return the memory of this process that no file backs, swapped pages included; None where the system does not tell."""
    try:
        lines = _ROLLUP.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Anonymous:", "Swap:")))


def main() -> None:
    """Measure, import the reader, read, and measure again."""
    texts = json.load(sys.stdin)
    before = anonymous_kb()
    reader = importlib.import_module("nlp")
    reader.warm_up()
    importlib.import_module("bot.memory").keep_for_good()
    for text in texts:
        reader.read(text)
    after = anonymous_kb()
    print(json.dumps(None if before is None or after is None else after - before))


if __name__ == "__main__":
    main()
