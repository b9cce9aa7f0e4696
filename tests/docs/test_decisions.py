from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))
HEADINGS = ["## Context", "## Decision", "## Consequences", "## Rejected"]
ONE_PAGE = 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_decision_has_its_four_parts_in_order_and_fits_a_page(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ")] == HEADINGS
    assert len(lines) <= ONE_PAGE


def test_decisions_are_numbered_without_gaps_and_titled_by_their_number() -> None:
    assert [int(path.name[:4]) for path in FILES] == list(range(1, len(FILES) + 1))
    assert FILES
    for path in FILES:
        assert path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]}: ")
