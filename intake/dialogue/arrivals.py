"""What comes without readable words: a new friend, a sticker, a picture or voice, a place, something unknown."""

from intake.dialogue.held import unread_alarm
from intake.dialogue.offers import ask_which_district, offer
from intake.dialogue.place import may_ask_which, place_in, proposed
from intake.dialogue.postback import district_choice
from intake.dialogue.scene import STAFF, Scene, added, handoff, say, turn
from intake.dialogue.turn import Controller, EventKind, Step, Turn
from intake.wording.keys import Choice, Key

START = (Choice.WHO_SELF, Choice.WHO_FAMILY, Choice.LISTEN, Choice.STAFF)
"""Ways to begin without having to find words."""


def answer_arrival(scene: Scene) -> Turn | None:
    """Answer an event that is neither text nor a tap; None for those."""
    match scene.event.kind:
        case EventKind.FOLLOW:
            return greet(scene)
        case EventKind.STICKER:
            return turn(scene, (say(Key.STICKER, *START),), step=_opened(scene))
        case EventKind.MEDIA:
            return _media(scene)
        case EventKind.LOCATION:
            return _location(scene)
        case EventKind.UNKNOWN:
            return turn(scene, (say(Key.UNKNOWN_EVENT, *START),), step=_opened(scene))
        case EventKind.TEXT | EventKind.POSTBACK:
            return None


def greet(scene: Scene) -> Turn:
    """Say in two bubbles what this is, who answers when, and the limits, before anything was told."""
    replies = (say(Key.GREETING_HELLO), say(Key.GREETING_LIMITS, *START, Choice.STORED))
    return turn(scene, replies, greeted=True, step=_opened(scene))


def _media(scene: Scene) -> Turn:
    """Hand what no machine can read to a person, by a stated time; words are still read when they come."""
    return turn(
        scene,
        (say(Key.MEDIA, Choice.WHO_SELF, Choice.WHO_FAMILY, Choice.STORED, promise=scene.promise),),
        (*unread_alarm(scene), handoff(scene, "unreadable")),
        step=Step.HANDED_OVER,
        controller=Controller.WAITING,
        offered=added(scene.state.offered, STAFF),
    )


def _location(scene: Scene) -> Turn:
    """Take a place as a hint at most: only a district that its address names, and only when the resident says yes."""
    found = place_in(scene, scene.text)
    if found.sure:
        name = found.names[0]
        reply = say(Key.CONFIRM_DISTRICT, district_choice(name), Choice.NONE, Choice.SKIP, district=name)
        return turn(scene, (reply,), step=Step.AWAITING_DISTRICT, asked=added(scene.state.asked, Key.ASK_DISTRICT, proposed(name)))
    if found.names and may_ask_which(scene):
        return ask_which_district(scene, found)
    if scene.before.step is Step.AWAITING_DISTRICT and scene.state.needs:
        return offer(scene, say(Key.DISTRICT_UNKNOWN), may_ask=False)
    return turn(scene, (say(Key.LOCATION, *START),), step=_opened(scene))


def _opened(scene: Scene) -> Step:
    return Step.OPEN if scene.state.step is Step.NEW else scene.state.step
