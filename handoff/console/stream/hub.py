"""One reader of the event log for all open streams of this process: read once, encoded once, handed to whoever may see it."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
import structlog
from sqlalchemy import select

from handoff.accounts.sessions import find_viewers
from handoff.accounts.viewer import Viewer
from handoff.console.context import ConsoleContext
from handoff.console.stream.rows import LIST, NewRow, changes_row, drawn_rows
from handoff.console.stream.words import Eyes, NewWords, words_of
from handoff.desk.visibility import may_see_window, reached_people
from intake.base.database import ReadSession
from intake.conversations.models import Conversation
from intake.events.models import EventName, LoggedEvent
from intake.events.service import first_kept_seq, last_seq

_log = structlog.get_logger(__name__)
_PAGE = 500
_PRACTICE = "practice"
"""No window has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One event, ready to send, with what decides who may see it. ``window`` and ``owner`` are as they are now, not as they were."""

    seq: int
    frame: bytes
    municipality: str
    name: EventName
    talk: str | None = None
    window: str | None = None
    owner: str | None = None
    reached: bool = False
    actor: str | None = None
    words: NewWords | None = None
    """What a resident has just written, for screens that show the talk."""
    row: NewRow | None = None
    """How the talk now stands in the list, for screens that show the list."""

    def is_for(self, viewer: Viewer) -> bool:
        """Tell whether the viewer may know of this event. That somebody was told of something, only that person hears."""
        if self.name is EventName.NOTIFIED:
            return self.actor == viewer.staff_id
        return self.reached and may_see_window(viewer, self.municipality, self.window, self.owner)


@dataclass(slots=True, eq=False)
class Watcher:
    """One open stream. ``viewer`` is renewed while it is open, and None once the session has ended; ``gone`` once nobody listens."""

    viewer: Viewer | None
    token_hash: str
    saw: int = 0
    """The version of who is where that this stream has told of."""
    gone: bool = False
    rung: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Have the stream look anew."""
        if self.rung is not None and not self.rung.done():
            self.rung.set_result(None)


async def load_events(session: ReadSession, after: int, *, limit: int = _PAGE) -> Sequence[Encoded]:
    """Return the events after a number, oldest first, with the rights of this moment."""
    reached = reached_people().label("reached")
    query = (
        select(LoggedEvent, Conversation.window_id, Conversation.owner, Conversation.practice_of, reached)
        .outerjoin(Conversation, Conversation.id == LoggedEvent.conversation_id)
        .where(LoggedEvent.seq > after)
        .order_by(LoggedEvent.seq)
        .limit(limit)
    )
    rows = (await session.execute(query)).all()
    return [_encode(row.LoggedEvent, *_whose(row.window_id, row.owner, row.practice_of), bool(row.reached)) for row in rows]


def _whose(window: str | None, owner: str | None, practice_of: str | None) -> tuple[str | None, str | None]:
    """Return window and owner of a talk. A practice talk is of whoever practises, and of no window."""
    return (window, owner) if practice_of is None else (_PRACTICE, practice_of)


async def with_fragments(session: ReadSession, context: ConsoleContext, fresh: Sequence[Encoded]) -> Sequence[Encoded]:
    """Add to events how what they tell of looks, drawn once for all screens. The log itself never holds words."""
    heard = {event.talk or "": event.seq for event in fresh if event.name is EventName.MESSAGE_RECEIVED}
    moved = {event.talk: event.seq for event in fresh if event.talk is not None and changes_row(event.name)}
    lines: Mapping[str, NewWords] = await words_of(session, context, list(heard)) if heard else {}
    rows: Mapping[str, NewRow] = await drawn_rows(session, context, list(moved)) if moved else {}
    return [
        replace(
            event,
            words=lines.get(event.talk or "") if heard.get(event.talk or "") == event.seq else None,
            row=rows.get(event.talk or "") if moved.get(event.talk or "") == event.seq else None,
        )
        for event in fresh
    ]


def _encode(event: LoggedEvent, window: str | None, owner: str | None, reached: bool) -> Encoded:
    data = orjson.dumps({"seq": event.seq, "name": event.name, "talk": event.conversation_id, "actor": event.actor})
    frame = b"id: %d\nevent: change\ndata: %s\n\n" % (event.seq, data)
    return Encoded(
        seq=event.seq,
        frame=frame,
        municipality=event.municipality,
        name=event.name,
        talk=event.conversation_id,
        window=window,
        owner=owner,
        reached=reached,
        actor=event.actor,
    )


class Hub:
    """Follows the log while anybody watches."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context
        self._recent: deque[Encoded] = deque(maxlen=context.stream.kept)
        self._position: int | None = None
        self._watchers: set[Watcher] = set()
        self._task: asyncio.Task[None] | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._eyes = Eyes()
        self._saw = 0

    @property
    def stopping(self) -> bool:
        """Whether the process is about to end."""
        return self._context.stopping.is_set()

    @property
    def ping(self) -> float:
        """After so many seconds of silence, and a third of that at most, a stream says that it is alive."""
        return self._context.stream.ping

    def rung_for(self, watcher: Watcher) -> asyncio.Future[None]:
        """Return what is done once something has changed, or time has gone by. Take it before looking, then wait for it."""
        if watcher.rung is None or watcher.rung.done():
            watcher.rung = asyncio.get_running_loop().create_future()
        return watcher.rung

    def join(self, viewer: Viewer) -> Watcher:
        """Open a stream for a viewer."""
        watcher = Watcher(viewer=viewer, token_hash=viewer.token_hash)
        self._watchers.add(watcher)
        if self._task is None or self._task.done():
            self._position = None
            self._recent.clear()
            self._task = asyncio.create_task(self._follow())
        if self._clock is None:
            self._tick()
        return watcher

    def _tick(self) -> None:
        """Have each stream look whether it has been silent for too long: one clock for all of them, that waits for no database."""
        self._ring()
        going = self._watchers and not self.stopping
        self._clock = asyncio.get_running_loop().call_later(self.ping / 3, self._tick) if going else None

    def opened(self, viewer: Viewer, what: str) -> None:
        """Remember that this session has a talk, or the list, on its screen: its new words and rows are sent along with their events."""
        self._eyes.note(viewer.token_hash, what)

    def chunk_for(self, watcher: Watcher, viewer: Viewer, events: Sequence[Encoded]) -> bytes:
        """Return what one stream gets of these events: what the viewer may know of, each after the fragments for its screens."""
        frames: list[bytes] = []
        shown = self._eyes.of(watcher.token_hash)
        for event in events:
            if not event.is_for(viewer):
                continue
            own = event.owner == viewer.staff_id
            if event.words is not None and event.talk in shown:
                frames.append(event.words.plain if own else event.words.masked)
            if event.row is not None and LIST in shown:
                frames.append(event.row.own if own else event.row.others)
            frames.append(event.frame)
        return b"".join(frames)

    def here_for(self, watcher: Watcher, viewer: Viewer) -> bytes:
        """Return what one stream is told of who else has the talks on its screens open; it carries no number of the log."""
        presence = self._context.presence
        if watcher.saw == presence.version:
            return b""
        shown, frames = self._eyes.of(watcher.token_hash), []
        for change in presence.since(watcher.saw):
            last = change.last
            open_here = LIST in shown or last.talk in shown
            if open_here and may_see_window(viewer, last.municipality, last.window_id, last.owner):
                told = orjson.dumps({"talk": last.talk, "here": change.words_for(viewer.staff_id)})
                frames.append(b"event: here\ndata: %s\n\n" % told)
        watcher.saw = presence.version
        return b"".join(frames)

    def leave(self, watcher: Watcher) -> None:
        """Close a stream; after the last one the reading stops."""
        self._watchers.discard(watcher)
        watcher.gone = True
        watcher.ring()
        if not self._watchers:
            self._context.wakes.ring(("events",))

    async def start_at(self, after: int | None) -> tuple[int, bool]:
        """Return where a stream begins, and whether the asker must load everything anew because its number is not known any more.

        What is remembered asks the database nothing: many lines that break at once must not queue for it.
        """
        if after is not None and self._position is not None:
            oldest = self._recent[0].seq - 1 if self._recent else self._position
            if oldest <= after <= self._position:
                return after, False
        async with self._context.database.read_near() as session:
            last, first = await last_seq(session), await first_kept_seq(session)
        if after is None:
            return last, False
        known = first - 1 <= after <= last
        return (after, False) if known else (last, True)

    async def after(self, cursor: int) -> Sequence[Encoded]:
        """Return the events after a cursor, from memory where they are there, else from the log."""
        if self._position is not None and cursor >= self._position:
            return ()
        if self._recent and cursor >= self._recent[0].seq - 1:
            first = self._recent[0].seq
            return [self._recent[n] for n in range(cursor - first + 1, len(self._recent))]
        async with self._context.database.read_near() as session:
            return await load_events(session, cursor)

    def _ring(self) -> None:
        for watcher in self._watchers:
            watcher.ring()

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        beat = self._context.stream
        recheck_at = loop.time() + beat.recheck
        while self._watchers and not self.stopping:
            mark = self._context.wakes.mark("events")
            try:
                await self._read_on()
                self._look_around()
                if loop.time() >= recheck_at:
                    await self._recheck()
                    recheck_at = loop.time() + beat.recheck
            except Exception:  # noqa: BLE001 - one bad moment must not silence all streams; what was missed is read at the next look
                _log.exception("stream_reading_failed")
            await self._context.wakes.wait("events", mark, beat.poll)
        self._ring()

    async def _read_on(self) -> None:
        if self._position is None:
            async with self._context.database.read_near() as session:
                self._position = await last_seq(session)
            self._ring()
        while True:
            async with self._context.database.read_near() as session:
                fresh = await load_events(session, self._position)
                if not fresh:
                    return
                fresh = await with_fragments(session, self._context, fresh)
            self._recent.extend(fresh)
            self._position = fresh[-1].seq
            self._ring()

    def _look_around(self) -> None:
        """Let whoever has gone silent fade, and tell the streams when somebody came, went or writes."""
        presence = self._context.presence
        presence.expire(self._context.clock.now())
        if presence.version != self._saw:
            self._saw = presence.version
            self._ring()

    async def _recheck(self) -> None:
        # Whoever joins while the rows are read has not been asked about, and must not lose the stream for it.
        asked = tuple(self._watchers)
        hashes = {watcher.token_hash for watcher in asked}
        async with self._context.database.read() as session:
            viewers = await find_viewers(session, hashes, self._context.config, self._context.clock.now())
        for watcher in asked:
            watcher.viewer = viewers.get(watcher.token_hash)
        if len(viewers) < len(hashes):
            self._ring()
