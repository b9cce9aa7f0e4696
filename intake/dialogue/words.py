"""Typed words while the machine speaks: received first, then at most one question or an offer."""

import re

from intake.dialogue.arrivals import START, greet
from intake.dialogue.offers import ON, ask_which_district, current_windows, offer, offer_person
from intake.dialogue.place import corrects, last_proposed, looks_like_a_place, may_ask_which, place_in, tells, where_said
from intake.dialogue.postback import concern_choice
from intake.dialogue.scene import STAFF, Scene, added, hand_over, say, turn
from intake.dialogue.taps import ask_what, take_district, unfit
from intake.dialogue.turn import Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import Intent, Risk, Speaker

_ONE_WORD = 4
_OWN_DISTRICT_WORD = 15
_LONGEST_ADDRESS = 40
_WORDS = re.compile(r"[ぁ-ゖァ-ヺ一-鿿々a-zA-Zａ-ｚＡ-Ｚ]")
_UNSAID = re.compile(r"わから|わかり|分から|知ら|しらな|たくな|答え|こたえ|ちがう|違う|なに|何")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿々]")


def answer_words(scene: Scene) -> Turn:
    """Answer a typed message without an urgent risk. Always answers."""
    placed = where_said(scene)
    answered = _person(placed) or _district(scene)
    if answered is not None:
        return answered
    for handler in (_wrong_window, _difficulty, _unsure, _by_intent, _thin):
        answered = handler(placed)
        if answered is not None:
            return answered
    return _told(placed)


def _person(scene: Scene) -> Turn | None:
    if scene.reading.intent is not Intent.TALK_TO_HUMAN:
        return None
    return hand_over(scene, *((received(scene),) if scene.reading.concerns else ()), reason="asked")


def _district(scene: Scene) -> Turn | None:
    """Take the answer to the question of the district, a district told for its own sake, or a correction of it."""
    found, awaiting = place_in(scene, scene.text), scene.before.step is Step.AWAITING_DISTRICT
    if found.sure and (corrects(scene, found) or (awaiting and tells(scene, found))):
        return take_district(scene, found.names[0])
    if not awaiting:
        return None
    if found.names and may_ask_which(scene):
        return ask_which_district(scene, found)
    if said := scene.text if found.names else _other_answer(scene):
        return take_district(scene, said)
    if scene.new_concerns:
        return None
    lead = say(Key.DISTRICT_SKIPPED)
    return offer(scene, lead, may_ask=False) if scene.state.needs else ask_what(scene, lead)


def _other_answer(scene: Scene) -> str | None:
    """Return the place of an answer without a name of the table: the one that was proposed, or the resident's own word."""
    if scene.reading.intent is Intent.ACCEPT and (name := last_proposed(scene)):
        return name
    return scene.text if not scene.new_concerns and _tells_a_place(scene) else None


def _tells_a_place(scene: Scene) -> bool:
    """Whether an answer that no table knows is a place all the same: it is the resident's own word, and staff will read it."""
    if _UNSAID.search(scene.text):
        return False
    if looks_like_a_place(scene.text) and len(scene.text) <= _LONGEST_ADDRESS:
        return True
    return bool(_JAPANESE.search(scene.text)) and len(scene.text) <= _OWN_DISTRICT_WORD and scene.reading.intent is Intent.OTHER


def _wrong_window(scene: Scene) -> Turn | None:
    if scene.reading.intent is not Intent.WRONG_WINDOW:
        return None
    if current_windows(scene):
        return unfit(scene, "refused")
    return offer_person(scene, say(Key.UNFIT_REFUSED), key=Key.OFFER_PERSON)


def _difficulty(scene: Scene) -> Turn | None:
    """Receive a difficulty by name and offer windows; while listening it is only heard."""
    if not scene.reading.concerns:
        return None
    if scene.state.step is Step.LISTENING:
        return _heard(scene)
    if scene.new_concerns or not scene.state.offered:
        return offer(scene, received(scene))
    return offer_person(scene, received(scene), key=Key.OFFER_PERSON)


def _unsure(scene: Scene) -> Turn | None:
    if not scene.reading.candidates or scene.state.step is Step.LISTENING or Key.ASK_CANDIDATES in scene.state.asked:
        return None
    choices = (*(concern_choice(concern) for concern in scene.reading.candidates[:3]), Choice.NONE, Choice.ELSE, Choice.SKIP)
    return turn(
        scene,
        (say(Key.RECEIVED_WATCH if _worn_out(scene) else Key.RECEIVED_VAGUE), say(Key.ASK_CANDIDATES, *choices, Choice.STAFF)),
        step=Step.AWAITING_CHOICE,
        asked=added(scene.state.asked, Key.ASK_CANDIDATES),
    )


def _by_intent(scene: Scene) -> Turn | None:
    match scene.reading.intent:
        case Intent.GREETING:
            return _greeting(scene)
        case Intent.THANKS:
            return turn(scene, (say(Key.THANKS_BACK, Choice.STAFF, Choice.LISTEN, Choice.END),))
        case Intent.COMPLAINT:
            replies = (say(Key.COMPLAINT, Choice.STAFF, Choice.OTHER, Choice.LISTEN, Choice.END, promise=scene.promise),)
            asked = added(scene.state.asked, Key.OFFER_PERSON)
            return turn(scene, replies, step=Step.AWAITING_CHOICE, offered=added(scene.state.offered, STAFF), asked=asked)
        case Intent.ACCEPT:
            return _accept(scene)
        case Intent.DECLINE:
            return turn(scene, (say(Key.DECLINED_OK, *ON, Choice.STORED, Choice.END),), step=_opened(scene))
        case _:
            return None


def _greeting(scene: Scene) -> Turn:
    if not scene.state.greeted:
        return greet(scene)
    renewed = scene.before.step is Step.ENDED or scene.before.steps > scene.state.steps
    return turn(scene, (say(Key.WELCOME_BACK if renewed else Key.GREETING_BACK, *START),), step=_opened(scene))


def _accept(scene: Scene) -> Turn:
    """Take a yes to the offer of a person; ask any other yes back, because a misread yes is consent that nobody gave."""
    if scene.before.step is Step.AWAITING_CHOICE and scene.before.asked[-1:] == (Key.OFFER_PERSON,):
        return hand_over(scene, reason="asked")
    return turn(scene, (say(Key.ACCEPTED_CHOOSE, *ON),))


def _thin(scene: Scene) -> Turn | None:
    """Silence, letters without sense, one word: each has its answer."""
    if not _WORDS.search(scene.text):
        key = Key.SILENCE
    elif not _JAPANESE.search(scene.text):
        key = Key.UNREADABLE
    elif len(scene.text) <= _ONE_WORD:
        key = Key.ONE_WORD
    else:
        return None
    if scene.state.step is Step.LISTENING:
        return _heard(scene)
    return turn(scene, (say(key, *START),), step=_opened(scene))


def _told(scene: Scene) -> Turn:
    """Receive a story in which no difficulty was read yet, and ask once whom it is about; then offer a person."""
    if scene.state.step is Step.LISTENING:
        return _heard(scene)
    lead = say(Key.RECEIVED_WATCH if _worn_out(scene) else Key.RECEIVED_VAGUE)
    outsider = scene.reading.speaker not in {Speaker.UNKNOWN, Speaker.SELF}
    if outsider or {Key.ASK_WHOM, Key.ASK_WHAT} & set(scene.state.asked) or current_windows(scene):
        return offer_person(scene, lead, key=Key.OFFER_PERSON)
    if scene.reading.speaker is Speaker.SELF or scene.reading.intent is Intent.ASK_WINDOW:
        return ask_what(scene, lead)
    choices = (Choice.WHO_SELF, Choice.WHO_FAMILY, Choice.SKIP, Choice.LISTEN, Choice.STAFF)
    return turn(scene, (lead, say(Key.ASK_WHOM, *choices)), step=Step.AWAITING_CHOICE, asked=added(scene.state.asked, Key.ASK_WHOM))


def _heard(scene: Scene) -> Turn:
    return turn(scene, (say(Key.LISTEN_ON, Choice.STAFF, Choice.WINDOW, Choice.END),))


def received(scene: Scene) -> Reply:
    """Receive a difficulty in the words that fit who writes and how they are."""
    reading = scene.reading
    topics = [concern.value for concern in (*scene.new_concerns, *reading.concerns)]
    named = list(dict.fromkeys(topics))[:2]
    if _worn_out(scene):
        return say(Key.RECEIVED_WATCH)
    fitting = (
        (bool(scene.before.offered) and not scene.new_concerns, Key.RECEIVED_MORE),
        (reading.speaker is Speaker.SUPPORTER, Key.RECEIVED_SUPPORTER),
        (reading.speaker is Speaker.NEIGHBOUR or reading.intent is Intent.REPORT, Key.RECEIVED_REPORT),
        (reading.speaker is Speaker.FAMILY, Key.RECEIVED_FAMILY),
        (reading.intent is Intent.ASK_WINDOW, Key.RECEIVED_QUESTION),
        (bool(scene.before.needs), Key.RECEIVED_MORE),
    )
    return say(next((key for fits, key in fitting if fits), Key.RECEIVED), topics=named)


def _worn_out(scene: Scene) -> bool:
    return scene.reading.risk is Risk.WATCH


def _opened(scene: Scene) -> Step:
    return Step.OPEN if scene.state.step is Step.NEW else scene.state.step
