"""The households of ``data/households*.yaml``, told to the reader and referred, and how well that went.

``python -m tests.routing.households tuned|measured|blind|blind2|blind3|blind4|plans [--errors]`` prints the figures, and each error with
its cause.
"""

import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import yaml

from nlp import read_burst
from nlp.reading import Concern
from routing.belief import Beliefs
from routing.choose import refer
from routing.leaning import Leanings
from routing.needs import needs_from, told_in
from routing.referral import Kind, Need, Profile, Referral
from routing.story import read_story
from tests.routing.support import FRIDAY_NOON, cities

_DATA = Path(__file__).parent / "data"
HALVES = {"tuned": 1, "measured": 0}
FRESH = ("blind4", "told1", "told2", "told3", "told4")
"""Eighty and four times a hundred households that only measure: nothing was learned from them."""
WHOLE = {name: f"households_{name}.yaml" for name in ("blind", "blind2", "blind3", "plans", *FRESH)}
"""Households of other writers, each set unseen by the rules when it was first measured."""
STORIES = tuple(sorted(path.stem for path in (_DATA / "stories").glob("*.txt")))
"""Some 450 households each of other writers, to learn from: first a line of ``@city|main/main|others|needs``, then the messages."""
_SHUFFLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One story with what a planner would choose for it."""

    id: str
    city: str
    mains: tuple[Kind, ...]
    """The right main kind; several where two experienced planners would differ, the writer's own choice first."""
    others: tuple[Kind, ...]
    needs: tuple[Need, ...]
    messages: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How many households were referred as a planner would."""

    main: float
    first: float
    """The same where only the writer's own choice counts, of mains that planners would differ about."""
    others: float
    beyond: float
    """Kinds per household that a planner did not name."""


@cache
def households(half: str) -> tuple[Household, ...]:
    """Return the odd numbers (``tuned``) or the even ones (``measured``) of the first set, or one of ``WHOLE`` or ``STORIES``."""
    if half in STORIES:
        blocks = (_DATA / "stories" / f"{half}.txt").read_text(encoding="utf-8").strip().split("\n\n")
        return tuple(_story(f"{half}-{place}", block.split("\n")) for place, block in enumerate(blocks, 1))
    raw = yaml.safe_load((_DATA / WHOLE.get(half, "households.yaml")).read_text(encoding="utf-8"))
    return tuple(_household(item) for item in raw if half in WHOLE or int(item["id"][1:]) % 2 == HALVES[half])


def _household(item: dict[str, object]) -> Household:
    story = next(item[key] for key in ("messages", "text", "told") if key in item)
    messages = story if isinstance(story, list) else [story]
    return Household(
        id=str(item["id"]),
        city=str(item["city"]),
        mains=tuple(map(Kind, _words(item["main"]) if isinstance(item["main"], list) else [str(item["main"])])),
        others=tuple(map(Kind, _words(item["others"]))),
        needs=tuple(map(_need, _words(item["needs"]))),
        messages=tuple(map(str, messages)),
    )


def _story(name: str, lines: list[str]) -> Household:
    city, mains, others, needs = lines[0].removeprefix("@").split("|")
    return Household(
        id=name,
        city=city,
        mains=tuple(map(Kind, mains.split("/"))),
        others=tuple(map(Kind, filter(None, others.split(",")))),
        needs=tuple(map(_need, needs.split(","))),
        messages=tuple(lines[1:]),
    )


def _words(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(word) for word in value]


def _need(word: str) -> Need:
    concern, person = word.split("@")
    return Need(concern=Concern(concern), person=person)


def told(household: Household, beliefs: Beliefs | None = None, leanings: Leanings | None = None) -> Referral:
    """Refer the story as it is told."""
    return _refer(household, *told_in(read_story(household.messages, beliefs=beliefs), household.text), leanings)


def given(household: Household, leanings: Leanings | None = None) -> Referral:
    """Refer what a careful worker would have noted of it: the reader is taken out."""
    return _refer(household, household.needs, Profile(), leanings)


def shuffled(household: Household, seed: int) -> Referral:
    """Refer the noted needs in another order: what was told first is lost."""
    dice = random.Random(f"{seed} {household.id}")
    return _refer(household, dice.sample(household.needs, len(household.needs)), Profile())


def _refer(household: Household, needs: Iterable[Need], profile: Profile, leanings: Leanings | None = None) -> Referral:
    return refer(tuple(needs), profile, cities()[household.city], FRIDAY_NOON, leanings=leanings)


def kinds(referral: Referral) -> set[Kind]:
    return {place.kind for place in (referral.main, *referral.also) if place is not None}


def is_right(household: Household, referral: Referral) -> bool:
    return referral.main is not None and referral.main.kind in household.mains


def marks(half: str, way: Callable[[Household], Referral]) -> Marks:
    """Return the share of right main kinds, and the recall of the others."""
    stories = households(half)
    referrals = [(household, way(household)) for household in stories]
    right = sum(is_right(household, referral) for household, referral in referrals)
    wanted = sum(len(household.others) for household in stories)
    found = sum(len(set(household.others) & kinds(referral)) for household, referral in referrals)
    beyond = sum(len(kinds(referral) - {*household.mains, *household.others}) for household, referral in referrals)
    strict = sum(referral.main is not None and referral.main.kind is household.mains[0] for household, referral in referrals)
    return Marks(main=right / len(stories), first=strict / len(stories), others=found / wanted, beyond=beyond / len(stories))


def errors(half: str) -> Iterator[str]:
    """Yield a line for each household that was not referred as planned. What is wrong for given needs too is the rules' doing."""
    for household in households(half):
        heard, noted = told(household), given(household)
        main = heard.main.kind if heard.main else None
        missing = set(household.others) - kinds(heard)
        if main in household.mains and not missing:
            continue
        by_rules = (main not in household.mains and not is_right(household, noted)) or missing - kinds(noted)
        read = " ".join(f"{need.concern}@{need.person}" for need in needs_from(read_story(household.messages), household.text))
        cause = "rules" if by_rules == missing or by_rules is True else "both" if by_rules else "reader"
        wanted = "/".join(household.mains)
        yield f"{household.id} {cause}: main {main} for {wanted}, missing {'・'.join(sorted(missing)) or '-'}; read {read}"


def _report(half: str) -> None:
    for name, way in (("told", told), ("given", given)):
        print(half, name, marks(half, way))  # noqa: T201 - a measuring command prints its figures
    mixed = [marks(half, partial(shuffled, seed=seed)).main for seed in range(_SHUFFLES)]
    print(half, "given in any order, main", round(sum(mixed) / len(mixed), 3))  # noqa: T201
    if "--errors" in sys.argv:
        print("\n".join(errors(half)))  # noqa: T201


if __name__ == "__main__":
    read_burst(["はじめに一度読む"])
    _report(next((word for word in sys.argv[1:] if word in {*HALVES, *WHOLE}), "tuned"))
