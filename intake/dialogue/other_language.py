"""A message in another language: nothing of it is guessed at. A person reads it, and 110 and 119 stay in sight."""

from intake.dialogue.scene import STAFF, Scene, added, alarm, handoff, say, turn
from intake.dialogue.turn import Controller, Effect, EffectKind, Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from routing.referral import Outcome, Reason, Referral

_LINES = ("police", "ambulance")
LANGUAGE_NAMES = {
    "bn": "ベンガル語",
    "en": "英語",
    "es": "スペイン語",
    "hi": "ヒンディー語",
    "id": "インドネシア語",
    "km": "クメール語",
    "ko": "韓国・朝鮮語",
    "lo": "ラオス語",
    "mn": "モンゴル語",
    "my": "ミャンマー語",
    "ne": "ネパール語",
    "pt": "ポルトガル語",
    "ru": "ロシア語",
    "si": "シンハラ語",
    "ta": "タミル語",
    "th": "タイ語",
    "tl": "フィリピノ語",
    "uk": "ウクライナ語",
    "ur": "ウルドゥー語",
    "vi": "ベトナム語",
    "zh": "中国語",
}
"""What staff call the languages that ``nlp.language`` tells apart."""
_UNTOLD = "何語かわかりません"


def answer_language(scene: Scene) -> Turn | None:
    """Hand a message in another language to a person, once with words in simple Japanese and in that language.

    None for Japanese, and while staff hold the talk: they read it themselves.
    """
    if scene.reading.language == "ja" or scene.state.controller is Controller.STAFF:
        return None
    unread = alarm(scene, "unreadable")
    waits = scene.state.controller is Controller.WAITING
    if waits and scene.state.waiting_told and Key.OTHER_LANGUAGE in scene.state.asked:
        return turn(scene, (), (unread,))
    request = () if waits else (_for_staff(scene), handoff(scene, "language"))
    return turn(
        scene,
        (own_words(scene),),
        (unread, *request),
        step=scene.state.step if waits else Step.HANDED_OVER,
        controller=Controller.WAITING,
        waiting_told=True,
        offered=added(scene.state.offered, STAFF),
        asked=(Key.OTHER_LANGUAGE, *(key for key in scene.state.asked if key != Key.OTHER_LANGUAGE)),
    )


def own_words(scene: Scene) -> Reply:
    """Say in simple Japanese and in the writer's language that a person reads this, and whom to call before."""
    choices, lines = (Choice.STORED, Choice.END), list(_LINES)
    return say(Key.OTHER_LANGUAGE, *choices, promise=scene.promise, lines=lines, language=scene.reading.language)


def _for_staff(scene: Scene) -> Effect:
    """Record why this came to a person, with the name of the language: who can read it must be found."""
    name = LANGUAGE_NAMES.get(scene.reading.language, _UNTOLD)
    return Effect(
        kind=EffectKind.REFERRAL_RECORDED,
        referral=Referral(
            outcome=Outcome.STAFF,
            risk=scene.state.risk,
            reasons=(Reason(code="language", text=f"日本語以外のことば（{name}）"),),
            directory_version=scene.city.version,
        ),
    )
