"""The work beside a talk: tags, corrections, forms, records, plans, mentions, templates, search. And what the list costs."""

import uuid
from datetime import date

import pytest

from handoff.accounts.models import Role
from handoff.desk import actions, companions, corrections, later, search, window_rules
from handoff.desk.badges import load_badges
from handoff.desk.errors import TextError
from handoff.desk.form import check_marks, prefilled
from handoff.desk.mentions import read_mentions, unread_mentions
from handoff.desk.phrases import filled, load_phrases
from handoff.desk.record_models import CorrectionKind, TemplateUse
from handoff.desk.records import records_of, write_record
from intake.base.errors import NotFoundError
from nlp.reading import Concern, PersonalDatum, PersonalKind, Reading
from routing.rules import FORM_ITEMS
from tests.handoff.support import OTHER_WINDOW, WINDOW, World
from tests.handoff.test_queue import counted


def test_the_form_marks_the_first_concern_as_the_main_one() -> None:
    marks = prefilled((Concern.CARE, Concern.RENT_LOAN))
    assert marks == {"家賃やローンの支払いのこと": "○", "介護のこと": "◎"}
    assert len(FORM_ITEMS) == 16


@pytest.mark.parametrize("marks", [{"介護のこと": "◎", "その他": "◎"}, {"介護": "○"}, {"介護のこと": "×"}])
def test_two_main_items_and_unknown_ones_are_refused(marks: dict[str, str]) -> None:
    with pytest.raises(TextError):
        check_marks(marks)


async def test_the_form_comes_filled_and_keeps_what_a_person_changed(world: World) -> None:
    talk = await world.talk("母の介護で家賃も苦しいです", reading=Reading(concerns=(Concern.CARE, Concern.RENT_LOAN)))
    browser = await world.browser(await world.staff("a"))
    care = FORM_ITEMS.index("介護のこと")
    page = await browser.get(f"/talks/{talk.id}/form")
    assert f'name="item{care}" value="◎" checked' in " ".join(page.text.split())
    saved = await browser.post(f"/talks/{talk.id}/form", form={f"item{care}": "○", "item15": "◎"})
    assert saved.status == 303
    after = " ".join((await browser.get(f"/talks/{talk.id}/form")).text.split())
    assert f'name="item{care}" value="○" checked' in after
    assert 'name="item15" value="◎" checked' in after


async def test_one_click_takes_a_wrong_reading_away_and_another_adds_what_was_missed(world: World) -> None:
    talk = await world.talk(reading=Reading(concerns=(Concern.CARE,)))
    viewer = await world.viewer(await world.staff("a"))
    clicks = ((Concern.CARE, CorrectionKind.REMOVED), (Concern.DEBT, CorrectionKind.ADDED))
    for concern, kind in clicks:
        async with world.database.write() as session:
            await corrections.correct(session, viewer, talk.id, concern, kind, now=world.clock.now())
    async with world.database.read() as session:
        found = await corrections.corrections_of(session, talk.id)
    assert corrections.corrected((Concern.CARE, Concern.FOOD), found) == (Concern.FOOD, Concern.DEBT)


async def test_a_record_is_added_once_and_keeps_facts_and_opinion_apart(world: World) -> None:
    talk = await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    number = str(uuid.uuid4())
    for _ in range(2):
        async with world.database.write() as session:
            parts = {"facts": "家賃2か月分", "view": "孤立の心配", "done": " "}
            await write_record(session, world.ring, viewer, talk.id, parts, client_uuid=number, now=world.clock.now())
    async with world.database.read() as session:
        (record,) = await records_of(session, world.ring, talk.id)
    assert record.parts == {"facts": "家賃2か月分", "view": "孤立の心配"}


async def test_a_colleague_named_in_a_note_is_told_until_they_have_looked(world: World) -> None:
    talk = await world.talk()
    viewer, named, other = [await world.viewer(await world.staff(f"l{n}", name=name)) for n, name in enumerate(("田中", "鈴木一", "鈴木"))]
    async with world.database.write() as session:
        text, number = "@鈴木一 さん、お願いします", str(uuid.uuid4())
        await actions.write_note(session, world.ring, viewer, talk.id, text=text, client_uuid=number, now=world.clock.now())
    async with world.database.read() as session:
        assert [await unread_mentions(session, one) for one in (named, other, viewer)] == [[talk.id], [], []]
    async with world.database.write() as session:
        await read_mentions(session, named, talk.id, now=world.clock.now())
    async with world.database.read() as session:
        assert (await load_badges(session, named, world.clock.now())).mentions == 0


async def test_the_next_contact_stands_in_the_list_and_is_late_after_its_day(world: World) -> None:
    talk = await world.talk()
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.write() as session:
        await actions.claim(session, viewer, talk.id, now=world.clock.now())
        due, plan = date(2026, 4, 8), "電話で様子をうかがう"
        await companions.plan_contact(session, world.ring, viewer, talk.id, due_on=due, plan=plan, now=world.clock.now())
    async with world.database.read() as session:
        (one,) = await companions.companions(session, world.ring, viewer)
        before = await load_badges(session, viewer, world.clock.now())
    world.clock.advance(days=2)
    async with world.database.read() as session:
        after = await load_badges(session, viewer, world.clock.now())
    assert (one.plan, one.late(world.clock.now()), before.due, after.due) == ("電話で様子をうかがう", True, 0, 1)


async def test_a_shift_note_reaches_its_window_alone_until_it_is_settled(world: World) -> None:
    viewer, other = await world.viewer(await world.staff("a")), await world.viewer(await world.staff("b", windows=(OTHER_WINDOW,)))
    async with world.database.write() as session:
        await companions.write_shift_note(session, world.ring, viewer, WINDOW, "15時に電話", now=world.clock.now())
    async with world.database.read() as session:
        (note,) = await companions.shift_notes(session, world.ring, viewer, world.clock.now())
        assert await companions.shift_notes(session, world.ring, other, world.clock.now()) == []
    async with world.database.write() as session:
        with pytest.raises(NotFoundError):
            await companions.settle_shift_note(session, other, note.id, now=world.clock.now())
        await companions.settle_shift_note(session, viewer, note.id, now=world.clock.now())
    async with world.database.read() as session:
        assert await companions.shift_notes(session, world.ring, viewer, world.clock.now()) == []


async def test_search_finds_words_in_ones_own_talks_and_never_by_personal_data(world: World) -> None:
    phone = PersonalDatum(kind=PersonalKind.PHONE, start=5, end=18)
    mine = await world.talk("連絡先は、080-0000-0001 家賃のことです", reading=Reading(personal_data=(phone,)))
    await world.talk("家賃が払えません", window=OTHER_WINDOW)
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.read() as session:
        found = await search.search(session, world.ring, viewer, "家賃")
        by_number = await search.search(session, world.ring, viewer, "0000")
    assert [hit.talk_id for hit in found.found] == [mine.id]
    assert "0000" not in found.found[0].excerpt
    assert by_number.found == ()


async def test_search_says_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LOOKED_THROUGH", 2)
    for text in ("古い言葉", "ふつう", "ふつう"):
        await world.talk(text)
        world.clock.advance(seconds=1)
    viewer = await world.viewer(await world.staff("a"))
    async with world.database.read() as session:
        found = await search.search(session, world.ring, viewer, "古い")
    assert (found.found, found.looked, found.more) == ((), 2, True)


def test_hours_of_answering_are_kept_in_order_however_they_are_typed() -> None:
    assert window_rules.parse_times("15：00、9:30") == "09:30;15:00"


async def test_templates_of_a_window_are_filled_and_an_unknown_variable_is_refused(world: World) -> None:
    boss = await world.viewer(await world.staff("boss", Role.MANAGER))
    async with world.database.write() as session:
        first, now = TemplateUse.FIRST, world.clock.now()
        await window_rules.add_template(session, boss, window_id=WINDOW, use=first, title="あいさつ", text="{窓口}の{名乗り}です", now=now)
        with pytest.raises(TextError, match="使えない変数「電話」"):
            await window_rules.add_template(session, boss, window_id=WINDOW, use=first, title="あいさつ", text="{電話}", now=now)
    talk = await world.talk()
    page = await (await world.browser(await world.staff("a", name="佐藤"))).get(f"/talks/{talk.id}")
    assert "くらしの相談の佐藤です" in page.text


def test_every_sentence_of_the_project_can_be_filled() -> None:
    values = {"窓口": "w", "名乗り": "n", "返信の時刻": "t", "受付時間": "h"}
    assert all("{" not in filled(one.text, values) for one in load_phrases().templates)


async def test_filters_and_tags_narrow_the_list_and_a_view_keeps_them(world: World) -> None:
    tagged, _ = await world.talk(handle="みどり"), await world.talk(handle="あお")
    staff = await world.staff("a")
    viewer, browser = await world.viewer(staff), await world.browser(staff)
    async with world.database.write() as session:
        await later.put_tag(session, viewer, tagged.id, "訪問予定", now=world.clock.now())
        await later.save_view(session, viewer, "訪問", "view=waiting&tag=訪問予定", now=world.clock.now())
    page = await browser.get("/?tag=%E8%A8%AA%E5%95%8F%E4%BA%88%E5%AE%9A")
    assert "みどり" in page.text
    assert "あお</strong>" not in page.text
    assert "訪問</a>" in page.text


async def test_bulk_acts_on_all_the_chosen_talks_or_on_none(world: World) -> None:
    mine, foreign = await world.talk(), await world.talk(window=OTHER_WINDOW)
    staff = await world.staff("a")
    browser = await world.browser(staff)
    refused = await browser.ask(
        "POST",
        "/bulk",
        body=f"csrf_token={browser.csrf}&talk={mine.id}&talk={foreign.id}&word=x".encode(),
        headers={"origin": "http://desk.test", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"},
    )
    assert refused.status == 404
    async with world.database.read() as session:
        assert await later.tags_of(session, [mine.id, foreign.id]) == {}


async def test_the_page_of_the_queue_asks_five_questions(world: World) -> None:
    for _ in range(12):
        await world.talk()
    browser = await world.browser(await world.staff("a"))
    with counted(world.database) as statements:
        assert (await browser.get("/")).status == 200
    assert len(statements) == 5, statements


async def test_tagging_many_puts_none_of_them_off_and_leads_back_to_the_same_list(world: World) -> None:
    browser, talk = await world.browser(await world.staff("tanaka")), await world.talk()
    answer = await browser.post("/bulk", form={"talk": talk.id, "put_off": "", "word": "訪問予定", "query": "view=all"})
    assert (answer.status, answer.headers["location"]) == (303, "/console/?view=all")
    assert "訪問予定" in (await browser.get("/?view=waiting")).text
    assert (await browser.post("/bulk", form={"talk": talk.id, "put_off": "", "word": " "})).status == 422
