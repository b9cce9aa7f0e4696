"""Check-ins (声かけ) in the talk: the resident begins, changes, rests and ends them, by a tap or in words; an answer goes to a person.

Offered, never pushed. Where violence at home was read, they begin only with a person. What a resident writes back is received with
thanks and handed to whoever knows them; the machine adds nothing.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from intake.checkins.rhythm import CheckinSettings, Hours, Rhythm, Sender, Style
from intake.checkins.standing import Standing, pack, sender_name, unpack
from intake.dialogue.checkin_words import chosen_in
from intake.dialogue.held import unread_alarm
from intake.dialogue.postback import Verb
from intake.dialogue.scene import STAFF, Scene, added, handoff, say, turn
from intake.dialogue.turn import Controller, Effect, EffectKind, EventKind, Step, Turn
from intake.wording.bubbles import Reply
from intake.wording.keys import Choice, Key
from nlp.reading import Risk

_RHYTHMS = (Choice.CHECKIN_GENTLE, Choice.CHECKIN_MONTHLY, Choice.CHECKIN_FORTNIGHTLY, Choice.CHECKIN_OWN)
_OWN = (Choice.CHECKIN_WEEKLY, Choice.CHECKIN_THREE_WEEKS, Choice.CHECKIN_EIGHT_WEEKS, Choice.CHECKIN_TWELVE_WEEKS)
_HOURS = (Choice.CHECKIN_MORNING, Choice.CHECKIN_AFTERNOON, Choice.CHECKIN_DAYTIME)
_WAYS_OUT = (Choice.CHECKIN_PAUSE, Choice.CHECKIN_END)
_ASKED = ("asked",)
"""Marks in the place of the draft that a question stands; no yes can take it for a card."""
_SHORT = 40
_VERY_SHORT = 15
_NAMED = r"(?:声かけ|声掛け|こえかけ|お便り|便り|おたより)"
_END = re.compile(_NAMED + r".{0,8}(?:いらない|いりません|要らない|不要|けっこう|結構|やめ|止め|とめ|終わ|おわ|(?<!が)いいです)")
_REST = re.compile(_NAMED + r".{0,8}(?:休|やす)|しばらく.{0,6}(?:そっと|休)")
_CHANGE = re.compile(
    _NAMED
    + r".{0,10}(?:変え|かえ|変更|減ら|へら|増や|ふや|多すぎ|おおすぎ|少なく|すくなく|(?:間|あいだ|時間|じかん|名前|書き方)を)|"
    + _NAMED
    + r"(?:は|を|が).{0,14}(?:にし|で ?お(?:願|ね)|がいい)"
)
_AGAIN = re.compile(_NAMED + r".{0,8}(?:再開|また|もう一度)")
_BEGIN = re.compile(
    r"(?:ときどき|時々|たまに).{0,6}(?:声|連絡|便り)|(?:声|こえ)を?(?:かけて|掛けて).{0,4}(?:ほし|欲し|くだ|もら)|"
    + _NAMED
    + r".{0,6}(?:ほし|欲し|くだ|お願)"
)
_LEAVE_ME = re.compile(r"そっとし(?:て|と)")
_FINE_NOW = re.compile(
    r"^(?:もう|私は|わたしは)?(?:大丈夫|だいじょうぶ|だいじょぶ)(?:です|だよ|になりました|になった|ですよ)?[。！!、\s]*(?:ありがとう(?:ございま(?:す|した))?[。！!]*)?$"
)
_FIELD: dict[Choice, dict[str, Any]] = {
    Choice.CHECKIN_MORNING: {"hours": Hours.MORNING},
    Choice.CHECKIN_AFTERNOON: {"hours": Hours.AFTERNOON},
    Choice.CHECKIN_DAYTIME: {"hours": Hours.DAYTIME},
    Choice.CHECKIN_WINDOW: {"sender": Sender.WINDOW},
    Choice.CHECKIN_NEUTRAL: {"sender": Sender.NEUTRAL},
    Choice.CHECKIN_ORDINARY: {"style": Style.ORDINARY},
    Choice.CHECKIN_PLAIN: {"style": Style.PLAIN},
    Choice.CHECKIN_GENTLE: {"rhythm": Rhythm.GENTLE, "every_days": None},
    Choice.CHECKIN_MONTHLY: {"rhythm": Rhythm.MONTHLY, "every_days": None},
    Choice.CHECKIN_FORTNIGHTLY: {"rhythm": Rhythm.FORTNIGHTLY, "every_days": None},
    Choice.CHECKIN_WEEKLY: {"rhythm": Rhythm.OWN, "every_days": 7},
    Choice.CHECKIN_THREE_WEEKS: {"rhythm": Rhythm.OWN, "every_days": 21},
    Choice.CHECKIN_EIGHT_WEEKS: {"rhythm": Rhythm.OWN, "every_days": 56},
    Choice.CHECKIN_TWELVE_WEEKS: {"rhythm": Rhythm.OWN, "every_days": 84},
}


def answer_checkin(scene: Scene) -> Turn | None:
    """Answer a tap on check-ins, or a word written back to one. None for anything else."""
    if scene.tap is not None:
        return _TAPS[Choice(_choice(scene.tap.arg))](scene) if scene.tap.verb is Verb.CHECKIN else None
    return _answer(scene)


def may_offer(scene: Scene) -> bool:
    """Tell whether the machine may offer check-ins by itself: to whoever has none, is not in danger, and writes from a safe phone."""
    state, standing = scene.state, scene.state.checkins
    return (
        standing is not None
        and not standing.enrolled
        and not (state.unsafe_contact or state.own_violence or state.child_writer)
        and state.risk.rank < Risk.URGENT.rank
    )


def _choice(arg: str) -> str:
    return f"{Verb.CHECKIN}:{arg}" if arg else Verb.CHECKIN


def _standing(scene: Scene) -> Standing:
    return scene.state.checkins or Standing()


def _begin(scene: Scene) -> Turn:
    """Explain and ask for the rhythm; who has a plan sees it instead."""
    standing = _standing(scene)
    if standing.settings is not None:
        ways = (Choice.CHECKIN_RESUME, Choice.CHECKIN_END) if standing.paused else (Choice.CHECKIN_CHANGE, *_WAYS_OUT)
        return turn(scene, (_card(scene, Key.CHECKIN_CARD, standing.settings, *ways),))
    return _ask_rhythm(scene)


def _ask_rhythm(scene: Scene) -> Turn:
    if scene.state.unsafe_contact and not _standing(scene).agreed_safe:
        return turn(scene, (say(Key.CHECKIN_WITH_STAFF, Choice.STAFF, promise=scene.promise),), offered=added(scene.state.offered, STAFF))
    return turn(scene, (say(Key.ASK_CHECKIN, *_RHYTHMS, Choice.CHECKIN_NO),))


def _set(choice: Choice) -> Callable[[Scene], Turn]:
    """Return the answer to a choice of the draft: the card as it is now."""

    def answer(scene: Scene) -> Turn:
        if scene.state.unsafe_contact and not _standing(scene).agreed_safe:
            return _ask_rhythm(scene)
        draft = replace(_draft(scene), **_FIELD[choice])
        return _confirm(scene, draft)

    return answer


def _draft(scene: Scene) -> CheckinSettings:
    """Return what is being chosen; it begins with what the resident has, or with the gentlest."""
    known = unpack(scene.state.checkin_draft) or _standing(scene).settings
    return known or CheckinSettings(style=Style.PLAIN if scene.state.plain_kana else Style.ORDINARY)


def _confirm(scene: Scene, draft: CheckinSettings) -> Turn:
    """Show the whole in one card. Only a yes to it is a consent."""
    name = Choice.CHECKIN_NEUTRAL if draft.sender is Sender.WINDOW else Choice.CHECKIN_WINDOW
    style = Choice.CHECKIN_PLAIN if draft.style is Style.ORDINARY else Choice.CHECKIN_ORDINARY
    ways = (Choice.CHECKIN_YES, Choice.CHECKIN_RHYTHM, Choice.CHECKIN_HOURS, name, style, Choice.CHECKIN_NO)
    return turn(scene, (_card(scene, Key.CONFIRM_CHECKIN, draft, *ways),), checkin_draft=pack(draft))


def _card(scene: Scene, key: Key, settings: CheckinSettings, *choices: str) -> Reply:
    standing = _standing(scene)
    name = sender_name(scene.city, settings.sender, standing.window_id)
    heavy = "1" if standing.heavy and not standing.enrolled else ""
    return say(key, *choices, checkin=[*pack(settings), name, heavy])


def _agree(scene: Scene) -> Turn:
    """Take the yes to the card that stands last. An old yes without a card shows the card."""
    draft = unpack(scene.state.checkin_draft)
    if draft is None:
        return _begin(scene)
    if scene.state.unsafe_contact and not _standing(scene).agreed_safe:
        return _ask_rhythm(scene)
    card = _card(scene, Key.CONFIRM_CHECKIN, draft)
    if scene.state.plain_kana:
        card = Reply(key=card.key, params={**card.params, "kana": 1})
    effect = Effect(kind=EffectKind.CHECKIN_AGREED, checkin=draft, reply=card)
    replies = (say(Key.CHECKIN_BEGUN, Choice.CHECKIN_CHANGE, *_WAYS_OUT),)
    return turn(scene, replies, (effect,), checkin_draft=(), checkins=replace(_standing(scene), settings=draft, paused=False))


def _change(scene: Scene) -> Turn:
    """Show the card with what the words name; only a yes to it changes anything."""
    if scene.state.unsafe_contact and not _standing(scene).agreed_safe:
        return _ask_rhythm(scene)
    return _confirm(scene, replace(_draft(scene), **chosen_in(scene.text)))


def _chooses(scene: Scene) -> bool:
    """Tell whether a short text answers the card or the question that stands: 「10日に1回」."""
    return bool(scene.state.checkin_draft) and len(scene.text) <= _VERY_SHORT and bool(chosen_in(scene.text))


def _decline(scene: Scene) -> Turn:
    """Begin nothing; a plan that goes on stays as it is, and is shown."""
    if not _standing(scene).enrolled:
        return turn(scene, (say(Key.CHECKIN_DECLINED, Choice.STAFF, Choice.LISTEN),), checkin_draft=())
    shown = _begin(scene)
    return replace(shown, state=replace(shown.state, checkin_draft=()))


def _pause(scene: Scene) -> Turn:
    if not _standing(scene).enrolled:
        return turn(scene, (say(Key.CHECKIN_DECLINED, Choice.STAFF),), checkin_draft=())
    replies = (say(Key.CHECKIN_PAUSED, Choice.CHECKIN_RESUME, Choice.CHECKIN_END),)
    return turn(
        scene, replies, (Effect(kind=EffectKind.CHECKIN_PAUSED),), checkin_draft=(), checkins=replace(_standing(scene), paused=True)
    )


def _resume(scene: Scene) -> Turn:
    standing = _standing(scene)
    if not standing.enrolled or (scene.state.unsafe_contact and not standing.agreed_safe):
        return _ask_rhythm(scene)
    replies = (say(Key.CHECKIN_RESUMED, Choice.CHECKIN_CHANGE, *_WAYS_OUT),)
    return turn(scene, replies, (Effect(kind=EffectKind.CHECKIN_RESUMED),), checkin_draft=(), checkins=replace(standing, paused=False))


def _finish(scene: Scene) -> Turn:
    """End at once, with a word that leaves the door open."""
    replies = (say(Key.CHECKIN_ENDED, Choice.STAFF, Choice.CHECKIN),)
    effects = (Effect(kind=EffectKind.CHECKIN_ENDED),) if _standing(scene).enrolled else ()
    return turn(scene, replies, effects, checkin_draft=(), checkins=replace(_standing(scene), settings=None, answering=False))


def answer_checkin_wish(scene: Scene) -> Turn | None:
    """Take a wish about check-ins in words, before it is taken for the wish to stop all notices. None for anything else.

    While people hold the talk only words that name the check-ins are meant for the machine.
    """
    text, standing, reading = scene.text, _standing(scene), scene.reading
    shows_danger = reading.risk_kinds or reading.risk.rank >= Risk.URGENT.rank
    if not scene.typed or len(text) > _SHORT or shows_danger or scene.before.step is Step.CONFIRMING_ERASE:
        return None
    held = scene.state.controller is Controller.STAFF
    alone = not held and (standing.answering or len(text) <= _VERY_SHORT)
    wishes = (
        (standing.enrolled and (_END.search(text) or (alone and _FINE_NOW.match(text))), _finish),
        (standing.paused and _AGAIN.search(text), _resume),
        (standing.enrolled and _CHANGE.search(text), _change),
        (not held and _chooses(scene), _change),
        (standing.enrolled and (_REST.search(text) or (alone and _LEAVE_ME.search(text))), _pause),
        (not held and standing.enrolled is False and scene.state.checkins is not None and _BEGIN.search(text), _begin),
    )
    return next((answer(scene) for meant, answer in wishes if meant), None)


def _answer(scene: Scene) -> Turn | None:
    """Receive a word written back with thanks, and hand it to whoever knows the resident. Danger in it was answered before."""
    standing = _standing(scene)
    silent = scene.event.kind in {EventKind.POSTBACK, EventKind.FOLLOW}
    if silent or not standing.answering or scene.state.controller is not Controller.BOT:
        return None
    request = replace(handoff(scene, "checkin"), window_id=standing.window_id)
    return turn(
        scene,
        (say(Key.CHECKIN_THANKS, *_WAYS_OUT, promise=scene.promise),),
        (*unread_alarm(scene), request),
        step=Step.HANDED_OVER,
        controller=Controller.WAITING,
        waiting_told=True,
        greeted=True,
        offered=added(scene.state.offered, STAFF),
        checkins=replace(standing, answering=False),
    )


_TAPS: dict[Choice, Callable[[Scene], Turn]] = {
    Choice.CHECKIN: _begin,
    Choice.CHECKIN_RHYTHM: _ask_rhythm,
    Choice.CHECKIN_OWN: lambda scene: turn(
        scene, (say(Key.ASK_CHECKIN_OWN, *_OWN, Choice.CHECKIN_NO),), checkin_draft=scene.state.checkin_draft or _ASKED
    ),
    Choice.CHECKIN_HOURS: lambda scene: turn(
        scene, (say(Key.ASK_CHECKIN_HOURS, *_HOURS, Choice.CHECKIN_NO),), checkin_draft=scene.state.checkin_draft or _ASKED
    ),
    Choice.CHECKIN_YES: _agree,
    Choice.CHECKIN_NO: _decline,
    Choice.CHECKIN_CHANGE: lambda scene: _confirm(scene, _draft(scene)) if _standing(scene).enrolled else _begin(scene),
    Choice.CHECKIN_PAUSE: _pause,
    Choice.CHECKIN_RESUME: _resume,
    Choice.CHECKIN_END: _finish,
    **{choice: _set(choice) for choice in _FIELD},
}
