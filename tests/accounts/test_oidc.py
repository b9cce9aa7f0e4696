"""Login by the accounts of the town hall: for accounts that exist, on the provider's own word, in the browser that asked."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from handoff.accounts.oidc import OidcConfig, OidcProvider
from handoff.accounts.staff import disable_staff
from handoff.console.app import build_console
from tests.accounts.provider import CLIENT, SECRET, LoopbackProvider, loopback_provider
from tests.accounts.support import enrolled, person
from tests.handoff.support import CITY, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Hall:
    """A console that knows a provider."""

    world: World
    provider: LoopbackProvider

    async def out(self, browser: Browser) -> str:
        answer = await browser.get("/login/oidc")
        assert answer.status == 303, answer.text
        return answer.headers["location"]

    def shows(self, url: str, **claims: Any) -> tuple[str, str]:
        return self.provider.shows(url, int(self.world.clock.now().timestamp()), **{"preferred_username": "tanaka", **claims})

    async def back(self, browser: Browser, state: str, code: str) -> Answer:
        return await browser.get(f"/login/oidc/callback?state={state}&code={code}")

    async def comes(self, **claims: Any) -> Answer:
        browser = Browser(self.world.app)
        return await self.back(browser, *self.shows(await self.out(browser), **claims))


def built(world: World, provider: LoopbackProvider, **rest: Any) -> World:
    config = OidcConfig(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        redirect_uri="https://desk.test/console/login/oidc/callback",
        municipality=CITY,
        label="庁内のアカウントでログイン",
        login_claim="preferred_username",
        second_factors=frozenset(),
    )
    context = replace(world.context, oidc=OidcProvider(replace(config, **rest)))
    return replace(world, context=context, app=build_console(context))


@pytest.fixture
async def hall(world: World) -> AsyncIterator[Hall]:
    async with loopback_provider() as provider:
        yield Hall(world=built(world, provider), provider=provider)


def inside(answer: Answer) -> bool:
    return any(cookie.startswith("tsunagi_session=") for cookie in answer.cookies)


async def test_whoever_the_provider_shows_is_asked_for_our_second_factor_all_the_same(hall: Hall) -> None:
    await enrolled(hall.world)
    answer = await hall.comes(amr=["pwd", "mfa"])
    assert answer.status == 200
    assert "url=/console/login/second" in answer.text
    assert not inside(answer)
    assert any(cookie.startswith("tsunagi_step=") for cookie in answer.cookies)


async def test_a_second_factor_of_the_provider_counts_where_the_settings_say_so_and_only_if_it_was_seen(hall: Hall) -> None:
    await enrolled(hall.world)
    trusting = Hall(world=built(hall.world, hall.provider, second_factors=frozenset({"mfa"})), provider=hall.provider)
    answer = await trusting.comes(amr=["pwd", "mfa"])
    assert inside(answer)
    assert 'url=/console/"' in answer.text
    assert not inside(await trusting.comes(amr=["pwd"]))
    assert not inside(await trusting.comes())


async def test_nobody_gets_an_account_by_logging_in(hall: Hall) -> None:
    answer = await hall.comes(preferred_username="dareka")
    assert answer.status == 401
    assert "つなぎに登録されていません" in answer.text
    assert not inside(answer)


async def test_a_closed_account_stays_closed(hall: Hall) -> None:
    staff = await person(hall.world, "gone")
    async with hall.world.database.write() as session:
        await disable_staff(session, staff.id, hall.world.clock.now())
    assert (await hall.comes(preferred_username="gone")).status == 401


@pytest.mark.parametrize(
    "spoilt",
    [
        {"aud": "another"},
        {"iss": "https://elsewhere.test"},
        {"nonce": "of another round"},
        {"exp": 1},
        {"preferred_username": None},
        {"aud": [CLIENT, "another"]},
    ],
    ids=["audience", "issuer", "nonce", "time", "nobody", "party"],
)
async def test_an_answer_that_is_not_for_us_and_for_this_round_lets_nobody_in(hall: Hall, spoilt: dict[str, Any]) -> None:
    await enrolled(hall.world)
    answer = await hall.comes(**spoilt)
    assert answer.status == 401
    assert "確かめられませんでした" in answer.text


async def test_an_answer_signed_by_another_key_lets_nobody_in(hall: Hall) -> None:
    await enrolled(hall.world)
    hall.provider.published = RSAKey.generate_key(2048, {"kid": "first"})
    assert (await hall.comes()).status == 401


async def test_an_answer_signed_with_our_own_secret_lets_nobody_in(hall: Hall) -> None:
    await enrolled(hall.world)
    hall.provider.published = hall.provider.key
    hall.provider.key, hall.provider.algorithm = OctKey.import_key(SECRET * 2, {"kid": "first"}), "HS256"  # type: ignore[assignment]
    assert (await hall.comes()).status == 401


async def test_a_new_key_of_the_provider_is_learned_at_the_first_answer(hall: Hall) -> None:
    await enrolled(hall.world)
    assert (await hall.comes()).status == 200
    hall.provider.key = RSAKey.generate_key(2048, {"kid": "first"})
    assert (await hall.comes()).status == 200


async def test_an_answer_counts_only_in_the_browser_that_asked_and_only_once(hall: Hall) -> None:
    await enrolled(hall.world)
    mine, other = Browser(hall.world.app), Browser(hall.world.app)
    state, code = hall.shows(await hall.out(mine))
    assert (await hall.back(other, state, code)).status == 401
    await hall.out(other)
    assert (await hall.back(other, state, code)).status == 401
    kept = dict(mine.cookies)
    assert (await hall.back(mine, state, code)).status == 200
    mine.cookies = kept
    assert (await hall.back(mine, state, code)).status == 401
    assert hall.provider.refused == 1


async def test_a_code_without_the_verifier_of_its_round_is_refused_by_the_provider(hall: Hall) -> None:
    await enrolled(hall.world)
    browser = Browser(hall.world.app)
    _, stolen = hall.shows(await hall.out(browser))
    state, _ = hall.shows(await hall.out(browser))
    assert (await hall.back(browser, state, stolen)).status == 401
    assert hall.provider.refused == 1


async def test_a_round_that_took_too_long_begins_anew(hall: Hall) -> None:
    await enrolled(hall.world)
    browser = Browser(hall.world.app)
    state, code = hall.shows(await hall.out(browser))
    hall.world.clock.advance(minutes=11)
    assert (await hall.back(browser, state, code)).status == 401


async def test_a_provider_that_does_not_answer_leaves_the_password(world: World) -> None:
    dead = built(world, LoopbackProvider(issuer="http://127.0.0.1:1", key=RSAKey.generate_key(2048)))
    answer = await Browser(dead.app).get("/login/oidc")
    assert answer.status == 401
    assert 'name="password"' in answer.text


async def test_without_a_provider_there_is_neither_button_nor_address(world: World, hall: Hall) -> None:
    assert "庁内のアカウント" in (await Browser(hall.world.app).get("/login")).text
    assert "庁内のアカウント" not in (await Browser(world.app).get("/login")).text
    assert (await Browser(world.app).get("/login/oidc")).status == 404
