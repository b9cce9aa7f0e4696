"""From a neighbour's words on LINE to the form on the desk."""

import pytest
from sqlalchemy import select

from handoff.desk.models import Alarm
from handoff.report_abuse.models import AbuseReport
from tests.support.line import text_event, user
from tests.support.world import World


@pytest.mark.parametrize(
    "words",
    [
        "隣の家の子どもが毎晩たたかれて泣いています。虐待だと思います",
        "父に毎日なぐられています。学校にも言えません",
        "施設で母がたたかれているのを見ました",
    ],
)
async def test_the_form_is_open_when_the_resident_has_been_answered(world: World, words: str) -> None:
    await world.hear(text_event(words, world.clock.now()))
    async with world.database.read() as session:
        report = (await session.scalars(select(AbuseReport))).one()
        alarms = (await session.scalars(select(Alarm))).all()
    assert report.raised_at == world.clock.now()
    assert [alarm.conversation_id for alarm in alarms] == [report.conversation_id]
    assert world.line.calls


async def test_ordinary_words_open_no_form(world: World) -> None:
    await world.hear(text_event("家賃が払えず困っています", world.clock.now(), who=user(2)))
    async with world.database.read() as session:
        assert (await session.scalars(select(AbuseReport))).all() == []
