"""Calls to LINE through its SDK, and what each answer says about the message."""

from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    Message,
    PushMessageRequest,
    ReplyMessageRequest,
)
from pydantic.v1 import ValidationError

from intake.outbox.policy import Answer

_POOL = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """LINE's answer, with its request id for LINE's support."""

    answer: Answer
    request_id: str | None = None


class LineDoor(Protocol):
    """The way to one LINE account."""

    async def reply(self, token: str, messages: list[dict[str, Any]], *, silent: bool) -> Outcome:
        """Answer with a reply token; never repeated blindly."""
        ...

    async def push(self, user_id: str, messages: list[dict[str, Any]], *, retry_key: str, silent: bool) -> Outcome:
        """Send to a user under a retry key; the same key never makes a second message."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class SdkLine:
    """The SDK's asynchronous client for one account. Build it inside the running loop."""

    def __init__(self, *, access_token: str, api_base: str, timeout_seconds: float) -> None:
        configuration = Configuration(host=api_base, access_token=access_token)
        configuration.connection_pool_maxsize = _POOL
        self._client = AsyncApiClient(configuration)
        self._api = AsyncMessagingApi(self._client)
        self._timeout = timeout_seconds

    async def reply(self, token: str, messages: list[dict[str, Any]], *, silent: bool) -> Outcome:
        """Answer with a reply token."""
        request = ReplyMessageRequest(replyToken=token, messages=[Message.from_dict(m) for m in messages], notificationDisabled=silent)
        return await self._call(self._api.reply_message_with_http_info(request, _request_timeout=self._timeout))

    async def push(self, user_id: str, messages: list[dict[str, Any]], *, retry_key: str, silent: bool) -> Outcome:
        """Send to a user under a retry key."""
        request = PushMessageRequest(to=user_id, messages=[Message.from_dict(m) for m in messages], notificationDisabled=silent)
        return await self._call(self._api.push_message_with_http_info(request, x_line_retry_key=retry_key, _request_timeout=self._timeout))

    async def _call(self, call: Any) -> Outcome:
        try:
            response = await call
        except ApiException as error:
            headers = error.headers or {}
            return Outcome(_answer_of(error.status), headers.get("x-line-request-id"))
        except (TimeoutError, aiohttp.ClientError, OSError):
            return Outcome(Answer.UNKNOWN)
        except ValidationError:
            # The SDK found no ids in a good answer; LINE has taken the message all the same.
            return Outcome(Answer.ACCEPTED)
        return Outcome(Answer.ACCEPTED, (response.headers or {}).get("x-line-request-id"))

    async def close(self) -> None:
        """Close connections."""
        await self._client.close()


class NoLine:
    """The way to invented residents: everything is taken, nothing is sent."""

    async def reply(self, token: str, messages: list[dict[str, Any]], *, silent: bool) -> Outcome:
        """Take an answer."""
        del token, messages, silent
        return Outcome(Answer.ACCEPTED)

    async def push(self, user_id: str, messages: list[dict[str, Any]], *, retry_key: str, silent: bool) -> Outcome:
        """Take a message."""
        del user_id, messages, retry_key, silent
        return Outcome(Answer.ACCEPTED)

    async def close(self) -> None:
        """Close nothing."""


_CONFLICT, _UNAUTHORISED, _THROTTLED, _REFUSED_FROM, _BROKEN_FROM = 409, 401, 429, 400, 500


def _answer_of(status: int | None) -> Answer:
    """Judge by the status alone; LINE may change its texts without notice. 409 means that the retry key was taken before."""
    if status == _CONFLICT:
        return Answer.ACCEPTED
    if status == _UNAUTHORISED:
        return Answer.UNAUTHORISED
    if status == _THROTTLED:
        return Answer.THROTTLED
    if status is not None and _REFUSED_FROM <= status < _BROKEN_FROM:
        return Answer.REFUSED
    return Answer.UNKNOWN
