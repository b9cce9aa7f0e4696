"""The demo, served once for all browser tests of a worker: to start it costs more than most of them."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.base.database import sqlite_url
from tests.browser.served import Served, demo

TUESDAY_MORNING = datetime(2026, 4, 7, 1, 5, tzinfo=UTC)
"""10:05 in Japan."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "tsunagi.db")
    with demo(folder, sqlite_url(folder / "tsunagi.db"), TUESDAY_MORNING) as found:
        yield found
