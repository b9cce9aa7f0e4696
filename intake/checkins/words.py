"""The words of check-ins: data in families, judged by ``taste``, approved by named persons, chosen without repeating. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import intake.wording
from intake.checkins.rhythm import Style
from intake.checkins.taste import faults
from intake.wording.nodes import Findings, Place, WordingError, open_file
from intake.wording.taste import has_kanji

FAREWELL = "farewell"
LONGEST_KEY = 60
RECENT = 8
"""So many of the latest words are not said again."""
_HERE = Path(intake.wording.__file__).parent / "checkins"
_KEY = re.compile(r"[a-z0-9_]{1,60}")
_BARE = re.compile(r"\{([a-z]*)\}")
_FRAMES = {"signature": frozenset({"sender"}), "successor": frozenset({"sender", "before"})}
_YEAR = frozenset(range(1, 13))


@dataclass(frozen=True, slots=True)
class Twofold:
    """The same words in ordinary writing and in やさしい日本語, in kana."""

    text: str
    plain: str

    def pick(self, style: Style) -> str:
        """Return the one that the resident chose."""
        return self.plain if style is Style.PLAIN else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinText:
    """One text. ``approved_by`` and ``approved_on`` stand in the file of a municipality that keeps its approvals there."""

    key: str
    family: str
    words: Twofold
    months: frozenset[int] = _YEAR
    approved_by: str = ""
    approved_on: str = ""

    @property
    def names_place(self) -> bool:
        """Tell whether a place of the directory stands in it."""
        return "{place}" in self.words.text

    @property
    def shown(self) -> str:
        """The text as staff read it in lists, where no place is chosen yet."""
        return self.words.text.replace("{place}", "（窓口一覧の場所）")

    @property
    def fingerprint(self) -> str:
        """What an approval is bound to: another wording has another fingerprint."""
        return hashlib.blake2b(f"{self.words.text}|{self.words.plain}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class CheckinWords:
    """All texts of one municipality, with the frame that stands around them."""

    texts: Mapping[str, CheckinText] = field(default_factory=dict)
    frame: Mapping[str, Twofold] = field(default_factory=dict)

    def framed(self, text: CheckinText, style: Style, *, sender: str, before: str = "", place: str = "") -> str:
        """Return a text as it is sent: a changed name is said first, and a name stands under it."""
        lines = [self.frame["successor"].pick(style).format(sender=sender, before=before)] if before else []
        said = text.words.pick(style).replace("{place}", place)
        return "\n".join((*lines, said, self.frame["signature"].pick(style).format(sender=sender)))


@lru_cache(maxsize=1)
def default_words() -> CheckinWords:
    """Return the project's texts; :class:`WordingError` when any of them is wrong."""
    findings = Findings()
    words = _load(sorted(_HERE.glob("*.yaml")), findings)
    findings.lines.extend(f"frame.{name}: no file says it" for name in sorted(_FRAMES.keys() - words.frame.keys()))
    if findings.lines:
        raise WordingError("\n".join(findings.lines))
    return words


def load_own_words(path: Path) -> CheckinWords:
    """Return the project's texts with a municipality's own laid over them, key by key. Checked as strictly."""
    findings = Findings()
    own = _load([path], findings)
    if findings.lines:
        raise WordingError("\n".join(findings.lines))
    base = default_words()
    return CheckinWords({**base.texts, **own.texts}, {**base.frame, **own.frame})


def problems(*paths: Path) -> list[str]:
    """Return every finding in the given files, or in the project's, with file, line and key."""
    findings = Findings()
    _load(list(paths) or sorted(_HERE.glob("*.yaml")), findings)
    return findings.lines


def choose(
    words: CheckinWords, approved: frozenset[str], *, month: int, recent: Sequence[str], farewell: bool, place: bool, chance: int
) -> CheckinText | None:
    """Choose a text: of the season, approved, not said lately, and never of the last family again. None where nothing is left.

    ``recent`` holds the latest keys, newest first; ``place`` tells whether the directory names a place that may be named.
    """
    last = words.texts.get(recent[0]) if recent else None
    fitting = [
        text
        for text in words.texts.values()
        if text.key in approved
        and (text.family == FAREWELL) == farewell
        and month in text.months
        and (place or not text.names_place)
        and (farewell or last is None or text.family != last.family)
    ]
    fresh = [text for text in fitting if text.key not in recent[:RECENT]] or fitting
    return fresh[chance % len(fresh)] if fresh else None


def _load(paths: list[Path], findings: Findings) -> CheckinWords:
    texts: dict[str, CheckinText] = {}
    frame: dict[str, Twofold] = {}
    for path in paths:
        root = open_file(path, findings)
        if root is None:
            continue
        sections = root.fields(frozenset(), frozenset({"families", "frame"}))
        if "families" in sections:
            for family, place in sections["families"].entries():
                _take_family(family, place, texts)
        if "frame" in sections:
            for name, place in sections["frame"].fields(frozenset(), frozenset(_FRAMES)).items():
                frame[name] = _twofold(place.fields(frozenset({"text", "plain"})), _FRAMES[name], judged=False)
    return CheckinWords(texts, frame)


def _take_family(family: str, place: Place, texts: dict[str, CheckinText]) -> None:
    fields = place.fields(frozenset({"texts"}), frozenset({"months"}))
    months = _months(fields["months"]) if "months" in fields else _YEAR
    if "texts" not in fields:
        return
    for key, entry in fields["texts"].entries():
        if not _KEY.fullmatch(key) or key in texts:
            entry.complain("a key is small letters, digits and _, and stands once")
            continue
        parts = entry.fields(frozenset({"text", "plain"}), frozenset({"approved_by", "approved_on"}))
        approval = {name: parts.pop(name).text() for name in ("approved_by", "approved_on") if name in parts}
        if len(approval) == 1:
            entry.complain("an approval names the person and the day")
        texts[key] = CheckinText(
            key=key, family=family, words=_twofold(parts, frozenset({"place"}), judged=True), months=months, **approval
        )


def _months(place: Place) -> frozenset[int]:
    found = frozenset(int(part.text()) for part in place.texts() if part.text().isdigit())
    if not found or not found <= _YEAR:
        place.complain("months are numbers from 1 to 12")
    return found


def _twofold(parts: Mapping[str, Place], allowed: frozenset[str], *, judged: bool) -> Twofold:
    said = {"text": "", "plain": ""}
    for name, place in parts.items():
        text = said[name] = place.text()
        unknown = set(_BARE.findall(text)) - allowed
        if unknown or text.count("{") != len(_BARE.findall(text)):
            place.complain(f"only {sorted(allowed)} may stand in braces")
        for fault in faults(text) if judged else ():
            place.complain(fault)
        if name == "plain" and has_kanji(_BARE.sub("", text)):
            place.complain("やさしい日本語 holds kanji")
    return Twofold(said["text"], said["plain"])
