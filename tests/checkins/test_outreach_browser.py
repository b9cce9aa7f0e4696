"""The pages of check-ins in a real browser, wide and narrow: nothing hidden, nothing for a screen reader to stumble over."""

from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from intake.checkins.models import CheckinContact, CheckinPlan, ContactState
from intake.conversations.models import Author, Conversation
from intake.conversations.service import say
from intake.wording.bubbles import TextBubble, Utterance
from tests.checkins.test_outreach import enrolled
from tests.handoff.served import Served
from tests.handoff.test_browser import accessible, context, desk, log_in, shoot
from tests.support.chromium import fits, in_chromium

__all__ = ["context", "desk"]

pytestmark = in_chromium


async def lived_a_while(desk: Served) -> str:
    """A plan with a word that was answered, one that was not said, and a quiet month since; two other residents."""
    world = desk.world
    plan = await enrolled(world, "つばめ 100")
    await enrolled(world, "かささぎ 512")
    for days, state in ((7, ContactState.SENT), (30, ContactState.REFUSED), (33, ContactState.SENT)):
        async with world.database.write() as session:
            held = await session.get_one(CheckinPlan, plan.id)
            at = held.consent_at + timedelta(days=days)
            talk = await session.get_one(Conversation, held.conversation_id)
            text = Utterance(bubbles=(TextBubble(text="窓口の鉢植えに、新しい葉が一枚出ました。"),))
            message = say(session, world.ring, talk, text, author=Author.BOT, now=at)
            await session.flush()
            contact = CheckinContact(
                plan_id=held.id,
                municipality=held.municipality,
                due_at=at,
                not_after=at + timedelta(hours=1),
                step=0,
                began_at=held.began_at,
            )
            contact.state, contact.decided_at, contact.message_id, contact.words_key = state, at, message.id, "desk_pot"
            contact.reason = "talk" if state is ContactState.REFUSED else None
            contact.answered_at = at if days == 7 else None
            session.add(contact)
            held.done, held.last_sent_at = 2, at
    world.clock.advance(days=40)
    await enrolled(world, "ゆきやなぎ 007", window=None)
    return plan.id


def at_both_widths(page: Page, name: str) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page, width), name
        shoot(page, f"{name}-{width}")


def test_the_list_and_a_plan_can_be_read_at_any_width(context: BrowserContext, desk: Served) -> None:
    plan_id = desk.do(lived_a_while(desk))
    page = context.new_page()
    log_in(page, desk, "suzuki")
    page.goto(f"{desk.url}/outreach")
    expect(page.get_by_role("heading", name="声かけ（お便り）")).to_be_visible()
    expect(page.locator(".reach-row").first).to_contain_text("つばめ 100")
    expect(page.locator("#link")).to_contain_text("接続中")  # Only then are all styles there.
    at_both_widths(page, "outreach")
    page.get_by_role("link", name="つばめ 100").click()
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.locator("circle.mark.answered")).to_have_count(1)
    at_both_widths(page, "outreach-plan")
    accessible(page)
    assert plan_id in page.url


def test_pausing_and_deciding_work_without_a_script_of_ours(context: BrowserContext, desk: Served) -> None:
    desk.do(lived_a_while(desk))
    page = context.new_page()
    log_in(page, desk, "suzuki")
    page.goto(f"{desk.url}/outreach")
    page.get_by_text("すべての声かけをお休みする").click()
    page.get_by_label("理由（職員だけに見えます）").fill("大雨のため")
    page.get_by_role("button", name="すべてお休みにする").click()
    expect(page.get_by_text("すべての声かけをお休みしています")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="お休みを終える").click()
    expect(page.get_by_text("すべての声かけをお休みしています")).to_have_count(0)
    page.locator(".reach-row").first.get_by_role("button", name="手紙を出す").click()
    expect(page.locator(".reach-row").first).to_contain_text("「手紙を出す」と決めました")

    async def plans() -> int:
        async with desk.world.database.read() as session:
            return len((await session.scalars(select(CheckinPlan))).all())

    assert desk.do(plans()) == 3
