"""The mailer: carries notices from their outbox to the mail server. No mail holds a word of any talk."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

import aiosmtplib
import structlog

from bot.dispatcher import Dispatcher
from bot.runtime import Runtime
from bot.settings import Settings
from handoff.alarms.mails import Delivery, Letter, claim_letters, mail_is_due, settle_letter
from handoff.alarms.models import MailItem
from handoff.alarms.words import mail_body, mail_subject

_PARALLEL = 4
_LONGEST_SECONDS = 45
"""A whole attempt ends before its lease does."""
_PERMANENT_FROM = 500
_log = structlog.get_logger(__name__)


class MailDoor(Protocol):
    """The way to a mail server."""

    async def send(self, message: EmailMessage) -> Delivery:
        """Hand over a mail and tell what became of it."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpDoor:
    """A mail server as the settings name it. Each mail is a connection of its own: they are few, and far between."""

    settings: Settings

    async def send(self, message: EmailMessage) -> Delivery:
        """Hand over a mail. What the server refuses for good is not tried again."""
        settings, secret = self.settings, self.settings.smtp_password
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await aiosmtplib.send(
                    message,
                    hostname=settings.smtp_host,
                    port=settings.smtp_port,
                    username=settings.smtp_user,
                    password=None if secret is None else secret.get_secret_value(),
                    use_tls=settings.smtp_security == "tls",
                    start_tls=settings.smtp_security == "starttls",
                    timeout=settings.smtp_timeout_seconds,
                )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [one.code for one in refused.recipients]
            return Delivery(sent=False, again=all(code < _PERMANENT_FROM for code in codes), reason="recipient_refused")
        except aiosmtplib.SMTPAuthenticationError:
            return Delivery(sent=False, again=True, reason="login_refused")
        except aiosmtplib.SMTPResponseException as refused:
            return Delivery(sent=False, again=refused.code < _PERMANENT_FROM, reason=f"smtp_{refused.code}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Delivery(sent=False, again=True, reason=type(error).__name__[:60])
        return Delivery(sent=True)


class Mailer:
    """Sends what waits in the outbox of mails."""

    def __init__(self, runtime: Runtime, door: MailDoor) -> None:
        self._runtime = runtime
        self._door = door

    def dispatcher(self) -> Dispatcher[Letter]:
        """Return the loop that feeds this mailer."""
        return Dispatcher(topic="mail", claim=self.claim, work=self.work, wakes=self._runtime.wakes, parallel=_PARALLEL)

    async def claim(self, limit: int) -> Sequence[Letter]:
        """Claim up to so many mails."""
        now = self._runtime.clock.now()
        async with self._runtime.database.read() as session:
            if not await mail_is_due(session, now):
                return ()
        async with self._runtime.database.write() as writing:
            return await claim_letters(writing, self._runtime.ring, now, limit)

    async def work(self, letter: Letter) -> None:
        """Send one mail and write down what became of it."""
        if letter.address is None:
            delivery = Delivery(sent=False, reason="unreadable")
        else:
            delivery = await self._door.send(self._message(letter.item, letter.address))
        if not delivery.sent:
            _log.error("mail_not_sent", mail_id=letter.item.id, reason=delivery.reason, again=delivery.again)
        async with self._runtime.database.write() as session:
            if not await settle_letter(session, letter, delivery, now=self._runtime.clock.now()):
                _log.info("mail_lease_lost", mail_id=letter.item.id)

    def _message(self, item: MailItem, address: str) -> EmailMessage:
        """Write the mail. Its number is that of the row, so that a second copy can be told from a second mail."""
        settings = self._runtime.settings
        message = EmailMessage()
        message["Subject"] = mail_subject(item.kind, item.ref)
        message["From"] = settings.mail_from
        message["To"] = address
        message["Date"] = format_datetime(item.created_at)
        message["Message-ID"] = f"<{item.id}@{settings.mail_from.rpartition('@')[2] or 'tsunagi'}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail_body(item.kind, settings.console_url, item.ref))
        return message
