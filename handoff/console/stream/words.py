"""New words of residents on their way to open screens: drawn once, in two shapes, and never kept.

The log holds ids only; a screen could ask for the words when it hears of them. But thirty screens asking at the same moment are thirty
pages to draw, and somebody is waiting. So whoever has the talk open gets the line itself, with the rights of this moment.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import func, select

from handoff.console.context import ConsoleContext
from handoff.console.render import draw
from handoff.desk.resident_words import shown_words
from handoff.desk.talk import Line
from intake.base.database import ReadSession
from intake.conversations.models import Author, Message

_TALKS_PER_SESSION = 8
_SESSIONS = 5000


class Eyes:
    """What each session has opened last, as far as this process knows. Whoever is not known here asks for words and rows by itself."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()

    def note(self, token_hash: str, what: str) -> None:
        """Remember an opening; the oldest are forgotten."""
        talks = self._open.setdefault(token_hash, OrderedDict())
        self._open.move_to_end(token_hash)
        talks[what] = None
        talks.move_to_end(what)
        while len(talks) > _TALKS_PER_SESSION:
            talks.popitem(last=False)
        while len(self._open) > _SESSIONS:
            self._open.popitem(last=False)

    def of(self, token_hash: str) -> Mapping[str, None]:
        """Return the talks that a session has opened."""
        return self._open.get(token_hash, _NONE)


_NONE: Mapping[str, None] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWords:
    """One line as frames of the stream: for whoever holds the talk, and masked for everybody else. They carry no number of the log."""

    plain: bytes
    masked: bytes


async def words_of(session: ReadSession, context: ConsoleContext, talk_ids: Sequence[str]) -> Mapping[str, NewWords]:
    """Return the newest message of the resident in each of these talks, drawn."""
    theirs = (Message.conversation_id.in_(talk_ids), Message.author == Author.RESIDENT)
    newest = select(func.max(Message.id)).where(*theirs).group_by(Message.conversation_id)
    messages = await session.scalars(select(Message).where(Message.id.in_(newest)))
    return {message.conversation_id: _drawn(context, message) for message in messages}


def _drawn(context: ConsoleContext, message: Message) -> NewWords:
    frames = []
    for plain in (True, False):
        words = shown_words(context.ring, message, plain=plain)
        line = Line(id=message.id, author=message.author, who="住民", at=message.occurred_at, words=words)
        html = draw("_line.html", line=line, now=context.clock.now())
        frames.append(b"event: line\ndata: %s\n\n" % orjson.dumps({"talk": message.conversation_id, "id": message.id, "html": html}))
    return NewWords(plain=frames[0], masked=frames[1])
