"""Fetching what residents send beside words, before LINE deletes it: claimed like any work, capped while it streams, judged by bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import structlog
from linebot.v3.messaging import ApiException, AsyncApiClient, AsyncMessagingApiBlob, Configuration
from linebot.v3.messaging.async_rest import RESTResponse

from bot.dispatcher import Dispatcher
from bot.runtime import Runtime
from intake.attachments.models import Attachment, AttachmentStatus, MediaKind
from intake.attachments.policy import Answer, judge
from intake.attachments.service import PIECE, TOPIC, claim_attachments, keep_piece, settle
from intake.attachments.sniff import sniff

_PARALLEL = 3
_SECONDS = 60
_CHUNK = 65_536
_OK, _PREPARING, _UNAUTHORISED, _TIMEOUT, _THROTTLED, _REFUSED_FROM, _BROKEN_FROM = 200, 202, 401, 408, 429, 400, 500
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """LINE's answer, with the content where it brought one."""

    answer: Answer
    content: bytes = b""


class MediaDoor(Protocol):
    """The way to the contents of one LINE account."""

    async def fetch(self, line_message_id: str) -> Fetched:
        """Fetch the content of a message."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class _TooLargeError(Exception):
    """More bytes came than are taken."""


class _CappedClient(AsyncApiClient):  # type: ignore[misc] # the SDK is not typed
    """The SDK's client with a limit: its own way holds a content of any size in memory before anybody can look."""

    def __init__(self, configuration: Configuration, most: int) -> None:
        super().__init__(configuration)
        self._most = most

    async def request(self, method: str, url: str, **given: Any) -> RESTResponse:
        """Ask, and read no more than the limit."""
        sent = {"headers": given.get("headers"), "_request_timeout": given.get("_request_timeout")}
        answer = await self.rest_client.request(method, url, _preload_content=False, **sent)
        async with answer:
            content = await self._read(answer) if answer.status == _OK else b""
        told = RESTResponse(answer, content)
        if not _OK <= answer.status < 300:  # noqa: PLR2004 - the end of the good answers
            raise ApiException(http_resp=told)
        return told

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self._most:
                raise _TooLargeError
        return bytes(content)


class SdkMedia:
    """The SDK's blob client for one account. Build it inside the running loop."""

    def __init__(self, *, access_token: str, base: str, most: int, seconds: float = _SECONDS) -> None:
        self._client = _CappedClient(Configuration(host=base, access_token=access_token), most)
        self._api = AsyncMessagingApiBlob(self._client)
        self._seconds = seconds

    async def fetch(self, line_message_id: str) -> Fetched:
        """Fetch the content of a message, of at most as many bytes as are taken."""
        try:
            found = await self._api.get_message_content_with_http_info(line_message_id, _request_timeout=self._seconds)
        except _TooLargeError:
            return Fetched(Answer.TOO_LARGE)
        except ApiException as error:
            return Fetched(_answer_of(error.status))
        except (TimeoutError, aiohttp.ClientError, OSError):
            return Fetched(Answer.UNKNOWN)
        if found.status_code == _PREPARING:
            return Fetched(Answer.PREPARING)
        return Fetched(Answer.CONTENT, found.data or b"") if found.status_code == _OK else Fetched(Answer.UNKNOWN)

    async def close(self) -> None:
        """Close connections."""
        await self._client.close()


def _answer_of(status: int | None) -> Answer:
    if status == _UNAUTHORISED:
        return Answer.UNAUTHORISED
    if status in {_TIMEOUT, _THROTTLED} or status is None:
        return Answer.UNKNOWN
    return Answer.GONE if _REFUSED_FROM <= status < _BROKEN_FROM else Answer.UNKNOWN


def open_media_doors(runtime: Runtime) -> dict[str, MediaDoor]:
    """Open the way to the contents of every account. Call it inside the running loop."""
    most = runtime.settings.attachment_limit_bytes
    return {
        key: SdkMedia(access_token=account.access_token.get_secret_value(), base=account.content_base, most=most)
        for key, account in runtime.accounts.items()
    }


class Fetcher:
    """Fetches the attachments of all accounts."""

    def __init__(self, runtime: Runtime, doors: Mapping[str, MediaDoor]) -> None:
        self._runtime = runtime
        self._doors = doors

    def dispatcher(self) -> Dispatcher[Attachment]:
        """Return the loop that feeds this fetcher."""
        return Dispatcher(topic=TOPIC, claim=self.claim, work=self.work, wakes=self._runtime.wakes, parallel=_PARALLEL)

    async def claim(self, limit: int) -> Sequence[Attachment]:
        """Claim up to so many attachments."""
        async with self._runtime.database.write() as session:
            return await claim_attachments(session, self._runtime.clock.now(), limit)

    async def work(self, row: Attachment) -> None:
        """Fetch one and write down what became of it."""
        door = self._doors.get(row.account)
        fetched = Fetched(Answer.UNKNOWN) if door is None else await door.fetch(row.line_message_id)
        verdict = judge(fetched.answer, row.attempts)
        now = self._runtime.clock.now()
        if verdict is None:
            await self._keep(row, fetched.content)
            return
        if verdict.reason == "unauthorised":
            _log.error("access_token_refused", account=row.account)
        async with self._runtime.database.write() as session:
            await settle(session, row, now=now, status=verdict.status, reason=verdict.reason, next_at=now + verdict.pause)
        _log.info("attachment_not_fetched", attachment_id=row.id, reason=verdict.reason, status=verdict.status.value)

    async def _keep(self, row: Attachment, content: bytes) -> None:
        """Keep what was fetched, if it is of a kind that we take in; each piece is a short write of its own."""
        found = sniff(content, sound=row.kind is MediaKind.AUDIO)
        runtime, now = self._runtime, self._runtime.clock.now()
        if found is None:
            async with runtime.database.write() as session:
                await settle(session, row, now=now, status=AttachmentStatus.REFUSED, reason="type")
            return
        for number, start in enumerate(range(0, len(content), PIECE)):
            async with runtime.database.write() as session:
                if not await keep_piece(session, runtime.ring, row, number, content[start : start + PIECE], now=now):
                    return
        kept = {"status": AttachmentStatus.KEPT, "media_type": found.media_type, "size": len(content), "fetched_at": now}
        async with runtime.database.write() as session:
            await settle(session, row, now=now, reason=None if found.shown else "not_shown", **kept)
