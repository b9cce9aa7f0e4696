"""Answers to a question of consent that staff have put. Taken by a tap only: 「はい」 among other words may mean something else."""

from intake.dialogue.postback import Verb
from intake.dialogue.scene import Scene, say, turn
from intake.dialogue.turn import Effect, EffectKind, Turn
from intake.wording.keys import Key


def answer_consent(scene: Scene) -> Turn | None:
    """Receive a yes or a no, whoever holds the talk; None for anything else. Whether the question is still open, the desk knows."""
    if scene.tap is None or scene.tap.verb is not Verb.CONSENT:
        return None
    agrees = scene.tap.arg.startswith("yes-")
    reply = say(Key.CONSENT_YES if agrees else Key.CONSENT_NO)
    return turn(scene, (reply,), (Effect(kind=EffectKind.CONSENT_ANSWERED, reason=scene.tap.arg),))
