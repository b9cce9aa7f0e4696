"""The sender: carries the outbox to LINE, in order per resident, each message once."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.dispatcher import Dispatcher
from bot.line.client import LineDoor, NoLine, Outcome, SdkLine
from bot.line.render import TooLongError, render
from bot.metrics import SENDS
from bot.runtime import Runtime
from handoff.practice.rows import ACCOUNT as PRACTICE
from intake.outbox.delivery import Parcel, claim_parcels, settle_parcel
from intake.outbox.models import OutboxStatus
from intake.outbox.policy import Answer, Verdict, Way, judge
from intake.wording.bubbles import Utterance

_log = structlog.get_logger(__name__)
_ERASED = Verdict(status=OutboxStatus.CANCELLED, reason="erased")
_GIVEN_UP = {
    Way.GIVE_UP_UNCERTAIN: Verdict(status=OutboxStatus.UNCERTAIN, reason="reply_unknown"),
    Way.GIVE_UP_LATE: Verdict(status=OutboxStatus.FAILED, reason="too_late"),
}

_UNREADABLE = Verdict(status=OutboxStatus.FAILED, reason="unreadable")


def open_doors(runtime: Runtime) -> dict[str, LineDoor]:
    """Open the way to every account. Call it inside the running loop."""
    return {
        key: SdkLine(
            access_token=account.access_token.get_secret_value(),
            api_base=account.api_base,
            timeout_seconds=runtime.settings.send_timeout_seconds,
        )
        for key, account in runtime.accounts.items()
    } | {PRACTICE: NoLine()}


class Sender:
    """Sends what waits in the outbox of all accounts."""

    def __init__(self, runtime: Runtime, doors: Mapping[str, LineDoor]) -> None:
        self._runtime = runtime
        self._doors = doors

    def dispatcher(self) -> Dispatcher[Parcel]:
        """Return the loop that feeds this sender."""
        runtime = self._runtime
        return Dispatcher(
            topic="outbox", claim=self.claim, work=self.work, wakes=runtime.wakes, parallel=2 * runtime.settings.worker_parallel
        )

    async def claim(self, limit: int) -> Sequence[Parcel]:
        """Claim up to so many messages, each of another resident."""
        async with self._runtime.database.write() as session:
            return await claim_parcels(session, self._runtime.ring, self._runtime.clock.now(), limit)

    async def work(self, parcel: Parcel) -> None:
        """Send one message and write down what became of it."""
        verdict, outcome = await self._send(parcel)
        if verdict is _UNREADABLE:
            _log.error("message_unreadable", outbox_id=parcel.item.id)
        async with self._runtime.database.write() as session:
            kept = await settle_parcel(
                session,
                parcel,
                verdict,
                now=self._runtime.clock.now(),
                request_id=None if outcome is None else outcome.request_id,
            )
        if not kept:
            _log.info("send_lease_lost", outbox_id=parcel.item.id)
        if verdict.reason == "unauthorised":
            _log.error("access_token_refused", account=parcel.item.account)

    async def _send(self, parcel: Parcel) -> tuple[Verdict, Outcome | None]:
        door = self._doors.get(parcel.item.account)
        messages = self._messages(parcel, door)
        if isinstance(messages, Verdict) or door is None or parcel.utterance is None or parcel.user_id is None:
            return messages if isinstance(messages, Verdict) else _ERASED, None
        silent = parcel.utterance.silent
        if parcel.way is Way.REPLY and parcel.reply_token is not None:
            outcome = await door.reply(parcel.reply_token, messages, silent=silent)
        else:
            outcome = await door.push(parcel.user_id, messages, retry_key=parcel.item.retry_key, silent=silent)
        self._count(parcel, outcome)
        return judge(parcel.way, outcome.answer, parcel.attempt, chance=random.random()), outcome

    def _messages(self, parcel: Parcel, door: LineDoor | None) -> list[dict[str, Any]] | Verdict:
        """Return what to send, or why it will never be sent."""
        if parcel.unreadable:
            return _UNREADABLE
        if parcel.way in _GIVEN_UP:
            return _GIVEN_UP[parcel.way]
        if parcel.utterance is None or parcel.user_id is None:
            return _ERASED
        if parcel.blocked:
            return Verdict(status=OutboxStatus.CANCELLED, reason="blocked")
        if door is None:
            return Verdict(status=OutboxStatus.FAILED, reason="no_account")
        return self._rendered(parcel, parcel.utterance)

    def _rendered(self, parcel: Parcel, utterance: Utterance) -> list[dict[str, Any]] | Verdict:
        try:
            return render(utterance, parcel.author)
        except TooLongError:
            return Verdict(status=OutboxStatus.FAILED, reason="too_long")
        except Exception:  # noqa: BLE001 - what cannot be rendered now never can be; staff see it, and the resident's lane goes on
            _log.exception("not_rendered", outbox_id=parcel.item.id)
            return Verdict(status=OutboxStatus.FAILED, reason="not_rendered")

    def _count(self, parcel: Parcel, outcome: Outcome) -> None:
        SENDS.labels(account=parcel.item.account, way=parcel.way.value, answer=outcome.answer.value).inc()
        if outcome.answer is not Answer.ACCEPTED:
            _log.info(
                "send_not_accepted",
                outbox_id=parcel.item.id,
                way=parcel.way.value,
                answer=outcome.answer.value,
                line_request_id=outcome.request_id,
            )
