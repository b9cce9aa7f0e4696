"""Where somebody lives: from the prefecture, the city or the quarter to the house number, the building and the room."""

import re
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick, Implementation

from nlp.personal.people import is_place, is_word
from nlp.personal.spans import Found, Late
from nlp.reading import PersonalKind

_PREFECTURE = (
    "北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重"
    "|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
_KANA_CITY = (
    "いわき|つくばみらい|つくば|さいたま|ひたちなか|かすみがうら|みどり|ふじみ野|いすみ|あきる野|かほく|あわら|えびの|いちき串木野|南さつま|たつの|さぬき"
    "|東かがわ|むつ|つがる|にかほ|さくら|みやま|みよし|あま|いなべ|うるま|南あわじ|ニセコ|せたな|おいらせ|ときがわ|みなかみ|うきは|まんのう|つるぎ|ひがしかがわ"
)
_HYPHEN = r"\-‐‑‒–—―−ーｰ－の"
_K = "[一-龥々〆ヶケ]"
_D = "(?:[0-9]{1,4}|[〇一二三四五六七八九十百]{1,4})"
_PART = (
    rf"(?:{_K}|(?<=[一-龥])[がのつケ](?=[一-龥])|(?:{_KANA_CITY})(?=[市町村])|(?<=[一-龥])(?:[上下]る|入る)|[0-9]{{1,2}}(?=条)|[ァ-ヴー]"
    rf"|(?<=[市区郡町村字])[ぁ-ん]{{2,5}}(?=[町村台丘ヶ里野原浜島木山川谷坂森沢田]))"
)
"""One step inside a place name."""

_NUMBER = (
    rf"(?:{_D}丁(?:目|(?=[ \u3000]?[0-9]))[ \u3000]?(?:{_D}(?:番地?|号|部)?(?:[{_HYPHEN}]?{_D}(?:号(?!棟|室))?){{0,3}})?"
    rf"|(?:{_D}部)?{_D}番(?:地(?:[{_HYPHEN}]?{_D}(?:号(?!棟|室))?){{0,3}}|[{_HYPHEN}]?{_D}(?:号(?!棟|室)|[{_HYPHEN}]{_D})?)"
    rf"|{_D}部{_D}(?:[{_HYPHEN}]{_D}){{0,3}}(?:番地?)?"
    rf"|{_D}(?:[{_HYPHEN}]{_D}){{1,4}}(?:番地|番|号(?!棟|室|線)|-[A-Z](?![A-Za-z0-9]))?"
    rf"|{_D}号棟[ \u3000]?{_D}(?:号室?)?)"
)
"""A house number in any of its writings."""

_NOT_A_HOUSE = "(?![0-9:：%％円年月日人万個枚回度歳才時分点位倍名億兆件]|か月|ヶ月|カ月|週間|日|メートル|キロ|ミリ|センチ|cm|kg)"
_STRONG = (
    rf"(?:(?:{_PREFECTURE})[ \u3000]?(?:{_KANA_CITY}|{_PART}{{1,6}}?)[市区郡町村]"
    rf"|(?:{_KANA_CITY})市|(?<![一-龥々]){_K}(?:{_K}|[のヶケ]){{0,5}}?[市郡区]|(?<=住所)(?:{_K}{{1,5}}?)[市郡])"
)
_IROHA = (
    "[イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
    "いろはにほへとちりぬるをわかよたれそつねむ甲乙丙丁字]"
)
_BUILDING_WORD = (
    "メゾン|ハイツ|コーポ|マンション|アパート|荘|パーク|ヒルズ|レジデンス|ビル|団地|住宅|グリーン|シャトー|ヴィラ|ハイム|タワー|コート|寮|棟|館|仮設|プラザ|"
    "ドミトリー|コーポラス|ドエル|メイゾン|リバーサイド|ベル|パレス|ガーデン|ハウス|レオパレス|ロイヤル|カーサ|フラット|サンハイ|ドミール|エステート|ビレッジ|ハイランド|県営|市営|町営|都営"
)
_ROOM = r"(?:[ \u3000]?[A-Za-zＡ-Ｚ東西南北0-9]{1,3}号?棟)?[ \u3000]?[A-Za-z]?[-‐−]?(?:[0-9]{2,4}(?:号室?)?|[0-9]号室?)"
_BUILDING = (
    rf"(?:(?![のにがでへ])[ \u3000、]{{0,2}}(?=[^ \u3000\n。、!?！？0-9]{{0,14}}(?:{_BUILDING_WORD}))"
    rf"(?:[一-龥々ァ-ヴー・A-Za-zのヶ第0-9Ⅰ-Ⅻ]{{2,16}}?(?:(?<=[一-龥ァ-ヴー])[ぁ-ん]{{2,6}}[一-龥]{{0,4}})?)"
    rf"(?:{_ROOM}|[ \u3000][A-Z][-‐−]?[0-9]{{1,4}}|(?=[ \u3000\n。、に]|です|$))"
    rf"|[ \u3000]?[ァ-ヴー・A-Za-z]{{3,14}}[一-龥]{{0,6}}[ \u3000]?[A-Z]?[-‐−]?[0-9]{{3,4}}(?:号室?)?"
    rf"|[ \u3000][A-Z]?[-‐−]?[0-9]{{3,4}}(?:号室?)?(?![0-9-])|[ \u3000]?[0-9]{{1,4}}号室|[ \u3000]?[0-9]{{1,2}}[階F])?"
)
_FULL = Late(
    rf"{_STRONG}[ \u3000]?(?:{_PART}|[ \u3000\n](?={_PART})){{0,24}}?"
    rf"(?:{_IROHA}[部の]?|第)?字?[ \u3000\n]?(?:[0-9]{{1,3}}字)?(?:{_NUMBER}[甲乙丙丁]?{_NOT_A_HOUSE}|(?:(?<=[町村字])"
    rf"|(?<=[町村]{_K})|(?<=[町村]{_K}{_K})|(?<=[町村]{_K}{_K}{_K})|(?<=[町村]{_K}{_K}{_K}{_K})|(?<=[町村]{_K}{_K}{_K}{_K}{_K})"
    rf"|(?<={_IROHA})|(?<={_IROHA}部)){_D}(?=[ \u3000\n、。にでのがへか,(（]|$)){_BUILDING}"
)
_SECTION = Late(
    rf"(?<![一-龥々ヶケ])(?P<place>{_K}(?:{_K}|[ 　](?={_K})|[がのツノケ](?={_K})){{1,14}}字)"
    rf"(?:{_K}|[がのツノケミッ](?={_K})){{1,8}}[ \u3000]?"
    rf"{_D}(?:番地?(?:[{_HYPHEN}]?{_D})?)?(?:[{_HYPHEN}]{_D}){{0,3}}(?:号(?!棟|室))?{_NOT_A_HOUSE}{_BUILDING}"
)
"""A rural address by its 字, where a single number is a house."""
_TEMPORARY = Late(
    rf"{_STRONG}(?:{_PART}){{0,10}}?[ \u3000]?第?[0-9]{{0,2}}(?:仮設住宅|仮設団地|仮設|団地|住宅)[ \u3000]?"
    rf"(?:[0-9A-Z]{{1,3}}号?棟[ \u3000-]?[0-9]{{1,4}}|(?<=[市町村]営住宅)[0-9]{{1,3}}|[A-Z][-‐−]?[0-9]{{1,4}}"
    rf"|[0-9]{{1,3}}[-‐−][0-9]{{1,4}})(?:号室?)?"
)
_TOWN = Late(
    rf"{_STRONG}(?:{_PART}){{1,8}}(?:町|丁目|台|が丘|ヶ丘|新町)(?=に(?:住|在住|おり|い[まて])|在住|の(?:者|もの|自宅|実家|一軒家|家に住)|に(?:母|父|両親|祖母|祖父)が)"
)
_ESTATE = Late(
    rf"(?<![一-龥々])(?P<name>(?:[県市町村都府]営)?(?:(?:{_PART}){{1,10}}?|(?<=営)[ぁ-ん]{{2,6}}|(?<![ぁ-ん])[ぁ-ん]{{3,6}}(?=荘))(?:団地|住宅|アパート|マンション|ハイツ|コーポ|荘|寮)|(?:メゾン|ハイツ|コーポ|グリーン|パーク|レオパレス"
    rf"|アーバン|シャトー|ヴィラ|エスポワール|ルミエール|プラザ|パレス|ロイヤル|サニー|サン)[一-龥々ヶケァ-ヴー・ぁ-ん]{{1,10}}?)"
    rf"[ \u3000]?(?:[0-9A-Z]{{1,3}}号?棟[ \u3000-]?(?:の)?[0-9]{{1,4}}(?:号室?)?|[A-Z]?[-‐−]?[0-9]{{3,4}}(?:号室?)?(?![0-9円人年名戸])"
    rf"|[A-Z][-‐−]?[0-9]{{1,4}}|[0-9]{{1,4}}号(?:室)?)"
)
_QUARTER = Late(
    rf"(?P<place>(?<![ぁ-ん])[ぁ-ん]{{2,6}}?(?:[がヶケ]?[丘岡]|台|町)|(?<![ァ-ヴー])[ァ-ヴー]{{3,10}}(?:[町台]|タウン)"
    rf"|(?:(?!{_D}丁目){_K}|(?<=[一-龥])[がのつケ](?=[一-龥])){{1,8}})"
    rf"(?:{_IROHA}|第)?[字部]?[ \u3000]?(?P<number>{_NUMBER}[甲乙丙丁]?){_NOT_A_HOUSE}{_BUILDING}"
)
_IN_PREFECTURE = re.compile(_PREFECTURE)
_CITY = re.compile("[一-龥々ヶケ]{2,8}?[市郡]")
_FAR_CITY = re.compile(rf"(?P<far>{_K}{{2,4}})の(?P<near>{_K}{{1,6}}?[市区郡町村])")
_SAID = re.compile(
    "(?:自宅|住所|現住所|旧住所|新住所|実家|場所|現在|今|家|母宅|届け先|送り先|引越先|転居先|転入先|先|近所|隣|勤務先|職場|私|母|父|夫|妻|娘|息子|兄|弟|姉|妹|祖母|祖父)+"
)
_IN_TOWN = re.compile(rf"(?<![一-龥々ヶケ])(?P<town>{_K}{{1,4}}?町)(?:{_K}){{1,5}}[町丁][ \u3000]?{_D}(?=[のにではへ、。 \u3000]|$)")
"""A house of an old town by its block and one number: 角館町横町16."""
_KANA = re.compile(
    r"(?<![ぁ-ん])(?:[ぁ-ん]{2,7}?(?:けん|し|ぐん|まち|ちょう|むら|く)[ \u3000]?){1,4}(?:[ぁ-ん]{2,8}[ \u3000]?)?"
    rf"(?:[0-9]{{1,4}}(?:[{_HYPHEN}][0-9]{{1,4}}){{1,3}}"
    rf"|[0-9]{{1,3}}ちょうめ(?:[ \u3000]?[0-9]{{1,4}}(?:[{_HYPHEN}]?[0-9]{{1,4}}|ばん|ごう|ばんち){{0,4}})?|[0-9]{{1,4}}ばんち[0-9]{{0,4}})"
    r"(?:[ \u3000][ぁ-んァ-ヴー]{2,10}[0-9]{2,4}(?:ごうしつ|号室)?)?"
    r"(?![0-9:時分円年月日人])"
)


_ROMAJI = re.compile(
    r"(?<![0-9A-Za-z-])[0-9]{1,4}(?:-[0-9]{1,4}){1,3},? [A-Z][a-z]{2,15}(?:-[a-z]{2,5})?(?:,? [A-Z][a-z]{2,15}(?:-[a-z]{2,5})?){0,4}"
    r"|(?<![A-Za-z])[A-Z][a-z]{2,15}-(?:shi|ken|gun|ku)(?:,? [A-Z][a-z]{2,15}(?:-(?:machi|cho|mura|ku"
    r"|shi))?){1,3},? [0-9]{1,4}(?:-[0-9]{1,4}){1,3}"
)


_SIGNS = AhoCorasick(
    [
        *"丁番部町字台丘荘寮号",
        *_BUILDING_WORD.split("|"),
        *("アーバン", "エスポワール", "ルミエール", "サニー", "サン", "ちょうめ", "ばんち", "まち", "ちょう", "ばん"),
    ],
    implementation=Implementation.DFA,
)
_TIED = re.compile(rf"[0-9〇一二三四五六七八九十百][{_HYPHEN}][0-9〇一二三四五六七八九十百]")
"""Every address holds one of these signs or two numbers tied together, so that most texts with a digit are done with two looks."""
_CITY_ENDS = re.compile("[市区郡町村]")
_HOUSE = re.compile(_NUMBER)
_ROOM_SIGN = re.compile(r"[0-9]{3}|[号棟]|[A-Z][-‐−]?[0-9]")


def addresses(text: str) -> Iterator[Found]:
    """Find addresses with a house number ; a town or a city alone is no address."""
    tied = _TIED.search(text) is not None
    if not tied and not _SIGNS.find_matches_as_indexes(text):
        return
    for found in _SECTION.finditer(text) if "字" in text else ():
        start, end = _trimmed(text, *found.span())
        if any(is_place(text[start : start + size]) for size in (2, 3, 4, 5)):
            yield PersonalKind.ADDRESS, start, end
    in_city = _CITY_ENDS.search(text) is not None
    for pattern in (_TEMPORARY, _FULL) if in_city else ():
        for found in pattern.finditer(text):
            yield PersonalKind.ADDRESS, *_trimmed(text, *found.span())
    for found in _IN_TOWN.finditer(text) if in_city else ():
        if is_place(found["town"]):
            yield PersonalKind.ADDRESS, *found.span()
    yield from _quarters(text)
    spoken = tied or "ちょうめ" in text or "ばんち" in text
    looks = ((_ESTATE, _ROOM_SIGN.search(text) is not None), (_KANA, spoken), (_ROMAJI, tied), (_TOWN, in_city))
    for look, asked in looks:
        for found in look.finditer(text) if asked else ():
            yield PersonalKind.ADDRESS, *_trimmed(text, *found.span())


def _quarters(text: str) -> Iterator[Found]:
    for found in _QUARTER.finditer(text) if _HOUSE.search(text) else ():
        place = found.group("place")
        cut = _quarter_start(place, sure=found["number"][-1] not in "丁目" and ("丁" in found["number"] or "番" in found["number"]))
        if cut is not None:
            yield PersonalKind.ADDRESS, *_trimmed(text, found.start() + cut, found.end())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the words that only announce it."""
    said = _SAID.match(text, start, end)
    if said and said.end() < end:
        start = said.end()
    start += len(text[start:end]) - len(text[start:end].lstrip(" \u3000"))
    if start > 1 and text[start - 1] == "営" and text[start - 2] in "県市町村都府":
        start -= 2
    far = _FAR_CITY.match(text, start, end)
    if far and is_place(far["far"]) and not is_place(far.group()):
        start = far.start("near")
    if start and text[start] == "は" and "一" <= text[start - 1] <= "龥":
        start += 1
    city = _CITY.match(text, start, end)
    if city and not _IN_PREFECTURE.match(text, start, end) and not is_place(city.group()):
        cuts = (cut for cut in range(start + 1, city.end() - 1) if is_place(text[cut : city.end()]))
        start = next(cuts, start)
    return start, end


def _quarter_start(place: str, *, sure: bool) -> int | None:
    """Tell where the name of a quarter begins within ``place``, or None when it is none."""
    if place.endswith(("番号", "記号", "型番", "品番")):
        return None
    for start in range(max(1, len(place) - 1)):
        rest = place[start:]
        heads = (rest[:cut] for cut in range(2, len(rest) + 1) if rest[cut - 1] in "市町村郡区")
        if is_place(rest) or any(is_place(head) for head in heads) or (rest[-1] in "町村丘台" and start == 0):
            return start
    unknown = len(place) > 1 and len(place) < 6 and not is_word(place)  # noqa: PLR2004 - the length of a quarter's name
    split = any(is_word(place[:cut]) and is_word(place[cut:]) for cut in range(1, len(place)))
    return 0 if (sure and len(place) > 1) or (unknown and not split) else None
