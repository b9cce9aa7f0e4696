"""What the Messaging API does with a request that may come in: pure decisions over the platform's memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.simulator.events import new_token
from bot.simulator.limits import check_messages
from bot.simulator.model import AcceptedKey, ApiCall, Author, Channel, Chat, Fault, FaultKind, Json
from bot.simulator.platform import LinePlatform
from bot.simulator.rules import Problem, check_keys
from bot.simulator.samples import content_of

KEY_LIFE = timedelta(hours=24)
LOADING_SECONDS = range(5, 61, 5)
STRANGER_WINDOW = timedelta(days=7)
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
MONTHLY_LIMIT = "You have reached your monthly limit."
SAME_USER = "Too many messages have been sent to the same user."
SERVER_ERROR = "An error occurred in the internal server."
_TOKYO = ZoneInfo("Asia/Tokyo")
_PRUNE_AT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer before it is one."""

    status: int = 200
    body: Json = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    @property
    def accepted(self) -> bool:
        """Whether the platform did what it was asked."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES


def refusal(status: int, message: str, problems: list[Problem] | None = None) -> Answer:
    """Return an error in LINE's form; ``details`` is left out where it would be empty."""
    body: dict[str, Any] = {"message": message}
    if problems:
        body["details"] = [{"message": problem.message, "property": problem.property} for problem in problems]
    return Answer(status=status, body=body)


def refused_by(fault: Fault) -> Answer | None:
    """Return the answer of a fault that refuses before anything is done."""
    match fault.kind:
        case FaultKind.RATE_LIMIT:
            return refusal(429, RATE_LIMIT)
        case FaultKind.MONTHLY_LIMIT:
            return refusal(429, MONTHLY_LIMIT)
        case FaultKind.SAME_USER:
            return refusal(429, SAME_USER)
        case FaultKind.SERVER_ERROR:
            return refusal(500, SERVER_ERROR)
        case _:
            return None


class MessagingApi:
    """The endpoints that we use, each as a method of (channel, body, call)."""

    def __init__(self, platform: LinePlatform) -> None:
        self._platform = platform
        self._accepted: dict[tuple[str, str], AcceptedKey] = {}
        self._used: dict[tuple[str, str], int] = {}
        self.profile_calls: list[str] = []
        """User ids whose profile was asked for. The product must leave this empty."""

    def take_fault(self, endpoint: str) -> Fault | None:
        """Return the fault ordered for this call and count it down."""
        faults = self._platform.faults
        fault = next((f for f in faults if f.endpoint in {endpoint, "*"}), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                faults.remove(fault)
        return fault

    def reply(self, channel: Channel, body: Json, call: ApiCall) -> Answer:
        """Answer an event with its token: once, in time, never counted against the quota."""
        problems = [*check_keys(body, {"replyToken", "messages", "notificationDisabled"}, "$"), *check_messages(body.get("messages"))]
        if problems:
            return _invalid(problems)
        chat = self._platform.use_token(channel.account, str(body.get("replyToken", "")))
        if chat is None:
            return refusal(400, "Invalid reply token")
        return self._accept(chat, body, call)

    def push(self, channel: Channel, body: Json, call: ApiCall) -> Answer:
        """Send at any time. 200 says that LINE took it, not that a phone shows it."""
        known = {"to", "messages", "notificationDisabled", "customAggregationUnits"}
        problems = [*check_keys(body, known, "$"), *check_messages(body.get("messages"))]
        if problems:
            return _invalid(problems)
        if call.retry_key is not None and not _is_uuid(call.retry_key):
            return refusal(400, "The value for the 'X-Line-Retry-Key' header is invalid")
        earlier = self._find_accepted(channel, call.retry_key)
        if earlier is not None:
            return Answer(
                status=409,
                body={"message": "The retry key is already accepted", "sentMessages": list(earlier.sent)},
                headers={"x-line-accepted-request-id": earlier.request_id},
            )
        resident = self._platform.find_resident(str(body.get("to", "")))
        if resident is None or resident.user_id != body.get("to"):
            return refusal(400, "Failed to send messages")
        chat = self._platform.chat(channel.account, resident)
        reachable = self._reaches(chat)
        if reachable and channel.quota is not None and self.used_this_month(channel) >= channel.quota:
            return refusal(429, MONTHLY_LIMIT)
        answer = self._accept(chat, body, call)
        if reachable:
            self._used[self._month(channel)] = self.used_this_month(channel) + 1
        self._remember(channel, call, answer)
        return answer

    def validate(self, _channel: Channel, body: Json, _call: ApiCall) -> Answer:
        """Judge message objects without sending them."""
        problems = [*check_keys(body, {"messages"}, "$"), *check_messages(body.get("messages"))]
        return _invalid(problems) if problems else Answer()

    def quota(self, channel: Channel, _body: Json, _call: ApiCall) -> Answer:
        """Tell the limit of the plan."""
        return Answer(body={"type": "none"} if channel.quota is None else {"type": "limited", "value": channel.quota})

    def consumption(self, channel: Channel, _body: Json, _call: ApiCall) -> Answer:
        """Tell how many pushes of this month counted."""
        return Answer(body={"totalUsage": self.used_this_month(channel)})

    def info(self, channel: Channel, _body: Json, _call: ApiCall) -> Answer:
        """Tell who the bot is."""
        return Answer(
            body={
                "userId": channel.user_id,
                "basicId": "@000" + channel.user_id[1:6],
                "displayName": channel.name,
                "chatMode": channel.chat_mode,
                "markAsReadMode": "manual" if channel.chat_mode == "chat" else "auto",
            }
        )

    def loading(self, channel: Channel, body: Json, _call: ApiCall) -> Answer:
        """Show the moving dots until the seconds are over or the next message comes."""
        seconds = body.get("loadingSeconds", 20)
        if seconds not in LOADING_SECONDS:
            return _invalid([Problem("Must be a multiple of 5 between 5 and 60", "loadingSeconds")])
        resident = self._platform.find_resident(str(body.get("chatId", "")))
        if resident is None or resident.user_id != body.get("chatId"):
            return _invalid([Problem("Invalid chat id", "chatId")])
        chat = self._platform.chat(channel.account, resident)
        chat.loading_until = self._platform.now() + timedelta(seconds=seconds)
        self._platform.changed(chat)
        return Answer(status=202)

    def mark_as_read(self, channel: Channel, body: Json, _call: ApiCall) -> Answer:
        """Put 既読 on the message of this token and on all before it."""
        token = body.get("markAsReadToken")
        for chat in self._platform.chats():
            marked = next((m for m in chat.messages if token and m.read_token == token), None)
            if marked is None or chat.account != channel.account:
                continue
            for message in chat.messages[: chat.messages.index(marked) + 1]:
                message.read = message.author is Author.RESIDENT
            self._platform.changed(chat)
            return Answer()
        return refusal(400, "Invalid markAsReadToken")

    def profile(self, channel: Channel, body: Json, _call: ApiCall) -> Answer:
        """Tell a display name, as LINE would; and remember that somebody asked."""
        user_id = str(body["userId"])
        self.profile_calls.append(user_id)
        resident = self._platform.find_resident(user_id)
        if resident is None or resident.user_id != user_id:
            return refusal(404, "Not found")
        chat = self._platform.chat(channel.account, resident)
        if chat.blocked or not (chat.friend or chat.last_wrote):
            return refusal(404, "Not found")
        return Answer(body={"userId": user_id, "displayName": resident.name, "language": "ja"})

    def content(self, channel: Channel, body: Json, _call: ApiCall) -> Answer:
        """Hand out a picture: 202 while it is prepared, 410 after it was taken back."""
        found = self._platform.find_message(str(body["messageId"]))
        if found is None or found[0].account != channel.account or found[1].content_ready_at is None:
            return refusal(404, "Not found")
        message = found[1]
        if message.unsent:
            return refusal(410, "The content is gone")
        if self._platform.now() < found[1].content_ready_at:
            return Answer(status=202)
        content, content_type = content_of(message)
        return Answer(content=content, headers={"content-type": content_type})

    def used_this_month(self, channel: Channel) -> int:
        """Return the pushes of this month in Japan that reached somebody."""
        return self._used.get(self._month(channel), 0)

    def _month(self, channel: Channel) -> tuple[str, str]:
        return channel.account, self._platform.now().astimezone(_TOKYO).strftime("%Y-%m")

    def _reaches(self, chat: Chat) -> bool:
        if chat.blocked:
            return False
        recently = chat.last_wrote is not None and self._platform.now() - chat.last_wrote <= STRANGER_WINDOW
        return chat.friend or recently

    def _accept(self, chat: Chat, body: Json, call: ApiCall) -> Answer:
        call.performed = True
        call.delivered = self._reaches(chat)
        chat.loading_until = None
        sent: list[Json] = []
        for message in body["messages"]:
            if call.delivered:
                bubble = self._platform.add_message(chat, Author.BOT, message)
                bubble.silent = bool(body.get("notificationDisabled"))
                number = bubble.id
            else:
                number = self._platform.new_message_id()
            sent.append({"id": number, "quoteToken": new_token()})
        return Answer(body={"sentMessages": sent})

    def _find_accepted(self, channel: Channel, key: str | None) -> AcceptedKey | None:
        known = self._accepted.get((channel.account, key.lower())) if key else None
        return known if known is not None and self._platform.now() - known.at <= KEY_LIFE else None

    def _remember(self, channel: Channel, call: ApiCall, answer: Answer) -> None:
        if call.retry_key is None:
            return
        now = self._platform.now()
        if len(self._accepted) > _PRUNE_AT:
            self._accepted = {key: value for key, value in self._accepted.items() if now - value.at <= KEY_LIFE}
        accepted = AcceptedKey(request_id=call.request_id, at=now, sent=tuple(answer.body["sentMessages"]))
        self._accepted[channel.account, call.retry_key.lower()] = accepted


def _invalid(problems: list[Problem]) -> Answer:
    return refusal(400, f"The request body has {len(problems)} error(s)", problems)


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False
