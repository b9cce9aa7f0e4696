"""Neutral bubbles: what a reply looks like before LINE, the protected room or the console renders it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class ButtonKind(StrEnum):
    """What a button does: tell us something, call a number, open a page."""

    POSTBACK = "postback"
    TEL = "tel"
    URI = "uri"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Button(_Value):
    """A button. ``label`` has at most 20 graphemes; ``value`` is postback data, a phone number or an address.

    ``say`` is what the resident is shown as having said.
    """

    label: str
    kind: ButtonKind
    value: str
    say: str = ""


class TextBubble(_Value):
    """Plain text, at most 5,000 UTF-16 units after the renderer has split it."""

    type: Literal["text"] = "text"
    text: str


class CardBubble(_Value):
    """One window as a card. ``alt`` is what a lock screen shows: always neutral. ``badge`` marks 見本."""

    type: Literal["card"] = "card"
    title: str
    rows: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    badge: str = ""
    alt: str


Bubble = Annotated[TextBubble | CardBubble, Field(discriminator="type")]


class Utterance(_Value):
    """What one turn says: bubbles in order, then the choices under the last one (at most 13)."""

    bubbles: tuple[Bubble, ...]
    choices: tuple[Button, ...] = ()
    silent: bool = False
    """True where a notification must make no sound."""
    sender: str = ""
    """The name under which a person speaks; empty for the automatic guide."""


UTTERANCE = TypeAdapter(Utterance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A key of the wording with its parameters. Parameters are strings, numbers or lists of strings."""

    key: str
    params: dict[str, str | int | list[str]]
