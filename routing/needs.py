"""From what was read to what is needed, and by whom: a need for each concern, of the person whom the words show."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from nlp import Undertone, undertone_of
from nlp.reading import Concern, Evidence, Polarity, Reading, Speaker
from routing.household import Mention, gone_in, members_of, mentions_in
from routing.referral import Actor, Need, Profile, Stage
from routing.whose import Spot, Story, by_kin, whose
from routing.writer import asked_in, refuses_help, writer_of

_OF_ADULTS = frozenset({"husband", "wife", "spouse", "former_partner", "son", "daughter", "grandchild", "client"})
_OF_THE_OLD = frozenset({Concern.CARE, Concern.DEMENTIA_RIGHTS})
_ENDED = _OF_THE_OLD | {Concern.HEALTH}
"""What nobody has any more who has died."""
MOST_UNDERTONES = 12
_DENIED = frozenset({Polarity.NEGATED, Polarity.BLOCKED})


class Told(NamedTuple):
    """What a text told: the needs, and what routing may know beside them."""

    needs: tuple[Need, ...]
    profile: Profile


def told_in(reading: Reading, text: str, *, actor: Actor | None = None, district: str | None = None) -> Told:
    """Return one need per decided concern, in the order told, with who writes, who is in the story and whether help is refused.

    Whose need it is stands in ``text``: the person whom the sentence is about, the one who needs the care, the one who is hurt.
    Where nobody is named it is the writer's own (``self``), or ``other`` when somebody writes about others. ``stage`` tells the
    time of life where the text does, ``evidence`` the words that show the need, ``likely`` how sure the reading is. ``actor``
    overrules what the writer says to be.
    """
    mentions = _mentions(reading, text)
    writer = writer_of(text, reading, mentions)
    story = Story(text=text, mentions=mentions, speaker=Speaker.NEIGHBOUR if writer.role else reading.speaker)
    likely = {score.label: score.probability for score in reading.scores}
    profile = Profile(
        actor=actor or writer.actor,
        role=writer.role,
        district=district,
        child_writer=_child_writes(reading, mentions),
        risk=reading.risk,
        risk_kinds=reading.risk_kinds,
        refuses_contact=refuses_help(text),
        household=members_of(mentions),
        undertones=undertones_in(text),
        asks=asked_in(text),
        language=reading.language,
    )
    needs = [_need(concern, reading, story, likely.get(concern, 1.0)) for concern in reading.concerns]
    return Told(_by_office(writer.role, sorted(_of_the_living(needs, text), key=_told_at)), profile)


def undertones_in(text: str) -> tuple[Undertone, ...]:
    """Return what each line of a story holds and hints at; of a long one that of its first lines."""
    return tuple(undertone_of(line) for line in list(filter(str.strip, text.split("\n")))[:MOST_UNDERTONES])


def needs_from(reading: Reading, text: str = "") -> tuple[Need, ...]:
    """Return the needs alone."""
    return told_in(reading, text).needs


def _of_the_living(needs: Sequence[Need], text: str) -> Sequence[Need]:
    """Leave out the care of somebody who has died since; where nothing else was told, it stays what the writer speaks of."""
    gone = gone_in(text)
    return [need for need in needs if need.concern not in _ENDED or need.person not in gone] or needs


def _told_at(need: Need) -> tuple[float, float]:
    """Return where a need is first told; what no words show stands last, the surest first."""
    return min((proof.start for proof in need.evidence), default=inf), -need.likely


def _by_office(role: str, needs: Sequence[Need]) -> tuple[Need, ...]:
    """Put first what the office of the writer implies: a care manager writes of somebody who needs care, whatever else is told."""
    if role != "care_manager" or not needs:
        return tuple(needs)
    told = [
        replace(need, likely=1.0, person="client" if need.concern is Concern.CARE else need.person)
        for need in needs
        if need.concern in _OF_THE_OLD
    ]
    rest = [need for need in needs if need.concern not in _OF_THE_OLD]
    return (*(told or [Need(concern=Concern.CARE, person="client")]), *rest)


def _need(concern: Concern, reading: Reading, story: Story, likely: float) -> Need:
    shown = tuple(proof for proof in reading.evidence if proof.label == concern and proof.polarity not in _DENIED)
    spot = _spot(shown)
    told = Concern.ABUSE if concern is Concern.DV and by_kin(spot, story) else concern
    person = whose(told, spot, story)
    return Need(concern=told, person=person, stage=_stage(person, story.mentions), likely=likely, evidence=shown)


def _mentions(reading: Reading, text: str) -> tuple[Mention, ...]:
    found = mentions_in(text)
    return mentions_in(text, child_writer=True) if _child_writes(reading, found) else found


def _child_writes(reading: Reading, mentions: Sequence[Mention]) -> bool:
    """Whether a child writes. Who tells of a spouse or of children of their own, or of a grown-up age, is none."""
    own = {mention.stage for mention in mentions if mention.person == "self" and mention.stage is not None}
    if own:
        return Stage.CHILD in own
    named = {mention.person for mention in mentions}
    return any(circumstance.kind == "child_writer" for circumstance in reading.circumstances) and named.isdisjoint(_OF_ADULTS)


def _spot(shown: Sequence[Evidence]) -> Spot | None:
    """Return where the longest words for a concern stand; the first of them where several are as long."""
    longest = max(shown, key=lambda proof: (proof.end - proof.start, -proof.start), default=None)
    return Spot(longest.start, longest.end) if longest else None


def _stage(person: str, mentions: Sequence[Mention]) -> Stage | None:
    return next((mention.stage for mention in mentions if mention.person == person and mention.stage is not None), None)
