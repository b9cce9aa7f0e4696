"""The wording as it stands in the YAML files beside this module: loaded strictly, once, or not at all."""

import re
import string
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from intake.wording.keys import CARDS, Choice, Key, Word, placeholders
from intake.wording.nodes import Findings, Place, WordingError, open_file
from intake.wording.taste import faults, first_line_faults, has_kanji
from nlp.language import LOCAL
from nlp.reading import Concern

_HERE = Path(__file__).parent
_BARE = re.compile(r"\{[a-z_]*\}")
_LABEL_LENGTH = 20
_BOTH = frozenset({"text", "kana"})
_COMMON = "en"
_EMERGENCY = ("110", "119")
_SECTIONS: dict[str, AbstractSet[str]] = {
    "replies": frozenset(Key),
    "choices": frozenset(Choice),
    "words": frozenset(Word),
    "topics": frozenset(Concern),
    "languages": LOCAL,
}


@dataclass(frozen=True, slots=True)
class Twofold:
    """The same words in ordinary writing and in plain kana."""

    text: str
    kana: str

    def pick(self, *, kana: bool) -> str:
        """Return the one that is asked for."""
        return self.kana if kana else self.text


@dataclass(frozen=True, slots=True)
class Sentences:
    """The variants of one key, in ordinary writing and in plain kana."""

    text: tuple[str, ...]
    kana: tuple[str, ...]

    def pick(self, variant: int, *, kana: bool) -> str:
        """Return one variant: the same number always gives the same sentence."""
        options = self.kana if kana else self.text
        return options[variant % len(options)]


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """A choice: its label and what the resident is shown as having said."""

    label: Twofold
    say: str


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A concern: on a button, in a sentence, and the one feeling line that goes with it."""

    label: Twofold
    topic: Twofold
    felt: Twofold


@dataclass(frozen=True, slots=True)
class Wording:
    """All that can be said."""

    replies: dict[Key, Sentences] = field(default_factory=dict)
    choices: dict[Choice, ChoiceWords] = field(default_factory=dict)
    words: dict[Word, Twofold] = field(default_factory=dict)
    topics: dict[Concern, TopicWords] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    """The one fixed sentence that is said in each other language. English stands in for those that have none."""

    def own_words(self, language: str) -> str:
        """Return the sentence in a language, or in English."""
        return self.languages.get(language) or self.languages[_COMMON]


@lru_cache(maxsize=1)
def default_wording() -> Wording:
    """Return the project's wording; :class:`WordingError` when any of it is missing, unknown or wrong."""
    findings = Findings()
    wording = _load(sorted(_HERE.glob("*.yaml")), findings)
    _check_complete(wording, findings)
    if findings.lines:
        raise WordingError("\n".join(findings.lines))
    return wording


def load_overrides(path: Path) -> Wording:
    """Return the project's wording with a municipality's own sentences laid over it. The same keys, checked as strictly."""
    findings = Findings()
    own = _load([path], findings)
    if findings.lines:
        raise WordingError("\n".join(findings.lines))
    base = default_wording()
    return replace(
        base,
        replies=base.replies | own.replies,
        choices=base.choices | own.choices,
        words=base.words | own.words,
        topics=base.topics | own.topics,
        languages=base.languages | own.languages,
    )


def problems(*overrides: Path, folder: Path = _HERE) -> list[str]:
    """Return every finding in the wording of ``folder`` and in the given override files, with file, line and key."""
    findings = Findings()
    _check_complete(_load(sorted(folder.glob("*.yaml")), findings), findings)
    for path in overrides:
        _load([path], findings)
    return findings.lines


def _check_complete(wording: Wording, findings: Findings) -> None:
    wanted = (
        ("replies", set(Key) - CARDS, set(wording.replies)),
        ("choices", set(Choice), set(wording.choices)),
        ("words", set(Word), set(wording.words)),
        ("topics", set(Concern), set(wording.topics)),
        ("languages", {_COMMON}, set(wording.languages)),
    )
    for section, asked, said in wanted:
        findings.lines.extend(f"{section}.{key}: no file says it" for key in sorted(asked - said))


def _load(paths: list[Path], findings: Findings) -> Wording:
    wording = Wording()
    for path in paths:
        root = open_file(path, findings)
        if root is not None:
            sections = root.fields(frozenset(), frozenset(_SECTIONS))
            for name, place in sections.items():
                for key, entry in place.entries():
                    _take(wording, name, key, entry)
    return wording


def _take(wording: Wording, section: str, key: str, entry: Place) -> None:
    if key not in _SECTIONS[section]:
        entry.complain("this key is not known here")
        return
    if key in getattr(wording, section):
        entry.complain("stands in two files")
        return
    match section:
        case "replies":
            if Key(key) not in CARDS:
                wording.replies[Key(key)] = _sentences(Key(key), entry)
        case "choices":
            wording.choices[Choice(key)] = _choice(entry)
        case "words":
            wording.words[Word(key)] = _twofold(entry, frozenset({"number", "source", "times"}))
        case "languages":
            wording.languages[key] = _own_words(entry)
        case _:
            parts = entry.fields(frozenset({"label", "topic", "felt"}))
            wording.topics[Concern(key)] = TopicWords(
                label=_label(parts["label"]) if "label" in parts else Twofold("", ""),
                topic=_twofold(parts["topic"]) if "topic" in parts else Twofold("", ""),
                felt=_twofold(parts["felt"]) if "felt" in parts else Twofold("", ""),
            )


def _sentences(key: Key, entry: Place) -> Sentences:
    fields = entry.fields(_BOTH)
    said: dict[str, tuple[str, ...]] = {"text": ("",), "kana": ("",)}
    for name, place in fields.items():
        parts = place.texts()
        said[name] = tuple(_sentence(part, placeholders(key), kana=name == "kana") for part in parts) or ("",)
        for part, text in zip(parts, said[name], strict=False):
            for fault in first_line_faults(text):
                part.complain(fault)
    return Sentences(said["text"], said["kana"])


def _sentence(place: Place, allowed: frozenset[str], *, kana: bool = False) -> str:
    text = place.text()
    try:
        names = {name for _, name, spec, conversion in string.Formatter().parse(text) if name is not None and not (spec or conversion)}
    except ValueError:
        place.complain("a brace does not close")
        return text
    if len(_BARE.findall(text)) != text.count("{"):
        place.complain("a parameter is written {name} and nothing else")
    for name in sorted(names - allowed):
        place.complain(f"the parameter {{{name}}} is not given here")
    for fault in faults(text):
        place.complain(fault)
    if kana and has_kanji(text):
        place.complain("plain kana holds kanji")
    return text


def _twofold(place: Place, allowed: frozenset[str] = frozenset()) -> Twofold:
    fields = place.fields(_BOTH)
    said = {name: _sentence(part, allowed, kana=name == "kana") for name, part in fields.items()}
    return Twofold(said.get("text", ""), said.get("kana", ""))


def _label(place: Place) -> Twofold:
    label = _twofold(place)
    for text in (label.text, label.kana):
        if len(text) > _LABEL_LENGTH:
            place.complain(f"「{text}」 is longer than {_LABEL_LENGTH} characters")
    return label


def _own_words(place: Place) -> str:
    """Return a sentence in another language; we cannot judge its words, but both numbers must stand in it."""
    text = _sentence(place, frozenset())
    for number in _EMERGENCY:
        if number not in text:
            place.complain(f"{number} is not named")
    return text


def _choice(entry: Place) -> ChoiceWords:
    fields = entry.fields(frozenset({"label", "kana", "say"}))
    said = {name: _sentence(part, frozenset(), kana=name == "kana") for name, part in fields.items()}
    label = Twofold(said.get("label", ""), said.get("kana", ""))
    for text in (label.text, label.kana):
        if len(text) > _LABEL_LENGTH:
            entry.complain(f"「{text}」 is longer than {_LABEL_LENGTH} characters")
    return ChoiceWords(label, said.get("say", ""))
