"""Long runs of this folder only where they are asked for: ``make soak``."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in config.getoption("markexpr"):
        return
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("soak") is not None:
            item.add_marker(pytest.mark.skip(reason="a long run; `make soak` does it"))
