import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handoff", "intake", "routing", "nlp")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
PAGES = [
    ROOT / "docs" / "architecture.md",
    ROOT / "docs" / "operations.md",
    ROOT / "docs" / "glossary.md",
    *(ROOT / "docs" / "adr").glob("*.md"),
]
MADE_LATER = ("docs/screens",)


def quoted(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_file_that_a_page_names_is_there(page: Path) -> None:
    roots = (*PACKAGES, "tests", "docs", ".ci")
    named = [text for text in quoted(page) if re.fullmatch(r"[\w./*-]+", text) and text.partition("/")[0] in roots and "/" in text]
    missing = [text for text in named if text not in MADE_LATER and not any(ROOT.glob(text.rstrip("/")))]
    assert missing == []


def test_each_code_word_of_the_glossary_stands_in_the_code() -> None:
    rows = [
        line.split("|")[2] for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    words = {
        word for row in rows for text in re.findall(r"`([^`]+)`", row) for word in re.findall(r"[A-Za-z_]{3,}", text) if "/" not in text
    }
    assert len(words) > 50
    assert sorted(word for word in words if not re.search(rf"\b{word}", SOURCE)) == []


def test_each_table_of_the_database_is_explained() -> None:
    tables = set(re.findall(r'__tablename__ = "(\w+)"', SOURCE))
    assert tables
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.partition("## 表")[2].partition("\n## ")[0]
    assert {table for table in tables if f"`{table}`" not in section} == set()
