"""One event with all that is known when it comes, and the small pieces that turns are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from intake.dialogue.postback import Tap
from intake.dialogue.turn import Controller, Effect, EffectKind, EventKind, Step, TalkEvent, TalkState, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import Concern, Reading, Risk, RiskKind
from routing.city import City, NightMode
from routing.hours import TOKYO, is_open, promised_answer
from routing.lines import line_is_open, lines_for
from routing.referral import Profile

LATE_AFTER = timedelta(minutes=30)
_FOR_VICTIMS = frozenset({RiskKind.VIOLENCE})
"""Lines for violence and nothing else are those that shelter its victims."""
STAFF = "staff"
"""Stands among what was offered when a person with a stated time was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a handler sees. ``state`` already holds what the event told; ``before`` is how the talk stood when it came."""

    before: TalkState
    state: TalkState
    event: TalkEvent
    reading: Reading
    city: City
    now: datetime
    tap: Tap | None = None
    new_concerns: tuple[Concern, ...] = ()

    @property
    def text(self) -> str:
        """What was typed, without the space around it."""
        return self.event.text.strip()

    @property
    def typed(self) -> bool:
        """Whether the event is text."""
        return self.event.kind is EventKind.TEXT

    @property
    def today(self) -> date:
        """The day of the talk in Japan, on which tables of the directory hold."""
        return self.now.astimezone(TOKYO).date()

    @property
    def at_risk(self) -> bool:
        """Whether this very event shows a risk that a person must read today."""
        return self.reading.risk.rank >= Risk.URGENT.rank

    @property
    def late(self) -> bool:
        """Whether the event comes so late that advice may no longer fit."""
        return self.now - self.event.occurred_at > LATE_AFTER

    @property
    def promised_by(self) -> datetime:
        """By when a person answers: as it was told to a talk that waits, else as it would be if handed over now."""
        told = self.before.promised_by if self.before.controller is Controller.WAITING else None
        return told if told is not None and told > self.now else promised_answer(self.city, self.now)

    @property
    def promise(self) -> str:
        """The same as a parameter of a reply."""
        return self.promised_by.isoformat()

    @property
    def on_duty(self) -> bool:
        """Whether staff read the talk at this hour."""
        return is_open(self.city.staff_hours, self.city.closed_days, self.now)

    def lines(self, *, open_only: bool = False) -> list[str]:
        """Keys of at most three lines for the dangers read, open ones first; those for victims are kept from who tells of own violence."""
        return self.lines_of(self.reading.risk_kinds or self.state.risk_kinds, open_only=open_only)

    def lines_of(self, kinds: tuple[RiskKind, ...], *, open_only: bool = False) -> list[str]:
        """Return the same for given kinds of danger. Abuse has its own lines; those for partners would mislead there."""
        wanted = [kind for kind in kinds if kind is not RiskKind.VIOLENCE or RiskKind.ABUSE not in kinds]
        lines = lines_for(self.city, wanted, self.now, child=self.state.child_writer, language=self.reading.language)
        shown = [line for line in lines if not (self.state.own_violence and line.kinds == _FOR_VICTIMS)]
        return [line.key for line in shown if not open_only or line_is_open(line, self.now)]

    def profile(self) -> Profile:
        """Return what routing may know."""
        return Profile(
            actor=self.state.actor,
            district=self.state.district,
            child_writer=self.state.child_writer,
            risk=self.state.risk,
            risk_kinds=self.state.risk_kinds,
            declined=frozenset(self.state.declined),
            refuses_contact=self.state.refuses_contact,
            household=self.state.household,
            undertones=self.state.undertones,
            asks=frozenset(self.state.asks),
            language=self.reading.language,
        )

    def now_in(self, **changes: Any) -> "Scene":
        """Return the scene with a changed state."""
        return replace(self, state=replace(self.state, **changes))


def by_duty(scene: Scene, opened: Key, unread: Key, duty: Key, contracted: Key) -> Key:
    """Choose the wording that is true at this hour under the night that the municipality has declared."""
    if scene.on_duty:
        return opened
    return {NightMode.UNREAD: unread, NightMode.DUTY_OFFICER: duty, NightMode.CONTRACTED: contracted}[scene.city.night]


def say(key: Key, *choices: str, **params: str | list[str]) -> Reply:
    """Make a reply with the choices that stand under it."""
    return Reply(key=key, params={**params, **({"choices": list(choices)} if choices else {})})


def turn(scene: Scene, replies: Sequence[Reply] = (), effects: Iterable[Effect] = (), **changes: Any) -> Turn:
    """End the event with these replies and effects and a changed state."""
    return Turn(state=replace(scene.state, **changes), replies=tuple(replies), effects=tuple(effects), concerns=scene.new_concerns)


def added(known: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Return the words with the new ones at the end, each once; a word said again moves to the end."""
    return tuple(word for word in known if word not in more) + tuple(dict.fromkeys(more))


def handoff(scene: Scene, reason: str) -> Effect:
    """Ask for a person, with the time that the resident is told."""
    return Effect(
        kind=EffectKind.HANDOFF_REQUESTED,
        reason=reason,
        risk=scene.state.risk,
        risk_kinds=scene.state.risk_kinds,
        promised_by=scene.promised_by,
    )


def alarm(scene: Scene, reason: str) -> Effect:
    """Call staff at once."""
    return Effect(
        kind=EffectKind.ALARM_RAISED,
        reason=reason,
        risk=scene.reading.risk,
        risk_kinds=scene.reading.risk_kinds,
        promised_by=scene.promised_by,
    )


def hand_over(scene: Scene, *lead: Reply, reason: str) -> Turn:
    """Hand the talk to a person and say by when they answer. A talk that already waits is not asked for twice."""
    if scene.state.controller is Controller.WAITING:
        return turn(scene, (*lead, say(Key.WAITING_ACK, Choice.END, promise=scene.promise)), waiting_told=True)
    return turn(
        scene,
        (*lead, say(Key.HANDED_OVER, Choice.STORED, Choice.END, promise=scene.promise)),
        (handoff(scene, reason),),
        step=Step.HANDED_OVER,
        controller=Controller.WAITING,
        offered=added(scene.state.offered, STAFF),
    )
