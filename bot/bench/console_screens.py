"""Thirty real screens: Chromium contexts that show one talk, and note when a line stands in the page."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

_ARGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-extensions")
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_AT_ONCE = 6
_WATCH = """() => {
  window.__seen = {};
  new MutationObserver((found) => {
    const at = performance.timeOrigin + performance.now();
    for (const one of found) for (const node of one.addedNodes) if (node.id) window.__seen[node.id] ??= at;
  }).observe(document.getElementById("lines"), { childList: true });
}"""


class NoScreensError(Exception):
    """There is no browser here to measure with; the text says what is missing."""


class Screens:
    """Browser contexts that all show the same talk. Use as a context manager."""

    def __init__(self, base: str, talk: str, tokens: Sequence[str]) -> None:
        self._base, self._talk, self._tokens = base, talk, tokens
        self._pages: list[Any] = []
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the browser and open all screens."""
        try:
            from playwright.async_api import async_playwright  # noqa: PLC0415 - a package of development only
        except ImportError as error:
            raise NoScreensError("playwright is not installed") from error
        path = next((found for name in _NAMES if (found := shutil.which(name))), None)
        if path is None:
            raise NoScreensError("Chromium is not installed")
        playwright = await self._open.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=path, args=list(_ARGS))
        self._open.push_async_callback(browser.close)
        turns = asyncio.Semaphore(_AT_ONCE)
        self._pages = list(await asyncio.gather(*(self._show(browser, token, turns) for token in self._tokens)))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the browser."""
        await self._open.aclose()

    async def _show(self, browser: Any, token: str, turns: asyncio.Semaphore) -> Any:
        async with turns:
            context = await browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 800})
            await context.add_cookies([{"name": "tsunagi_session", "value": token, "url": self._base}])
            page = await context.new_page()
            await page.goto(f"{self._base}/console/talks/{self._talk}")
            await page.wait_for_selector('#link[data-state="open"]')
            await page.evaluate(_WATCH)
        return page

    async def seen(self) -> Sequence[Mapping[str, float]]:
        """Return, for each screen, when each line stood in the page (seconds since 1970)."""
        found = await asyncio.gather(*(page.evaluate("() => window.__seen") for page in self._pages))
        return [{name: at / 1000 for name, at in one.items()} for one in found]
