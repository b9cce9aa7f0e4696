"""What every turn owes the resident, whoever answered it: the limits of the talk, the hour, a person in time, a way on."""

from dataclasses import replace
from functools import reduce

from intake.dialogue.other_language import own_words
from intake.dialogue.place import PLACES
from intake.dialogue.scene import STAFF, Scene, by_duty, say
from intake.dialogue.turn import Controller, EffectKind, EventKind, Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import PersonalKind, Risk, RiskKind

_MOST_REPLIES = 5
_PERSON_BY_STEP = 3
_LISTENING_LINES = (RiskKind.DEPRIVATION,)
_LEAST_NEEDED = (Key.PERSONAL_DATA, Key.WINDOW_CARD)
_NIGHT = "night"
_OF_A_PLACE = frozenset({Key.DISTRICT_NOTED, Key.DISTRICT_CORRECTED, Key.DISTRICT_UNKNOWN, Key.ASK_DISTRICT_WHICH})
_WHILE_WAITING = {
    Key.OFFER_WINDOW: Key.OFFER_WINDOW_WAITING,
    Key.OFFER_PERSON: Key.PERSON_COMING,
    Key.OFFER_PERSON_ONLY: Key.PERSON_COMING,
    Key.NO_OTHER_WINDOW: Key.PERSON_COMING,
}


def finish(scene: Scene, turn: Turn) -> Turn:
    """Complete a turn. One without replies stays silent."""
    if not turn.replies:
        return turn
    owed = reduce(
        lambda done, step: step(scene, done), (_promised, _waiting, _own_words, _limits, _night, _person_in_time, _personal_data), turn
    )
    return _style(_trim(_ways_on(owed)))


def _promised(_scene: Scene, turn: Turn) -> Turn:
    """Remember the time that was told, so that the talk says the same one again."""
    told = [effect.promised_by for effect in turn.effects if effect.kind is EffectKind.HANDOFF_REQUESTED]
    return replace(turn, state=replace(turn.state, promised_by=told[-1])) if told else turn


def _waiting(scene: Scene, turn: Turn) -> Turn:
    """Offer no person to a talk that already waits for one: say when that person comes."""
    if turn.state.controller is not Controller.WAITING:
        return turn
    return replace(turn, replies=tuple(_said_waiting(scene, reply) for reply in turn.replies))


def _said_waiting(scene: Scene, reply: Reply) -> Reply:
    if reply.key == Key.WINDOW_CARD:
        return Reply(key=reply.key, params={**reply.params, "waiting": 1})
    key = _WHILE_WAITING.get(Key(reply.key))
    return reply if key is None else say(key, *_choices(reply), promise=scene.promise)


def _own_words(scene: Scene, turn: Turn) -> Turn:
    """Who was answered for a danger in a language that we do not write is told the least in that language too."""
    if scene.reading.language == "ja" or turn.state.controller is Controller.STAFF:
        return turn
    if any(reply.key == Key.OTHER_LANGUAGE for reply in turn.replies):
        return turn
    return _inserted(turn, 1, own_words(scene))


def _limits(scene: Scene, turn: Turn) -> Turn:
    """Who speaks, who reads and when, and what may be passed on: at the first chance that is not an emergency."""
    if turn.state.greeted or turn.state.controller is Controller.STAFF or scene.reading.risk is Risk.EMERGENCY:
        return turn
    if any(reply.key == Key.ASK_SAFE for reply in turn.replies):
        # Whoever lives with the danger is first asked whether writing is safe; the limits follow with the answer.
        return turn
    listed = turn.replies[-1].key == Key.RISK_LINES
    spot = 1 if not scene.at_risk else len(turn.replies) if listed else len(turn.replies) - 1
    return replace(_inserted(turn, spot, say(Key.GREETING_SHORT)), state=replace(turn.state, greeted=True))


def _night(scene: Scene, turn: Turn) -> Turn:
    """Once in a contact out of hours: that nobody reads now, when somebody does, and who listens now."""
    told = _NIGHT in turn.state.asked or scene.on_duty or scene.late or scene.at_risk
    if told or turn.state.controller is not Controller.BOT or turn.state.step in {Step.ENDED, Step.CONFIRMING_ERASE}:
        return turn
    kinds = (RiskKind.SUICIDE,) if turn.state.child_writer else scene.state.risk_kinds or _LISTENING_LINES
    key = by_duty(scene, Key.NIGHT_UNREAD, Key.NIGHT_UNREAD, Key.NIGHT_DUTY, Key.NIGHT_CONTRACTED)
    reply = say(key, Choice.STAFF, promise=scene.promise, open=scene.lines_of(kinds, open_only=True))
    state = replace(
        turn.state,
        asked=(_NIGHT, *turn.state.asked),
        offered=(STAFF, *turn.state.offered) if STAFF not in turn.state.offered else turn.state.offered,
    )
    spot = len(turn.replies) - 1 if len(turn.replies) > 1 and scene.event.kind is not EventKind.FOLLOW else len(turn.replies)
    return replace(_inserted(turn, spot, reply), state=state)


def _person_in_time(scene: Scene, turn: Turn) -> Turn:
    """By the third message a window or a person with a stated time has been offered, however the talk went."""
    state = turn.state
    resting = state.controller is not Controller.BOT or state.step in {Step.ENDED, Step.CONFIRMING_ERASE}
    if state.steps < _PERSON_BY_STEP or state.offered or resting:
        return turn
    reply = say(Key.OFFER_PERSON, Choice.STAFF, promise=scene.promise)
    return replace(_inserted(turn, max(1, len(turn.replies) - 1), reply), state=replace(state, offered=(STAFF,)))


def _personal_data(scene: Scene, turn: Turn) -> Turn:
    """Kindly asked not to write it here; nobody at risk is ever told so."""
    wanted = (
        scene.typed
        and scene.reading.personal_data
        and not _took_a_place(scene, turn)
        and turn.state.risk.rank < Risk.URGENT.rank
        and Key.PERSONAL_DATA not in turn.state.asked
    )
    if not wanted:
        return turn
    done = _inserted(turn, 1, say(Key.PERSONAL_DATA))
    return replace(done, state=replace(turn.state, asked=(Key.PERSONAL_DATA, *turn.state.asked)))


def _took_a_place(scene: Scene, turn: Turn) -> bool:
    """Whether what was written was wanted: where the resident lives, which the reader may take for a name."""
    told = {found.kind for found in scene.reading.personal_data}
    return told <= {*PLACES, PersonalKind.NAME} and not _OF_A_PLACE.isdisjoint(Key(reply.key) for reply in turn.replies)


def _ways_on(turn: Turn) -> Turn:
    """No dead end: a person can be reached from everywhere; what cannot be had while the talk waits is not offered."""
    barred = {Choice.STAFF, Choice.LISTEN} if turn.state.controller is Controller.WAITING else set()
    replies = tuple(_with_choices(reply, [choice for choice in _choices(reply) if choice not in barred]) for reply in turn.replies)
    free = turn.state.controller is Controller.BOT and turn.state.step not in {Step.ENDED, Step.CONFIRMING_ERASE}
    if free and not any(Choice.STAFF in _choices(reply) for reply in replies):
        replies = (*replies[:-1], _with_choices(replies[-1], [*_choices(replies[-1]), Choice.STAFF]))
    return replace(turn, replies=replies)


def _trim(turn: Turn) -> Turn:
    """At most five bubbles: what can wait for the next turn goes first, the first card never."""
    replies = list(turn.replies)
    for key in _LEAST_NEEDED:
        spots = [spot for spot, reply in enumerate(replies) if reply.key == key][1 if key is Key.WINDOW_CARD else 0 :]
        while len(replies) > _MOST_REPLIES and spots:
            del replies[spots.pop()]
    return replace(turn, replies=tuple(replies[:_MOST_REPLIES]))


def _style(turn: Turn) -> Turn:
    style: dict[str, int] = {"variant": max(turn.state.steps - 1, 0)}
    if turn.state.child_writer or turn.state.plain_kana:
        style["kana"] = 1
    if turn.state.unsafe_contact:
        style["silent"] = 1
    return replace(turn, replies=tuple(Reply(key=reply.key, params={**reply.params, **style}) for reply in turn.replies))


def _inserted(turn: Turn, spot: int, reply: Reply) -> Turn:
    return replace(turn, replies=(*turn.replies[:spot], reply, *turn.replies[spot:]))


def _choices(reply: Reply) -> list[str]:
    choices = reply.params.get("choices", [])
    return choices if isinstance(choices, list) else []


def _with_choices(reply: Reply, choices: list[str]) -> Reply:
    rest = {name: value for name, value in reply.params.items() if name != "choices"}
    return Reply(key=reply.key, params={**rest, **({"choices": choices} if choices else {})})
