"""A talk that people hold or will take, and messages that come too late for a machine's advice."""

from dataclasses import replace
from datetime import datetime

from intake.dialogue.risk import staff_alarm
from intake.dialogue.scene import STAFF, Scene, added, alarm, handoff, say, turn
from intake.dialogue.turn import Controller, Effect, EventKind, Step, TalkState, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import Risk


def answer_held(scene: Scene) -> Turn | None:
    """While staff hold the talk the machine is silent, but reads: lines at an emergency, an alarm at every urgent word."""
    if scene.state.controller is not Controller.STAFF:
        return None
    effects = (*staff_alarm(scene), *unread_alarm(scene))
    lines = scene.lines(open_only=True) if scene.reading.risk is Risk.EMERGENCY else []
    return turn(scene, (say(Key.HELD_LINES, lines=lines),) if lines else (), effects)


def answer_waiting(scene: Scene) -> Turn | None:
    """While the talk waits for a person: one acknowledgement with the promised time, then silence. Taps are answered as always."""
    if scene.state.controller is not Controller.WAITING or scene.event.kind in {EventKind.POSTBACK, EventKind.FOLLOW}:
        return None
    effects = (*staff_alarm(scene), *unread_alarm(scene))
    if scene.state.waiting_told:
        return turn(scene, (), effects)
    return turn(scene, (_acknowledgement(scene),), effects, waiting_told=True)


def _acknowledgement(scene: Scene) -> Reply:
    """Give the one word to a talk that waits. Who was read to be in danger is told again where somebody listens now."""
    if scene.late or scene.event.kind is EventKind.MEDIA:
        return say(Key.LATE_APOLOGY if scene.late else Key.MEDIA, Choice.STORED, promise=scene.promise)
    if scene.state.risk.rank < Risk.URGENT.rank:
        return say(Key.WAITING_ACK, Choice.STORED, promise=scene.promise)
    return say(Key.WAITING_ACK_RISK, Choice.STORED, promise=scene.promise, open=scene.lines(open_only=True))


def passed_on(state: TalkState, promise: datetime, place: str) -> tuple[Reply, TalkState]:
    """Tell a talk that goes back to those who wait who answers now, and by when; with the state that remembers the promise.

    Whoever may not be safe is told nothing unasked: the one acknowledgement is still to be given, with the next message.
    """
    reply = say(Key.PASSED_ON, promise=promise.isoformat(), place=place)
    if state.plain_kana or state.child_writer:
        reply = Reply(key=reply.key, params={**reply.params, "kana": 1})
    return reply, replace(state, promised_by=promise, waiting_told=not state.unsafe_contact)


def answer_late(scene: Scene) -> Turn | None:
    """Answer a message older than half an hour with an apology and a person, not with advice that may no longer fit."""
    if not scene.late or scene.event.kind is EventKind.FOLLOW:
        return None
    return turn(
        scene,
        (say(Key.LATE_APOLOGY, Choice.STORED, Choice.END, promise=scene.promise),),
        (*unread_alarm(scene), handoff(scene, "late")),
        step=Step.HANDED_OVER,
        controller=Controller.WAITING,
        waiting_told=True,
        offered=added(scene.state.offered, STAFF),
    )


def unread_alarm(scene: Scene) -> tuple[Effect, ...]:
    """Count what no machine can read as an unread risk until a person has opened it."""
    return (alarm(scene, "unreadable"),) if scene.event.kind is EventKind.MEDIA else ()
