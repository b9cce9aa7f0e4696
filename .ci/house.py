"""Checks what no other tool does: sizes of files and functions, links of the documents, and what must never be committed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 40
ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN_NAMES = re.compile(r"(^|/)(uv\.lock|pylock[^/]*\.toml)$")
FORBIDDEN_TEXT = re.compile(r'"resolved":|^--(extra-)?index-url|^registry *=', re.MULTILINE)


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks or would track, below the project root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603 - a fixed command
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def sizes() -> list[str]:
    """Files over 400 lines and functions over 40, docstrings included."""
    found = []
    for path in tracked("*.py"):
        if "migrations/versions" in path.as_posix():
            continue  # A revision is a record of what was done, as long as that was.
        source = path.read_text(encoding="utf-8")
        lines = source.count("\n")
        name = path.relative_to(ROOT)
        if lines > FILE_LINES:
            found.append(f"{name}: {lines} lines; over {FILE_LINES} a file is two things")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(f"{name}:{node.lineno}: {node.name} has {length} lines; over {FUNCTION_LINES} a function is two things")
    return found


def broken_links() -> list[str]:
    """Relative links of Markdown files that lead nowhere."""
    found = []
    for path in tracked("*.md"):
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                found.append(f"{path.relative_to(ROOT)}: the link to {target} leads nowhere")  # noqa: PERF401 - three conditions read better as lines
    return found


def forbidden() -> list[str]:
    """Files that record where packages come from."""
    found = [f"{path.relative_to(ROOT)}: must not be committed" for path in tracked() if FORBIDDEN_NAMES.search(path.as_posix())]
    for path in tracked("*.json", "*.txt", "*.in", ".npmrc", "*.toml"):
        if FORBIDDEN_TEXT.search(path.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(ROOT)}: names a package registry")  # noqa: PERF401 - two loops read better as lines
    return found


def main() -> int:
    """Print what was found, one line each; 1 if anything was."""
    found = [*sizes(), *broken_links(), *forbidden()]
    print("\n".join(found) if found else "house: sizes, links and locks are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
