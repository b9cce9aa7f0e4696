"""Whose difficulty it is, by the sentence in which it is told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nlp.reading import Concern, Speaker
from routing.household import Mention, sentences_in
from routing.people import OUTSIDE
from routing.referral import Stage

_ABOUT_OTHERS = frozenset({Speaker.NEIGHBOUR, Speaker.SUPPORTER})
_SHARED = frozenset({Concern.MONEY_LIVING, Concern.RENT_LOAN, Concern.TAX_UTILITY, Concern.FOOD, Concern.HOUSING})
"""What a whole household bears: the writer's own where the writer belongs to it."""
_PARENTAL = frozenset({Concern.PARENTING, Concern.SINGLE_PARENT, Concern.PREGNANCY, Concern.DV, Concern.FAMILY})
"""What is told by the one who bears it, whoever else stands in the sentence."""
_NEVER_PREGNANT = frozenset({"father", "husband", "son", "brother", "grandfather", "uncle"})
_KIN = frozenset({"son", "daughter", "brother", "grandchild"})
_PARTNERS = frozenset({"husband", "wife", "spouse", "partner", "former_partner"})
_DOES_IT = re.compile(r"(?:さん|たち)?(?:が|は|に(?!手を|あざ|暴力)|から|の(?:こと|暴力))")
_SUFFERED = re.compile(
    r"(?:殴|蹴|叩|たた|なぐ|け|怒鳴|どな)[らかな]?れ|突き飛ば|つき飛ば|つね|手をあげ|手を上げ|首をし[めぼ]|髪をつか"
    r"|(?:私|わたし|わし|俺|おれ|僕)(?:たち|ら)?(?:夫婦)?を[^。、\n]{0,8}(?:殴|蹴|叩|たた|なぐ)"
)
_YOUNG_WORDS = frozenset({"child", "pupil", "grandchild", "son", "daughter"})
_OLD_WORDS = frozenset({"mother", "father", "parents", "grandmother", "grandfather", "grandparents"})
_GROWN_CHILDREN = frozenset({"son", "daughter", "brother", "sister", "grandchild", "child"})
_DESCRIBES = re.compile(r"(?:の|のある|がある|をもつ|を持つ|が必要な|中の)[^、。のとがは]{0,6}の?")
"""What stands between words for a difficulty and the person whom they describe: 障がいのある妹, 寝たきりの八十代の父."""
_OWNS = re.compile(r"(?:さん|たち)?の.{0,2}")
_HURT = re.compile(r"(?:さん|たち)?(?:を|の(?:腕|顔|体|身体|頭|年金|通帳|お金|口座|あざ)|に(?:手を|暴力|あざ|食事|ご飯))")

_ANNOUNCED = re.compile(r"(?:さん|たち|夫婦)?の(?:こと|件)(?:です|だす|で|なん|について|を)")
"""A writer who says whose story it is goes on about that person."""
_ALONE = re.compile(r"(?:一人|ひとり|独り)(?:で)?(?:暮らし|ぐらし|住)|独居|離れて暮らす")


_EMPTY_HOUSE = re.compile(r"空き?家|空き地|廃屋|(?:だれ|誰)も住んでいない家")


class Spot(NamedTuple):
    """Where the words for a difficulty begin and end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A text with the people whom it names and who tells it."""

    text: str
    mentions: tuple[Mention, ...]
    speaker: Speaker

    @property
    def others(self) -> tuple[Mention, ...]:
        """Everybody but the writer and, unless an outsider writes, those named in passing."""
        return tuple(mention for mention in self.people if mention.person != "self")

    @property
    def people(self) -> tuple[Mention, ...]:
        """Everybody whose difficulty it may be."""
        if self.speaker in _ABOUT_OTHERS:
            return self.mentions
        return tuple(mention for mention in self.mentions if mention.person not in OUTSIDE)


def whose(concern: Concern, spot: Spot | None, story: Story) -> str:
    """Return the person of a need whose words stand at ``spot``: ``self``, a word for a member, or ``other``."""
    if story.speaker is Speaker.SELF and concern in _PARENTAL | _SHARED:
        return "self"
    special = _SPECIAL.get(concern)
    return special(spot, story) if special else _told_of(spot, story)


def by_kin(spot: Spot | None, story: Story) -> bool:
    """Whether grown kin and no partner hurts somebody: who does it in the sentence that tells so, else who did something before it.

    Where nobody is told to do anything, it is the kin whom the story names if it names no partner.
    """
    told = _SUFFERED.search(story.text)
    if told is None:
        return False
    close = [mention for mention in story.mentions if mention.person in _KIN | _PARTNERS]
    doing = [mention for mention in close if _DOES_IT.match(story.text, mention.end)]
    start, end = _sentence_at(told.start(), story)
    here = [mention for mention in doing if start <= mention.start < min(end, told.end())]
    before = [mention for mention in doing if spot is None or mention.start < spot.end]
    last = next(iter([*reversed(here), *reversed(before)]), None)
    if last is not None:
        return last.person in _KIN
    return bool(close) and all(mention.person in _KIN for mention in close)


def _told_of(spot: Spot | None, story: Story) -> str:
    """Return whom the sentence is about: whose the thing is, the last topic before the words, the last person before, one named after.

    A sentence that names nobody goes on about whom those before it were about, and about the writer where the writer is in trouble.
    """
    named = _named_beside(spot, story) if spot is not None else None
    return named.person if named else _carried(spot, story)


def _named_beside(spot: Spot, story: Story) -> Mention | None:
    owner = _owner(spot, story)
    if owner is not None:
        return owner
    before, after = _around(spot, story)
    topics = [mention for mention in before if mention.topic]
    found = topics[-1:] or before[-1:] or after[:1]
    return found[0] if found else None


def _owner(spot: Spot, story: Story) -> Mention | None:
    """Return the person whom the words themselves name: 障がいのある妹, 妹の介護."""
    before, after = _around(spot, story)
    described = [mention for mention in after if _DESCRIBES.fullmatch(story.text, spot.end, mention.start)]
    owned = [mention for mention in before if _OWNS.fullmatch(story.text, mention.end, spot.start)]
    found = described[:1] or owned[-1:]
    return found[0] if found else None


def _around(spot: Spot, story: Story) -> tuple[list[Mention], list[Mention]]:
    """Return the people of the sentence who are named before the words, and those named after them."""
    start, end = _sentence_at(spot.start, story)
    inside = [mention for mention in story.people if start <= mention.start < end]
    before = [mention for mention in inside if mention.start <= spot.start]
    return before, [mention for mention in inside if mention.start > spot.start and mention.person != "self"]


def _sentence_at(place: int, story: Story) -> tuple[int, int]:
    """Return where the sentence of a place begins and ends."""
    return next(((start, end) for start, end in sentences_in(story.text) if start <= place < end), (0, len(story.text)))


def _carried(spot: Spot | None, story: Story) -> str:
    announced = [mention for mention in story.others if _ANNOUNCED.match(story.text, mention.end)]
    if announced:
        return announced[0].person
    if story.speaker in {Speaker.SELF, Speaker.UNKNOWN} and not (story.speaker is Speaker.UNKNOWN and story.others):
        return "self"
    earlier = [mention for mention in story.others if spot is None or mention.start <= spot.start]
    topics = [mention for mention in earlier if mention.topic]
    found = topics[-1:] or earlier[-1:] or list(story.others[:1])
    return found[0].person if found else "other"


def _of_the_young(spot: Spot | None, story: Story) -> str:
    """School and development are a young person's: the writer's own only where the writer names no such person."""
    return _rather(_told_of(spot, story), story, unless=_is_young)


def _of_the_frail(spot: Spot | None, story: Story) -> str:
    """Care and forgetfulness are of the one who needs the help, not of the one who gives it."""
    owner = _owner(spot, story) if spot is not None else None
    told = owner.person if owner else _told_of(spot, story)
    if told == "self" and _is_old_writer(story):
        return told
    fitting = _may_be_frail if owner or not any(map(_is_old, story.others)) else _is_old
    return _rather(told, story, unless=fitting)


def _of_the_grown_child(spot: Spot | None, story: Story) -> str:
    """Who has withdrawn is seldom the parent whose pension feeds the house: rather a grown child, or the writer who names none."""
    told = _told_of(spot, story)
    if told not in _OLD_WORDS:
        return told
    named = spot is not None and _named_beside(spot, story) is not None
    known = named or story.speaker in _ABOUT_OTHERS or any(map(_is_grown_child, story.others))
    return _rather(told, story, unless=_is_grown_child) if known else "self"


def _of_the_lonely(spot: Spot | None, story: Story) -> str:
    """Return whom the sentence names, else who is told to live alone: theirs are the home and the solitude."""
    named = _named_beside(spot, story) if spot is not None else None
    if named is not None:
        return named.person
    alone = [mention.person for mention in story.others if _lives_alone(mention, story)]
    return alone[0] if alone else _carried(spot, story)


def _of_the_home(spot: Spot | None, story: Story) -> str:
    """Return whose home it is. An empty house is nobody's: it is the matter of the writer, who lives beside it."""
    return "self" if _EMPTY_HOUSE.search(story.text) else _of_the_lonely(spot, story)


def _lives_alone(mention: Mention, story: Story) -> bool:
    start, end = _sentence_at(mention.start, story)
    return _ALONE.search(story.text, start, end) is not None


def _of_the_pregnant(spot: Spot | None, story: Story) -> str:
    """Return the writer for a birth where the sentence names an old person or a man: it is their own."""
    told = _told_of(spot, story)
    old = any(mention.person == told and _is_old(mention) for mention in story.others)
    return "self" if old or told in _NEVER_PREGNANT else told


def _of_the_young_carer(_: Spot | None, story: Story) -> str:
    if story.speaker is Speaker.SELF and not any(_is_minor(mention) for mention in story.others):
        return "self"
    if any(mention.person == "self" and _is_minor(mention) for mention in story.mentions):
        return "self"
    return next((mention.person for mention in story.others if _is_young(mention)), "child")


def _of_the_hurt(spot: Spot | None, story: Story) -> str:
    """Return who is hurt: the one to whom it is done, else a child, else an old person, else whom the sentence is about."""
    if any(mention.person == "self" and _is_minor(mention) for mention in story.mentions):
        return "self"
    done_to = [mention for mention in story.people if _HURT.match(story.text, mention.end)]
    near = sorted(done_to, key=lambda mention: abs(mention.start - spot.start)) if spot is not None else done_to
    if near:
        return near[0].person
    young = next((mention.person for mention in story.others if _is_young(mention) and mention.stage is not Stage.ADULT), None)
    return young or next((mention.person for mention in story.others if _is_old(mention)), None) or _told_of(spot, story)


def _of_the_beaten(spot: Spot | None, story: Story) -> str:
    """Return to whom it is done where that is told; else whom the sentence is about, who may be the one who does it."""
    hurt = [mention.person for mention in story.people if _HURT.match(story.text, mention.end)]
    return hurt[0] if hurt else _told_of(spot, story)


def _rather(told: str, story: Story, *, unless: Callable[[Mention], bool]) -> str:
    """Return ``told`` where it fits, else the first person of the story who does."""
    fitting = [mention.person for mention in story.others if unless(mention)]
    return told if told in fitting or not fitting else fitting[0]


def _is_minor(mention: Mention) -> bool:
    return mention.stage in {Stage.INFANT, Stage.CHILD}


def _is_young(mention: Mention) -> bool:
    return _is_minor(mention) or (mention.person in _YOUNG_WORDS and mention.stage is None)


def _is_old(mention: Mention) -> bool:
    return mention.stage is Stage.ELDER or (mention.person in _OLD_WORDS and mention.stage is None)


def _may_be_frail(mention: Mention) -> bool:
    return not _is_minor(mention) and mention.person not in {"child", "pupil", "siblings"}


def _is_grown_child(mention: Mention) -> bool:
    return mention.person in _GROWN_CHILDREN and mention.stage is not Stage.INFANT


def _is_old_writer(story: Story) -> bool:
    old = any(mention.person == "self" and mention.stage is Stage.ELDER for mention in story.mentions)
    return old or not any(map(_may_be_frail, story.others))


_SPECIAL: Mapping[Concern, Callable[[Spot | None, Story], str]] = {
    Concern.PREGNANCY: _of_the_pregnant,
    Concern.SCHOOL: _of_the_young,
    Concern.DEVELOPMENT: _of_the_young,
    Concern.CARE: _of_the_frail,
    Concern.DEMENTIA_RIGHTS: _of_the_frail,
    Concern.HIKIKOMORI: _of_the_grown_child,
    Concern.LIVING_ENV: _of_the_home,
    Concern.ISOLATION: _of_the_lonely,
    Concern.YOUNG_CARER: _of_the_young_carer,
    Concern.ABUSE: _of_the_hurt,
    Concern.DV: _of_the_beaten,
}
