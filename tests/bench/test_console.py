"""The benchmark of the console, small: what it measures is really heard."""

from pathlib import Path

import pytest

from bot.bench import console
from bot.bench.console_server import ask, console_under_test
from bot.settings import Settings


async def test_every_console_hears_every_event_and_the_queue_shows_the_talks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "CONSOLES", 3)
    with console_under_test(Settings(data_dir=tmp_path)) as server:
        seeded = await console._seed(server.port, talks=5, consoles=3, first=0)
        found = await console._streams(server, seeded, 1)
        _, page = await ask(server.port, "GET", "/console/?view=all", seeded["tokens"][0])
    assert found["fanout_missed"] == 0
    assert 0 < found["fanout_p50_s"] <= found["fanout_p99_s"]
    assert page.count(b'class="row"') == 5
