"""To which kinds of windows a household leans as a whole, beside the rules for each difficulty. Figures: ``data/leanings*``.

Read in a story, it leans by its difficulties, people, dangers and words; noted by somebody, by its difficulties, whose they are,
and which stands first. All figures are read by people too: every sign adds its own, and a referral names what moved it most.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp, sqrt
from pathlib import Path

from nlp import HINTS
from nlp.reading import Concern, RiskKind
from routing.findings import DirectoryError, Finding, Level
from routing.people import PERSONS
from routing.referral import Kind, Need, Profile, Stage

DATA = Path(__file__).resolve().parent / "data"
TOLD, NOTED, BESIDE, WORDS = "leanings_told.tsv", "leanings_noted.tsv", "leanings_beside.tsv", "leaning_words.tsv"
ALWAYS, PEOPLE, NEEDS = "always", "people", "needs"
SIGNS = (
    ALWAYS,
    PEOPLE,
    *(f"concern.{concern}" for concern in Concern),
    *(f"person.{person}" for person in PERSONS if person),
    *(f"stage.{stage}" for stage in Stage),
    *(f"risk.{kind}" for kind in RiskKind),
    *(f"hint.{label}" for label in HINTS),
    *(f"most.{label}" for label in HINTS),
)
"""What a story that was read may show, beside its words."""
_NOTED_SIGN = re.compile(r"(?:first_)?person\.[a-z_]+|(?:concern|first)\.(?P<concern>[a-z_]+)|(?:first_)?need\.(?P<need>[a-z_]+)@[a-z_]+")
_FIGURES = re.compile(rf"(?:(?:{'|'.join(Kind)}):-?\d+ )*(?:{'|'.join(Kind)}):-?\d+")
_MOST_PEOPLE = 4
SPREAD = 6
"""A story's words count less each, the more there are of them: by the root of their number and this."""
_FEWEST_WORDS = 12
"""With fewer words there is no story yet that could lean to what no difficulty of it needs."""
_INVOLVED = 0.2
"""A kind that is as likely to be involved is named beside the main window."""
_SHOWN_WORDS = 4

Table = Mapping[str, Mapping[Kind, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What speaks for each kind of window, in the weights of ``concerns.yaml``, beside those weights."""

    towards: Mapping[Kind, float]
    beside: tuple[Kind, ...] = ()
    """The kinds that such a household often involves as well."""
    read: bool = False
    """Whether it was read in a story; else the needs were noted by somebody."""
    opens: bool = False
    """Whether a kind may lead that no difficulty of the household needs."""
    words: Table = field(default_factory=dict)
    """The words of the story that have figures."""

    @property
    def source(self) -> str:
        """The table whose figures these are."""
        return TOLD if self.read else NOTED

    def told_by(self, kind: Kind) -> Sequence[str]:
        """Return the few words that speak most for a kind."""
        speaking = [word for word in self.words if self.words[word].get(kind, 0) > 0]
        return sorted(speaking, key=lambda word: -self.words[word][kind])[:_SHOWN_WORDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """How much each sign speaks for each kind of window, or against it."""

    told: Table = field(default_factory=dict)
    """By ``SIGNS``, of a story that was read."""
    words: Table = field(default_factory=dict)
    """By the normal form of a word of such a story; its figures go to the root of the number of words."""
    noted: Table = field(default_factory=dict)
    """By the signs of :func:`noted_signs`, of needs that somebody noted."""
    beside: Table = field(default_factory=dict)
    """By the same: in logits, how likely the kind is involved at all."""

    def of(self, needs: Sequence[Need], profile: Profile) -> Leaning | None:
        """Return to what the needs lean; None where the rule of a single need that was noted decides."""
        if any(need.likely < 1 for need in needs):
            return self._of_story(needs, profile)
        if len(needs) < 2:  # noqa: PLR2004 - a single need
            return None
        signs = noted_signs(needs)
        likely = _added(self.beside, signs)
        beside = sorted((kind for kind in likely if _chance(likely[kind]) >= _INVOLVED), key=lambda kind: -likely[kind])
        return Leaning(towards=_added(self.noted, signs), beside=tuple(beside), opens=True)

    def _of_story(self, needs: Sequence[Need], profile: Profile) -> Leaning:
        signs = told_signs(needs, profile)
        words = words_in(profile)
        strength = word_strength(words)
        found = {word: self.words[word] for word in words if word in self.words}
        towards = _added(self.told, signs)
        for figures in found.values():
            for kind, figure in figures.items():
                towards[kind] += strength * figure
        return Leaning(towards=towards, read=True, opens=len(words) >= _FEWEST_WORDS, words=found)


def told_signs(needs: Iterable[Need], profile: Profile) -> dict[str, float]:
    """Return which of ``SIGNS`` a story shows: a difficulty as sure as it was read, everything else as there or not."""
    signs = {ALWAYS: 1.0, PEOPLE: min(len(profile.household), _MOST_PEOPLE) / 2}
    for need in needs:
        sign = f"concern.{need.concern}"
        signs[sign] = max(signs.get(sign, 0.0), need.likely)
    for member in profile.household:
        signs[f"person.{member.person}"] = 1.0
        if member.stage is not None:
            signs[f"stage.{member.stage}"] = 1.0
    return signs | {f"risk.{kind}": 1.0 for kind in profile.risk_kinds} | _hints(profile)


def _hints(profile: Profile) -> dict[str, float]:
    """Return how much the messages hint at each label: on average, and how likely the one that does so most makes it."""
    rows = [tone.hints for tone in profile.undertones if len(tone.hints) == len(HINTS)]
    if not rows:
        return {}
    columns = list(zip(HINTS, zip(*rows, strict=True), strict=True))
    means = {f"hint.{label}": sum(values) / len(rows) / 4 for label, values in columns}
    return means | {f"most.{label}": _chance(max(values)) for label, values in columns}


def words_in(profile: Profile) -> Sequence[str]:
    """Return the different words of the story."""
    return tuple(dict.fromkeys(word for tone in profile.undertones for word in tone.words))


def noted_signs(needs: Sequence[Need]) -> Mapping[str, float]:
    """Return what needs show that somebody noted: each difficulty, each person, both together, and the same of the first."""
    signs = {ALWAYS: 1.0, NEEDS: len(needs) / 3}
    for place, need in enumerate(needs):
        signs |= dict.fromkeys((f"concern.{need.concern}", f"person.{need.person}", f"need.{need.concern}@{need.person}"), 1.0)
        if place == 0:
            firsts = (f"first.{need.concern}", f"first_person.{need.person}", f"first_need.{need.concern}@{need.person}")
            signs |= dict.fromkeys(firsts, 1.0)
    return signs


def word_strength(words: Sequence[str]) -> float:
    """Return how much each of the different words of a story counts."""
    return 1 / sqrt(len(words) + SPREAD)


def _added(table: Table, signs: Mapping[str, float]) -> defaultdict[Kind, float]:
    found: defaultdict[Kind, float] = defaultdict(float)
    for sign, strength in signs.items():
        if sign in table:
            for kind, figure in table[sign].items():
                found[kind] += strength * figure
    return found


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit))


@cache
def load_leanings(data: Path = DATA) -> Leanings:
    """Read and check all tables of leanings; raises DirectoryError naming the file and what is wrong."""
    return Leanings(
        told=_table(data, TOLD, frozenset(SIGNS).__contains__),
        words=_table(data, WORDS, bool),
        noted=_table(data, NOTED, _is_noted_sign),
        beside=_table(data, BESIDE, _is_noted_sign),
    )


class Figures(Mapping[str, Mapping[Kind, float]]):
    """The figures of signs or words, those of each made when it is first asked for: most words of a table are never told."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self._written, self._made = written, dict[str, Mapping[Kind, float]]()

    def __getitem__(self, sign: str) -> Mapping[Kind, float]:
        made = self._made.get(sign)
        if made is None:
            pairs = (figure.split(":") for figure in self._written[sign].split(" "))
            made = self._made[sign] = {Kind(kind): int(hundredths) / 100 for kind, hundredths in pairs}
        return made

    def __contains__(self, sign: object) -> bool:
        return sign in self._written

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def _table(data: Path, file: str, is_known: Callable[[str], bool]) -> Table:
    """Read ``sign<TAB>kind:figure kind:figure …``, the figures in hundredths; lines of ``# `` are for people."""
    try:
        text = (data / file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _wrong(file, str(error)) from error
    found: dict[str, str] = {}
    for row, line in enumerate(text.split("\n")[:-1], 1):
        sign, _, figures = line.partition("\t")
        if line.startswith("# ") and not figures:
            continue
        if not is_known(sign) or not _FIGURES.fullmatch(figures):
            raise _wrong(file, f"「{line[:40]}」は「しるし（タブ）種別:百分の一の数 …」の形でないか、知らないしるしです", row)
        found[sign] = figures
    return Figures(found)


def _is_noted_sign(sign: str) -> bool:
    found = _NOTED_SIGN.fullmatch(sign)
    return sign in {ALWAYS, NEEDS} or (found is not None and {found["concern"], found["need"]} <= {None, *Concern})


def _wrong(file: str, text: str, row: int = 0) -> DirectoryError:
    return DirectoryError(file, [Finding(level=Level.ERROR, file=file, row=row, column="", text=f"読めません: {text}")])
