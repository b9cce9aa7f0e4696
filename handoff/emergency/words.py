"""What staff read on and around the sheet."""

from handoff.emergency.models import Ground, Verdict

GROUND_WORDS: dict[Ground, str] = {
    Ground.POLICE: "110番通報のため",
    Ground.AMBULANCE: "119番通報のため",
    Ground.REPORT: "虐待の通告・通報のため",
    Ground.OTHER: "そのほかの理由",
}
VERDICT_WORDS: dict[Verdict, str] = {Verdict.APPROVED: "確認しました", Verdict.OBJECTED: "異議があります"}
