"""Who is who in a household: the time of life of each person, as told or as the word for the person says, and what overlaps in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nlp.reading import Concern, Risk, RiskKind
from routing.referral import Kind, Need, Profile, Stage

PATTERNS = ("8050", "ダブルケア", "ヤングケアラー", "複合", "拒否")
GROUPS = ("child", "elder", "adult", "self")
"""How the rules name persons: a child, an older person, another adult, and the writer of unknown age."""
STANDINGS = ("unreached", "alone", "ailing", "grown", "disabled", "frail", "raising", "sole", "law")
"""How a person stands to help: nobody gets through to them, nobody is near who would see to them, they are ill or in need of care,
one of these although known to be neither young nor old, they have a disability, they are old and ill, in need of care or unwilling to
be helped, they raise or expect a child, nothing else is wanting for the livelihood of the household, or the story speaks of matters of
the law."""
_CHILD_WORDS = frozenset({"child", "children", "infant", "baby", "toddler", "pupil", "student", "grandchild", "grandson", "granddaughter"})
_INFANT_WORDS = frozenset({"infant", "baby", "toddler"})
_ELDER_WORDS = frozenset({"grandmother", "grandfather", "grandparent", "grandparents", "elder"})
_PARENT_WORDS = frozenset({"mother", "father", "parent", "parents"})
_GROWN = frozenset({Concern.JOB_SEEK, Concern.JOB_TROUBLE, Concern.HIKIKOMORI, Concern.DEBT})
"""Difficulties that somebody called a child has only when grown up: 「子」 of a plan may be thirty."""
_OWN_LIFE = _GROWN | {Concern.RENT_LOAN, Concern.HOUSING, Concern.LIVING_ENV, Concern.SINGLE_PARENT, Concern.PREGNANCY, Concern.PARENTING}
"""Difficulties of a life of one's own: who has them at work, with a dwelling or as a parent is grown up."""
_RATHER = 0.5
"""What was read is rather so than not."""
_CUT_OFF = frozenset({Concern.ISOLATION, Concern.MENTAL})
_CARE = frozenset({Concern.CARE, Concern.DEMENTIA_RIGHTS})
_FRAILTY = _CARE | {Concern.HEALTH}
_LIVELIHOOD = frozenset(
    {
        Concern.MONEY_LIVING,
        Concern.RENT_LOAN,
        Concern.TAX_UTILITY,
        Concern.DEBT,
        Concern.FOOD,
        Concern.HOUSING,
        Concern.JOB_SEEK,
        Concern.HIKIKOMORI,
    }
)
"""What the window for people in need works out as one plan."""
_RAISING = frozenset({Concern.PREGNANCY, Concern.PARENTING})
_OFFSPRING = frozenset({"son", "daughter", "brother", "sister"})
_OF_PUPILS = frozenset({Concern.SCHOOL, Concern.YOUNG_CARER, Concern.DEVELOPMENT})
_OF_MINORS = frozenset({Concern.SCHOOL, Concern.ABUSE, Concern.DEVELOPMENT, Concern.PARENTING, Concern.YOUNG_CARER})
_GROUP_OF = {Stage.INFANT: "child", Stage.CHILD: "child", Stage.ADULT: "adult", Stage.ELDER: "elder"}


@dataclass(frozen=True)
class Members:
    """The persons of one talk."""

    needs: tuple[Need, ...]
    profile: Profile

    def group(self, need: Need) -> str:
        """Return one of ``GROUPS`` for the person of ``need``."""
        stage = self._stage(need)
        if stage is not None:
            return _GROUP_OF[stage]
        if need.person == "self":
            return "child" if self.profile.child_writer or self._is_pupil("self") else self._writer_of(need)
        return self._by_word(need.person)

    def _stage(self, need: Need) -> Stage | None:
        return need.stage or self._told.get(need.person)

    def standings(self, need: Need) -> tuple[str, ...]:
        """Return those of ``STANDINGS`` that hold for the person of ``need``, in that order. What was read with doubt does not count.

        Nobody gets through to one who refuses help, nor to one who has withdrawn and is cut off or ill as well; to older people
        their own window goes out. One who is cut off is alone. Who writes is neither.
        """
        own = {other.concern for other in self._sure if other.person == need.person}
        other, elder = need.person != "self", self.group(need) == "elder"
        grown = other and self._stage(need) is Stage.ADULT
        beside = {sure.concern for sure in self._sure} - {need.concern}
        destitute = RiskKind.DEPRIVATION in self.profile.risk_kinds and self.profile.risk.rank >= Risk.URGENT.rank
        holds = {
            "unreached": other and not elder and (self.profile.refuses_contact or (Concern.HIKIKOMORI in own and bool(own & _CUT_OFF))),
            "alone": other and not grown and Concern.ISOLATION in own,
            "ailing": other and not grown and bool(own & _FRAILTY),
            "grown": grown and bool(own & (_CUT_OFF | _FRAILTY)),
            "disabled": not elder and Concern.DISABILITY in own,
            "frail": elder and (self.profile.refuses_contact or bool(own & _FRAILTY)),
            "raising": bool(own & _RAISING),
            "sole": not beside & _LIVELIHOOD and not destitute,
            "law": Kind.LEGAL in self.profile.asks,
        }
        return tuple(standing for standing in STANDINGS if holds[standing])

    def has(self, group: str) -> bool:
        """Whether the household has somebody of ``group``, with or without a need of their own."""
        told = any(_GROUP_OF[stage] == group for stage in self._told.values())
        named = any(member.stage is None and self._by_word(member.person) == group for member in self.profile.household)
        return told or named or any(self.group(need) == group for need in self.needs)

    def patterns(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Return which of ``PATTERNS`` hold; ``fields`` are the main fields of the needs."""
        found = {
            "8050": Concern.HIKIKOMORI in self._concerns and bool(self._concerns & _CARE or self.has("elder")),
            "ダブルケア": self._double_care,
            "ヤングケアラー": self._young_carer,
            "複合": len(set(fields)) > 1,
            "拒否": self.profile.refuses_contact,
        }
        return tuple(name for name in PATTERNS if found[name])

    @cached_property
    def several(self) -> bool:
        """Whether several persons have difficulties that are not the same."""
        return len({need.person for need in self.needs}) > 1 and len(self._concerns) > 1

    @cached_property
    def _sure(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.likely >= _RATHER)

    @cached_property
    def _concerns(self) -> frozenset[Concern]:
        return frozenset(need.concern for need in self.needs)

    @cached_property
    def _told(self) -> dict[str, Stage]:
        return {member.person: member.stage for member in self.profile.household if member.stage is not None}

    @cached_property
    def _young_carer(self) -> bool:
        cares = any(need.concern in _CARE and need.person != "self" for need in self.needs)
        return Concern.YOUNG_CARER in self._concerns or (self.profile.child_writer and cares)

    @property
    def _double_care(self) -> bool:
        """A child who cares for others raises nobody."""
        if self._young_carer or not any(need.concern in _CARE for need in self._sure):
            return False
        small = (
            any(need.person in _INFANT_WORDS or need.stage is Stage.INFANT for need in self.needs) or Stage.INFANT in self._told.values()
        )
        return bool(self._concerns & _RAISING) or small

    def _writer_of(self, need: Need) -> str:
        """Return the group of a writer of unknown age. Who tells of difficulties that only the grown have is no child to be fostered."""
        grown = any(other.person == "self" and other.concern in _OWN_LIFE for other in self._sure)
        return "adult" if need.concern is Concern.DEVELOPMENT and grown else "self"

    def _by_word(self, person: str) -> str:
        word = person.removesuffix("_in_law")
        own = {need.concern for need in self.needs if need.person == person}
        if word in _CHILD_WORDS:
            return "adult" if own & _GROWN else "child"
        if word in _OFFSPRING and self._is_pupil(person):
            return "child"
        if word in _ELDER_WORDS or (word in _PARENT_WORDS and (own & _CARE or not self._parents_are_young)):
            return "elder"
        return "adult"

    def _is_pupil(self, person: str) -> bool:
        """Whether somebody of unknown age has the difficulties of the young, and none that only the grown have."""
        own = {need.concern for need in self._sure if need.person == person}
        told = own & (_OF_PUPILS - {Concern.DEVELOPMENT} if person == "self" else _OF_PUPILS)
        return bool(told) and not own & _GROWN

    @cached_property
    def _parents_are_young(self) -> bool:
        """「母」 of a pupil is not old: told by a child, or beside a child who has the difficulties of one."""
        if self.profile.child_writer or Concern.YOUNG_CARER in self._concerns:
            return True
        return any(need.concern in _OF_MINORS and need.person in _CHILD_WORDS for need in self.needs)
