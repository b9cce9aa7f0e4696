"""Who reads the answers when somebody leaves, the town's own texts on the page, each consent, and lists longer than a page."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role, Staff
from handoff.console.app import build_console
from handoff.desk import outreach
from handoff.desk.outreach_words import load_texts
from intake.checkins.models import CheckinConsent, CheckinPlan, ConsentWay, WordsApproval
from intake.checkins.own_words import read_own_words
from intake.checkins.rhythm import CheckinSettings, Rhythm
from intake.checkins.service import CheckinContext, Consent, agree
from intake.residents.models import Resident
from tests.checkins.test_outreach import enrolled, plan_of, supervisor
from tests.handoff.conftest import cities, world
from tests.handoff.support import CITY, OTHER_WINDOW, WINDOW, Browser, World

__all__ = ["cities", "world"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OWN = """families:
  harbour:
    texts:
      harbour_gull: {text: かもめが来ています。, plain: かもめが います。, approved_by: 市の佐藤, approved_on: '2026-04-01'}
      harbour_boat: {text: 川に舟が一そう出ていました。, plain: かわに ふねが でていました。}
"""


async def test_whoever_leaves_gets_a_successor_and_other_windows_fall_to_their_own_people(world: World) -> None:
    leaving = await world.staff("leaving", name="相談員 山田", windows=(WINDOW, OTHER_WINDOW))
    after, boss = await world.staff("after", name="相談員 高橋"), await world.staff("boss", Role.SUPERVISOR, windows=(WINDOW, OTHER_WINDOW))
    plans = [await enrolled(world, "つばめ 100"), await enrolled(world, "かえで 200", window=OTHER_WINDOW)]
    async with world.database.write() as session:
        for plan in plans:
            (await session.get_one(CheckinPlan, plan.id)).staff_id = leaving.id
    browser = await world.browser(boss)
    assert "さんの後任" not in (await browser.get("/outreach")).text
    async with world.database.write() as session:
        (await session.get_one(Staff, leaving.id)).disabled_at = world.clock.now()
    page = (await browser.get("/outreach")).text
    assert "相談員 山田さんの後任" in page
    assert "お返事を読む人のいない方が2人" in page
    assert "アカウントは閉じられています" in (await browser.get(f"/outreach/plans/{plans[0].id}")).text
    assert "さんの後任" not in (await (await world.browser(after)).get("/outreach")).text
    assert (await browser.post("/outreach/keepers", before=leaving.id, after=leaving.id)).status >= 400
    assert (await browser.post("/outreach/keepers", before=leaving.id, after=after.id)).status == 303
    assert [(await plan_of(world, plan)).staff_id for plan in plans] == [after.id, None]
    assert (await browser.post("/outreach/keepers", before=leaving.id, after=after.id)).status >= 400


async def test_a_resident_is_handed_over_within_a_window_by_its_people_and_to_another_by_those_who_answer_for_it(world: World) -> None:
    plan, city = await enrolled(world), world.context.cities[CITY]
    there = next(key for key in sorted(city.windows) if key != WINDOW)
    one, boss = await world.browser(await world.staff("a")), await world.browser(await supervisor(world))
    next_door = await world.staff("b", windows=(there,))
    path = f"/outreach/plans/{plan.id}/successor"
    assert (await one.post(path, window=there)).status == 403
    assert (await boss.post(path, window="nowhere")).status >= 400
    assert (await boss.post(path, window=there, staff=(await world.staff("c")).id)).status >= 400
    assert (await boss.post(path, window=there, staff=next_door.id)).status == 303
    after = await plan_of(world, plan)
    assert (after.window_id, after.staff_id) == (there, next_door.id)


async def with_own_words(world: World, folder: Path, text: str) -> World:
    """The same console with a file of the town's own texts."""
    (folder / "checkins").mkdir(exist_ok=True)
    (folder / "checkins" / f"{CITY}.yaml").write_text(text, encoding="utf-8")
    object.__setattr__(world.context, "data_dir", folder)
    object.__setattr__(world, "app", build_console(world.context))
    return world


async def test_the_towns_own_texts_stand_first_with_who_approved_them_and_when(world: World, tmp_path: Path) -> None:
    world = await with_own_words(world, tmp_path, OWN)
    browser: Browser = await world.browser(await supervisor(world))
    words, city = read_own_words(tmp_path, CITY).words, world.context.cities[CITY]
    async with world.database.read() as session:
        rows = {row.key: row for row in await load_texts(session, city, words)}
    assert (rows["harbour_gull"].approved, rows["harbour_gull"].by, rows["harbour_gull"].on) == (True, "市の佐藤", "2026-04-01")
    assert rows["harbour_boat"].own
    assert not rows["harbour_boat"].approved
    assert not rows["desk_pot"].own
    page = (await browser.get("/outreach")).text
    assert "市の文面" in page
    assert "市の佐藤・2026-04-01（ファイルに記載）" in page
    boat = words.texts["harbour_boat"]
    assert (await browser.post("/outreach/words", words=f"harbour_boat.{boat.fingerprint}", way="approve")).status == 303
    assert "責任者 鈴木・2026-04-07" in (await browser.get("/outreach")).text
    await with_own_words(world, tmp_path, OWN.replace("一そう", "二そう"))
    assert "責任者 鈴木・2026-04-07" not in (await browser.get("/outreach")).text, "another wording needs another approval"
    await browser.post("/outreach/words", words=f"harbour_boat.{boat.fingerprint}", way="approve")
    async with world.database.read() as session:
        assert (await session.get_one(WordsApproval, (CITY, "harbour_boat"))).fingerprint == boat.fingerprint, (
            "only what was read is approved"
        )
    await browser.post("/outreach/words", words=f"harbour_boat.{boat.fingerprint}", way="withdraw")
    async with world.database.read() as session:
        assert await session.get(WordsApproval, (CITY, "harbour_boat")) is None


async def test_a_wrong_file_of_the_town_sends_nothing_and_is_named_on_the_page(world: World, tmp_path: Path) -> None:
    world = await with_own_words(world, tmp_path, OWN.replace("かもめが来ています。", "お元気ですか。"))
    own = read_own_words(tmp_path, CITY)
    assert own.words.texts == {}
    page = (await (await world.browser(await supervisor(world))).get("/outreach")).text
    assert "市の文面のファイルに誤りがある" in page
    assert "harbour_gull" in page
    await with_own_words(world, tmp_path, OWN)
    assert read_own_words(tmp_path, CITY).faults == ()


async def test_each_consent_stays_with_its_words_also_after_a_change(world: World) -> None:
    plan = await enrolled(world)
    world.clock.advance(days=9)
    async with world.database.write() as session:
        resident = await session.get_one(Resident, plan.resident_id)
        consent = Consent(settings=CheckinSettings(rhythm=Rhythm.MONTHLY), text="月に1回の内容です。", way=ConsentWay.STAFF, heavy=False)
        context = CheckinContext(ring=world.ring, cities=world.context.cities)
        await agree(session, context, resident, plan.conversation_id, consent, world.clock.now())
    async with world.database.read() as session:
        kept = (await session.scalars(select(CheckinConsent).order_by(CheckinConsent.id))).all()
    assert [(row.text, row.way) for row in kept] == [("お便りの内容です。", ConsentWay.TALK), ("月に1回の内容です。", ConsentWay.STAFF)]
    assert kept[1].agreed_at - kept[0].agreed_at == timedelta(days=9)
    page = (await (await world.browser(await world.staff("a"))).get(f"/outreach/plans/{plan.id}")).text
    assert page.index("月に1回の内容です。") < page.index("お便りの内容です。")


async def test_a_list_longer_than_a_page_is_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outreach, "PAGE", 2)
    handles = [f"つばめ {number}" for number in range(5)]
    for handle in handles:
        await enrolled(world, handle)
        world.clock.advance(minutes=1)
    browser, seen, after = await world.browser(await world.staff("a")), [], ""
    for _ in range(3):
        page = (await browser.get(f"/outreach?after={after}")).text
        seen += [handle for handle in handles if handle in page]
        after = page.partition("/outreach?after=")[2].partition("#")[0]
    assert (seen, after) == (handles, "")
