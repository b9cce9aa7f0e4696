"""Replies become bubbles and choices. The same replies, city and time always give the same words."""

import re
from datetime import datetime

from intake.wording.bubbles import Bubble, Button, ButtonKind, CardBubble, Reply, TextBubble, Utterance
from intake.wording.catalogue import Wording, default_wording
from intake.wording.keys import CARDS, POSTBACK_VERSION, Choice, Key, Word
from intake.wording.times import say_clock_words, say_hours, say_time
from nlp.reading import Concern
from routing.card import WindowCard, card_for
from routing.city import City, CrisisLine
from routing.lines import describe_line
from routing.offer import LINE
from routing.referral import Destination, Kind

MOST_BUBBLES = 5
MOST_CHOICES = 13
_LABEL_LENGTH = 20
_LINE_NUMBERS = re.compile(r" [0-9;,\-]+行$")
_FIELDS = {
    "高齢": Word.FIELD_ELDERLY,
    "障がい": Word.FIELD_DISABILITY,
    "子ども": Word.FIELD_CHILD,
    "困窮": Word.FIELD_POVERTY,
}
"""The fields of the directory as residents would call them. A field without a word here is not named on a card."""


def speak(replies: tuple[Reply, ...], city: City, now: datetime, *, overrides: Wording | None = None) -> Utterance:
    """Say the replies of one turn: at most five bubbles, at most thirteen choices. Raises KeyError for a key nobody wrote."""
    speaker = _Speaker(overrides or default_wording(), city, now)
    said = replies[:MOST_BUBBLES]
    choices = [button for reply in said for button in speaker.calls(reply)]
    choices += [speaker.choice(choice, kana=_kana(reply)) for reply in said for choice in _words(reply, "choices")]
    unique = {(button.kind, button.value): button for button in reversed(choices)}
    ordered = [button for button in dict.fromkeys(choices) if unique[button.kind, button.value] == button]
    return Utterance(
        bubbles=tuple(speaker.bubble(reply) for reply in said),
        choices=tuple(ordered[:MOST_CHOICES]),
        silent=any(reply.params.get("silent") == 1 for reply in said),
    )


class _Speaker:
    """One wording for one city at one time."""

    def __init__(self, wording: Wording, city: City, now: datetime) -> None:
        self._wording, self._city, self._now = wording, city, now

    def bubble(self, reply: Reply) -> Bubble:
        key = Key(reply.key)
        if key in CARDS:
            return self._card(reply)
        variant = reply.params.get("variant", 0)
        sentence = self._wording.replies[key].pick(variant if isinstance(variant, int) else 0, kana=_kana(reply))
        return TextBubble(text=sentence.format(**self._filled(reply)))

    def choice(self, choice: str, *, kana: bool) -> Button:
        verb, _, arg = choice.partition(":")
        if verb == "concern":
            label = self._wording.topics[Concern(arg)].label.pick(kana=kana)
            say = label
        elif verb == "district":
            label = say = arg
        else:
            words = self._wording.choices[Choice(choice)]
            label, say = words.label.pick(kana=kana), words.say
        return Button(label=label[:_LABEL_LENGTH], kind=ButtonKind.POSTBACK, value=POSTBACK_VERSION + choice, say=say)

    def calls(self, reply: Reply) -> list[Button]:
        """Buttons that call the lines of a reply: they work even when our own server does not."""
        return [self._call(self._city.lines[key], kana=_kana(reply)) for key in (*_words(reply, "lines"), *_words(reply, "open"))]

    def _call(self, line: CrisisLine, *, kana: bool) -> Button:
        if line.number.startswith("http"):
            return Button(label=self._word(Word.OPEN_CHAT, kana=kana), kind=ButtonKind.URI, value=line.number)
        label = self._word(Word.PHONE_LINE, kana=kana).format(number=line.number)
        return Button(label=label[:_LABEL_LENGTH], kind=ButtonKind.TEL, value=line.number)

    def _filled(self, reply: Reply) -> dict[str, str]:
        kana = _kana(reply)
        filled = {"city": self._city.name, "desk": self._city.desk_name, "hours": say_hours(self._city.staff_hours, kana=kana)}
        filled["pace"] = self._pace(kana=kana)
        if "promise" in reply.params:
            filled["promise"] = say_time(datetime.fromisoformat(str(reply.params["promise"])), self._now, kana=kana)
        if "topics" in reply.params:
            topics = [self._wording.topics[Concern(name)] for name in _words(reply, "topics")]
            filled["topics"] = self._word(Word.AND, kana=kana).join(topic.topic.pick(kana=kana) for topic in topics)
            filled["felt"] = topics[0].felt.pick(kana=kana)
        if "place" in reply.params:
            filled["place"] = str(reply.params["place"])
        if "district" in reply.params:
            filled["district"] = str(reply.params["district"])
        if "language" in reply.params:
            filled["own"] = self._wording.own_words(str(reply.params["language"]))
        if "checkin" in reply.params:
            filled |= self._checkin(_words(reply, "checkin"), kana=kana)
        filled["lines"] = self._listed(_words(reply, "lines"))
        opened = self._listed(_words(reply, "open"))
        filled["open"] = f"\n\n{self._word(Word.OPEN_LINES, kana=kana)}\n{opened}" if opened else ""
        return filled

    def _pace(self, *, kana: bool) -> str:
        """Say how staff answer where that is not as usual: at fixed times, or later because many wait."""
        times = [say_clock_words(hour, kana=kana) for hour in sorted(self._city.answer_times)]
        fixed = self._word(Word.PACE_TIMES, kana=kana).format(times=self._word(Word.AND_TIMES, kana=kana).join(times)) if times else ""
        return fixed + (self._word(Word.PACE_CROWDED, kana=kana) if self._city.crowded else "")

    def _checkin(self, parts: list[str], *, kana: bool) -> dict[str, str]:
        """Say what a check-in will be like: rhythm, days, hours, sender and style as words, the name, and whether it begins tomorrow."""
        rhythm, days, hours, _, style, name, heavy = parts
        named = f"rhythm_d{days}" if days else f"rhythm_{rhythm}"
        known = named in set(Word)
        often = self._word(Word(named), kana=kana) if known else f"{days}{self._word(Word.RHYTHM_OWN, kana=kana)}"
        return {
            "rhythm": often + (self._word(Word.RHYTHM_HEAVY, kana=kana) if heavy else ""),
            "when": self._word(Word(f"hours_{hours}"), kana=kana),
            "sender": name,
            "style": self._word(Word(f"style_{style}"), kana=kana),
        }

    def _listed(self, keys: list[str]) -> str:
        return "\n".join(f"・{describe_line(self._city.lines[key], self._now)}" for key in keys)

    def _card(self, reply: Reply) -> CardBubble:
        kana = _kana(reply)
        window, name, kind = (str(reply.params[part]) for part in ("window", "name", "kind"))
        card = card_for(self._city, Destination(window=window, name=name, kind=Kind(kind)), self._now)
        phones = [phone for phone in card.phones if not phone.number.startswith("http")]
        pages = [phone for phone in card.phones if phone.number.startswith("http")]
        calls = [Button(label=self._word(Word.PHONE, kana=kana), kind=ButtonKind.TEL, value=phone.number) for phone in phones[:1]]
        opens = [Button(label=self._word(Word.OPEN_CHAT, kana=kana), kind=ButtonKind.URI, value=page.number) for page in pages[:1]]
        on = (Choice.OTHER,) if reply.params.get("waiting") == 1 else (Choice.STAFF, Choice.OTHER)
        return CardBubble(
            title=card.title,
            rows=self._rows(card, kana=kana),
            buttons=(*calls, *opens, *(self.choice(choice, kana=kana) for choice in on)),
            badge=self._word(Word.SAMPLE, kana=kana) if card.sample else "",
            alt=self._word(Word.ALT, kana=kana),
        )

    def _rows(self, card: WindowCard, *, kana: bool) -> tuple[str, ...]:
        """Return what the card says below its title; what the directory does not say is left out."""
        if card.window.startswith(LINE):
            return (card.note,)
        fields = [self._word(_FIELDS[field], kana=kana) for field in card.field_words.split("・") if field in _FIELDS]
        numbers = [f"{phone.number}（{phone.use}）" if phone.use else phone.number for phone in card.phones]
        unconfirmed = card.source and not card.phones and not card.sample
        source = self._word(Word.SOURCE, kana=kana).format(source=_LINE_NUMBERS.sub("", card.source)) if unconfirmed else ""
        rows = ("・".join(fields), card.target, card.operator, card.opening, *numbers, card.address, card.note, source)
        return tuple(row for row in rows if row)

    def _word(self, word: Word, *, kana: bool) -> str:
        return self._wording.words[word].pick(kana=kana)


def _kana(reply: Reply) -> bool:
    return reply.params.get("kana") == 1


def _words(reply: Reply, name: str) -> list[str]:
    words = reply.params.get(name, [])
    return words if isinstance(words, list) else []
