"""The invented weeks of the demo: told by the same code that handles real talks, with a clock that stood in the past."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import select, update

from bot.data import DEMO_CITY
from bot.demo.checkins import CheckinDeed, do_deed, live_until
from bot.runtime import Runtime
from handoff.accounts.viewer import Viewer
from handoff.desk.actions import claim, close, open_alarms
from handoff.desk.effects import apply
from handoff.desk.reply import ReplyForm, reply
from handoff.desk.words import CloseReason
from intake.base.clock import TOKYO
from intake.base.database import WriteSession
from intake.base.ids import new_id
from intake.conversations.models import Conversation, Message
from intake.conversations.receive import receive
from intake.dialogue.turn import EventKind
from intake.inbox.inbound import Deed, Inbound
from intake.outbox.models import OutboxItem, OutboxStatus
from intake.residents.service import find_resident, lane_of

_FILES = ("history.yaml", "checkins.yaml")


class Line(BaseModel):
    """One thing that happened: a resident wrote or tapped, staff answered, closed the talk, or did something about check-ins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resident: str | None = None
    ask_staff: bool = False
    follow: bool = False
    tap: str | None = None
    staff: str | None = None
    close: CloseReason | None = None
    checkins: CheckinDeed | None = None
    days: int = 0
    minutes: int = 0

    @property
    def data(self) -> str:
        """What a tapped button says; empty where none was tapped."""
        return "v1:staff" if self.ask_staff else f"v1:{self.tap}" if self.tap else ""

    @property
    def by_resident(self) -> bool:
        """Whether the resident did it."""
        return self.resident is not None or self.follow or self.tap is not None


class Story(BaseModel):
    """One invented talk. ``at`` is the time of day in Japan; with ``letters`` the check-ins between the lines go out as they would have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str
    days_ago: int
    at: str
    letters: bool = False
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    runtime: Runtime
    account: str
    viewer: Viewer

    async def tell(self, story: Story, today: datetime) -> None:
        hour, minute = story.at.split(":")
        day = today.astimezone(TOKYO) - timedelta(days=story.days_ago)
        moment = day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        for number, line in enumerate(story.lines):
            moment += timedelta(days=line.days, minutes=line.minutes)
            if moment >= today:
                break
            if story.letters:
                await live_until(self.runtime, moment)
            async with self.runtime.database.write() as session:
                await self._happen(session, story.who, line, number, moment)
        if story.letters:
            await live_until(self.runtime, today)

    async def _happen(self, session: WriteSession, who: str, line: Line, number: int, moment: datetime) -> None:
        if line.by_resident:
            await self._write(session, who, line, number, moment)
            return
        if line.checkins is not None:
            resident = await find_resident(session, self.account, lane_of(self.runtime.ring, self.account, who))
            await do_deed(session, self.runtime, self.viewer, resident, line.checkins, moment)
            return
        conversation = await self._talk_of(session, who)
        if conversation is None:
            return
        if conversation.owner is None:
            await claim(session, self.viewer, conversation.id, now=moment)
        await open_alarms(session, self.viewer, conversation.id, now=moment)
        if line.staff is not None:
            newest = select(Message.id).where(Message.conversation_id == conversation.id).order_by(Message.id.desc()).limit(1)
            form = ReplyForm(
                text=line.staff,
                epoch=conversation.epoch,
                last_seen=await session.scalar(newest) or "",
                client_uuid=new_id(moment),
            )
            await reply(session, self.runtime.ring, self.viewer, conversation.id, form, now=moment)
        if line.close is not None:
            await close(session, self.viewer, conversation.id, epoch=conversation.epoch, reason=line.close, now=moment)

    async def _write(self, session: WriteSession, who: str, line: Line, number: int, moment: datetime) -> None:
        inbound = Inbound(
            deed=Deed.TALK,
            municipality=DEMO_CITY,
            account=self.account,
            lane=lane_of(self.runtime.ring, self.account, who),
            user_id=who,
            occurred_at=moment,
            kind=EventKind.FOLLOW if line.follow else EventKind.POSTBACK if line.data else EventKind.TEXT,
            data=line.data,
            text="" if line.data else line.resident or "",
            line_message_id=f"demo-{who}-{number}",
        )
        received = await receive(session, self.runtime.intake, inbound, now=moment)
        if received is not None:
            await apply(session, received, now=moment)

    async def _talk_of(self, session: WriteSession, who: str) -> Conversation | None:
        resident = await find_resident(session, self.account, lane_of(self.runtime.ring, self.account, who))
        if resident is None:
            return None
        return await session.scalar(select(Conversation).where(Conversation.resident_id == resident.id, Conversation.closed_at.is_(None)))


def load_stories() -> tuple[Story, ...]:
    """Read the invented talks, then those of residents who receive check-ins."""
    folder = files("bot.demo")
    document = [part for name in _FILES for part in yaml.safe_load(folder.joinpath(name).read_text(encoding="utf-8"))]
    return TypeAdapter(tuple[Story, ...]).validate_python(document)


async def seed_history(runtime: Runtime, account: str, viewers: Mapping[str, Viewer]) -> None:
    """Tell all stories, then mark what they said as accepted long ago, so that none of it is sent now."""
    teller = _Teller(runtime=runtime, account=account, viewer=replace(viewers["sekinin"], display_name="受付（見本）"))
    now = runtime.clock.now()
    for story in load_stories():
        await teller.tell(story, now)
    async with runtime.database.write() as session:
        await session.execute(
            update(OutboxItem).where(OutboxItem.status == OutboxStatus.WAITING).values(status=OutboxStatus.ACCEPTED, finished_at=now)
        )
