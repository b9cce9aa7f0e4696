"""The talk: one event in, the next state, replies and effects out. Pure; risk is looked at before anything else."""

from dataclasses import replace
from datetime import datetime

from intake.dialogue.arrivals import answer_arrival
from intake.dialogue.checkins import answer_checkin, answer_checkin_wish
from intake.dialogue.commands import answer_command
from intake.dialogue.consent import answer_consent
from intake.dialogue.finish import finish
from intake.dialogue.held import answer_held, answer_late, answer_waiting
from intake.dialogue.note import note
from intake.dialogue.other_language import answer_language
from intake.dialogue.place import only_a_place
from intake.dialogue.postback import find_tap
from intake.dialogue.risk import answer_risk
from intake.dialogue.scene import Scene
from intake.dialogue.taps import answer_tap
from intake.dialogue.turn import EventKind, TalkEvent, TalkState, Turn
from intake.dialogue.words import answer_words
from nlp.reading import Reading
from routing.city import City

_HANDLERS = (
    answer_risk,
    answer_language,
    answer_checkin_wish,
    answer_command,
    answer_checkin,
    answer_consent,
    answer_held,
    answer_waiting,
    answer_late,
    answer_tap,
    answer_arrival,
)
"""Who answers, in this order: danger, words that no machine reads, the resident's own wishes, whoever holds the talk, everything else."""


def next_turn(state: TalkState, event: TalkEvent, reading: Reading, city: City, now: datetime) -> Turn:
    """Return what an event brings about: at most five replies, each a key with parameters, and effects for the shell.

    Silent only while staff hold the talk or after the one acknowledgement of a waiting one. The same arguments always
    give the same turn.
    """
    if only_a_place(state, event, reading):
        reading = Reading(personal_data=reading.personal_data)
    known = {need.concern for need in state.needs}
    scene = Scene(
        before=state,
        state=note(state, event, reading),
        event=event,
        reading=reading,
        city=city,
        now=now,
        tap=find_tap(event.data) if event.kind is EventKind.POSTBACK else None,
        new_concerns=tuple(concern for concern in reading.concerns if concern not in known),
    )
    answered = next((turn for handler in _HANDLERS if (turn := handler(scene)) is not None), None) or answer_words(scene)
    return finish(scene, replace(answered, concerns=answered.concerns or scene.new_concerns))
