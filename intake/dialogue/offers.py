"""Windows and persons, offered and never pushed: at most one question before, cards with a way on, and always a person."""

from intake.dialogue.place import proposed
from intake.dialogue.postback import district_choice
from intake.dialogue.scene import STAFF, Scene, added, say, turn
from intake.dialogue.turn import Effect, EffectKind, Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from routing.choose import refer
from routing.districts import Found, names_to_choose
from routing.offer import DESK
from routing.referral import Destination, Kind, Outcome, Referral

_MOST_CARDS = 2
_MOST_CARDS_BY_DISTRICT = 3
_MOST_DISTRICTS = 10
ON = (Choice.STAFF, Choice.OTHER, Choice.LISTEN)
"""The ways on under every offered window."""


def offer(scene: Scene, *lead: Reply, may_ask: bool = True, reason: str = "") -> Turn:
    """Offer what fits the needs told so far, after ``lead``; asks for the district first where that decides."""
    referral = refer(scene.state.needs, scene.profile(), scene.city, scene.now)
    if may_ask and referral.ask == "district" and Key.ASK_DISTRICT not in scene.state.asked and scene.state.district is None:
        return _ask_district(scene, lead, referral)
    cards = cards_for(scene, referral)
    effect = Effect(kind=EffectKind.REFERRAL_RECORDED, referral=referral, reason=reason)
    if not cards:
        return offer_person(scene, *lead, effects=(effect,))
    by_staff = referral.outcome is Outcome.STAFF
    closing = say(Key.OFFER_PERSON_ONLY, *ON, promise=scene.promise) if by_staff else say(Key.OFFER_WINDOW, *ON)
    return turn(
        scene,
        (*lead, *cards, closing),
        (effect,),
        step=Step.REFERRED,
        offered=added(scene.state.offered, *_windows(cards), *((STAFF,) if by_staff else ())),
    )


def offer_person(scene: Scene, *lead: Reply, key: Key = Key.OFFER_PERSON_ONLY, effects: tuple[Effect, ...] = ()) -> Turn:
    """Offer a person with the time of the answer, where no window is the right next step."""
    return turn(
        scene,
        (*lead, say(key, Choice.STAFF, Choice.LISTEN, Choice.END, promise=scene.promise)),
        effects,
        step=Step.AWAITING_CHOICE,
        offered=added(scene.state.offered, STAFF),
        asked=added(scene.state.asked, Key.OFFER_PERSON),
    )


def offer_other(scene: Scene, *lead: Reply, effects: tuple[Effect, ...] = ()) -> Turn:
    """Offer another window than those turned down; a person when there is none, and beside it when it is the second time."""
    referral = refer(scene.state.needs, scene.profile(), scene.city, scene.now)
    cards = [card for card in cards_for(scene, referral) if card.params["window"] not in scene.state.declined]
    recorded = Effect(kind=EffectKind.REFERRAL_RECORDED, referral=referral, reason="other")
    if not cards:
        return offer_person(scene, *lead, key=Key.NO_OTHER_WINDOW, effects=(*effects, recorded))
    again = len(scene.state.declined) > 1
    closing = say(Key.OFFER_PERSON, *ON, promise=scene.promise) if again else say(Key.OFFER_WINDOW, *ON)
    return turn(
        scene,
        (*lead, *cards, closing),
        (*effects, recorded),
        step=Step.REFERRED,
        offered=added(scene.state.offered, *_windows(cards), *((STAFF,) if again else ())),
    )


def cards_for(scene: Scene, referral: Referral) -> list[Reply]:
    """Return the windows of a referral as cards, at most two, or three districts to choose from.

    The city's own desk is a card only where it has a number: else it is this talk. Where not all districts would fit, none
    is shown: a part of them would be a guess.
    """
    chosen = [place for place in referral.shown if _may_see(scene, place)]
    most = _MOST_CARDS_BY_DISTRICT if referral.ask else _MOST_CARDS
    if referral.ask and any(_of_a_district(scene, place) for place in chosen[most:]):
        chosen = _whole_districts(scene, chosen, most)
    return [say(Key.WINDOW_CARD, window=place.window, name=place.name, kind=place.kind.value) for place in chosen[:most]]


def _whole_districts(scene: Scene, chosen: list[Destination], most: int) -> list[Destination]:
    """Leave the desk out where all districts fit then, else leave out the districts."""
    windows = [place for place in chosen if place.window != DESK]
    if any(_of_a_district(scene, place) for place in windows[most:]):
        return [place for place in chosen if not _of_a_district(scene, place)]
    return windows


def _of_a_district(scene: Scene, place: Destination) -> bool:
    return place.window in scene.city.windows and scene.city.windows[place.window].by_area


def ask_which_district(scene: Scene, found: Found) -> Turn:
    """Ask once more where the words said more than one place, or only the neighbourhood of one: the candidates are there to tap."""
    choices = [district_choice(name) for name in found.names][:_MOST_DISTRICTS]
    asked = (Key.ASK_DISTRICT, Key.ASK_DISTRICT_WHICH, *(proposed(name) for name in found.names if len(found.names) == 1))
    return turn(
        scene,
        (say(Key.ASK_DISTRICT_WHICH, *choices, Choice.NONE, Choice.SKIP, Choice.STAFF),),
        step=Step.AWAITING_DISTRICT,
        asked=added(scene.state.asked, *asked),
    )


def current_windows(scene: Scene) -> tuple[str, ...]:
    """Return the windows that stand offered and were not turned down."""
    return tuple(window for window in scene.state.offered if window != STAFF and window not in scene.state.declined)


def _ask_district(scene: Scene, lead: tuple[Reply, ...], referral: Referral) -> Turn:
    kind = referral.main.kind if referral.main else Kind.ELDERLY
    divided = [window for window in scene.city.windows.values() if window.kind is kind and window.by_area]
    choices = [district_choice(name) for name in names_to_choose(divided, scene.today)][:_MOST_DISTRICTS]
    return turn(
        scene,
        (*lead, say(Key.ASK_DISTRICT, *choices, Choice.SKIP, Choice.STAFF)),
        step=Step.AWAITING_DISTRICT,
        asked=added(scene.state.asked, Key.ASK_DISTRICT),
    )


def _may_see(scene: Scene, place: Destination) -> bool:
    """Help for women is never shown to a writer who tells of own violence."""
    if scene.state.own_violence and place.kind is Kind.WOMEN:
        return False
    return place.window != DESK or bool(scene.city.desk_phone)


def _windows(cards: list[Reply]) -> tuple[str, ...]:
    return tuple(str(card.params["window"]) for card in cards)
