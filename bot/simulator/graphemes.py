"""Counts what a person sees as one character: LINE limits labels in grapheme clusters, other text in UTF-16 units.

A subset of UAX #29 without its tables: combining marks, joiners, variation selectors, skin tones, flags, tags and Hangul. The tests
compare it with a full implementation; the ``regex`` package itself is only a tool's dependency here.
"""

import unicodedata

_ZWJ = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)  # as in the flags of England and Scotland
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_PICTOGRAPHS = (
    range(0x2190, 0x2200),
    range(0x2300, 0x2400),
    range(0x2600, 0x27C0),
    range(0x2900, 0x2980),
    range(0x2B00, 0x2C00),
    range(0x1F000, 0x1F1E6),
    range(0x1F200, 0x1F3FB),
    range(0x1F400, 0x1FB00),
)
_LEADING, _VOWEL, _TRAILING, _LV, _LVT = range(1, 6)
_JAMO = ((range(0x1100, 0x1160), _LEADING), (range(0x1160, 0x11A8), _VOWEL), (range(0x11A8, 0x1200), _TRAILING))
_SYLLABLES = range(0xAC00, 0xD7A4)


def utf16_units(text: str) -> int:
    """Return the length of a text as LINE counts it; a lone surrogate counts as one unit."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_count(text: str) -> int:
    """Return how many characters a reader sees."""
    count = 0
    flags = 0
    for index, char in enumerate(text):
        before = text[index - 1] if index else ""
        flags = flags + 1 if _is_flag_letter(char) else 0
        if not before or not _joins(text, index, before, char, flags):
            count += 1
    return count


def _joins(text: str, index: int, before: str, char: str, flags: int) -> bool:
    """Whether ``char`` belongs to the cluster of the character before it."""
    if before == "\r" and char == "\n":
        return True
    if _is_control(before) or _is_control(char):
        return False
    if _extends(char):
        return True
    if before == _ZWJ and _is_pictograph(char):
        return _is_pictograph(_base(text, index - 1))
    if flags:
        return flags % 2 == 0
    return _hangul_joins(_hangul(before), _hangul(char))


def _base(text: str, index: int) -> str:
    """Return the character that a run of extending ones before ``index`` hangs on."""
    while index > 0 and _extends(text[index]):
        index -= 1
    return text[index]


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        char == _ZWJ
        or unicodedata.category(char) in {"Mn", "Me", "Mc"}
        or code in _SKIN_TONES
        or code in _TAGS
        or code in {0x200C, 0xFF9E, 0xFF9F}  # non-joiner, half-width voicing marks
    )


def _is_control(char: str) -> bool:
    return char != _ZWJ and unicodedata.category(char) in {"Cc", "Zl", "Zp"}


def _is_flag_letter(char: str) -> bool:
    return ord(char) in _FLAG_LETTERS


def _is_pictograph(char: str) -> bool:
    code = ord(char)
    return code in {0xA9, 0xAE, 0x3030, 0x303D, 0x3297, 0x3299} or any(code in block for block in _PICTOGRAPHS)


def _hangul(char: str) -> int:
    code = ord(char)
    if code in _SYLLABLES:
        return _LV if (code - _SYLLABLES.start) % 28 == 0 else _LVT
    return next((kind for block, kind in _JAMO if code in block), 0)


def _hangul_joins(before: int, after: int) -> bool:
    return after in {
        _LEADING: {_LEADING, _VOWEL, _LV, _LVT},
        _LV: {_VOWEL, _TRAILING},
        _VOWEL: {_VOWEL, _TRAILING},
        _LVT: {_TRAILING},
        _TRAILING: {_TRAILING},
    }.get(before, set())
