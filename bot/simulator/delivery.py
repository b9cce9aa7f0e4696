"""Brings webhook events to the product: signed, in batches, again, twice or in another order, with LINE's patience of two seconds."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from bot.simulator.events import as_redelivery, envelope, sign
from bot.simulator.model import Channel, Delivery
from bot.simulator.platform import Event, LinePlatform

PATIENCE = 2.0
"""Seconds after which LINE counts a webhook as ``request_timeout``; it may have been received all the same."""
REDELIVERY_AFTER = (30.0, 120.0, 600.0)
"""LINE does not disclose count and interval; these are guesses of the right order."""
_KEEP_EVENTS = 2000


class WebhookDelivery:
    """The webhook side of the platform. ``transport`` is for tests inside one process; otherwise real HTTP is spoken."""

    def __init__(
        self,
        platform: LinePlatform,
        webhook_base: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        patience: float = PATIENCE,
        redelivery_after: Sequence[float] = REDELIVERY_AFTER,
    ) -> None:
        self._platform = platform
        self._base = webhook_base.rstrip("/")
        self._transport = transport
        self._patience = patience
        self._redelivery_after = tuple(redelivery_after)
        self._client: httpx2.AsyncClient | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._queues: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._sent: defaultdict[str, deque[Event]] = defaultdict(lambda: deque(maxlen=_KEEP_EVENTS))

    async def deliver(self, account: str, events: Sequence[Event], *, redelivery: bool = False, secret: str | None = None) -> Delivery:
        """POST these events in one signed body and return how it went. ``secret`` signs with another key than the channel's first."""
        channel = self._platform.channels[account]
        sending = [as_redelivery(one) for one in events] if redelivery else list(events)
        if not redelivery:
            self._sent[account].extend(events)
        self._platform.open_tokens(sending)
        body = envelope(channel.user_id, sending)
        delivery = await self._post(channel, body, sign(secret or channel.secrets[0], body), sending, redelivery=redelivery)
        if channel.redelivery and delivery.outcome != "success" and not redelivery and events:
            self._run(self._redeliver_later(account, events))
        return delivery

    def submit(self, account: str, events: Sequence[Event]) -> None:
        """Deliver in the background, in order for each resident."""
        self._run(self._deliver_in_order(account, events))

    async def redeliver(self, account: str, *, last: int = 1, duplicate: bool = False, reverse: bool = False) -> Delivery:
        """Send the latest events once more: as a redelivery, or, as happens too, unmarked as a plain ``duplicate``."""
        events = list(self._sent[account])[-last:]
        if reverse:
            events.reverse()
        if not duplicate:
            return await self.deliver(account, events, redelivery=True)
        return await self.deliver_raw(account, envelope(self._platform.channels[account].user_id, events), events)

    async def deliver_raw(
        self, account: str, body: bytes, events: Sequence[Event] = (), *, headers: Mapping[str, str] | None = None
    ) -> Delivery:
        """POST any bytes, correctly signed unless ``headers`` say otherwise."""
        channel = self._platform.channels[account]
        return await self._post(channel, body, sign(channel.secrets[0], body), events, redelivery=False, headers=headers)

    async def settle(self) -> None:
        """Wait until everything that was submitted has been delivered or given up; redeliveries that wait are not awaited."""
        while pending := {task for task in self._tasks if task.get_name() != "redelivery"}:
            await asyncio.wait(pending)

    async def aclose(self) -> None:
        """Stop what is under way and close the connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _run(self, work: Any) -> None:
        task = asyncio.create_task(work, name="redelivery" if work.__name__ == "_redeliver_later" else "delivery")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_in_order(self, account: str, events: Sequence[Event]) -> None:
        async with self._queues[account, events[0]["source"]["userId"] if events else ""]:
            await self.deliver(account, events)

    async def _redeliver_later(self, account: str, events: Sequence[Event]) -> None:
        for seconds in self._redelivery_after:
            await asyncio.sleep(seconds)
            if (await self.deliver(account, events, redelivery=True)).outcome == "success":
                return

    async def _post(
        self,
        channel: Channel,
        body: bytes,
        signature: str,
        events: Sequence[Event],
        *,
        redelivery: bool,
        headers: Mapping[str, str] | None = None,
    ) -> Delivery:
        event_ids = tuple(str(one.get("webhookEventId", "")) for one in events)
        delivery = Delivery(at=self._platform.now(), account=channel.account, event_ids=event_ids, redelivery=redelivery)
        self._platform.deliveries.append(delivery)
        sent_headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": signature,
        }
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._get_client().post(
                    self._base + channel.webhook_path, content=body, headers=sent_headers | dict(headers or {})
                )
        except (TimeoutError, httpx2.TimeoutException):
            delivery.outcome = "request_timeout"
        except httpx2.ConnectError:
            delivery.outcome = "could_not_connect"
        except httpx2.HTTPError:
            delivery.outcome = "unclassified"
        else:
            delivery.status = answer.status_code
            delivery.outcome = "success" if answer.is_success else "error_status_code"
        return delivery

    def _get_client(self) -> httpx2.AsyncClient:
        if self._client is None:
            self._client = httpx2.AsyncClient(transport=self._transport, timeout=self._patience, trust_env=False)
        return self._client
