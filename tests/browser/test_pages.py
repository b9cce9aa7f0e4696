"""Every page of the console, once: nothing wider than the screen, nothing that axe finds, nothing out of reach of keys, eyes or paper."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.authorization.routes import RULES
from tests.browser.furnished import furnish
from tests.handoff.conftest import invented_cities
from tests.handoff.served import Served, Stage, serve
from tests.handoff.test_browser import shoot
from tests.support.chromium import NARROW, PHONE, WIDE, browsing, in_chromium

pytestmark = in_chromium

PLAIN = (
    ("/", "/?view=all", "/hops", "/companions", "/search", "/windows"),
    ("/duty", "/notices", "/practice", "/outreach", "/directory", "/account"),
    ("/staff", "/watch", "/oversight", "/audit", "/examples", "/organisations"),
    ("/statistics", "/statistics/hand", "/statistics/issues", "/statistics/reports", "/statistics/targets", "/statistics/talks"),
)
NAMED = (
    ("talk", "form", "record", "report", "emergency"),
    ("asked", "transfer", "unread", "plan", "member"),
    ("body", "example", "missing"),
)
BARE = {"missing"}
OF_THE_OPERATOR = {"/organisations", "body"}
GROUPS = [*PLAIN, *NAMED]
NOT_A_PAGE = re.compile(
    r"/(login.*|invitation/.*|account/factors/new|stream|queue/rows|duty/line|notices/new|.*/file|.*/files|.*/chart/.*|.*/desk|.*/shown)"
)
"""No pages of their own, or steps of a login, which tests/accounts looks at."""
SHOWN = {"/audit", "/staff", "/account", "/companions", "/statistics", "/statistics/targets", "/organisations", "talk", "unread"}
"""Pages whose pictures stand in docs/screens; others are shot where something is done on them."""
TARGETS = {"rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDER = """
() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => `wider: ${one.tagName}.${one.className}`).slice(0, 5)
"""
UNSEEN_FOCUS = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !one.disabled && !one.closest("dialog"))
  .filter((one) => {
    one.focus({ focusVisible: true, preventScroll: true });
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return document.activeElement === one && (outlineStyle === "none" || parseFloat(outlineWidth) < 2);
  }).map((one) => `no focus: ${one.tagName}#${one.id}.${one.className}`)
"""
MOVING = """
() => [...document.querySelectorAll("*")].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0)
  .map((one) => `moves: ${one.tagName}.${one.className}`).concat(document.getAnimations().map(() => "moves: an animation"))
"""


@dataclass(frozen=True)
class Furnished:
    """A desk where a day has happened, with the paths of the pages that have an id."""

    served: Served
    paths: Mapping[str, str]
    tokens: Mapping[str, str]

    def path(self, name: str) -> str:
        return self.paths.get(name, name)


@pytest.fixture(scope="module")
def furnished(stage: Stage, sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with serve(stage, tmp_path_factory.mktemp("furnished"), sqlite_template, invented_cities()) as served:
        paths = dict(served.do(furnish(served.world)))
        paths["missing"] = f"{paths['talk']}0"
        yield Furnished(served=served, paths=paths, tokens={login: served.token(login) for login in ("chief", "ops")})


@pytest.fixture
def page(chromium: Browser) -> Page:
    context = browsing(chromium, viewport=NARROW, reduced_motion="reduce")
    return context.new_page()


def open_page(page: Page, furnished: Furnished, name: str) -> None:
    token = furnished.tokens["ops" if name in OF_THE_OPERATOR else "chief"]
    page.context.add_cookies([{"name": "tsunagi_session", "value": token, "url": furnished.served.url}])
    page.set_viewport_size(NARROW)
    page.goto(f"{furnished.served.url}{furnished.path(name)}")
    if name not in BARE:
        expect(page.locator("#menu"), f"{name}: the keys are not listened to").to_be_visible()


def axe(page: Page, options: Mapping[str, Any]) -> list[str]:
    found = Axe().run(page, context={"exclude": [[".watermark"]]}, options=dict(options)).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


def faults_of(page: Page) -> list[str]:
    """Look at a page in each manner in which somebody may have it before them."""
    faults = [*page.evaluate(WIDER), *axe(page, TARGETS), *page.evaluate(MOVING), *page.evaluate(UNSEEN_FOCUS)]
    page.emulate_media(forced_colors="active")
    faults += page.evaluate(UNSEEN_FOCUS)
    page.emulate_media(forced_colors="none", color_scheme="dark")
    faults += axe(page, COLOURS)
    page.set_viewport_size(WIDE)
    faults += [*page.evaluate(WIDER), *axe(page, COLOURS)]
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 703, "height": 1000})
    faults += [*page.evaluate(WIDER), *(["on paper: the menu"] if page.locator(".bar").is_visible() else [])]
    page.emulate_media(media="screen", color_scheme="light")
    return faults


def picture(page: Page, name: str) -> None:
    for size, end in ((WIDE, ""), (PHONE, "-phone")):
        page.set_viewport_size(size)
        shoot(page, f"{name.strip('/').replace('/', '-')}{end}")


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[-1].strip("/"))
def test_a_page_has_no_fault_on_a_narrow_screen_in_the_dark_in_forced_colours_on_paper_or_by_keys(
    page: Page, furnished: Furnished, names: tuple[str, ...]
) -> None:
    faults = []
    for name in names:
        open_page(page, furnished, name)
        faults += [f"{name}: {fault}" for fault in faults_of(page)]
        if name in SHOWN:
            picture(page, name)
    assert faults == []


def test_no_page_of_the_console_is_left_out(furnished: Furnished) -> None:
    looked_at = [furnished.path(name).partition("?")[0] for names in GROUPS for name in names]
    routes = [route.removeprefix("GET ") for route in RULES if route.startswith("GET ")]
    pages = [route for route in routes if not NOT_A_PAGE.fullmatch(route)]
    left_out = [route for route in pages if not any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route), path) for path in looked_at)]
    assert left_out == []
