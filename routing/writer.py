"""Who writes, and whether help is refused: by the writer's own words about themselves, never by a guess."""

import re
from dataclasses import dataclass

from nlp.reading import Reading, Speaker
from routing.household import Mention, sentences_in
from routing.people import ASKS, REQUESTS, ROLES
from routing.referral import Actor, Kind

_IS = (
    r"(?:の者|の職員|の担当者?|の主任|の[^。、\s]{1,8})?"
    r"(?:です|だす|であり|をして|をやって|をつとめ|を務め|して(?:い|お|ま)|やって(?:い|お|ま)|で働いて|で教えて|に勤め|といいます|と申し|の者|として)"
)
_ROLES = tuple((role, Actor(actor), re.compile(rf"(?:{words}){_IS}")) for role, (actor, words) in ROLES.items())
_ASKS = tuple((kind, re.compile(words)) for kind, words in ASKS.items())
_REQUESTS = tuple((kind, re.compile(words)) for kind, words in REQUESTS.items())
_ASKING = re.compile(
    r"か(?:な|ね|しら)?[。！!\s]*$|(?<!み)たい(?!へん)|ほしい|ください|教えて|どうした|どうすれば|どこ|ところ(?:は|って)|[？?]"
)
_TAIL = 16
"""How near its end a sentence must ask or wish."""
_SAID_NO = (
    r"(?:ほっと(?:いて|け)|構わないで|かまわないで|構うな|かまうな|困って(?:い)?ない|必要(?:は)?ない"
    r"|いらない|いらね[ぁぇえ]|来るな|帰れ|結構)"
)
_REFUSES = re.compile(
    rf"{_SAID_NO}[」』]?\s?(?:と|って|の一点|ばか|ばり)"
    r"|(?:役所|市|行政|人|他人|お上)の?(?:世話|厄介)に?(?:は|なんか)?(?:なら|なりたくな)"
    r"|一点張り|追い返|門前払い"
    r"|(?:戸|ドア|玄関|扉)(?:を|も|は)?(?:閉められ|開けて(?:くれ|もらえ|は?くれ)?(?:な|ま(?:せ|へ)|ね))"
    r"|会って(?:は|も)?(?:もらえ(?:な|ま|ね)|くれ(?:な|ま|ね))"
    r"|(?:介護|支援|サービス|手伝い|訪問|受診|ヘルパー|デイ|見守り|話をした|声をかけ)[^。、]{0,14}(?:拒|断られ|断りま|断って|断る|嫌が|いやが|首を振)"
    r"|(?:病院|役所|相談|医者|施設|デイサービス)(?:も|は|に|にも|へ|に行こうと言っても|など)?[^。、]{0,10}(?:いや(?:だ|で|と)|嫌(?:だ|で|と)|行きたがら)"
    r"|連れて(?:行|い)こうと(?:すると|したら|しても)[^。]{0,6}(?:暴れ|怒|逃げ|いや|嫌|戸を)"
    r"|(?:誰|だれ)も(?:家に)?(?:入れ|上げ)(?:なく|ない|ま(?:せ|へ))"
    r"|(?:他人|人|ヘルパー)を家に(?:入れ|上げ)たく"
    r"|(?:支援|助け|関わり|介入|サービス)を(?:拒|望ま(?:な|ず)|求め(?:な|よう))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes. ``role`` is empty for somebody of the household."""

    actor: Actor = Actor.RESIDENT
    role: str = ""


def writer_of(text: str, reading: Reading, mentions: tuple[Mention, ...]) -> Writer:
    """Return the writer by their own introduction; a supporter without one writes for an agency, a neighbour as a resident."""
    for start, end in sentences_in(text):
        for role, actor, pattern in _ROLES:
            said = pattern.search(text, start, end)
            if said and not any(start <= mention.start < said.start() and _is_other(mention) for mention in mentions):
                return Writer(actor=actor, role=role)
    if reading.speaker is Speaker.SUPPORTER:
        return Writer(actor=Actor.MINSEI, role="minsei") if "民生" in text else Writer(actor=Actor.AGENCY, role="supporter")
    return Writer(role="neighbour" if reading.speaker is Speaker.NEIGHBOUR else "")


def refuses_help(text: str) -> bool:
    """Whether somebody in the story turns help or contact away, in words or in deed."""
    return _REFUSES.search(text) is not None


def asked_in(text: str) -> frozenset[Kind]:
    """Return the kinds of windows that the text asks for in a question or a wish, or whose own matters of the law it names."""
    named = {kind for kind, pattern in _ASKS if pattern.search(text)}
    asking = [(start, end) for start, end in sentences_in(text) if _ASKING.search(text, max(start, end - _TAIL), end)]
    return frozenset(named | {kind for kind, pattern in _REQUESTS if any(pattern.search(text, start, end) for start, end in asking)})


def _is_other(mention: Mention) -> bool:
    return mention.topic and mention.person != "self"
