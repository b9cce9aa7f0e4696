"""Names of people: from the words that introduce them, from titles and kinship, from signatures and the lines beside a number.

Every finder starts at an anchor that the pre-check has seen and looks only a few characters to its left or right.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from string import ascii_letters

from nlp.personal.people import WORDS, Sure, given, is_full_name, is_place, is_word, name, short_surnames, surname

_REACH = 26
_K = "一-龥々〆ヶケ"
_T = "ァ-ヴー"
_LATIN = r"[A-Z][A-Za-z'’-]{1,15}(?:[ ][A-Z][A-Za-z'’-]{0,15}){0,3}"
_FOREIGN = rf"[{_T}]{{2,10}}(?:[・＝·][{_T}]{{1,10}}){{1,3}}"
_FIRST = rf"[{_K}]{{1,2}}[ツノ之の][{_K}]{{1,2}}|[{_K}]{{1,8}}|[{_T}]{{2,8}}|[ぁ-ん]{{2,6}}"
_LAST = rf"[{_K}]{{1,4}}|[ぁ-ん]{{1,2}}[{_K}]|[{_T}]{{2,8}}|[ぁ-ん]{{2,5}}"
_FULL = rf"[{_K}]{{1,7}}(?:[{_T}]{{2,3}}子|[{_T}]{{2,4}}|[ぁ-ん]{{1,2}}[{_K}]|[ぁ-ん]{{2,4}})"

_ENDING_WHOLE = re.compile(rf"(?:(?<![A-Za-z]){_LATIN}|(?<![{_T}]){_FOREIGN})$")
_ENDING_PARTED = re.compile(rf"(?P<first>{_FIRST})[ \u3000](?P<last>{_LAST})$")
_ENDING_MIXED = re.compile(rf"{_FULL}$|[{_K}]{{1,2}}[ツノ之][{_K}]{{1,2}}$")
_ENDING_RUN = re.compile(rf"[{_K}]{{1,9}}$|(?<![{_T}])[{_T}]{{2,8}}$|[ぁ-ん]{{1,9}}$")

_BEGINNING_WHOLE = re.compile(rf"{_LATIN}|{_FOREIGN}")
_BEGINNING_PARTED = re.compile(rf"(?P<first>{_FIRST})[ \u3000](?P<last>{_LAST})(?![{_K}])")
_BEGINNING_MIXED = re.compile(rf"[{_K}]{{1,2}}[ツノ之][{_K}]{{1,2}}(?![{_K}])|{_FULL}")
_BEGINNING_RUN = re.compile(rf"[{_T}]{{2,8}}|[{_K}]{{1,9}}")
_BEGINNING_SPOKEN = re.compile("[ぁ-ん]{2,8}")
STOP = re.compile(
    r"[、。,.!！?？\s\u3000・/()（）「」『』【】\]:：…ー〜がはをにのとへもでや宛]|です|って|さん|様|だけ|なん[でだ]|から|まで|より|じゃ|だっ|$"
)
"""What may follow a name."""

_STOPS = frozenset("、。,.!！?？・/()（）「」『』【】]:：…ー〜がはをにのとへもでや宛っさ様だなかまよじ") | {
    "",
    *filter(str.isspace, map(chr, range(ord("\u3000") + 1))),
}
"""How :data:`STOP` begins."""

TITLE = re.compile("先生|課長|係長|部長|主任|医師|看護師|保健師|弁護士|支援員|相談員|様|氏")
_TITLES = frozenset("先課係部主医看保弁支相様氏")
_PREFIX = re.compile(
    "(?:担任|担当|隣|隣人|社長|店長|上司|同僚|先輩|大家|会計|班長|会長|区長|町会長|民生委員|児童委員|相談員|元夫|元妻|亡父|亡母|亡夫|亡妻|義父|義母|義兄|義姉|義弟|義妹"
    "|祖父|祖母|父|母|夫|妻|兄|弟|姉|妹|娘|息子|長男|次男|三男|長女|次女|三女|孫|甥|姪|友人|知人|彼氏|彼女|主治医|保健師|看護師|弁護士|司法書士|氏名|名前|名義|旧姓|私|僕|俺|社協|包括|係|課|[町都県市]営|役場|病院|医院|支援員)$"
)
"""Words in kanji that stand before a name without a space."""

_OPEN = re.compile(r"(?:^|[\s、。!！?？])$")
_NOT_UNKNOWN = re.compile(
    "[症病科性型模同多異仕有員師士屋者人係長家手官役課室部署店所会社院園校局様方達等]$|匿名|希望|本人|仮名|氏名|不明|^[〇一二三四五六七八九十百千万何数]+[歳枚回人年日時度番目分階本台週月名円件代倍]|[目分前後中]$"
)


def ends_in_office(text: str, at: int) -> bool:
    """Tell whether a word of kinship or office ends at ``at``."""
    return _PREFIX.search(text, max(0, at - 6), at) is not None


def _is_name(word: str, least: Sure) -> bool:
    return name(word) >= least or is_full_name(word)


_HELLO = re.compile("コンバン[ワハ]|コンニチ[ワハ]|ハジメマシテ|オハヨウ|モシモシ|ドウモ|スミマセン")


def _is_pair(first: str, last: str) -> bool:
    """Judge a surname and a given name on both sides of a space: one of them may be unknown where the other is sure."""
    least = Sure.LISTED if len(first) == 1 or "ァ" <= last[0] <= "ー" else Sure.COMMON
    if "ァ" <= first[0] <= "ー":
        least = Sure.LISTED
    if _HELLO.fullmatch(first):
        return False
    family, own = surname(first), given(last)
    if family >= least and own >= least:
        return True
    if _is_rare_pair(first, last, family, own):
        return True
    short = len(first) <= 3 and len(last) <= 3 and last[0] >= "一"  # noqa: PLR2004 - the length of names
    return short and ((family >= Sure.LISTED and own is Sure.UNKNOWN) or (family is Sure.UNKNOWN and own >= Sure.LISTED))


_CONTINENTAL = frozenset(
    "王李張劉陳楊黄趙呉周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭董袁潘于蒋蔡余杜葉程蘇魏呂丁任沈姚盧姜崔鐘譚陸汪范金石廖賈夏韋方白鄒孟熊秦邱江尹薛閻段雷侯龍史陶黎賀顧毛郝邵銭厳武戴莫孔朴"
)
"""Chinese and Korean surnames, beside which the given name may be any kanji."""
_NO_SURNAME = re.compile("[市町村県区郡駅課係部局室様番号前先的分者方目]$")


def _is_rare_pair(first: str, last: str, family: Sure, own: Sure) -> bool:
    """Judge the pairs whose one half is in no list of names, or an ordinary word as well."""
    if (
        first in _CONTINENTAL
        and re.fullmatch("[一-龥]{1,2}", last)
        and not TITLE.match(last)
        and not _NUMERIC.match(last)
        and not is_word(first + last)
    ):
        return True
    if "ァ" <= first[0] <= "ー":
        return "ァ" <= last[0] <= "ー" and family is Sure.UNKNOWN and len(first) > 2 and own >= Sure.LISTED  # noqa: PLR2004 - a reading of a surname
    if family >= Sure.LISTED and own is Sure.UNKNOWN and re.fullmatch(rf"[{_T}]{{2,4}}", last) and not is_word(last):
        return True
    if family >= Sure.COMMON and own is Sure.NAME and last[0] >= "一":
        return True
    rare = 2 <= len(first) <= 3 and first[0] >= "一" and not _NO_SURNAME.search(first)  # noqa: PLR2004 - the length of surnames
    return rare and is_place(first) and not is_word(first) and own >= Sure.LISTED


_NUMERIC = re.compile("[〇一二三四五六七八九十百千万円]")


_GIVEN_ENDS = frozenset("月花華菜奈美香乃衣音羽愛咲莉里梨斗翔太真介也輝樹希陽葵央生之彦郎心夢琉空海結絆凪桜緒織紗瑚凛晴星")
"""How given names of two kanji end, which parents make anew."""


@lru_cache(WORDS)
def may_be_unknown(word: str) -> bool:
    """Let a word that no dictionary knows be a name where somebody says that it is one."""
    if _NOT_UNKNOWN.search(word) or name(word) is not Sure.UNKNOWN:
        return False
    cuts = range(1, len(word))
    if any(given(word[cut:]) >= Sure.LISTED for cut in cuts if len(word) - cut > 1):
        return True
    if "ァ" <= word[0] <= "ー":
        return 2 < len(word) < 9 and not any(is_word(word[:cut]) and is_word(word[cut:]) for cut in cuts)  # noqa: PLR2004 - a foreign name
    if len(word) == 2 and word[1] in _GIVEN_ENDS:  # noqa: PLR2004 - 結月, 心結
        return True
    least = 2 if word[0] >= "一" else 3
    return least <= len(word) <= 4 and not any(is_word(word[:cut]) and is_word(word[cut:]) for cut in cuts)  # noqa: PLR2004 - the length of names


def name_before(text: str, at: int, least: Sure) -> int | None:
    """Return the start of the name that ends at ``at``, or None."""
    base = at - _REACH if at > _REACH else 0
    window = text[base:at]
    if window[-1:] == "\n":
        # What ends before the last line break ends as well: so reads the $ of the patterns.
        window = window[:-1]
    last = window[-1:]
    if "ぁ" <= last <= "ん":
        start = _spoken_before(window, open_left=least is _UNKNOWN)
    elif "一" <= last <= "龥" or "ァ" <= last <= "ヴ" or last in _OTHER_ENDS:
        start = _written_before(window, least)
    else:
        whole = _ENDING_WHOLE.search(window) if last in _LATIN_ENDS else None
        start = whole.start() if whole else None
    return None if start is None else base + start


_OTHER_ENDS = frozenset("々〆ヶー")
_LATIN_ENDS = frozenset(f"{ascii_letters}'’-")
HIRAGANA = "".join(map(chr, range(ord("ぁ"), ord("ん") + 1)))
_RUN, _MIXED = 9, 11
"""How long the patterns of these names are at most."""
_UNKNOWN, _COMMON, _LISTED, _NAME = Sure.UNKNOWN, Sure.COMMON, Sure.LISTED, Sure.NAME


def _parted_before(window: str) -> int | None:
    """Find a surname and a given name with a space between them at the end of ``window``."""
    parted = _ENDING_PARTED.search(window)
    if not parted:
        return None
    last = parted["last"]
    start = _run_start(parted["first"], lambda word: _is_pair(word, last), free="のは")
    return None if start is None else parted.start() + start


def _spoken_before(window: str, *, open_left: bool) -> int | None:
    """Find the name at the end of ``window``, which ends in hiragana."""
    start = _parted_before(window) if " " in window or "\u3000" in window else None
    if start is not None:
        return start
    at = len(window.rstrip(HIRAGANA))
    size = len(window) - at
    before = window[at - 1 : at]
    if 1 < size < 5 and ("一" <= before <= "龥" or before in _KANJI_SIGNS):  # noqa: PLR2004 - the given name in _FULL
        mixed = _ENDING_MIXED.search(window, max(0, len(window) - _MIXED))
        start = _mixed_start(mixed.group()) if mixed else None
        if mixed and start is not None:
            return mixed.start() + start
    if size > _RUN:
        at = len(window) - _RUN
        before = window[at - 1]
    if size < 2:  # noqa: PLR2004 - no name has one letter
        return None
    open_left = open_left and (not at or before.isspace() or before in "、。!！?？")
    start = _kana_start(window[at:], open_left=open_left, glued="一" <= before <= "龥")
    return None if start is None else at + start


_KANJI_SIGNS = frozenset("々〆ヶケ")


def _written_before(window: str, least: Sure) -> int | None:
    """Find the name at the end of ``window``, which ends in kanji or katakana."""
    whole = _ENDING_WHOLE.search(window) if "・" in window or "＝" in window or "·" in window else None
    start = whole.start() if whole else _parted_before(window) if " " in window or "\u3000" in window else None
    if start is not None:
        return start
    run = _ENDING_RUN.search(window, max(0, len(window) - _RUN))
    may_be_mixed = run is None or _may_be_mixed(run.group(), window[run.start() - 1 : run.start()])
    mixed = _ENDING_MIXED.search(window, max(0, len(window) - _MIXED)) if may_be_mixed else None
    start = _mixed_start(mixed.group()) if mixed else None
    if mixed and start is not None:
        return mixed.start() + start
    start = _known_start(run.group(), least) if run else None
    return None if run is None or start is None else run.start() + start


def _may_be_mixed(run: str, before: str) -> bool:
    """Tell cheaply whether a name of kanji and kana may end with the letters of ``run``."""
    if "之" in run or "ケ" in run:
        return True
    if "ァ" <= run[0] <= "ー":
        return len(run) < 5 and before >= "々"  # noqa: PLR2004 - the katakana in _FULL
    return (len(run) == 1 and "ぁ" <= before <= "ー") or (len(run) == 2 and before in ("ツ", "ノ"))  # noqa: PLR2004 - see _ENDING_MIXED


@lru_cache(WORDS)
def _mixed_start(run: str) -> int | None:
    return _run_start(run, _is_whole)


@lru_cache(WORDS)
def _known_start(run: str, least: Sure) -> int | None:
    start = _run_start(run, lambda part: _is_name(part, max(least, _COMMON)))
    return _run_start(run, may_be_unknown) if start is None and least is _UNKNOWN else start


def _is_whole(word: str) -> bool:
    return is_full_name(word) or surname(word) >= _NAME


def _run_start(run: str, judge: Callable[[str], bool], free: str = "") -> int | None:
    """Find the name at the end of a run of kanji or katakana; before it only kinship, an office or a sign of ``free`` may stand."""
    for start in range(len(run)):
        apart = start == 0 or run[start - 1] in free or (run[start] not in free and _PREFIX.search(run[:start]))
        if apart and judge(run[start:]):
            return start
    return None


@lru_cache(WORDS)
def _kana_start(run: str, *, open_left: bool, glued: bool) -> int | None:
    """Find a name in hiragana at the end of a run of it; before it only a particle may stand."""
    for start in range(max(0, len(run) - 6), len(run) - 1):
        free = (start == 0 and not glued) or (start and (run[start - 1] in "はのがともや" or run[start - 2 : start] in ("した", "った")))
        if free and len(run) - start > 1:
            word = run[start:]
            if _listed_kana(word) or (open_left and start == 0 and _may_be_kana(word)):
                return start
    return None


def _may_be_kana(word: str) -> bool:
    return word in short_surnames() or (len(word) > 2 and not is_word(word))  # noqa: PLR2004 - shorter ones are particles


def _listed_kana(word: str) -> bool:
    return name(word) >= _LISTED and (len(word) > 2 or given(word) >= _LISTED)  # noqa: PLR2004 - shorter ones must be listed


def name_after(text: str, at: int, least: Sure) -> int | None:
    """Return the end of the name that begins at ``at``, or None. Something that may follow a name must follow it."""
    first = text[at : at + 1]
    if "ぁ" <= first <= "ん":
        return _spoken_after(text, at, least)
    if not ("一" <= first <= "龥" or "ァ" <= first <= "ヴ" or first in _OTHER_ENDS):
        whole = _BEGINNING_WHOLE.match(text, at, at + _REACH) if first.isascii() else None
        return whole.end() if whole else None
    whole = _BEGINNING_WHOLE.match(text, at, at + _REACH) if first <= "ー" else None
    if whole:
        return whole.end()
    end = _parted_after(text, at)
    if end is not None:
        return end
    mixed = _BEGINNING_MIXED.match(text, at, at + _REACH)
    if mixed:
        for end in range(mixed.end(), at + 2, -1):
            if text[end : end + 1] in _STOPS and STOP.match(text, end) and _is_whole(text[at:end]):
                return end
    return _written_after(text, at, least)


def _parted_after(text: str, at: int) -> int | None:
    if text.find(" ", at, at + _REACH) < 0 and text.find("\u3000", at, at + _REACH) < 0:
        return None
    parted = _BEGINNING_PARTED.match(text, at, at + _REACH)
    if parted:
        for end in range(parted.end("last"), parted.start("last"), -1):
            if STOP.match(text, end) and _is_pair(parted["first"], text[parted.start("last") : end]):
                return end
    return None


def _spoken_after(text: str, at: int, least: Sure) -> int | None:
    """Find the name in hiragana that begins at ``at``."""
    run = _BEGINNING_SPOKEN.match(text, at)
    if not run:
        return None
    stop = run.end()
    end = _parted_after(text, at) if text[stop : stop + 1] in (" ", "\u3000") else None
    if end is not None:
        return end
    for end in range(stop, at + 1, -1):
        if text[end : end + 1] in _STOPS and STOP.match(text, end) and _listed_kana(text[at:end]):
            return end
    return stop if least is _UNKNOWN and STOP.match(text, stop) and _is_new(run.group()) else None


def _written_after(text: str, at: int, least: Sure) -> int | None:
    """Find the name in kanji or katakana that begins at ``at``."""
    run = _BEGINNING_RUN.match(text, at, at + _REACH)
    if not run:
        return None
    word, stop = run.group(), run.end()
    least_here = max(least, _LISTED)
    stops = STOP.match(text, stop) is not None
    if stops and _is_name(word, least_here):
        return stop
    for end in range(stop - 1, at, -1):
        if text[end] in _TITLES and TITLE.match(text, end) and _is_name(text[at:end], least_here):
            return end
    return stop if stops and least is _UNKNOWN and _is_new(word) else None


def _is_new(word: str) -> bool:
    return word in short_surnames() or may_be_unknown(word)
