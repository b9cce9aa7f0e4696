"""The notifier over the console's world, and short words for what the tests look at."""

from collections.abc import Mapping
from datetime import time

from sqlalchemy import select

from bot.notifier import Notifier
from bot.runtime import Runtime
from bot.settings import Settings
from handoff.accounts.models import Staff
from handoff.alarms.choices import set_address
from handoff.alarms.models import AlarmCall, Notice
from handoff.duty.models import RECEPTION, DutySlot
from intake.base.ids import new_id
from intake.base.wakes import Wakes
from intake.dialogue.turn import Effect, EffectKind
from nlp.reading import Risk, RiskKind
from tests.handoff.support import CITY, World

EMERGENCY = Effect(kind=EffectKind.ALARM_RAISED, risk=Risk.EMERGENCY, risk_kinds=(RiskKind.SUICIDE,))
MAIL: Mapping[str, object] = {"smtp_host": "127.0.0.1", "mail_from": "tsunagi@example.jp", "smtp_security": "none"}


def runtime(world: World, **settings: object) -> Runtime:
    return Runtime(
        settings=Settings(**settings),  # type: ignore[arg-type] # pydantic checks them
        database=world.database,
        ring=world.ring,
        clock=world.clock,
        cities=dict(world.context.cities),
        accounts={},
        wakes=Wakes(),
    )


def notifier(world: World, **settings: object) -> Notifier:
    return Notifier(runtime(world, **(settings or MAIL)))


async def on_plan(world: World, staff: Staff, *, window: str = RECEPTION, place: int = 1, starts: int = 9, ends: int = 17) -> None:
    async with world.database.write() as session:
        for day in range(5):
            session.add(
                DutySlot(
                    id=new_id(world.clock.now()),
                    municipality=CITY,
                    window_id=window,
                    staff_id=staff.id,
                    weekday=day,
                    starts=time(starts),
                    ends=time(ends),
                    place=place,
                    set_by=staff.id,
                    set_at=world.clock.now(),
                )
            )


async def has_mail(world: World, staff: Staff) -> None:
    viewer = await world.viewer(staff)
    async with world.database.write() as session:
        await set_address(session, world.ring, viewer, f"{staff.login}@example.jp", now=world.clock.now())


async def told(world: World) -> list[tuple[str, str, int]]:
    """Who was told of what, by the names of people, in order."""
    async with world.database.read() as session:
        rows = await session.execute(select(Notice, Staff.login).join(Staff, Staff.id == Notice.staff_id).order_by(Notice.id))
        return [(row.login, row.Notice.kind.value, row.Notice.step) for row in rows]


async def called(world: World) -> list[tuple[str, str]]:
    """Who was called, and why, in order."""
    async with world.database.read() as session:
        query = select(AlarmCall, Staff.login).outerjoin(Staff, Staff.id == AlarmCall.staff_id)
        rows = await session.execute(query.order_by(AlarmCall.called_at, AlarmCall.step))
        return [(row.login or "post", row.AlarmCall.reason.value) for row in rows]
