"""Mails to staff: once, without a word of the talk, tried again when the server is away."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bot.mail import Mailer, SmtpDoor
from handoff.accounts.models import Role
from handoff.alarms.mails import Delivery, pause
from handoff.alarms.models import MailItem, MailStatus
from handoff.desk import actions
from intake.conversations.models import Conversation
from tests.alarms.support import EMERGENCY, MAIL, has_mail, notifier, on_plan, runtime
from tests.handoff.support import ASKED, World

WORDS = "もう死にたい。会津の田中です"


@dataclass
class RecordingPost:
    """A mail server that keeps what it is given, and answers as told."""

    answers: list[Delivery] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)

    async def send(self, message: EmailMessage) -> Delivery:
        self.mails.append(message)
        return self.answers.pop(0) if self.answers else Delivery(sent=True)


@dataclass
class Smtp:
    """A mail server of a few words on a loopback socket."""

    port: int
    refuse: list[str] = field(default_factory=list)
    """Answers to the next mails, in place of taking them."""
    bodies: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


async def _talk(server: Smtp, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 post.test\r\n")
    while line := await reader.readline():
        verb = line.split(b" ")[0].strip().upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            body = await reader.readuntil(b"\r\n.\r\n")
            if not server.refuse:
                server.bodies.append(body)
            writer.write((server.refuse.pop(0) if server.refuse else "250 taken").encode() + b"\r\n")
        elif verb == b"RCPT":
            server.recipients.append(line.decode().strip())
            writer.write(b"250 ok\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 ok\r\n")
        await writer.drain()
    writer.close()


@asynccontextmanager
async def smtp_server() -> AsyncIterator[Smtp]:
    server = Smtp(port=0)
    listening = await asyncio.start_server(lambda r, w: _talk(server, r, w), "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


async def emergency(world: World) -> Conversation:
    """One person on duty with mail, and an emergency for which they are called."""
    first = await world.staff("first", Role.RECEPTION)
    await on_plan(world, first)
    await has_mail(world, first)
    talk = await world.talk(WORDS, handle="すみれ 042", window=None, effects=(ASKED, EMERGENCY))
    await notifier(world).work()
    return talk


async def rows(world: World) -> list[tuple[MailStatus, int, str | None]]:
    async with world.database.read() as session:
        return [(item.status, item.attempts, item.reason) for item in await session.scalars(select(MailItem))]


async def run(mailer: Mailer) -> int:
    letters = await mailer.claim(8)
    for letter in letters:
        await mailer.work(letter)
    return len(letters)


async def test_a_mail_says_that_there_is_something_and_nothing_of_what_it_is(world: World) -> None:
    talk = await emergency(world)
    post = RecordingPost()
    await run(Mailer(runtime(world, **MAIL, console_url="https://desk.example.jp/console/"), post))
    (mail,) = post.mails
    whole = mail.as_string() + mail.get_content()
    assert mail["To"] == "first@example.jp"
    assert "至急の相談があります" in mail["Subject"]
    assert "https://desk.example.jp/console/" in mail.get_content()
    for secret in (WORDS, "田中", "すみれ", talk.id, "希死", "自殺"):
        assert secret not in whole
    async with world.database.read() as session:
        sealed = (await session.scalars(select(MailItem.sealed_address))).one()
    assert b"example" not in sealed


async def test_a_real_server_gets_the_mail_over_the_wire(world: World) -> None:
    await emergency(world)
    async with smtp_server() as server:
        settings = {**MAIL, "smtp_port": server.port}
        await run(Mailer(runtime(world, **settings), SmtpDoor(runtime(world, **settings).settings)))
        await run(Mailer(runtime(world, **settings), SmtpDoor(runtime(world, **settings).settings)))
    assert await rows(world) == [(MailStatus.SENT, 1, None)]
    (body,) = server.bodies
    mail = message_from_bytes(body.removesuffix(b".\r\n"), policy=policy.default)
    assert "至急の相談があります" in mail["Subject"]
    assert server.recipients == ["RCPT TO:<first@example.jp>"]
    assert base64.b64encode(WORDS.encode()) not in body


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("refusal", "status", "reason"),
    [("451 later", MailStatus.WAITING, "smtp_451"), ("554 never", MailStatus.FAILED, "smtp_554")],
)
async def test_a_refusal_is_tried_again_only_where_the_server_says_later(
    world: World, refusal: str, status: MailStatus, reason: str
) -> None:
    await emergency(world)
    async with smtp_server() as server:
        server.refuse.append(refusal)
        settings = {**MAIL, "smtp_port": server.port}
        mailer = Mailer(runtime(world, **settings), SmtpDoor(runtime(world, **settings).settings))
        await run(mailer)
        assert await rows(world) == [(status, 1, reason)]
        world.clock.advance(minutes=2)
        await run(mailer)
    assert len(server.bodies) == (1 if status is MailStatus.WAITING else 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_server_that_is_away_is_tried_again_and_given_up_after_hours(world: World) -> None:
    await emergency(world)
    async with smtp_server() as server:
        settings = {**MAIL, "smtp_port": server.port}
    mailer = Mailer(runtime(world, **settings), SmtpDoor(runtime(world, **settings).settings))
    await run(mailer)
    assert [status for status, _, _ in await rows(world)] == [MailStatus.WAITING]
    assert await run(mailer) == 0, "it rests before the next attempt"
    world.clock.advance(hours=7)
    await run(mailer)
    assert await rows(world) == [(MailStatus.FAILED, 1, "too_late")]


async def test_two_mailers_send_one_mail(world: World) -> None:
    await emergency(world)
    post = RecordingPost()
    mailers = [Mailer(runtime(world, **MAIL), post) for _ in range(4)]
    await asyncio.gather(*(run(mailer) for mailer in mailers))
    assert len(post.mails) == 1


async def test_a_mail_whose_process_died_is_sent_again_under_the_same_number(world: World) -> None:
    await emergency(world)
    post = RecordingPost()
    mailer = Mailer(runtime(world, **MAIL), post)
    (lost,) = await mailer.claim(8)
    assert await run(mailer) == 0
    world.clock.advance(minutes=2)
    assert await run(mailer) == 1
    await mailer.work(lost)
    assert len({mail["Message-ID"] for mail in post.mails}) == 1
    assert await rows(world) == [(MailStatus.SENT, 2, None)]


async def test_a_mail_of_a_call_is_not_sent_once_somebody_has_opened_the_alarm(world: World) -> None:
    talk = await emergency(world)
    viewer = await world.viewer(await world.staff("other", Role.RECEPTION))
    async with world.database.write() as session:
        await actions.open_alarms(session, viewer, talk.id, now=world.clock.now())
    post = RecordingPost()
    assert await run(Mailer(runtime(world, **MAIL), post)) == 0
    assert await rows(world) == [(MailStatus.CANCELLED, 0, "opened")]


async def test_without_a_mail_server_no_mail_is_filed(world: World) -> None:
    first = await world.staff("first", Role.RECEPTION)
    await on_plan(world, first)
    await has_mail(world, first)
    await world.talk(window=None, effects=(ASKED, EMERGENCY))
    await notifier(world, log_level="INFO").work()
    assert await rows(world) == []


def test_the_pause_before_the_next_attempt_grows_and_stays_within_minutes() -> None:
    pauses = [pause(attempts) for attempts in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=5)
