"""つなぎ: the resident says yes before the receiver sees anything; every step is a row; a refusal leaves the owner."""

import pytest
from sqlalchemy import select

from handoff.accounts.models import Role
from handoff.accounts.viewer import Viewer
from handoff.desk import actions, transfer
from handoff.desk.beside import load_beside, requests_to
from handoff.desk.errors import HopError, TextError, UnreachableError
from handoff.desk.phrases import load_phrases
from handoff.desk.transfer_models import Hop, HopStatus, HopStep
from handoff.desk.visibility import get_visible
from handoff.desk.words import CloseReason, PassReason
from intake.base.errors import NotFoundError
from intake.consents.models import ConsentAnswer, ConsentQuestion
from intake.conversations.models import Conversation
from intake.dialogue.turn import Controller, Effect, EffectKind
from intake.residents.models import Resident
from tests.handoff.support import OTHER_WINDOW, WINDOW, World

NOTE = "家賃と仕事のことで困っています。まず家賃の相談を希望されています。"


async def asked(world: World) -> tuple[Conversation, Viewer, Viewer]:
    """A talk whose holder has asked the resident, with the holder and somebody of the other window."""
    talk = await world.talk()
    holder = await world.viewer(await world.staff("holder"))
    receiver = await world.viewer(await world.staff("receiver", windows=(OTHER_WINDOW,)))
    async with world.database.write() as session:
        await actions.claim(session, holder, talk.id, now=world.clock.now())
    await ask(world, holder, talk)
    return talk, holder, receiver


async def ask(world: World, holder: Viewer, talk: Conversation) -> None:
    async with world.database.write() as session:
        await transfer.ask_transfer(
            session,
            world.ring,
            holder,
            talk.id,
            to_window=OTHER_WINDOW,
            window_names=("くらしの相談", "こどもの相談"),
            known_windows=(WINDOW, OTHER_WINDOW),
            note=NOTE,
            epoch=(await world.row(talk)).epoch,
            phrases=load_phrases(),
            now=world.clock.now(),
        )


async def answers(world: World, talk: Conversation, word: str) -> None:
    async with world.database.read() as session:
        question = (await session.scalars(select(ConsentQuestion).order_by(ConsentQuestion.id.desc()).limit(1))).one()
    await world.says(talk, "", Effect(kind=EffectKind.CONSENT_ANSWERED, reason=f"{word}-{question.id}"))


async def hop_of(world: World, talk: Conversation) -> Hop:
    async with world.database.read() as session:
        return (await session.scalars(select(Hop).where(Hop.conversation_id == talk.id).order_by(Hop.id.desc()).limit(1))).one()


async def steps(world: World, hop: Hop) -> list[HopStatus]:
    async with world.database.read() as session:
        return [row.status for row in await session.scalars(select(HopStep).where(HopStep.hop_id == hop.id).order_by(HopStep.id))]


async def test_before_the_yes_the_receiver_sees_the_fact_of_a_request_and_nothing_else(world: World) -> None:
    talk, _, receiver = await asked(world)
    async with world.database.read() as session:
        (request,) = await requests_to(session, world.ring, receiver)
        assert (request.status, request.note, request.from_window) == (HopStatus.ASKED, "", WINDOW)
        with pytest.raises(NotFoundError):
            await get_visible(session, receiver, talk.id)
    await answers(world, talk, "yes")
    async with world.database.read() as session:
        (request,) = await requests_to(session, world.ring, receiver)
        assert request.note == NOTE
        with pytest.raises(NotFoundError):
            await get_visible(session, receiver, talk.id)


async def test_the_page_of_requests_shows_no_word_before_the_yes(world: World) -> None:
    talk, _, _ = await asked(world)
    browser = await world.browser(await world.staff("c", windows=(OTHER_WINDOW,)))
    assert "家賃" not in (await browser.get("/hops")).text
    await answers(world, talk, "yes")
    assert NOTE in (await browser.get("/hops")).text


async def test_a_refusal_without_a_reason_of_the_list_says_so_and_keeps_what_was_written(world: World) -> None:
    talk, _, _ = await asked(world)
    await answers(world, talk, "yes")
    browser = await world.browser(await world.staff("c", windows=(OTHER_WINDOW,)))
    hop = await hop_of(world, talk)
    told = await browser.post(f"/hops/{hop.id}/decline", reason="", why="南の窓口の担当です")
    assert told.status == 422
    assert "理由を一覧から選んでください" in told.text
    assert "南の窓口の担当です" in told.text
    assert (await browser.post(f"/hops/{hop.id}/decline", reason="district")).status == 303
    assert (await hop_of(world, talk)).status is HopStatus.DECLINED


async def test_a_talk_of_the_reception_is_handed_back_to_the_reception(world: World) -> None:
    talk, _, receiver = await asked(world)
    await answers(world, talk, "yes")
    hop = await hop_of(world, talk)
    async with world.database.write() as session:
        await transfer.accept(session, world.ring, receiver, hop.id, now=world.clock.now())
        (await session.get_one(Hop, hop.id)).from_window = None
    epoch = (await world.row(talk)).epoch
    async with world.database.write() as session:
        await transfer.hand_back(session, world.ring, receiver, talk.id, epoch=epoch, reason=PassReason.FIELD, now=world.clock.now())
    assert (await world.row(talk)).window_id is None
    assert (await hop_of(world, talk)).to_window == "desk"


async def test_a_yes_and_an_acceptance_move_the_talk_with_a_new_epoch(world: World) -> None:
    talk, holder, receiver = await asked(world)
    await answers(world, talk, "yes")
    before = await world.row(talk)
    hop = await hop_of(world, talk)
    async with world.database.write() as session:
        await transfer.accept(session, world.ring, receiver, hop.id, now=world.clock.now())
    after = await world.row(talk)
    assert (after.owner, after.window_id, after.epoch) == (receiver.staff_id, OTHER_WINDOW, before.epoch + 1)
    assert before.owner == holder.staff_id
    assert await steps(world, hop) == [HopStatus.ASKED, HopStatus.AGREED, HopStatus.ACCEPTED]


async def test_a_no_ends_the_request_and_leaves_everything_as_it_was(world: World) -> None:
    talk, holder, receiver = await asked(world)
    await answers(world, talk, "no")
    hop = await hop_of(world, talk)
    assert await steps(world, hop) == [HopStatus.ASKED, HopStatus.REFUSED]
    assert (await world.row(talk)).owner == holder.staff_id
    async with world.database.write() as session:
        with pytest.raises(HopError):
            await transfer.accept(session, world.ring, receiver, hop.id, now=world.clock.now())


async def test_a_refusal_needs_a_reason_and_leaves_the_owner(world: World) -> None:
    talk, holder, receiver = await asked(world)
    await answers(world, talk, "yes")
    hop = await hop_of(world, talk)
    async with world.database.write() as session:
        await transfer.decline(
            session, world.ring, receiver, hop.id, reason=PassReason.DISTRICT, note=" 南の窓口へ ", now=world.clock.now()
        )
    row = await world.row(talk)
    assert (row.owner, row.window_id) == (holder.staff_id, WINDOW)
    async with world.database.read() as session:
        beside = await load_beside(session, world.ring, holder, talk.id, world.clock.now())
    assert beside.hops[0].steps[-1].reason == "担当する地区ではない：南の窓口へ"
    assert beside.open_hop is None


async def test_another_reason_than_those_of_the_list_is_told_in_words(world: World) -> None:
    talk, _, receiver = await asked(world)
    await answers(world, talk, "yes")
    hop = await hop_of(world, talk)
    async with world.database.write() as session:
        with pytest.raises(TextError, match="理由を書いて"):
            await transfer.decline(session, world.ring, receiver, hop.id, reason=PassReason.OTHER, note="  ", now=world.clock.now())
    assert (await hop_of(world, talk)).status is HopStatus.AGREED


async def test_a_second_tap_and_the_tap_of_another_talk_change_nothing(world: World) -> None:
    talk, _, _ = await asked(world)
    other = await world.talk()
    await answers(world, other, "yes")
    assert (await hop_of(world, talk)).status is HopStatus.ASKED
    for word in ("no", "yes"):
        await answers(world, talk, word)
    assert (await hop_of(world, talk)).status is HopStatus.REFUSED


async def test_staff_may_write_down_an_answer_in_words_and_their_name_stays_with_it(world: World) -> None:
    talk, holder, _ = await asked(world)
    async with world.database.write() as session:
        await transfer.note_answer(session, holder, talk.id, ConsentAnswer.YES, now=world.clock.now())
    async with world.database.read() as session:
        question = (await session.scalars(select(ConsentQuestion))).one()
    assert (question.answer, question.noted_by) == (ConsentAnswer.YES, holder.staff_id)


async def test_one_request_at_a_time_and_it_can_be_taken_back(world: World) -> None:
    talk, holder, _ = await asked(world)
    with pytest.raises(HopError, match="もうつなぎの途中"):
        await ask(world, holder, talk)
    async with world.database.write() as session:
        await transfer.withdraw(session, world.ring, holder, talk.id, now=world.clock.now())
    await ask(world, holder, talk)
    assert (await hop_of(world, talk)).status is HopStatus.ASKED


async def test_a_hand_back_is_a_hop_of_its_own_with_its_reason(world: World) -> None:
    talk, _, receiver = await asked(world)
    await answers(world, talk, "yes")
    hop = await hop_of(world, talk)
    async with world.database.write() as session:
        await transfer.accept(session, world.ring, receiver, hop.id, now=world.clock.now())
    epoch = (await world.row(talk)).epoch
    async with world.database.write() as session:
        await transfer.hand_back(session, world.ring, receiver, talk.id, epoch=epoch, reason=PassReason.FIELD, now=world.clock.now())
    row = await world.row(talk)
    assert (row.window_id, row.owner, row.controller) == (WINDOW, None, Controller.WAITING)
    back = await hop_of(world, talk)
    assert back.id != hop.id
    assert (back.from_window, back.to_window, await steps(world, back)) == (OTHER_WINDOW, WINDOW, [HopStatus.ACCEPTED])


async def test_a_talk_that_ends_takes_its_request_with_it(world: World) -> None:
    talk, holder, _ = await asked(world)
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        await actions.close(session, holder, talk.id, epoch=row.epoch, reason=CloseReason.ANSWERED, now=world.clock.now())
    assert (await hop_of(world, talk)).status is HopStatus.WITHDRAWN


async def test_a_request_to_another_window_or_city_does_not_exist(world: World) -> None:
    talk, holder, _ = await asked(world)
    await answers(world, talk, "yes")
    hop = await hop_of(world, talk)
    stranger = await world.viewer(await world.staff("s", Role.SUPERVISOR, windows=(OTHER_WINDOW,), municipality="sakata"))
    for viewer in (holder, stranger):
        async with world.database.write() as session:
            with pytest.raises(NotFoundError):
                await transfer.accept(session, world.ring, viewer, hop.id, now=world.clock.now())


async def test_nobody_is_asked_who_has_blocked_us_and_cannot_answer(world: World) -> None:
    talk, holder = await world.talk(), await world.viewer(await world.staff("holder"))
    async with world.database.write() as session:
        await actions.claim(session, holder, talk.id, now=world.clock.now())
        (await session.get_one(Resident, talk.resident_id)).blocked_at = world.clock.now()
    with pytest.raises(UnreachableError):
        await ask(world, holder, talk)
