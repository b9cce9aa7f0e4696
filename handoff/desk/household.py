"""Who lives in the story and who needs what, as the talk remembers it: the panel beside the talk."""

from collections.abc import Collection
from dataclasses import dataclass

from handoff.desk.words import CONCERN_WORDS, LIFE_WORDS, PERSON_WORDS
from intake.dialogue.turn import TalkState
from nlp.reading import Concern
from routing.referral import Actor

_WRITER = "self"
_ACTORS = {Actor.AGENCY: "支援機関の人が書いています", Actor.MINSEI: "民生委員・児童委員が書いています"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the story, in words."""

    who: str
    life: str
    """Age or time of life, as far as it was told."""
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Everybody of the story, the writer first, and what is known of them all."""

    people: tuple[Person, ...] = ()
    district: str = ""
    signs: tuple[str, ...] = ()


def household_of(state: TalkState, removed: Collection[Concern] = ()) -> Household:
    """Return the panel. What staff have said was read wrongly is left out."""
    needs: dict[str, dict[str, None]] = {}
    for need in state.needs:
        if need.concern not in removed:
            needs.setdefault(need.person, {})[CONCERN_WORDS[need.concern]] = None
    lives = {need.person: LIFE_WORDS[need.stage] for need in state.needs if need.stage is not None}
    lives |= {member.person: LIFE_WORDS[member.stage] for member in state.household if member.stage is not None}
    lives |= {member.person: f"{member.age}歳くらい" for member in state.household if member.age is not None}
    named = dict.fromkeys((*needs, *(member.person for member in state.household)))
    people = sorted(named, key=lambda person: person != _WRITER)
    return Household(
        people=tuple(
            Person(who=PERSON_WORDS.get(person, "家族など"), life=lives.get(person, ""), needs=tuple(needs.get(person, ())))
            for person in people
        ),
        district=state.district or "",
        signs=tuple(_signs(state)),
    )


def _signs(state: TalkState) -> list[str]:
    told = {
        "子どもが書いています": state.child_writer,
        "相談していることを知られると危ないおそれ（音の出る連絡をしない）": state.unsafe_contact,
        "支援を断っている人がいます": state.refuses_contact,
    }
    return [*(words for words, holds in told.items() if holds), *([_ACTORS[state.actor]] if state.actor in _ACTORS else [])]
