"""To stop notices, to end the talk, to erase, to see what is stored: four different wishes, each taken at its word."""

from dataclasses import replace

from intake.dialogue.checkins import may_offer
from intake.dialogue.postback import Tap, Verb
from intake.dialogue.scene import Scene, say, turn
from intake.dialogue.turn import Controller, Effect, EffectKind, Step, TalkState, Turn
from intake.wording.keys import Choice, Key
from nlp.reading import Intent, Risk

_STOP, _END, _STORED = Tap(Verb.STOP), Tap(Verb.END), Tap(Verb.STORED)
_YES = Tap(Verb.ERASE, "yes")
_ERASE = frozenset({Tap(Verb.ERASE), _YES, Tap(Verb.ERASE, "no")})


def answer_command(scene: Scene) -> Turn | None:
    """Answer a wish about notices or records, tapped or typed; None for anything else. Works in every state of the talk."""
    if scene.tap == _STOP or (scene.typed and scene.reading.intent is Intent.STOP):
        return _stop(scene)
    if scene.before.step is Step.CONFIRMING_ERASE:
        return _confirmed(scene)
    if scene.tap in _ERASE or (scene.typed and scene.reading.intent is Intent.ERASE):
        return _confirm(scene)
    return None if scene.state.controller is Controller.STAFF else _end_or_stored(scene)


def _end_or_stored(scene: Scene) -> Turn | None:
    if scene.tap == _END:
        return _end(scene)
    if scene.tap == _STORED:
        letters = (Choice.CHECKIN,) if may_offer(scene) or (scene.state.checkins is not None and scene.state.checkins.enrolled) else ()
        return turn(scene, (say(Key.STORED, Choice.ERASE, Choice.STOP, *letters, Choice.END, Choice.STAFF),))
    return None


def _stop(scene: Scene) -> Turn:
    replies = (say(Key.NOTICES_STOPPED, Choice.END, Choice.ERASE, Choice.STAFF),)
    return turn(scene, replies, (Effect(kind=EffectKind.NOTICES_STOPPED),))


def _confirm(scene: Scene) -> Turn:
    return turn(scene, (say(Key.CONFIRM_ERASE, Choice.ERASE_YES, Choice.ERASE_NO),), step=Step.CONFIRMING_ERASE)


def _confirmed(scene: Scene) -> Turn | None:
    """Take the answer to the question before erasing. While staff hold the talk a typed yes may be meant for them."""
    if scene.tap == _YES:
        return _erase(scene)
    if scene.tap is not None and scene.tap.verb in {Verb.ERASE, Verb.SKIP}:
        return _keep(scene) if scene.tap.arg or scene.tap.verb is Verb.SKIP else _confirm(scene)
    if scene.state.controller is Controller.STAFF:
        return None
    return _typed_answer(scene) if scene.typed else _end_or_stored(scene)


def _typed_answer(scene: Scene) -> Turn | None:
    """Erase at a clear yes; keep at a clear no or a message that says neither."""
    if scene.reading.intent in {Intent.ACCEPT, Intent.ERASE}:
        return _erase(scene)
    if scene.reading.intent in {Intent.DECLINE, Intent.OTHER} and not scene.reading.concerns:
        return _keep(scene)
    return None


def _keep(scene: Scene) -> Turn:
    return turn(scene, (say(Key.ERASE_KEPT, Choice.STAFF, Choice.LISTEN, Choice.END),), step=resting_step(scene.state))


def _erase(scene: Scene) -> Turn:
    """Forget what was told. What keeps the person safe stays: an open danger, and that the phone may be read by others."""
    state = scene.state
    kept = TalkState(
        controller=state.controller,
        risk=state.risk if state.risk.rank >= Risk.URGENT.rank else Risk.NONE,
        risk_kinds=state.risk_kinds if state.risk.rank >= Risk.URGENT.rank else (),
        unsafe_contact=state.unsafe_contact,
        own_violence=state.own_violence,
        child_writer=state.child_writer,
        plain_kana=state.plain_kana,
        waiting_told=state.waiting_told,
        last_at=state.last_at,
        greeted=True,
        checkins=state.checkins,
    )
    kept = replace(kept, step=resting_step(kept))
    ended = turn(scene, (say(Key.ERASED, Choice.LISTEN, Choice.STAFF),), (Effect(kind=EffectKind.RECORDS_ERASED),))
    return replace(ended, state=kept, concerns=())


def _end(scene: Scene) -> Turn:
    if scene.state.risk.rank >= Risk.URGENT.rank:
        return turn(scene, (say(Key.END_AT_RISK, Choice.LISTEN, Choice.STAFF),))
    effect = Effect(kind=EffectKind.CONTACT_CLOSED, reason="resident")
    offered = (Choice.CHECKIN,) if may_offer(scene) else ()
    return turn(scene, (say(Key.ENDED, *offered),), (effect,), step=Step.ENDED, controller=Controller.BOT, waiting_told=False)


def resting_step(state: TalkState) -> Step:
    """Where a talk stands when no question is open."""
    if state.controller is not Controller.BOT:
        return Step.CRISIS if state.risk.rank >= Risk.URGENT.rank else Step.HANDED_OVER
    return Step.REFERRED if state.offered else Step.OPEN
