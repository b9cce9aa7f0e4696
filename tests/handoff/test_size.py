"""What the console sends to a browser: little, and packed."""

import asyncio
import gzip
import re
from pathlib import Path

from handoff.console.render import HERE
from tests.handoff.support import Browser, World

STATIC = HERE / "static"
FLOOR, DESK = 60_000, 41_000
DESK_FILES = (
    *("console", "live", "follow", "keys", "command", "session", "length", "writing", "place", "refresh"),
    *("presence", "notices", "stream-worker", "age", "later"),
)


def packed(files: list[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_all_scripts_and_styles_together_stay_under_sixty_kilobytes() -> None:
    files = [file for kind in ("js", "css") for file in STATIC.rglob(f"*.{kind}")]
    assert {"htmx.min.js", "dads-tokens.css", "console.js", "tokens.css"} <= {file.name for file in files}
    assert packed(files) <= FLOOR


def test_the_desk_itself_takes_much_less() -> None:
    scripts = [STATIC / f"{name}.js" for name in DESK_FILES]
    styles = [STATIC / f"{name}.css" for name in ("tokens", "console", "desk", "care", "vendor/dads-tokens")]
    assert packed([*scripts, *styles, STATIC / "vendor" / "htmx.min.js"]) <= DESK


def test_of_the_colours_of_the_design_system_those_that_have_our_names_travel_and_no_others() -> None:
    named = set(re.findall(r"var\((--(?:color|border)[a-z0-9-]+)\)", (STATIC / "tokens.css").read_text(encoding="utf-8")))
    there = set(re.findall(r"^  (--[a-z0-9-]+):", (STATIC / "vendor" / "dads-tokens.css").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == there


async def test_scripts_and_styles_travel_packed_and_a_browser_may_keep_them(world: World) -> None:
    browser = Browser(world.app)
    start: dict[str, object] = {}

    async def send(message: dict[str, object]) -> None:
        start.update(message)

    async def receive() -> dict[str, object]:
        return await asyncio.Future()

    scope = browser.scope("GET", "/static/console.css", {"accept-encoding": "gzip"})
    await browser.app(scope, receive, send)  # type: ignore[arg-type]
    headers = dict(start["headers"])  # type: ignore[call-overload]
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"cache-control"] == b"no-cache"
    assert headers[b"etag"]
