"""What staff read on and around the form, and how long each step may take."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handoff.report_abuse.models import Judgement, StepKind, WishAnswer

JUDGEMENT_WORDS: dict[Judgement, str] = {
    Judgement.APPLIES: "該当",
    Judgement.UNSURE: "迷う",
    Judgement.NOT_APPLIES: "該当しない",
}
STEP_WORDS: dict[StepKind, str] = {
    StepKind.RAISED: "虐待の手がかりで、票が開きました",
    StepKind.SIGN: "新しい手がかりで、票がもう一度開きました",
    StepKind.OPENED: "職員が初めて票を開きました",
    StepKind.JUDGED: "判断",
    StepKind.REPORTED: "通告・通報",
    StepKind.OUTCOME: "結果",
}


class Outcome(StrEnum):
    """What came of a report."""

    ACCEPTED = "accepted"
    SAFE = "safe"
    NOT_ACCEPTED = "not_accepted"
    UNKNOWN = "unknown"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.ACCEPTED: "受理された",
    Outcome.SAFE: "安全が確認された",
    Outcome.NOT_ACCEPTED: "受理されなかった",
    Outcome.UNKNOWN: "まだわからない",
}
MEANS = ("電話", "面接", "文書", "そのほか")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long each step may take. The law says 速やかに; the hours are the municipality's own."""

    judge: timedelta = timedelta(hours=24)
    """Until a first judgement, and until a doubt is settled."""
    report: timedelta = timedelta(hours=4)
    """From 該当 to the report."""
    outcome: timedelta = timedelta(hours=48)
    """From the report to a word on what came of it."""


WISH_WORDS: dict[WishAnswer, str] = {
    WishAnswer.ERASE: "本人の希望のとおり、記録を消しました",
    WishAnswer.KEEP: "本人は記録の消去を希望していますが、残すことにしました",
}
WISH = "wish"
"""How an entry of the record begins that tells of such an answer."""
