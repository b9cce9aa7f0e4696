"""The memory of the stand-in: who exists, what was said, which tokens are good. What residents do on their phones becomes events here."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.events import event, new_token
from bot.simulator.model import ApiCall, Author, Channel, Chat, ChatMessage, Delivery, Fault, Json, ReplyToken, Resident
from intake.base.clock import Clock

KEEP_CALLS = 5000
TOKEN_LIFE = timedelta(minutes=1)
TOKEN_LIMIT = timedelta(minutes=20)
_PRUNE_AT = 5000

Event = dict[str, Any]


class RefusedActError(Exception):
    """What a person cannot do on a phone: write to an account they block, take back what they never sent."""


class LinePlatform:
    """Channels, residents and chats in memory. Every act of a resident returns the webhook event that LINE would send."""

    def __init__(self, *, clock: Clock, channels: Iterable[Channel], residents: Iterable[Resident]) -> None:
        self._clock = clock
        self.channels = {channel.account: channel for channel in channels}
        self.residents: dict[str, Resident] = {}
        self.calls: deque[ApiCall] = deque(maxlen=KEEP_CALLS)
        self.deliveries: deque[Delivery] = deque(maxlen=KEEP_CALLS)
        self.faults: list[Fault] = []
        self.listeners: list[Callable[[str], None]] = []
        """Called with the user id of each phone that shows something new."""
        self._users: dict[str, Resident] = {}
        self._chats: dict[tuple[str, str], Chat] = {}
        self._tokens: dict[str, ReplyToken] = {}
        self._by_message: dict[str, Chat] = {}
        self._messages = 0
        for resident in residents:
            self.add_resident(resident)

    def now(self) -> datetime:
        """Return the present moment of the injected clock."""
        return self._clock.now()

    def add_resident(self, resident: Resident) -> None:
        """Let one more invented person have a phone."""
        self.residents[resident.key] = resident
        self._users[resident.user_id] = resident

    def find_resident(self, key_or_id: str) -> Resident | None:
        """Return the person with this key or LINE user id."""
        return self.residents.get(key_or_id) or self._users.get(key_or_id)

    def find_channel_by_token(self, access_token: str) -> Channel | None:
        """Return the channel that a bearer token opens."""
        return next((c for c in self.channels.values() if c.access_token == access_token), None)

    def chat(self, account: str, resident: Resident) -> Chat:
        """Return the chat of a person with an account; a first look begins an empty one."""
        key = (account, resident.user_id)
        if key not in self._chats:
            self._chats[key] = Chat(account=account, resident=resident)
        return self._chats[key]

    def chats(self) -> list[Chat]:
        """Return every chat that was begun."""
        return list(self._chats.values())

    def find_message(self, message_id: str) -> tuple[Chat, ChatMessage] | None:
        """Return a bubble by its id, which is unique over all chats."""
        chat = self._by_message.get(message_id)
        message = chat.message(message_id) if chat else None
        return (chat, message) if chat and message else None

    def changed(self, chat: Chat) -> None:
        """Tell the phones that show this person's chats."""
        for listener in self.listeners:
            listener(chat.resident.user_id)

    def new_message_id(self) -> str:
        """Return an id that no other message has, also not after a restart: milliseconds and a running number."""
        self._messages += 1
        return f"{int(self.now().timestamp() * 1000)}{self._messages % 100_000:05d}"

    def add_message(self, chat: Chat, author: Author, body: Json) -> ChatMessage:
        """Put a bubble at the end of a chat."""
        message = ChatMessage(id=self.new_message_id(), author=author, at=self.now(), body=body)
        chat.messages.append(message)
        self._by_message[message.id] = chat
        self.changed(chat)
        return message

    # What a resident does.

    def say(self, chat: Chat, text: str) -> Event:
        """Write a text."""
        return self.send(chat, {"type": "text", "text": text})

    def send(
        self, chat: Chat, body: Json, *, preparing: timedelta | None = None, content: bytes | None = None, content_type: str = ""
    ) -> Event:
        """Send a message object of any type; ``preparing`` is how long LINE needs for its picture."""
        self._refuse_blocked(chat)
        message = self.add_message(chat, Author.RESIDENT, body)
        if body["type"] in {"image", "video", "audio", "file"}:
            message.content_ready_at = self.now() + (preparing or timedelta())
            message.content, message.content_type = content, content_type
        chat.last_wrote = self.now()
        message.read_token = new_token()
        message.read = self.channels[chat.account].chat_mode == "bot"
        sent = {"id": message.id, **body, "quoteToken": new_token(), "markAsReadToken": message.read_token}
        return self._event("message", chat, with_token=True, message=sent)

    def postback(self, chat: Chat, data: str, *, display_text: str = "", message_id: str | None = None) -> Event:
        """Tap a postback button; ``message_id`` is the bubble whose quick replies then vanish."""
        self._refuse_blocked(chat)
        tapped = chat.message(message_id) if message_id else None
        if tapped is not None:
            tapped.choices_used = True
        if display_text:
            message = self.add_message(chat, Author.RESIDENT, {"type": "text", "text": display_text})
            message.read = True  # The words of a button are not a message of the API, so nothing can mark them later.
        chat.last_wrote = self.now()
        self.changed(chat)
        return self._event("postback", chat, with_token=True, postback={"data": data})

    def unsend(self, chat: Chat, message_id: str) -> Event:
        """Take back an own message: id and time stay, the words do not."""
        message = chat.message(message_id)
        if message is None or message.author is not Author.RESIDENT or message.unsent or not message.read_token:
            raise RefusedActError("取り消せるのは、自分が送ったメッセージだけです。")
        message.unsent = True
        message.body, message.content = {}, None
        self.changed(chat)
        return self._event("unsend", chat, unsend={"messageId": message_id})

    def follow(self, chat: Chat) -> Event:
        """Add the account as a friend, or end a block."""
        was_blocked, chat.blocked, chat.friend = chat.blocked, False, True
        self.changed(chat)
        return self._event("follow", chat, with_token=True, follow={"isUnblocked": was_blocked})

    def unfollow(self, chat: Chat) -> Event:
        """Block the account."""
        chat.blocked = True
        self.changed(chat)
        return self._event("unfollow", chat)

    def unknown_event(self, chat: Chat, kind: str, fields: Mapping[str, Any]) -> Event:
        """Make an event of a type that LINE may invent tomorrow."""
        return self._event(kind, chat, **fields)

    # Reply tokens.

    def open_tokens(self, events: Iterable[Json]) -> None:
        """Start the minute of each reply token again: its webhook leaves now."""
        for one in events:
            token = self._tokens.get(one.get("replyToken", ""))
            if token is not None:
                token.delivered_at = self.now()

    def use_token(self, account: str, token: str) -> Chat | None:
        """Use a reply token up and return its chat; None when it is unknown, used, of another account or too old."""
        known = self._tokens.get(token)
        now = self.now()
        if known is None or known.used or known.account != account:
            return None
        if now - known.delivered_at > TOKEN_LIFE or now - known.event_at > TOKEN_LIMIT:
            return None
        known.used = True
        return self._chats[known.account, known.user_id]

    def _event(self, kind: str, chat: Chat, *, with_token: bool = False, **fields: Any) -> Event:
        token = self._new_token(chat) if with_token else None
        return event(kind, user_id=chat.resident.user_id, at=self.now(), reply_token=token, **fields)

    def _new_token(self, chat: Chat) -> str:
        now = self.now()
        if len(self._tokens) > _PRUNE_AT:
            self._tokens = {key: token for key, token in self._tokens.items() if now - token.event_at <= TOKEN_LIMIT}
        value = new_token()
        self._tokens[value] = ReplyToken(token=value, account=chat.account, user_id=chat.resident.user_id, event_at=now, delivered_at=now)
        return value

    @staticmethod
    def _refuse_blocked(chat: Chat) -> None:
        if chat.blocked:
            raise RefusedActError("ブロック中は送れません。ブロックを解除すると送れます。")
