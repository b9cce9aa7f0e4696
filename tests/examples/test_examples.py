"""Examples are written anew, approved by a second person, and off until a municipality switches them on."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.audit.models import Action, AuditEntry
from handoff.console.app import build_console
from handoff.examples.models import Example
from nlp.evaluate import Record
from tests.handoff.support import ASKED, CITY, OTHER_CITY, OTHER_WINDOW, Answer, Browser, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID = "先月から家賃が払えなくて、大家さんに来月出て行ってと言われました"
ANEW = "アパートの支払いが二か月たまって、引っ越してくれと管理会社の人が来た"


def keeping(world: World) -> World:
    """The same world in a city that keeps examples."""
    context = replace(world.context, keep_examples_of=frozenset({CITY}))
    return replace(world, context=context, app=build_console(context))


async def proposed(world: World, text: str = ANEW, **labels: str) -> tuple[Browser, Answer]:
    """Somebody has proposed a sentence beside a talk."""
    browser = await world.browser(await world.staff("tanaka"))
    talk = await world.talk(SAID, effects=(ASKED,))
    given = {"concerns": "rent_loan", "speaker": "self", "intent": "disclose", "risk": "watch", **labels}
    return browser, await browser.post(f"/talks/{talk.id}/example", form={"sentence": text, **given})


async def rows(world: World) -> list[Example]:
    async with world.database.read() as session:
        return list(await session.scalars(select(Example)))


async def chief(world: World, login: str = "chief", role: Role = Role.MANAGER) -> Browser:
    return await world.browser(await world.staff(login, role))


async def test_where_nobody_has_switched_it_on_nothing_is_kept_and_the_page_says_how(world: World) -> None:
    browser, answer = await proposed(world)
    assert (answer.status, "残さない設定" in answer.text) == (409, True)
    assert await rows(world) == []
    page = (await browser.get("/examples")).text
    assert "TSUNAGI_KEEP_EXAMPLES_OF" in page
    assert CITY in page


async def test_the_sheet_is_empty_beside_what_the_resident_wrote(world: World) -> None:
    on = keeping(world)
    browser, talk = await on.browser(await on.staff("tanaka")), await on.talk(SAID)
    page = (await browser.get(f"/talks/{talk.id}/example")).text
    before, field, after = page.partition('<textarea id="sentence"')
    assert SAID in before
    assert field
    assert after.partition("</textarea>")[0].endswith(">")
    assert f"/talks/{talk.id}/example" in (await browser.get(f"/talks/{talk.id}")).text


async def test_a_second_person_approves_and_only_then_it_can_be_taken_out(world: World) -> None:
    on = keeping(world)
    writer, answer = await proposed(on)
    assert answer.status == 303
    [row] = await rows(on)
    assert ANEW.encode() not in (row.sealed_text or b"")
    boss = await chief(on)
    assert (await boss.post("/examples/export")).text == ""
    assert ANEW in (await boss.get("/examples")).text
    assert "例文 1" in (await boss.get("/watch")).text
    assert (await boss.post(f"/examples/{row.id}/verdict", approve="true")).status == 303
    line = (await boss.post("/examples/export")).text
    record = Record.model_validate_json(line)
    assert (record.text, list(record.concerns), str(record.speaker), str(record.risk)) == (ANEW, ["rent_loan"], "self", "watch")
    assert row.id not in line
    assert "tanaka" not in line
    assert ANEW in (await writer.get("/examples")).text
    async with world.database.read() as session:
        deeds = (await session.execute(select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.seq))).all()
    assert (Action.EXAMPLE_DECIDED, "kept") in [tuple(deed) for deed in deeds]
    assert [deed.action for deed in deeds].count(Action.EXPORTED) == 2


async def test_what_is_declined_is_gone_also_when_it_was_approved_before(world: World) -> None:
    on = keeping(world)
    await proposed(on)
    [row], boss = await rows(on), await chief(on)
    await boss.post(f"/examples/{row.id}/verdict", approve="true")
    await boss.post(f"/examples/{row.id}/verdict", approve="false")
    [after] = await rows(on)
    assert (after.sealed_text, after.approved) == (None, False)
    assert (await boss.post(f"/examples/{row.id}/verdict", approve="true")).status == 404
    assert (await boss.post("/examples/export")).text == ""


async def test_nobody_approves_the_own_sentence(world: World) -> None:
    on = keeping(world)
    boss, talk = await chief(on), await on.talk(SAID)
    await boss.post(f"/talks/{talk.id}/example", form={"sentence": ANEW})
    [row] = await rows(on)
    refused = await boss.post(f"/examples/{row.id}/verdict", approve="true")
    assert (refused.status, "ほかの人が確認します" in refused.text) == (409, True)
    assert not (await rows(on))[0].approved


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SAID, "もとの言葉に近すぎます"),
        ("大家さんに来月出て行ってと言われました", "もとの言葉に近すぎます"),
        ("支払いのことで困っています。090-1234-5678 に電話をください", "電話番号"),
        ("  ", "文を入力してください"),
        ("あ" * 201, "長すぎます"),
    ],
)
async def test_a_refused_sentence_is_kept_on_the_page_and_nowhere_else(world: World, text: str, why: str) -> None:
    on = keeping(world)
    _, answer = await proposed(on, text)
    assert (answer.status, why in answer.text) == (422, True)
    assert text.strip() in answer.text.partition('<textarea id="sentence"')[2]
    assert await rows(on) == []


async def test_a_name_from_the_talk_does_not_come_along(world: World) -> None:
    on = keeping(world)
    browser, talk = await on.browser(await on.staff("tanaka")), await on.talk("山田花子といいます。電話は0242-39-1111です")
    answer = await browser.post(f"/talks/{talk.id}/example", form={"sentence": "花のことを山田花子がたずねた"})
    assert answer.status == 422
    assert await rows(on) == []


@pytest.mark.parametrize("labels", [{"risk": "none", "kinds": "suicide"}, {"risk": "urgent"}])
async def test_a_danger_has_a_kind_and_only_a_danger_has_one(world: World, labels: dict[str, str]) -> None:
    on = keeping(world)
    _, answer = await proposed(on, **labels)
    assert answer.status == 422
    assert await rows(on) == []


async def test_the_writer_takes_a_sentence_back_until_it_was_decided_on(world: World) -> None:
    on = keeping(world)
    writer, _ = await proposed(on)
    [row], boss = await rows(on), await chief(on)
    assert (await boss.post(f"/examples/{row.id}/take-back")).status == 404
    assert (await writer.post(f"/examples/{row.id}/take-back")).status == 303
    assert await rows(on) == []


async def test_only_those_who_may_approve_see_the_sentences_of_others_and_decide(world: World) -> None:
    on = keeping(world)
    await proposed(on)
    [row], other = await rows(on), await on.browser(await on.staff("sato"))
    assert ANEW not in (await other.get("/examples")).text
    assert [(await other.post(f"/examples/{path}")).status for path in (f"{row.id}/verdict", "export")] == [403, 403]


async def test_another_citys_sentence_and_another_windows_talk_do_not_exist(world: World) -> None:
    on = keeping(world)
    await proposed(on)
    [row] = await rows(on)
    stranger = await on.browser(await on.staff("far", Role.MANAGER, municipality=OTHER_CITY))
    assert ANEW not in (await stranger.get("/examples")).text
    assert (await stranger.post(f"/examples/{row.id}/verdict", approve="true")).status == 404
    talk = await on.talk(SAID, window=OTHER_WINDOW)
    assert (await (await chief(on)).post(f"/talks/{talk.id}/example", form={"sentence": ANEW})).status == 404
