"""Enrolled residents as rows, and a look at what became of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bot.checkins import checkin_context
from intake.base.database import Database
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.checkins.models import CheckinContact, CheckinPlan, ConsentWay
from intake.checkins.rhythm import CheckinSettings
from intake.checkins.service import CheckinContext, Consent, agree
from intake.conversations.models import Conversation, Message
from intake.conversations.service import open_utterance
from intake.residents.models import Resident
from intake.residents.service import lane_of
from tests.support.line import ACCOUNT, user
from tests.support.world import CITIES, CITY, World


def context_of(world: World) -> CheckinContext:
    return checkin_context(world.runtime)


async def enrol(
    database: Database, ring: KeyRing, number: int, now: datetime, *, chosen: CheckinSettings | None = None, heavy: bool = False
) -> CheckinPlan:
    """A resident with a talk that is over, who agreed at ``now``."""
    context = CheckinContext(ring=ring, cities=CITIES)
    async with database.write() as session:
        lane = lane_of(ring, ACCOUNT, user(number))
        resident = Resident(id=new_id(now), municipality=CITY, account=ACCOUNT, lane=lane, handle=f"すみれ {number:04}", created_at=now)
        resident.sealed_user = ring.seal(user(number), resident.place(), now)
        session.add(resident)
        await session.flush()
        talk = Conversation(
            id=new_id(now), municipality=CITY, account=ACCOUNT, resident_id=resident.id, opened_at=now, closed_at=now, epoch=0
        )
        session.add(talk)
        await session.flush()
        consent = Consent(settings=chosen or CheckinSettings(), text="お便りの内容です。", way=ConsentWay.TALK, heavy=heavy)
        return await agree(session, context, resident, talk.id, consent, now)


async def plan_of(database: Database, plan: CheckinPlan) -> CheckinPlan:
    async with database.read() as session:
        return (await session.scalars(select(CheckinPlan).where(CheckinPlan.id == plan.id))).one()


async def contacts_of(database: Database, plan: CheckinPlan) -> Sequence[CheckinContact]:
    async with database.read() as session:
        query = select(CheckinContact).where(CheckinContact.plan_id == plan.id).order_by(CheckinContact.due_at)
        return (await session.scalars(query)).all()


async def said_to(database: Database, ring: KeyRing, plan: CheckinPlan) -> list[str]:
    """Every word of a plan, oldest first."""
    async with database.read() as session:
        query = select(Message).join(CheckinContact, CheckinContact.message_id == Message.id).where(CheckinContact.plan_id == plan.id)
        found = [open_utterance(ring, message) for message in await session.scalars(query.order_by(Message.id))]
    return [bubble.text for utterance in found if utterance for bubble in utterance.bubbles if bubble.type == "text"]


def without_sample(context: CheckinContext) -> CheckinContext:
    """The same municipality outside the demo: there every text needs an approval."""
    return replace(context, cities={key: replace(city, sample=False) for key, city in context.cities.items()})
