"""Role, route, and whose it is: every cell is asked, and answers as the table says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from handoff.accounts.models import Role, Staff
from handoff.accounts.permissions import GRANTS, Permission, allows
from handoff.console.app import build_console
from handoff.console.edge import OPEN_ROUTES
from tests.authorization.routes import OF_OTHER_AREAS, RULES, Names, Rule, markdown
from tests.handoff.support import OTHER_CITY, OTHER_WINDOW, SAME_ORIGIN, WINDOW, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
PLACES = ("own", "other window", "other city", "unknown")
FORM: dict[str, str | int] = {
    "epoch": 1,
    "client_uuid": "00000000-0000-4000-8000-000000000000",
    "reason": "answered",
    "text": "文",
    "note": "文",
    "role": "counsellor",
    "windows": WINDOW,
    "message_id": NOBODY,
    "concern": "debt",
    "answer": "yes",
    "category": "isolation",
}
KINDS = {"link": "password", "corrections": "added", "danger": "added"}
"""``kind`` means something else on each of these pages, named by the end of its path."""


def routes(world: World) -> Iterator[str]:
    """All routes of the console, as they are, not as a list says."""
    for included in build_console(world.context).routes:
        inner = getattr(included, "original_router", included)
        for route in getattr(inner, "routes", (included,)):
            if isinstance(route, APIRoute):
                yield from (f"{method} {route.path}" for method in sorted(route.methods or ()))


async def thing(world: World, rule: Rule, place: str, name: str) -> str:
    """The id of something in that place."""
    window = OTHER_WINDOW if place == "other window" else WINDOW
    city = OTHER_CITY if place == "other city" else "aizuwakamatsu"
    if place == "unknown" or rule.names is Names.NOTHING:
        return NOBODY
    if rule.names is Names.TALK:
        return (await world.talk(window=window, municipality=city)).id
    staff = await world.staff(name, windows=(window,), municipality=city)
    return staff.id if rule.names is Names.STAFF else (await world.viewer(staff)).session_id


async def ask(browser: Browser, route: str, key: str) -> Answer:
    method, _, path = route.partition(" ")
    for name in ("talk_id", "staff_id", "session_id", "factor_id"):
        path = path.replace(f"{{{name}}}", key)
    return await (
        browser.get(path) if method == "GET" else browser.post(path, form={**FORM, "kind": KINDS.get(path.rpartition("/")[2], "")})
    )


def reaches(role: Role, rule: Rule, place: str) -> bool:
    """Tell whether a role with the needed permission reaches a thing in a place."""
    if rule.names is Names.STAFF and allows(role, Permission.MANAGE_ALL_STAFF):
        return place in {"own", "other window"}
    return place == "own"


def fault(role: Role, route: str, rule: Rule, place: str, answer: Answer) -> str:
    """Say in what an answer differs from the table; empty where it does not."""
    if answer.status >= 500 or (answer.headers.get("location") == "/console/login") != (route == "POST /logout"):
        return "failed or was put out"
    if rule.needs is not None and not allows(role, rule.needs):
        return "" if answer.status in {403, 404} else "is let in without the permission"
    if rule.names is Names.NOTHING:
        return "" if answer.status not in {401, 403, 404} else "is not let in"
    if rule.names is Names.OWN:
        return "" if answer.status in {401, 404, 422, 429} else "reaches what is somebody else's"
    if reaches(role, rule, place):
        return "" if answer.status not in {401, 403, 404} else "is not let in to the own"
    return "" if answer.status == 404 else "sees that it exists"


@pytest.mark.parametrize("role", list(Role))
async def test_every_cell_of_the_table_answers_as_it_says(world: World, role: Role) -> None:
    me: Staff = await world.staff("me", role)
    faults, cells = [], 0
    for number, (route, rule) in enumerate(RULES.items()):
        if rule.names in {Names.OPEN, Names.ELSEWHERE}:
            continue
        for place in PLACES if rule.names in {Names.TALK, Names.STAFF} else ("other window",):
            key = await thing(world, rule, place, f"c{number}-{PLACES.index(place)}")
            browser = await world.browser(me)
            answer = await ask(browser, route, key)
            cells += 1
            if said := fault(role, route, rule, place, answer):
                faults.append(f"{role} {route} {place}: {said} ({answer.status})")
    assert not faults, "\n".join(faults)
    assert cells > 80


async def test_every_route_is_in_the_table_and_the_table_has_no_others(world: World) -> None:
    found = {route for route in routes(world) if not route.partition(" ")[2].startswith(OF_OTHER_AREAS)}
    assert found - set(RULES) == set(), "add these to tests/authorization/routes.py"
    assert set(RULES) - found == set()
    assert {path for route, rule in RULES.items() if rule.names is Names.OPEN for path in [route.partition(" ")[2]]} == set(OPEN_ROUTES)


async def test_every_route_is_closed_without_a_session_or_named_as_open(world: World) -> None:
    for route in routes(world):
        method, _, path = route.partition(" ")
        answer = await Browser(world.app).ask(method, path, headers=SAME_ORIGIN)
        closed = answer.status == 303 and answer.headers["location"] == "/console/login"
        assert closed != (path in OPEN_ROUTES), (route, answer.status)


@pytest.mark.parametrize("role", [role for role in Role if allows(role, Permission.READ_TALKS)])
async def test_a_hidden_thing_and_one_that_is_not_read_the_same(world: World, role: Role) -> None:
    browser = await world.browser(await world.staff("me", role))
    for number, (route, rule) in enumerate(RULES.items()):
        if rule.names not in {Names.TALK, Names.STAFF}:
            continue
        hidden = await ask(browser, route, await thing(world, rule, "other city", f"h{number}"))
        unknown = await ask(browser, route, NOBODY)
        assert (hidden.status, hidden.text) == (unknown.status, unknown.text), route


def test_the_handbook_shows_the_table_as_it_is(database_url: str) -> None:
    assert database_url
    assert markdown(GRANTS) == (Path(__file__).parents[2] / "docs" / "authorization.md").read_text(encoding="utf-8")
