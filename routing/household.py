"""Who is in a story: everybody that a text names, and how old they are as far as it says so. Only what is written counts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from routing.ages import Age, ages_in
from routing.people import PERSONS, STAGE_OF
from routing.referral import Member, Stage

_LONE_CHILD = r"(?<![様母父弟椅帽菓調女男双息障電原団分王銀玉素拍種])子(?=さん|[がはをもにのと、。（(]|[二2三3四4]人)"
_WORDS = {word: person for person, words in PERSONS.items() for word in words.split()}
_SOMEBODY = (
    r"(?<=[歳才]の)方(?=[がはをもにのと、])|(?<=暮らしの)方(?=[がはをもにのと、])|(?<=年の|生の|スの)(?:男子|女子)(?=[がはのをにも])"
)
_NAMED = re.compile("|".join([*map(re.escape, sorted(_WORDS, key=len, reverse=True)), _LONE_CHILD, _SOMEBODY]))
_NEXT_DOOR = re.compile(r"(?:隣|となり|近所|向かい|アパート|団地|地区|区内)[^。、！？\n]{0,8}$")
_TOPIC = re.compile(r"(?:さん|さま|様|たち|夫婦|二人|2人)?(?:が|は|も|って|のこと|、|[（(])")
_STOP = re.compile(r"[。！？!?\n]+")
_PARENTS = frozenset({"mother", "father", "parents"})
_OLD_PEOPLE = frozenset({"grandmother", "grandfather"})
_MINOR = frozenset({Stage.INFANT, Stage.CHILD})
_NEXT_DOOR_WORDS = frozenset({"grandmother", "grandfather", "wife", "husband", "child", "parents"})
_AFTER_MENTION = 14
"""An age that stands behind a person is read as theirs only this near."""
_GONE = re.compile(r"(?:さん|親)?(?:は|が|を|も|に)?[^。、！？\n]{0,8}(?:亡くし|亡くな|なくし|死去|他界|死に別れ|先立たれ|死んで|もういな)")
_NONE_THERE = re.compile(r"(?:が|は|も|と呼べる人)?[^。、！？\n]{0,6}(?:(?:い|おり)(?:な[いくか]|ま(?:せん|へん))|いね[ぇえ]|ゼロ)")
"""「知り合いがひとりもいない」 names nobody."""
_CHILDLESS = re.compile(r"[はも](?:い(?:ま(?:せん|へん)|ない|なくて|ね[ぇえ])|おり(?:ま(?:せん|へん))|おら(?:ん|ず|ない))")
_SEEN_OFF = re.compile(r"を見送(?:り|っ)")
_GROWN_OLD = frozenset({"mother", "father", "parents", "grandmother", "grandfather", "husband", "wife"})
_SAID_OF = frozenset({"", "は", "が", "も", "さん", "さんは", "さんが"})
_YOUNG = frozenset({"child", "son", "daughter", "grandchild", "pupil"})
_OWN = re.compile(r"\s*(?:です|だ|で[、 \s]|の?(?:男|女|男子|女子|母親|父親|主婦|会社員)(?:です|だ|、)|すぎ|過ぎ|になり|なん|、|。|$|\n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One word for a person, where it stands."""

    start: int
    end: int
    person: str
    topic: bool = False
    """Whether the sentence is about this person (…が, …は, …のこと)."""
    age: int | None = None
    stage: Stage | None = None


def mentions_in(text: str, *, child_writer: bool = False) -> tuple[Mention, ...]:
    """Return the words for people in their order, each with the age that was told of it; who has died is left out.

    The writer is a mention too (``self``), also where only an age is told (「中2です」). A child's mother and father are adults,
    not old people.
    """
    mentions = list(_named(text))
    for age in ages_in(text):
        at = _whose(age, mentions, text)
        if at is not None:
            known = mentions[at]
            own = "self" if _introduces(age, known, text) else known.person
            if known.age is None:
                known = replace(known, age=age.years, stage=age.stage)
            mentions[at] = replace(known, person=own)
        elif _OWN.match(text, age.end) and _opens_sentence(age, text):
            mentions.append(Mention(start=age.start, end=age.end, person="self", topic=True, age=age.years, stage=age.stage))
    writer_is_child = child_writer or any(mention.person == "self" and mention.stage is Stage.CHILD for mention in mentions)
    ordered = sorted(mentions, key=lambda mention: mention.start)
    return tuple(_settled(ordered, writer_is_child=writer_is_child))


def gone_in(text: str) -> frozenset[str]:
    """Return the old people and spouses who have died in the story, where all words for them are the same: 義母 and 実母 are two."""
    found = [(_WORDS.get(match[0], ""), match[0], match.end()) for match in _NAMED.finditer(text)]
    named = [(person, word, end) for person, word, end in found if person in _GROWN_OLD]
    gone = {(person, word) for person, word, end in named if _GONE.match(text, end) or _SEEN_OFF.match(text, end)}
    return frozenset(person for person, word in gone if all(other == word for kin, other, _ in named if kin == person))


def members_of(mentions: Sequence[Mention]) -> tuple[Member, ...]:
    """Return everybody once, with the age where any mention tells it. Two sons of different ages are two."""
    found: dict[tuple[str, int | None], Member] = {}
    for mention in mentions:
        told = found.get((mention.person, mention.age))
        if told is None or told.stage is None:
            found[mention.person, mention.age] = Member(person=mention.person, age=mention.age, stage=mention.stage)
    aged = {person for person, age in found if age is not None}
    return tuple(member for (person, age), member in found.items() if age is not None or person not in aged)


def sentences_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends; a line is a sentence."""
    at = 0
    for stop in _STOP.finditer(text):
        if text[at : stop.start()].strip():
            yield at, stop.end()
        at = stop.end()
    if text[at:].strip():
        yield at, len(text)


def _named(text: str) -> Iterator[Mention]:
    for match in _NAMED.finditer(text):
        person = _WORDS.get(match[0], "other" if match[0] == "方" else "child")
        if not person or (person != "self" and _GONE.match(text, match.end())):
            continue
        if (person == "friend" and _NONE_THERE.match(text, match.end())) or (person == "child" and _CHILDLESS.match(text, match.end())):
            continue
        near = person in _NEXT_DOOR_WORDS and _NEXT_DOOR.search(text, max(0, match.start() - 12), match.start())
        stage = STAGE_OF.get(person)
        topic = _TOPIC.match(text, match.end()) is not None
        yield Mention(start=match.start(), end=match.end(), person="neighbour" if near else person, topic=topic, stage=stage)


def _whose(age: Age, mentions: Sequence[Mention], text: str) -> int | None:
    """Return the place of the mention whose age it is.

    That is the one right before it in a list (「父82、母79」), the one right behind it, else the one named just before it in the
    sentence, else whom the sentences before are about.
    """
    told = [at for at, mention in enumerate(mentions) if text[mention.end : age.start] in _SAID_OF and mention.end <= age.start]
    if told and text.startswith("、", age.end):
        return told[0]
    for at, mention in enumerate(mentions):
        if mention.start >= age.start and text[age.end : mention.start] in {"", "の", "になる", "で", "、", "にもなる", "すぎの", "過ぎの"}:
            return at
    before = [at for at, mention in enumerate(mentions) if mention.end <= age.start]
    if not before:
        return None
    last = before[-1]
    near = age.start - mentions[last].end <= _AFTER_MENTION and not _STOP.search(text, mentions[last].end, age.start)
    if near:
        return last
    if not _opens_sentence(age, text):
        return None
    about = [at for at in before if mentions[at].topic or (age.stage in _MINOR and mentions[at].person in _YOUNG)]
    return about[-1] if about and mentions[about[-1]].person != "self" else None


def _introduces(age: Age, mention: Mention, text: str) -> bool:
    """Tell 「50代の母親です」 at the head of a text: the grown writer says of which generation they are."""
    said = text.startswith(("です", "だ"), mention.end) and not text[: age.start].strip()
    return said and age.stage in {Stage.ADULT, Stage.ELDER}


def _opens_sentence(age: Age, text: str) -> bool:
    head = _STOP.split(text[: age.start])[-1]
    return not head.strip() or head.endswith(("、", "今", " "))


def _settled(mentions: Sequence[Mention], *, writer_is_child: bool) -> Iterator[Mention]:
    """Put right what only the whole text tells: a child's parents are adults, the old woman next door is one and the same."""
    next_door = False
    told = {mention.person: mention.stage for mention in mentions if mention.stage is not None}
    for found in mentions:
        mention = found if found.stage is not None else replace(found, stage=told.get(found.person))
        next_door = next_door or mention.person == "neighbour"
        if writer_is_child and mention.person in _PARENTS and mention.stage is None:
            yield replace(mention, stage=Stage.ADULT)
        elif next_door and mention.person in _OLD_PEOPLE:
            yield replace(mention, person="neighbour")
        else:
            yield mention
