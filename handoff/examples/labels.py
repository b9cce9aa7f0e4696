"""What a sentence is an example of, as its writer says: the same questions that the corpus answers."""

from dataclasses import dataclass

from handoff.desk.errors import TextError
from nlp.reading import Concern, Intent, Risk, RiskKind, Speaker

INTENT_WORDS: dict[Intent, str] = {
    Intent.DISCLOSE: "困りごとを話す",
    Intent.ASK_WINDOW: "窓口をたずねる",
    Intent.TALK_TO_HUMAN: "人と話したい",
    Intent.ACCEPT: "はい・お願いする",
    Intent.DECLINE: "いいえ・断る",
    Intent.STOP: "やめたい",
    Intent.ERASE: "消してほしい",
    Intent.WRONG_WINDOW: "窓口が合わない",
    Intent.REPORT: "ほかの人を心配して知らせる",
    Intent.GREETING: "あいさつ",
    Intent.THANKS: "お礼",
    Intent.COMPLAINT: "苦情",
    Intent.OTHER: "そのほか",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of one sentence. A danger has a kind, and only a danger has one."""

    concerns: tuple[Concern, ...] = ()
    speaker: Speaker = Speaker.UNKNOWN
    intent: Intent = Intent.DISCLOSE
    risk: Risk = Risk.NONE
    kinds: tuple[RiskKind, ...] = ()

    def check(self) -> None:
        """Refuse labels that contradict each other."""
        if self.risk is Risk.NONE and self.kinds:
            raise TextError("危険の種類を選んだときは、急ぎの度合いも選んでください。")
        if self.risk.rank >= Risk.URGENT.rank and not self.kinds:
            raise TextError("「本日中」「至急」のときは、危険の種類を選んでください。")
