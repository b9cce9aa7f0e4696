"""Changes of writing that change no meaning change no reading; changes of meaning do."""

import unicodedata
from collections.abc import Callable

import pytest

import nlp
from nlp.reading import Risk
from nlp.tokens import Tokens

PLAIN = {
    "死にたい": "しにたい",
    "夫に殴られている": "おっとになぐられている",
    "もう消えてしまいたい": "もうきえてしまいたい",
    "家賃が払えない": "やちんがはらえない",
    "借金が返せない": "しゃっきんがかえせない",
    "今日食べるものがない": "きょうたべるものがない",
}
MESSAGES = (*PLAIN, "離婚したいけど行くところがない", "母の介護で眠れない", "息子が部屋から出てこない", "仕事をクビになった")


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(str.maketrans("。、ー", "｡､ｰ"))


def spaced(text: str) -> str:
    tokens = Tokens(text)
    return " ".join(text[slice(*tokens.span(at, at + 1))] for at in range(len(tokens.norms)))


_NARROW = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯ"
NARROW = str.maketrans({unicodedata.normalize("NFKC", letter): letter for letter in _NARROW})
NARROW |= {ord(unicodedata.normalize("NFKC", f"{letter}ﾞ")): f"{letter}ﾞ" for letter in "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"}

WRITINGS: dict[str, Callable[[str], str]] = {
    "an emoji at the end": lambda text: text + "😢",
    "a full stop": lambda text: text + "。",
    "dots of hesitation": lambda text: text + "…",
    "spaces around": lambda text: f"  {text}  ",
    "a wide space at the front": lambda text: "\u3000" + text,
    "spaces between words": spaced,
    "a line break at the end": lambda text: text + "\n",
    "half-width signs": half_width,
    "zero-width signs between letters": "\u200b".join,
    "a joiner at the end": lambda text: text + "\ufe0f",
}


def meaning(text: str) -> tuple[object, bool]:
    reading = nlp.read(text)
    return set(reading.concerns), reading.risk.rank >= Risk.URGENT.rank


@pytest.mark.parametrize("how", WRITINGS)
@pytest.mark.parametrize("message", MESSAGES)
def test_another_writing_of_the_same_words_is_read_the_same(message: str, how: str) -> None:
    assert meaning(WRITINGS[how](message)) == meaning(message)


@pytest.mark.parametrize(("kanji", "kana"), PLAIN.items())
def test_kana_is_read_as_its_kanji(kanji: str, kana: str) -> None:
    (concerns, urgent), (in_kana, urgent_in_kana) = meaning(kanji), meaning(kana)
    assert (in_kana, urgent_in_kana) == (concerns, urgent)


@pytest.mark.parametrize(
    ("plain", "polite"),
    [
        ("死にたい", "死にたいです"),
        ("消えたい", "消えたいです"),
        ("夫に殴られる", "夫に殴られます"),
        ("家賃が払えない", "家賃が払えません"),
        ("借金が返せない", "借金が返せません"),
        ("仕事が見つからない", "仕事が見つかりません"),
        ("今日食べるものがない", "今日食べるものがありません"),
    ],
)
def test_politeness_changes_no_label(plain: str, polite: str) -> None:
    assert meaning(polite) == meaning(plain)


@pytest.mark.parametrize("kana", PLAIN.values())
def test_half_width_and_full_width_kana_are_read_alike(kana: str) -> None:
    katakana = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in kana)
    assert meaning(katakana.translate(NARROW)) == meaning(katakana)


@pytest.mark.parametrize(
    ("there", "denial"),
    [("殴られている", "わけではありません"), ("虐待している", "わけじゃない"), ("リストカットしている", "わけではないです")],
)
def test_denied_violence_and_self_harm_are_lowered_and_not_silenced(there: str, denial: str) -> None:
    assert nlp.read(there).risk.rank >= Risk.URGENT.rank
    assert nlp.read(there + denial).risk is Risk.WATCH


@pytest.mark.parametrize("wish", ["死にたい", "消えたい", "自殺したい"])
@pytest.mark.parametrize("denial", ["わけではない", "わけじゃないです", "わけではありません"])
def test_a_denied_wish_is_lowered_and_not_silenced(wish: str, denial: str) -> None:
    assert nlp.read(wish + denial).risk is Risk.WATCH


@pytest.mark.parametrize(
    "double", ["死にたくないわけではない", "死にたくないわけじゃない", "死にたくないと言えば嘘になる", "死にたいと思わない日はない"]
)
def test_a_double_denial_is_no_denial(double: str) -> None:
    assert nlp.read(double).risk.rank >= Risk.URGENT.rank


@pytest.mark.parametrize("mark", ["しかない", "かもしれない"])
def test_what_only_sounds_like_a_denial_lowers_nothing(mark: str) -> None:
    assert nlp.read("もう死ぬ" + mark).risk.rank >= Risk.URGENT.rank


@pytest.mark.parametrize(("there", "not_there"), [("借金がある", "借金はない"), ("介護が必要です", "介護が必要なわけではない")])
def test_a_denied_difficulty_is_no_concern(there: str, not_there: str) -> None:
    assert nlp.read(there).concerns
    assert not nlp.read(not_there).concerns
