"""One Chromium for all browser tests of a worker, kept out of the way of tests that run a loop of their own."""

import asyncio
from asyncio.events import _set_running_loop
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_ARGS += ["--disable-sync", "--no-first-run", "--disable-quic"]
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
NARROW: ViewportSize = {"width": 320, "height": 740}
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
in_chromium = [pytest.mark.browser, needs_chromium]
"""What a module of browser tests is marked with."""

_LOOKS = 50
"""So often a page is looked at until it has taken another width."""
PATIENCE = 30_000
"""Milliseconds until a state that does not come is a failure. Machines that do much at once are slow, not wrong."""

_WHOLE = """
const unready = new CSSStyleSheet();
unready.replaceSync("html { visibility: hidden !important }");
document.adoptedStyleSheets = [unready];
addEventListener("load", () => { document.adoptedStyleSheets = []; });
"""
"""Nobody presses what is not drawn yet. Without this a test finds a button before its style and its script are there, on a slow machine."""

Launched = tuple[Browser, asyncio.AbstractEventLoop]


@pytest.fixture(scope="session")
def launched() -> Iterator[Launched]:
    """Playwright leaves its loop "running" in this thread. Between browser tests that is hidden, or no other loop could run here."""
    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGS)
        _set_running_loop(None)
        yield browser, loop
        _set_running_loop(loop)
        browser.close()


@pytest.fixture
def chromium(launched: Launched) -> Iterator[Browser]:
    """The browser, for the length of one test. Whatever contexts the test has left open are closed after it."""
    browser, loop = launched
    _set_running_loop(loop)
    expect.set_options(timeout=PATIENCE)
    yield browser
    for context in browser.contexts:
        context.close()
    _set_running_loop(None)


def in_japan(chromium: Browser, *, viewport: ViewportSize = WIDE, **manner: Any) -> BrowserContext:
    """Return a person's browser, in Japan."""
    return chromium.new_context(viewport=viewport, locale="ja-JP", timezone_id="Asia/Tokyo", **manner)


def browsing(chromium: Browser, *, viewport: ViewportSize = WIDE, **manner: Any) -> BrowserContext:
    """Return a person's browser in which a page is touched only once it is whole; no focus that an address names can be tested in it."""
    context = in_japan(chromium, viewport=viewport, **manner)
    context.add_init_script(_WHOLE)
    return context


def fits(page: Page, width: int) -> bool:
    """Whether nothing stands beyond the width that was given to the page. A busy machine lays it out anew only a moment later."""
    for _ in range(_LOOKS):
        if page.evaluate("width => innerWidth === width && document.documentElement.scrollWidth <= width", width):
            return True
        page.wait_for_timeout(100)
    return False
