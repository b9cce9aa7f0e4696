"""The console on a real port, with a seeded desk, for a real browser: one port for a worker, one desk for a test."""

import asyncio
import json
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from handoff.accounts.models import Role, Staff
from handoff.console.app import build_console
from handoff.console.context import ConsoleContext, StreamConfig
from handoff.desk import actions
from intake.base.database import Database, sqlite_url
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from intake.base.wakes import Wakes
from intake.conversations.models import Author, Conversation
from intake.conversations.service import say
from intake.dialogue.turn import Effect, EffectKind
from intake.events.service import append_events
from intake.referrals.models import ReferralRecord
from intake.wording.bubbles import Button, ButtonKind, CardBubble, TextBubble, Utterance
from nlp.reading import Concern, Evidence, PersonalDatum, PersonalKind, Reading, Risk, RiskKind
from routing.city import City
from routing.referral import Destination, Kind, Outcome, Reason, Referral
from tests.accounts.support import HASH
from tests.handoff.support import ASKED, WINDOW, World
from tests.support.clock import FixedClock

T = TypeVar("T")
START = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)
WORRY = "もう消えてしまいたいと思うことがあります。家賃も2か月払えていません。連絡は090-0000-0001です"


@dataclass
class Served:
    """A running console. ``do`` runs something in its loop."""

    url: str
    world: World
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def staff(self, login: str) -> Staff:
        """Return one of the staff of this desk."""

        async def found() -> Staff:
            async with self.world.database.read() as session:
                return (await session.scalars(select(Staff).where(Staff.login == login))).one()

        return self.do(found())

    def token(self, login: str) -> str:
        """Open a session for somebody, as a login would."""
        return self.do(self.world.token(self.staff(login)))


def worried() -> Reading:
    at = WORRY.index
    return Reading(
        concerns=(Concern.RENT_LOAN,),
        risk=Risk.URGENT,
        risk_kinds=(RiskKind.SUICIDE,),
        evidence=(
            Evidence(start=at("消えて"), end=at("と思う"), label="risk:suicide", rule="r"),
            Evidence(start=at("家賃"), end=at("いません"), label="rent_loan", rule="r"),
        ),
        personal_data=(PersonalDatum(kind=PersonalKind.PHONE, start=at("090"), end=at("です")),),
    )


async def seed(world: World) -> None:
    """Six invented talks and three members of staff."""
    tanaka = await world.staff("tanaka", Role.RECEPTION, name="相談員 田中", password_hash=HASH)
    await world.staff("suzuki", Role.SUPERVISOR, name="責任者 鈴木", password_hash=HASH)
    late = Effect(kind=EffectKind.HANDOFF_REQUESTED, reason="unfit", promised_by=world.clock.now())
    await world.talk("仕事が見つからず、家から出られない日が続いています", handle="かえで 310", effects=(late,))
    world.clock.advance(minutes=9)
    held = await world.talk("母の介護で、どこに相談したらいいか分かりません", handle="りんどう 118")
    viewer = await world.viewer(tanaka)
    world.clock.advance(minutes=14)
    await world.talk("子どもが学校に行けていません", handle="ひばり 027", window=None)
    urgent = Effect(kind=EffectKind.ALARM_RAISED, risk=Risk.URGENT, risk_kinds=(RiskKind.SUICIDE,))
    worried_talk = await world.talk("相談してもいいですか", handle="すみれ 042", window=None, effects=())
    await greet(world, worried_talk)
    world.clock.advance(minutes=2)
    promised = Effect(
        kind=EffectKind.HANDOFF_REQUESTED, reason="urgent", window_id=WINDOW, promised_by=datetime(2026, 4, 7, 1, 45, tzinfo=UTC)
    )
    await world.says(worried_talk, WORRY, urgent, promised, reading=worried())
    await offer(world, worried_talk)
    async with world.database.write() as session:
        await actions.claim(session, viewer, held.id, now=world.clock.now())
    await world.talk("話だけ聞いてもらえますか", handle="はまなす 555", effects=(ASKED,))
    world.clock.advance(minutes=3)


async def greet(world: World, talk: Conversation) -> None:
    await bot(
        world, talk, TextBubble(text="こんにちは。市の相談窓口「つなぎ」です。名前を言わなくてよい相談です。いまは自動でお返事しています。")
    )


async def offer(world: World, talk: Conversation) -> None:
    card = CardBubble(title="くらしの相談", rows=("平日 8時30分から17時15分まで", "電話 000-0000-0001"), badge="見本", alt="窓口のご案内")
    async with world.database.write() as session:
        record = ReferralRecord(
            id=new_id(world.clock.now()),
            municipality=talk.municipality,
            conversation_id=talk.id,
            made_at=world.clock.now(),
            window_id=WINDOW,
            directory_version="1",
        )
        referral = Referral(
            outcome=Outcome.WINDOW,
            main=Destination(window=WINDOW, name="くらしの相談", kind=Kind.POVERTY),
            also=(Destination(window="health", name="こころの健康相談", kind=Kind.HEALTH),),
            reasons=(Reason(code="c", text="家賃の支払いの困りごとは、自立相談支援が受けます"),),
        )
        record.sealed_referral = world.ring.seal(json.dumps(asdict(referral)), record.place(), world.clock.now())
        session.add(record)
    choice = Button(label="LINEのまま職員につなぐ", kind=ButtonKind.POSTBACK, value="x")
    words = TextBubble(text="消えてしまいたいと思うほど、苦しいのですね。書いてくださってありがとうございます。")
    await bot(world, talk, words, card, choices=(choice, Button(label="話すだけでいい", kind=ButtonKind.POSTBACK, value="y")))


async def bot(world: World, talk: Conversation, *bubbles: TextBubble | CardBubble, choices: tuple[Button, ...] = ()) -> None:
    async with world.database.write() as session:
        row = await session.get_one(Conversation, talk.id)
        say(session, world.ring, row, Utterance(bubbles=bubbles, choices=choices), author=Author.BOT, now=world.clock.now())


class Stage:
    """A port with a loop in a thread of its own. What stands behind it changes from test to test."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.url = ""
        self._app: ASGIApp = Response(status_code=503)
        self._open = 0
        self._quiet = asyncio.Event()
        self._seeded: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            if not self._open:
                self._quiet.set()

    async def play(self, world: World) -> None:
        """Put a console behind the port."""
        self._app = world.app

    async def clear(self, world: World) -> None:
        """Take it away again, once nothing is asked of it any more."""
        self._app = Response(status_code=503)
        world.context.stopping.set()
        world.context.wakes.ring(("events",))
        self._quiet.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(5 if self._open else 0):
                await self._quiet.wait()
        reading = world.app.state.parts.hub._task
        if reading is not None:
            await reading
        await world.database.close()

    async def desk(self, template: Path, folder: Path, cities: dict[str, City]) -> World:
        """Make a seeded desk in a folder. The first one is kept; the others are its copies."""
        kept = template.with_name("desk")
        if self._seeded is None:
            kept.mkdir(exist_ok=True)
            shutil.copy(template, kept / "tsunagi.db")
            KeyRing.create(kept / "keyring.json")
            first = _world(kept, cities, START)
            await seed(first)
            await first.database.close()
            self._seeded = first.clock.now()
        for name in ("tsunagi.db", "keyring.json"):
            shutil.copy(kept / name, folder / name)
        return _world(folder, cities, self._seeded)


def _world(folder: Path, cities: dict[str, City], now: datetime) -> World:
    database = Database(sqlite_url(folder / "tsunagi.db"))
    database.before_commit.append(append_events)
    wakes = Wakes()
    database.after_commit.append(wakes.ring)
    ring = KeyRing(folder / "keyring.json")
    clock = FixedClock(now)
    context = ConsoleContext(
        database=database,
        ring=ring,
        cities=cities,
        clock=clock,
        wakes=wakes,
        secure_cookies=False,
        demo=True,
        stream=StreamConfig(recheck=0.3),
    )
    return World(database=database, ring=ring, clock=clock, context=context, app=build_console(context))


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Open the port that all browser tests of a worker share."""
    made = Stage()
    started, stop = threading.Event(), asyncio.Event()

    async def run() -> None:
        app = Starlette(routes=[Mount("/console", made)])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=2))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by an attribute only
            await asyncio.sleep(0.01)
        made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/console"
        started.set()
        await stop.wait()
        server.should_exit = True
        await task

    thread = threading.Thread(target=lambda: made.loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert started.wait(20)
    yield made
    made.loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    assert not thread.is_alive()
    made.loop.close()


@contextmanager
def serve(stage: Stage, folder: Path, template: Path, cities: dict[str, City]) -> Iterator[Served]:
    """Serve a fresh, seeded desk until the block ends."""

    def do(work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, stage.loop).result(60)

    world = do(stage.desk(template, folder, cities))
    do(stage.play(world))
    yield Served(url=stage.url, world=world, loop=stage.loop)
    do(stage.clear(world))
