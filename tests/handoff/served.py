"""The console on a real port, with a seeded desk, for a real browser."""

import asyncio
import json
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from handoff.accounts.models import Role
from handoff.accounts.passwords import Passwords
from handoff.console.app import build_console
from handoff.console.context import ConsoleContext
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
from tests.handoff.support import ASKED, PASSWORD, WINDOW, World
from tests.support.clock import FixedClock

T = TypeVar("T")
WORRY = "もう消えてしまいたいと思うことがあります。家賃も2か月払えていません。連絡は090-0000-0001です"


@dataclass
class Served:
    """A running console. ``do`` runs something in its loop."""

    url: str
    world: World
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)


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
    hashed = await Passwords().hash(PASSWORD)
    tanaka = await world.staff("tanaka", Role.RECEPTION, name="相談員 田中", password_hash=hashed)
    await world.staff("suzuki", Role.SUPERVISOR, name="責任者 鈴木", password_hash=hashed)
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


@contextmanager
def serve(folder: Path, template: Path, cities: dict[str, City]) -> Iterator[Served]:
    """Run the console in a thread of its own with a loop of its own, seeded."""
    shutil.copy(template, folder / "tsunagi.db")
    ready: list[Served] = []
    started, stop = threading.Event(), threading.Event()

    async def run() -> None:
        database = Database(sqlite_url(folder / "tsunagi.db"))
        database.before_commit.append(append_events)
        wakes = Wakes()
        database.after_commit.append(wakes.ring)
        ring = KeyRing.create(folder / "keyring.json")
        clock = FixedClock(datetime(2026, 4, 7, 1, 0, tzinfo=UTC))
        context = ConsoleContext(database=database, ring=ring, cities=cities, clock=clock, wakes=wakes, secure_cookies=False, demo=True)
        world = World(database=database, ring=ring, clock=clock, context=context, app=build_console(context))
        await seed(world)
        app = Starlette(routes=[Mount("/console", world.app)])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=2))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by an attribute only
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        ready.append(Served(url=f"http://127.0.0.1:{port}/console", world=world, loop=asyncio.get_running_loop()))
        started.set()
        await asyncio.to_thread(stop.wait)
        context.stopping.set()
        server.should_exit = True
        await task
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield ready[0]
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
