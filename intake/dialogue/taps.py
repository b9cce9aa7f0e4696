"""Taps on choices. A tap speaks to the machine, so it is answered also while the talk waits for a person."""

from collections.abc import Callable
from dataclasses import replace

from intake.dialogue.arrivals import START
from intake.dialogue.commands import resting_step
from intake.dialogue.offers import ask_which_district, current_windows, offer, offer_other, offer_person
from intake.dialogue.place import may_ask_which, moves, place_in
from intake.dialogue.postback import Tap, Verb, concern_choice
from intake.dialogue.scene import STAFF, Scene, added, hand_over, say, turn
from intake.dialogue.turn import Controller, Effect, EffectKind, EventKind, Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import Concern
from routing.referral import Need, Outcome, Reason, Referral

_COMMON = (Concern.MONEY_LIVING, Concern.CARE, Concern.PARENTING, Concern.SCHOOL, Concern.MENTAL, Concern.JOB_SEEK, Concern.FAMILY)
_UNFIT = {
    "refused": Key.UNFIT_REFUSED,
    "far": Key.UNFIT_FAR,
    "known": Key.UNFIT_KNOWN,
    "time": Key.UNFIT_TIME,
    "scared": Key.UNFIT_SCARED,
}
_UNFIT_CHOICES = (
    Choice.UNFIT_REFUSED,
    Choice.UNFIT_FAR,
    Choice.UNFIT_KNOWN,
    Choice.UNFIT_TIME,
    Choice.UNFIT_SCARED,
    Choice.SKIP,
)


def answer_tap(scene: Scene) -> Turn | None:
    """Answer a tap; None for any other event. Data that is not known any more gets a kind answer and fresh choices."""
    if scene.event.kind is not EventKind.POSTBACK:
        return None
    if scene.tap is None:
        return _stale(scene, Tap(Verb.WINDOW))
    return _ANSWERS[scene.tap.verb](scene, scene.tap)


def ask_what(scene: Scene, *lead: Reply) -> Turn:
    """Ask what it is about, with common difficulties to tap."""
    choices = (*(concern_choice(concern) for concern in _COMMON), Choice.SKIP, Choice.LISTEN, Choice.STAFF)
    return turn(scene, (*lead, say(Key.ASK_WHAT, *choices)), step=Step.AWAITING_CHOICE, asked=added(scene.state.asked, Key.ASK_WHAT))


def listen(scene: Scene) -> Turn:
    """Just listen, and record that this is how the talk was answered."""
    if scene.state.controller is Controller.WAITING:
        return hand_over(scene, reason="asked")
    heard = Referral(
        outcome=Outcome.LISTEN,
        risk=scene.state.risk,
        reasons=(Reason(code="listen_chosen", text="「話すだけでいい」を選ばれました。"),),
        directory_version=scene.city.version,
    )
    return turn(
        scene,
        (say(Key.LISTEN_START, Choice.STAFF, Choice.WINDOW, Choice.END, promise=scene.promise),),
        (Effect(kind=EffectKind.REFERRAL_RECORDED, referral=heard),),
        step=Step.LISTENING,
        offered=added(scene.state.offered, STAFF),
    )


def take_district(scene: Scene, district: str) -> Turn:
    """Take the resident's own word for where they live, and offer by it; ask once which place is meant where it is not clear.

    What no table knows is kept as it was said, for staff, and answered with the city's own desk.
    """
    found = place_in(scene, district)
    if not found.sure and found.names and may_ask_which(scene):
        return ask_which_district(scene, found)
    corrected = scene.state.district not in {None, district} and moves(scene, found)
    known = say(Key.DISTRICT_CORRECTED if corrected else Key.DISTRICT_NOTED, district=district)
    placed, lead = scene.now_in(district=district), known if found.sure else say(Key.DISTRICT_UNKNOWN)
    if not scene.state.needs:
        return ask_what(placed, lead)
    return offer(placed, lead, may_ask=False, reason="district_corrected" if corrected else "")


def ask_unfit(scene: Scene) -> Turn:
    """Ask why the window does not suit; without any window offered yet, ask what it is about."""
    if not current_windows(scene):
        return offer(scene) if scene.state.needs else ask_what(scene)
    return turn(
        scene,
        (say(Key.ASK_UNFIT, *_UNFIT_CHOICES, Choice.STAFF),),
        step=Step.AWAITING_CHOICE,
        asked=added(scene.state.asked, Key.ASK_UNFIT),
    )


def unfit(scene: Scene, reason: str) -> Turn:
    """Note that the offered windows do not suit, receive the reason, and offer another or a person."""
    windows = current_windows(scene)
    effects = tuple(Effect(kind=EffectKind.WINDOW_UNFIT, window_id=window, reason=reason or "untold") for window in windows)
    declined = scene.now_in(declined=added(scene.state.declined, *windows))
    lead = say(_UNFIT.get(reason, Key.UNFIT_UNTOLD))
    if not scene.state.needs:
        return offer_person(declined, lead, key=Key.OFFER_PERSON, effects=effects)
    return offer_other(declined, lead, effects=effects)


def _windows_or_topics(scene: Scene, tap: Tap) -> Turn:
    """「窓口を知りたい」 after listening, or 「ちがう」「その他」 after a question that missed."""
    if tap.verb is Verb.WINDOW and scene.state.needs:
        return offer(scene)
    if tap.verb is Verb.NONE and scene.before.step is Step.AWAITING_DISTRICT:
        return _skip(scene, tap)
    if Key.ASK_WHAT in scene.state.asked and tap.verb is not Verb.WINDOW:
        return offer_person(scene, say(Key.RECEIVED_VAGUE), key=Key.OFFER_PERSON)
    return ask_what(scene)


def _skip(scene: Scene, _tap: Tap) -> Turn:
    """Leave a question unanswered, and go on where the talk can."""
    asked = scene.before.asked[-1] if scene.before.asked else ""
    if scene.before.step is Step.AWAITING_DISTRICT:
        lead = say(Key.DISTRICT_SKIPPED)
        return offer(scene, lead, may_ask=False) if scene.state.needs else ask_what(scene, lead)
    if asked == Key.ASK_UNFIT:
        return unfit(scene, "")
    if asked == Key.ASK_SAFE:
        return _after_safety(scene, safe=None)
    return offer_person(scene, say(Key.DECLINED_OK), key=Key.OFFER_PERSON)


def _after_safety(scene: Scene, *, safe: bool | None) -> Turn:
    """Who can write safely is shown where help is; who cannot is left in peace, with sounds off and a person on the way."""
    if safe and scene.state.needs:
        return offer(scene, say(Key.SAFE_YES), may_ask=False)
    key = {True: Key.SAFE_YES, False: Key.SAFE_NO, None: Key.DECLINED_OK}[safe]
    if scene.state.controller is Controller.WAITING:
        return turn(scene, (say(key, Choice.WINDOW, Choice.STORED, Choice.END),), step=_settled(scene))
    return offer_person(scene, say(key), key=Key.OFFER_PERSON)


def _concern(scene: Scene, tap: Tap) -> Turn:
    concern = Concern(tap.arg)
    need = Need(concern=concern, person=scene.state.about)
    told = scene.now_in(needs=tuple(dict.fromkeys((*scene.state.needs, need))))
    key = Key.RECEIVED if scene.state.about == "self" else Key.RECEIVED_FAMILY
    outcome = offer(told, say(key, topics=[concern.value]))
    return replace(outcome, concerns=(concern,))


def _settled(scene: Scene) -> Step:
    return resting_step(scene.state)


def _stale(scene: Scene, _tap: Tap) -> Turn:
    """Answer a tap that has nothing left to do with fresh choices."""
    return turn(scene, (say(Key.UNKNOWN_TAP, *START),), step=_settled(scene))


_ANSWERS: dict[Verb, Callable[[Scene, Tap], Turn]] = {
    Verb.STAFF: lambda scene, _: hand_over(scene, reason="unfit" if scene.state.declined else "asked"),
    Verb.OTHER: lambda scene, _: ask_unfit(scene),
    Verb.LISTEN: lambda scene, _: listen(scene),
    Verb.WINDOW: _windows_or_topics,
    Verb.NONE: _windows_or_topics,
    Verb.ELSE: _windows_or_topics,
    Verb.SKIP: _skip,
    Verb.WHO: lambda scene, tap: ask_what(scene.now_in(about=tap.arg)),
    Verb.UNFIT: lambda scene, tap: unfit(scene, tap.arg),
    Verb.SAFE: lambda scene, tap: _after_safety(scene, safe=tap.arg == "yes"),
    Verb.CONCERN: _concern,
    Verb.DISTRICT: lambda scene, tap: take_district(scene, tap.arg),
    # ``answer_command``, ``answer_checkin`` and ``answer_consent`` come first and take these.
    Verb.END: _stale,
    Verb.STOP: _stale,
    Verb.ERASE: _stale,
    Verb.STORED: _stale,
    Verb.CHECKIN: _stale,
    Verb.CONSENT: _stale,
}
