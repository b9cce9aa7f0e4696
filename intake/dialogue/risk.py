"""Danger to life and body: read in every state, answered before anything else, never with a list alone."""

from intake.dialogue.offers import cards_for
from intake.dialogue.scene import STAFF, Scene, added, alarm, by_duty, handoff, say, turn
from intake.dialogue.turn import Controller, Effect, EffectKind, Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import Intent, Risk, RiskKind, Speaker
from routing.choose import refer

_ORDER = (RiskKind.SUICIDE, RiskKind.MEDICAL, RiskKind.ABUSE, RiskKind.VIOLENCE, RiskKind.SELF_HARM, RiskKind.DEPRIVATION)
_AT_HOME = frozenset({RiskKind.VIOLENCE, RiskKind.ABUSE})
_OUTSIDERS = frozenset({Speaker.NEIGHBOUR, Speaker.SUPPORTER})
_CRISIS = {
    RiskKind.SUICIDE: Key.CRISIS_SUICIDE,
    RiskKind.MEDICAL: Key.CRISIS_MEDICAL,
    RiskKind.VIOLENCE: Key.CRISIS_VIOLENCE,
    RiskKind.ABUSE: Key.CRISIS_ABUSE,
    RiskKind.SELF_HARM: Key.CRISIS_SELF_HARM,
    RiskKind.DEPRIVATION: Key.CRISIS_DEPRIVATION,
}
_URGENT = {
    RiskKind.SUICIDE: Key.URGENT_SUICIDE,
    RiskKind.MEDICAL: Key.URGENT_MEDICAL,
    RiskKind.VIOLENCE: Key.URGENT_VIOLENCE,
    RiskKind.ABUSE: Key.URGENT_ABUSE,
    RiskKind.SELF_HARM: Key.URGENT_SELF_HARM,
    RiskKind.DEPRIVATION: Key.URGENT_DEPRIVATION,
}


def answer_risk(scene: Scene) -> Turn | None:
    """Answer an event that shows an emergency or an urgent risk; None for any other."""
    if not scene.at_risk or scene.state.controller is Controller.STAFF:
        return None
    emergency = scene.reading.risk is Risk.EMERGENCY
    cards, effects = ([], []) if emergency else _windows(scene)
    asks_safety = _asks_safety(scene)
    question = [say(Key.ASK_SAFE, Choice.SAFE_YES, Choice.SAFE_NO, Choice.SKIP)] if asks_safety else []
    return turn(
        scene,
        (_received(scene), say(Key.RISK_LINES, lines=_lines(scene)), *cards, *_person(scene), *question),
        (alarm(scene, scene.reading.risk.value), *_request(scene), *effects),
        step=Step.CRISIS if emergency or RiskKind.SUICIDE in scene.reading.risk_kinds else Step.HANDED_OVER,
        controller=Controller.WAITING,
        waiting_told=False,
        offered=added(scene.state.offered, *(str(card.params["window"]) for card in cards), STAFF),
        asked=added(scene.state.asked, Key.ASK_SAFE) if asks_safety else scene.state.asked,
    )


def staff_alarm(scene: Scene) -> tuple[Effect, ...]:
    """Raise the alarm while a person holds or will take the talk: at every urgent word, and whenever the risk rises."""
    rises = scene.reading.risk.rank > scene.before.risk.rank
    return (alarm(scene, scene.reading.risk.value),) if rises or scene.at_risk else ()


def _received(scene: Scene) -> Reply:
    kinds, speaker = scene.reading.risk_kinds, scene.reading.speaker
    emergency = scene.reading.risk is Risk.EMERGENCY
    kind = next((kind for kind in _ORDER if kind in kinds), RiskKind.SUICIDE)
    if scene.state.own_violence and kind in _AT_HOME and not emergency:
        return say(Key.OWN_VIOLENCE)
    if _said_by_report(scene):
        return say(Key.REPORT_ABUSE if scene.on_duty else Key.REPORT_ABUSE_NIGHT, Choice.STAFF, Choice.STORED, promise=scene.promise)
    if kind is RiskKind.SUICIDE and speaker in {Speaker.FAMILY, *_OUTSIDERS}:
        return say(Key.CRISIS_OTHER_PERSON if emergency else Key.URGENT_OTHER_PERSON)
    return say((_CRISIS if emergency else _URGENT)[kind])


def _said_by_report(scene: Scene) -> bool:
    """Tell a report of abuse from outside the home, which the municipality answers as the place that takes such reports."""
    reading = scene.reading
    return reading.risk is Risk.URGENT and reading.speaker in _OUTSIDERS and not _AT_HOME.isdisjoint(reading.risk_kinds)


def _lines(scene: Scene) -> list[str]:
    """Choose the lines; where every line of the kind is past its review, 119 is what remains true."""
    if _said_by_report(scene):
        return scene.lines_of((RiskKind.ABUSE,))
    return scene.lines(open_only=scene.reading.risk is Risk.EMERGENCY) or scene.lines_of((RiskKind.MEDICAL,), open_only=True)


def _person(scene: Scene) -> list[Reply]:
    """Say that the talk stays open and when a person answers; the answer to a report has said it already."""
    if _said_by_report(scene):
        return []
    by_hour = by_duty(scene, Key.RISK_PERSON_OPEN, Key.RISK_PERSON_UNREAD, Key.RISK_PERSON_DUTY, Key.RISK_PERSON_CONTRACTED)
    return [say(Key.LATE_APOLOGY if scene.late else by_hour, *_choices(scene), promise=scene.promise)]


def _choices(scene: Scene) -> tuple[str, ...]:
    """Who asks for an end or for erasing in the same breath is heard in that too, by a button and not by itself."""
    wish = {Intent.ERASE: (Choice.ERASE,), Intent.STOP: (Choice.STOP,)}.get(scene.reading.intent, ())
    return (*wish, Choice.STORED)


def _asks_safety(scene: Scene) -> bool:
    reading = scene.reading
    at_home = scene.state.unsafe_contact and not _AT_HOME.isdisjoint(reading.risk_kinds)
    calm = reading.risk is Risk.URGENT and not scene.state.own_violence and not scene.late
    return at_home and calm and Key.ASK_SAFE not in scene.state.asked


def _request(scene: Scene) -> tuple[Effect, ...]:
    if scene.before.controller is Controller.WAITING:
        return ()
    return (handoff(scene, scene.reading.risk.value),)


def _windows(scene: Scene) -> tuple[list[Reply], list[Effect]]:
    """Show a window for an urgent need that it can meet today; not beside death wishes, and not before safety was asked."""
    kinds = frozenset(scene.reading.risk_kinds)
    if kinds != {RiskKind.DEPRIVATION} or scene.late or not scene.state.needs:
        return [], []
    referral = refer(scene.state.needs, scene.profile(), scene.city, scene.now)
    return cards_for(scene, referral)[:1], [Effect(kind=EffectKind.REFERRAL_RECORDED, referral=referral)]
