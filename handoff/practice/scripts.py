"""The invented residents: data, checked when it is first read."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).parent / "scripts.yaml"


class Script(BaseModel):
    """One invented resident: what they say, and what staff practise with them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z_]{1,40}$")
    title: str = Field(min_length=1, max_length=60)
    aim: str = Field(min_length=1, max_length=200)
    lines: tuple[str, ...] = Field(min_length=2)


class _Scripts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    scripts: tuple[Script, ...] = Field(min_length=5)


@cache
def load_scripts() -> Mapping[str, Script]:
    """Return the scripts by their keys, in the order of the file."""
    found = _Scripts.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8"))).scripts
    return {script.key: script for script in found}
