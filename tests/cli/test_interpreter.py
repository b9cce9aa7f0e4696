"""The environment is made with the Python that was given, or with a build of the same version that is clearly faster."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parents[2] / ".ci" / "interpreter.py"


@pytest.fixture
def interpreter() -> ModuleType:
    spec = importlib.util.spec_from_file_location("interpreter", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _took(times: dict[str, float | None]) -> Callable[[str], float | None]:
    return times.__getitem__


@pytest.mark.parametrize(
    ("times", "chosen"),
    [
        ({"given": 1.0, "other": 0.95}, "given"),
        ({"given": 1.0, "other": 0.8, "third": 0.7}, "third"),
        ({"given": 1.0, "broken": None}, "given"),
        ({"given": None, "other": 0.5}, "given"),
        ({"given": 1.0}, "given"),
    ],
)
def test_another_build_is_taken_only_when_it_is_clearly_faster(
    interpreter: ModuleType, monkeypatch: pytest.MonkeyPatch, times: dict[str, float | None], chosen: str
) -> None:
    monkeypatch.setattr(interpreter, "seconds", _took(times))
    assert interpreter.fastest(list(times)) == chosen


def test_the_given_python_comes_first_and_every_build_is_there_once(interpreter: ModuleType) -> None:
    found = interpreter.builds()
    assert Path(found[0]).resolve() == Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    assert len({Path(path).resolve() for path in found}) == len(found)


def test_what_is_no_python_of_this_version_is_not_measured(interpreter: ModuleType, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho False 0.001\n", encoding="utf-8")
    other.chmod(0o755)
    assert interpreter.seconds(str(other)) is None
    assert interpreter.seconds(str(tmp_path / "nothing")) is None
    assert (interpreter.seconds(sys.executable) or 0) > 0
