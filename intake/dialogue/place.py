"""Where residents live, in their own words: what a text says of it, and whether it is told as the own place."""

import re

from intake.dialogue.scene import Scene
from intake.dialogue.turn import EventKind, Step, TalkEvent, TalkState
from intake.wording.keys import Key
from nlp.reading import PersonalKind, Reading, Risk
from routing.districts import Found, look_up
from routing.place_names import plain, postal_codes

_BEFORE = (
    r"(?:(?:あの|えっと|はい|いや|いえ|いいえ|すみません|ごめんなさい|ちがう|違う|ちがいます|違います|間違えました|まちがえました)|"
    r"(?:私|わたし|僕|うち|家|自宅|住所|住まい|地区|実家|[父母夫妻]|祖[父母]|両親|住んで(?:い)?る(?:の|ところ|地区))(?:の家)?(?:は|も)|"
    r"たぶん|多分|〒?[0-9]{3}-?[0-9]{4}|"
    r"[一-龥]{2,3}[都道府県]|[一-龥々ぁ-んァ-ヺ]{1,8}市|[、。\s])*"
)
_AREA = r"(?:地区|圏域|地域|学区|町|村)?"
_AFTER = (
    r"(?:[一-龥々]{0,12}\d[\d\-番地号の丁目]*(?:\s.{1,20})?)?"
    r"(?:(?:に|で)?(?:住んで|すんで|暮らして|くらして)[いまるす]*|在住|です|だよ?|でした|になります|なんです|(?:だ|だった)と思います|の(?:者|住民)です)?"
    r"(?:が|けど|けれど|よ|ね)*[。！!、\s]*"
)
_STAYS = r"(?:今|いま|ずっと|一人で|ひとりで|家族で|\d+年)*(?:住|すん|すみ|暮ら|くら|在住|居住)"
_OTHERS = re.compile(r"(?:住む|すむ|住んで(?:い)?る|すんで(?:い)?る)(?:友|知|同僚|おじ|おば|叔|伯|親戚|いとこ|人)")
_CORRECTION = re.compile(r"ちが|違|まちが|間違|じゃな|ではな|でなく|訂正")
_LONGEST_CORRECTION = 20
_MOSTLY = 0.8
PLACES = frozenset({PersonalKind.POSTAL, PersonalKind.ADDRESS})
_PLACE_LIKE = re.compile(r"[都道府県市町村区郡]|丁目|番地|大字")


def place_in(scene: Scene, text: str) -> Found:
    """Return what ``text`` says about a place in the tables of this municipality today."""
    return look_up(text, scene.city.windows.values(), scene.today)


def says_nothing_else(text: str, name: str) -> bool:
    """Whether the whole text only tells the place ``name``: 「富奥です」, an address, a reading, a postal code."""
    said, key = plain(text), plain(name)
    if key not in said:
        return not re.search(r"[一-龥]", said) or bool(postal_codes(text))
    return re.fullmatch(rf"{_BEFORE}{re.escape(key)}{_AREA}{_AFTER}", said) is not None


def lives_there(text: str, name: str) -> bool:
    """Whether the text says that the people it speaks of live in ``name``; a friend who lives there does not count."""
    said, key = plain(text), re.escape(plain(name))
    lives = re.search(rf"{key}{_AREA}(?:(?:に|で){_STAYS}|在住)", said)
    return lives is not None and not _OTHERS.search(said)


def where_said(scene: Scene) -> Scene:
    """Take a district that the resident tells as the own one without being asked, whatever else the text is about."""
    if scene.state.district is not None:
        return scene
    found = place_in(scene, scene.text)
    return scene.now_in(district=found.names[0]) if found.sure and lives_there(scene.text, found.names[0]) else scene


def tells(scene: Scene, found: Found) -> bool:
    """Whether the resident tells the place as the own one, rather than passing through it in a story."""
    return says_nothing_else(scene.text, found.names[0]) or lives_there(scene.text, found.names[0])


def corrects(scene: Scene, found: Found) -> bool:
    """Tell a place that is told for its own sake, or corrects an earlier one, from a story that only passes through it."""
    if not moves(scene, found):
        return False
    if says_nothing_else(scene.text, found.names[0]):
        return True
    return scene.state.district is not None and _is_correction(scene.text)


def _is_correction(text: str) -> bool:
    return len(text) <= _LONGEST_CORRECTION and _CORRECTION.search(text) is not None


def moves(scene: Scene, found: Found) -> bool:
    """Whether a place is another one than the talk knows: 富奥 after 富奥地区 is not."""
    return scene.state.district is None or place_in(scene, scene.state.district).windows != found.windows


def looks_like_a_place(text: str) -> bool:
    """Whether a text that no table knows reads like an address or a postal code."""
    return _PLACE_LIKE.search(text) is not None or bool(postal_codes(text))


def only_a_place(state: TalkState, event: TalkEvent, reading: Reading) -> bool:
    """Whether an event tells nothing but a place: a pin on a hospital is no illness, and a street name no difficulty."""
    if event.kind is EventKind.LOCATION:
        return True
    if state.step is not Step.AWAITING_DISTRICT or reading.risk is not Risk.NONE:
        return False
    covered = sum(datum.end - datum.start for datum in reading.personal_data if datum.kind in PLACES)
    return covered > len(event.text.strip()) * _MOSTLY


def proposed(name: str) -> str:
    """Return how the question whether it is ``name`` stands among what was asked."""
    return f"{Key.CONFIRM_DISTRICT}:{name}"


def may_ask_which(scene: Scene) -> bool:
    """Whether the question which of several places is meant has not been asked yet; it is asked once."""
    return Key.ASK_DISTRICT_WHICH not in scene.state.asked


def last_proposed(scene: Scene) -> str | None:
    """Return the district that the last question proposed, for a typed yes."""
    last = scene.before.asked[-1] if scene.before.asked else ""
    return last.removeprefix(proposed("")) if last.startswith(proposed("")) else None
