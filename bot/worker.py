"""The worker: one event of one resident at a time, one transaction, one commit; then the next."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import structlog

from bot.dispatcher import Dispatcher
from bot.line.translate import translate
from bot.metrics import EVENTS
from bot.runtime import Runtime
from handoff.desk.effects import apply
from handoff.duty.crowd import Outlooks
from intake.conversations.receive import receive
from intake.facts import heard
from intake.inbox.models import InboxEvent, InboxStatus
from intake.inbox.service import ATTEMPTS, PLAIN_FROM_ATTEMPT, LostClaimError, claim_events, finish_event, put_back_event

_log = structlog.get_logger(__name__)


class Worker:
    """Works on the inbox of all accounts."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._outlooks = Outlooks()

    def dispatcher(self) -> Dispatcher[InboxEvent]:
        """Return the loop that feeds this worker."""
        runtime = self._runtime
        return Dispatcher(topic="inbox", claim=self.claim, work=self.work, wakes=runtime.wakes, parallel=runtime.settings.worker_parallel)

    async def claim(self, limit: int) -> Sequence[InboxEvent]:
        """Claim up to so many events, each of another resident."""
        async with self._runtime.database.write() as session:
            return await claim_events(session, self._runtime.clock.now(), limit)

    async def work(self, event: InboxEvent) -> None:
        """Do one event wholly or not at all; a failure puts it back with its reason, never with its text."""
        try:
            reason = await self._try(event)
            if reason is None:
                EVENTS.labels(outcome="done").inc()
            else:
                await self._put_back(event, reason)
        except LostClaimError:
            _log.info("claim_lost", inbox_id=event.id)

    async def _try(self, event: InboxEvent) -> str | None:
        """Do one event; returns why it failed, None when it did not."""
        if event.attempts > ATTEMPTS:
            return "process_died"  # Attempts are counted at the claim: whoever tried before never lived to put it back.
        try:
            await self._do(event)
        except LostClaimError:
            raise
        except Exception as error:  # noqa: BLE001 - a bad message never stops the worker; it is put back, then set aside
            _log.exception("event_failed", inbox_id=event.id, attempt=event.attempts)
            return type(error).__name__
        return None

    async def _do(self, event: InboxEvent) -> None:
        runtime = self._runtime
        now = runtime.clock.now()
        async with runtime.database.write() as session:
            inbound = translate(
                self._payload(event),
                municipality=event.municipality,
                account=event.account,
                lane=event.lane,
                received_at=event.received_at,
                occurred_at=event.occurred_at,
            )
            intake = runtime.intake
            cities = await self._outlooks.served(session, intake.cities, inbound.municipality, now)
            served = replace(intake, cities=cities)
            received = await receive(session, served, inbound, now=now, plainly=event.attempts >= PLAIN_FROM_ATTEMPT)
            if received is not None:
                await heard.record_heard(session, intake.ring, intake.cities[inbound.municipality], inbound, received, now=now)
                city = intake.cities[inbound.municipality]
                await apply(session, received, now=now, deadlines=runtime.settings.deadlines, city=city)
            await finish_event(session, event)

    def _payload(self, event: InboxEvent) -> dict[str, Any]:
        if event.sealed_payload is None:
            return {}
        payload: dict[str, Any] = orjson.loads(self._runtime.ring.open(event.sealed_payload, event.place()))
        return payload

    async def _put_back(self, event: InboxEvent, reason: str) -> None:
        async with self._runtime.database.write() as session:
            status = await put_back_event(session, event, reason=reason, now=self._runtime.clock.now())
        EVENTS.labels(outcome=status.value).inc()
        if status is InboxStatus.SET_ASIDE:
            _log.error("event_set_aside", inbox_id=event.id, municipality=event.municipality, reason=reason)
