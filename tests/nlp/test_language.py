import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.language import LOCAL, UNKNOWN, language_of

OTHERS = (
    ("en", "I need help, I have no money for food"),
    ("en", "I want to kill myself"),
    ("en", "I live in 会津若松市 and my husband hits me"),
    ("en", "Is there anyone who can speak English at the city office?"),
    ("vi", "Tôi bị mất việc, không có tiền trả tiền nhà"),
    ("vi", "Cứu tôi với"),
    ("vi", "toi khong biet phai lam gi"),
    ("zh", "我没有钱吃饭"),
    ("zh", "丈夫打我，救救我"),
    ("zh", "我沒有錢付房租"),
    ("zh", "孩子不想去学校怎么办"),
    ("pt", "meu marido me bate"),
    ("pt", "Estou grávida e sozinha, preciso de ajuda"),
    ("ko", "도와주세요"),
    ("ko", "남편이 때려요"),
    ("tl", "wala akong pera pambili ng pagkain"),
    ("tl", "tulungan nyo po ako"),
    ("ne", "मलाई मद्दत चाहिन्छ"),
    ("ne", "म मर्न चाहन्छु"),
    ("hi", "मुझे मदद चाहिए, मेरे पास पैसे नहीं हैं"),
    ("id", "suami saya memukul saya"),
    ("id", "saya mau mati"),
    ("th", "ช่วยด้วย"),
    ("my", "ပိုက်ဆံမရှိဘူး"),
    ("ru", "Мне нужна помощь"),
    ("uk", "Мені потрібна допомога"),
    ("mn", "Надад тусламж хэрэгтэй байна"),
    ("si", "මට උදව් අවශ්‍යයි"),
    ("bn", "আমার সাহায্য দরকার"),
    ("es", "Necesito ayuda, no tengo dinero"),
)
KANJI = (
    "生活保護申請希望",
    "至急連絡乞",
    "母介護疲労困憊",
    "夫暴力",
    "足怪我",
    "児童扶養手当申請方法",
    "相談可能?",
    "𠮷野様 剝離骨折",
    "DV 相談",
)
ROMAJI = (
    "tasukete kudasai",
    "shinitai",
    "okane ga nai desu",
    "otto ni naguraremashita",
    "kodomo ga gakkou ni ikitakunai",
    "mou iya da shinitai desu",
    "watashi wa betonamu jin desu",
    "mama ni tatakareta",
    "byouin ni ikitai",
)
LITTLE = (
    "",
    " \n",
    "😢😢",
    "090-0000-0000",
    "2026/11/20",
    "OK",
    "SOS",
    "Thank you",
    "wwwww",
    "ｗｗｗ",
    "a" * 3000,
    "asdfghjkl",
    "(´Д`)",
    "(ФωФ)",
    "ㅠㅠㅠㅠ",
    "https://example.com/please/help/me",
    "\ud83d\x00\udfff",
    "\x00",
)


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_a_short_message_in_another_language_is_told_by_its_language(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", KANJI)
def test_a_note_in_kanji_alone_is_japanese(text: str) -> None:
    assert language_of(text) == "ja"


@pytest.mark.parametrize("text", ROMAJI)
def test_japanese_in_latin_letters_is_japanese(text: str) -> None:
    assert language_of(text) == "ja"


@pytest.mark.parametrize("text", LITTLE)
def test_what_holds_too_little_to_say_is_japanese(text: str) -> None:
    assert language_of(text) == "ja"


@pytest.mark.parametrize(("language", "word"), [("en", "help"), ("en", "HELP!!"), ("pt", "Socorro"), ("tl", "tulong"), ("id", "tolong")])
def test_one_word_of_need_is_heard_in_its_language(language: str, word: str) -> None:
    assert language_of(word) == language


@pytest.mark.parametrize("text", ["I want to die です", "help めんどくさい", "ﾀｽｹﾃ help me please"])
def test_any_kana_makes_a_message_japanese(text: str) -> None:
    assert language_of(text) == "ja"


def test_a_sentence_in_a_language_of_nobody_here_is_still_not_japanese() -> None:
    assert language_of("ich brauche dringend Hilfe bitte") == UNKNOWN


def test_only_the_head_of_a_long_message_counts() -> None:
    assert language_of("I need help, I have no money for food. " * 250 + "です") == "en"


@given(st.text(alphabet=st.characters(exclude_categories=[])) | st.text(alphabet="abehiklmnostuy　 ", max_size=60))
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in {"ja", UNKNOWN, *LOCAL}


def test_japanese_messages_never_load_the_library() -> None:
    reads = "[language_of(text) for text in ('お金がない', '家賃滞納', '090')]"
    program = f"import sys; from nlp.language import language_of; {reads}; sys.exit('pycld2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


@given(st.text(st.characters(codec=None), max_size=40))
def test_signs_that_the_library_refuses_do_not_stop_the_reading(noise: str) -> None:
    assert language_of(f"안녕하세요 도와주세요 {noise}\x01\ufdd0\ufffe")
