"""The page's end of the stream, with a clock and a stream of our own: a dead line is noticed, and a reader can follow what is told."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from handoff.console.render import HERE

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    script = Path(__file__).parent / "listening.mjs"
    done = subprocess.run([NODE or "node", script, HERE / "static"], capture_output=True, text=True, check=True, timeout=60)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_line_that_says_that_it_is_alive_is_kept(outcome: dict[str, Any]) -> None:
    assert outcome["alive"] == 1


def test_a_line_that_says_nothing_is_given_up_and_opened_anew_where_it_stood(outcome: dict[str, Any]) -> None:
    assert outcome["dead"] == {"opened": 2, "state": 2, "url": "/s?after=9", "told": "lost"}


def test_a_line_that_was_closed_stays_closed(outcome: dict[str, Any]) -> None:
    assert (outcome["after"], outcome["closed"]) == (2, True)


def test_what_comes_thick_and_fast_is_told_together_and_danger_at_once(outcome: dict[str, Any]) -> None:
    assert outcome["told"] == ["接続が切れました", "新着1件。住民から新着3件", "住民から：四"]
    assert (outcome["soon"], outcome["early"]) == (2, 2)
