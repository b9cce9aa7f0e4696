"""A small history of talks, played through the real doors, and the figures that come of it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Select, select

from handoff.accounts.models import Role, Staff
from handoff.accounts.staff import add_staff
from handoff.accounts.viewer import Viewer
from handoff.desk import actions, corrections, transfer, undo
from handoff.desk.errors import ConflictError, HopError, StaleError, TooLateError, UnopenedAlarmError
from handoff.desk.hops import find_open_hop
from handoff.desk.phrases import load_phrases
from handoff.desk.record_models import CorrectionKind
from handoff.desk.reopen import reopen
from handoff.desk.reply import ReplyForm, reply
from handoff.desk.words import CloseReason, PassReason
from handoff.statistics.models import Grain, StatTally
from handoff.statistics.sweep import sweep_statistics
from intake.base.database import WriteSession
from intake.base.errors import NotFoundError
from intake.consents.models import ConsentAnswer
from intake.conversations.models import Conversation, Message
from intake.residents.models import Resident
from tests.support.line import event, text_event, unsend_event, user
from tests.support.world import CITY, World

REFUSALS = (ConflictError, StaleError, UnopenedAlarmError, NotFoundError, TooLateError, HopError)


@dataclass
class Story:
    """Residents by number, one manager who may do everything, and what was written last."""

    world: World
    viewer: Viewer | None = None
    written: dict[int, list[str]] = field(default_factory=dict)
    replies: int = 0
    last_reply: str = ""
    returns: int = 0

    async def open(self) -> None:
        async with self.world.database.write() as session:
            staff: Staff = await add_staff(
                session,
                municipality=CITY,
                login="kanri",
                display_name="責任者",
                role=Role.MANAGER,
                window_ids=tuple(self.world.runtime.cities[CITY].windows),
                password_hash="-",
                now=self.world.clock.now(),
            )
        windows = frozenset({*self.world.runtime.cities[CITY].windows, "desk"})
        self.viewer = Viewer(staff_id=staff.id, municipality=CITY, display_name="責任者", role=Role.MANAGER, windows=windows)

    @property
    def staff(self) -> Viewer:
        assert self.viewer is not None
        return self.viewer

    async def says(self, who: int, words: str, *, late_minutes: int = 0) -> str:
        number = sum(len(ids) for ids in self.written.values()) + 1
        message_id = f"s{who}-{number}"
        written_at = self.world.clock.now() - timedelta(minutes=late_minutes)
        await self.world.deliver(text_event(words, written_at, message_id=message_id, who=user(who)))
        await self.world.work()
        self.written.setdefault(who, []).append(message_id)
        return message_id

    async def taps(self, who: int, data: str) -> None:
        await self.world.deliver(event("postback", self.world.clock.now(), who=user(who), postback={"data": data}))
        await self.world.work()

    async def unsends(self, who: int) -> None:
        if self.written.get(who):
            await self.world.deliver(unsend_event(self.written[who].pop(), self.world.clock.now(), who=user(who)))
            await self.world.work()

    async def talk(self, who: int) -> Conversation | None:
        """The resident's newest talk."""
        async with self.world.database.read() as session:
            newest = (
                select(Conversation)
                .join(Resident, Resident.id == Conversation.resident_id)
                .where(Resident.created_at.is_not(None), Conversation.id.in_(self._talk_ids(who)))
                .order_by(Conversation.id.desc())
                .limit(1)
            )
            return await session.scalar(newest)

    def _talk_ids(self, who: int) -> Select[str]:
        return select(Message.conversation_id).where(Message.line_message_id.like(f"s{who}-%"))

    async def staff_does(self, deed: str, who: int) -> bool:
        """Let staff do something with the resident's talk; False where the desk refuses it."""
        talk = await self.talk(who)
        if talk is None or (talk.closed_at is not None) != (deed == "reopen"):
            return False
        try:
            async with self.world.database.write() as session:
                await self._do(session, deed, talk)
        except REFUSALS:
            return False
        return True

    async def _do(self, session: WriteSession, deed: str, talk: Conversation) -> None:
        now, ring = self.world.clock.now(), self.world.ring
        if deed == "claim":
            await actions.claim(session, self.staff, talk.id, now=now)
        elif deed == "release":
            await actions.release(session, self.staff, talk.id, epoch=talk.epoch, now=now)
        elif deed == "open_alarms":
            await actions.open_alarms(session, self.staff, talk.id, now=now)
        elif deed == "close":
            await actions.close(session, self.staff, talk.id, epoch=talk.epoch, reason=CloseReason.CONNECTED, now=now)
        elif deed in {"reply", "rest"}:
            self.replies += 1
            form = ReplyForm(text="お待たせしました。", epoch=talk.epoch, last_seen="Z" * 26, client_uuid=f"uuid-{self.replies}")
            pause = timedelta(seconds=12 if deed == "rest" else 0)
            self.last_reply = (await reply(session, ring, self.staff, talk.id, form, now=now, pause=pause)).id
        elif deed == "undo":
            await undo.undo_reply(session, ring, self.staff, talk.id, self.last_reply, now=now)
        elif deed == "reopen":
            await reopen(session, self.staff, talk.id, now=now)
        elif deed in {"missed", "false"}:
            kind = CorrectionKind.ADDED if deed == "missed" else CorrectionKind.REMOVED
            await corrections.correct_danger(session, self.staff, talk.id, kind, now=now)
        else:
            await self._pass_on(session, deed, talk)

    async def _pass_on(self, session: WriteSession, deed: str, talk: Conversation) -> None:
        now, ring = self.world.clock.now(), self.world.ring
        if deed == "ask":
            to = next(window for window in sorted(self.staff.windows) if window != talk.window_id)
            await transfer.ask_transfer(
                session,
                ring,
                self.staff,
                talk.id,
                to_window=to,
                window_names=("前の窓口", "次の窓口"),
                known_windows=self.staff.windows,
                note="家賃のことで困っています。",
                epoch=talk.epoch,
                phrases=load_phrases(),
                now=now,
            )
        elif deed in {"yes", "no"}:
            await transfer.note_answer(session, self.staff, talk.id, ConsentAnswer(deed), now=now)
        elif deed == "hand_back":
            await transfer.hand_back(session, ring, self.staff, talk.id, epoch=talk.epoch, reason=self._why(), now=now)
        else:
            hop = await find_open_hop(session, talk.id)
            if hop is not None and deed == "accept":
                await transfer.accept(session, ring, self.staff, hop.id, now=now)
            elif hop is not None:
                await transfer.decline(session, ring, self.staff, hop.id, reason=self._why(), note="富奥の窓口へ。", now=now)

    def _why(self) -> PassReason:
        """Another reason each time."""
        self.returns += 1
        return [reason for reason in PassReason if reason is not PassReason.OTHER][self.returns % (len(PassReason) - 1)]

    async def sweep(self) -> None:
        async with self.world.database.write() as session:
            await sweep_statistics(session, self.world.clock.now())

    async def figures(self, part: str = "all", grain: Grain = Grain.MONTH) -> Counter[str]:
        """All figures of a slice, over all time."""
        total: Counter[str] = Counter()
        async with self.world.database.read() as session:
            rows = select(StatTally.counts).where(StatTally.municipality == CITY, StatTally.slice == part, StatTally.grain == grain)
            for counts in await session.scalars(rows):
                total.update(json.loads(counts))
        return total
