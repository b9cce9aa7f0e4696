"""The table that is tested: for each route which permission it needs, and whose things its ids name.

A new route is added here; the test that walks over all routes of the console says so when it is missing.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handoff.accounts.models import Role
from handoff.accounts.permissions import GRANTS, ROLE_WORDS, Permission


class Names(StrEnum):
    """What an id in a path names."""

    NOTHING = "nothing"
    TALK = "talk"
    STAFF = "staff"
    OWN = "own"
    """Something of the own account; whatever is not, does not exist."""
    OPEN = "open"
    """Before the login."""
    ELSEWHERE = "elsewhere"
    """Tested where the thing is made; here only that it is closed without a session, and for an unknown id."""


@dataclass(frozen=True)
class Rule:
    """One route."""

    needs: Permission | None = None
    names: Names = Names.NOTHING


_TALK = Rule(Permission.READ_TALKS, Names.TALK)
_ANSWER = Rule(Permission.ANSWER, Names.TALK)
_STAFF = Rule(Permission.MANAGE_STAFF, Names.STAFF)
RULES: dict[str, Rule] = {
    "GET /": Rule(Permission.READ_TALKS),
    "GET /account": Rule(),
    "GET /account/factors/new": Rule(names=Names.OWN),
    "GET /audit": Rule(Permission.READ_AUDIT),
    "GET /companions": Rule(Permission.READ_TALKS),
    "GET /directory": Rule(),
    "GET /duty": Rule(Permission.READ_TALKS),
    "GET /duty/line": Rule(Permission.READ_TALKS),
    "GET /examples": Rule(Permission.ANSWER),
    "GET /hops": Rule(Permission.READ_TALKS),
    "GET /invitation/{token}": Rule(names=Names.OPEN),
    "GET /login": Rule(names=Names.OPEN),
    "GET /login/enrol": Rule(names=Names.OPEN),
    "GET /login/oidc": Rule(names=Names.OPEN),
    "GET /login/oidc/callback": Rule(names=Names.OPEN),
    "GET /login/second": Rule(names=Names.OPEN),
    "GET /notices": Rule(Permission.READ_TALKS),
    "GET /notices/new": Rule(Permission.READ_TALKS),
    "GET /organisations": Rule(Permission.MANAGE_ORGANISATIONS),
    "GET /organisations/{organisation_id}": Rule(names=Names.ELSEWHERE),
    "GET /outreach": Rule(Permission.READ_TALKS),
    "GET /outreach/plans/{plan_id}": Rule(names=Names.ELSEWHERE),
    "GET /oversight": Rule(Permission.OVERSEE),
    "GET /practice": Rule(Permission.ANSWER),
    "GET /queue/rows": Rule(Permission.READ_TALKS),
    "GET /search": Rule(Permission.READ_TALKS),
    "GET /staff": Rule(Permission.MANAGE_STAFF),
    "GET /staff/{staff_id}": _STAFF,
    "GET /statistics": Rule(),
    "GET /statistics/chart/{key}": Rule(names=Names.ELSEWHERE),
    "GET /statistics/hand": Rule(Permission.EXPORT),
    "GET /statistics/issues": Rule(),
    "GET /statistics/reports": Rule(),
    "GET /statistics/reports/file": Rule(names=Names.ELSEWHERE),
    "GET /statistics/reports/files": Rule(),
    "GET /statistics/reports/files/{file_id}/file": Rule(names=Names.ELSEWHERE),
    "GET /statistics/talks": Rule(Permission.READ_TALKS),
    "GET /statistics/targets": Rule(),
    "GET /stream": Rule(names=Names.ELSEWHERE),
    "GET /talks/{talk_id}": _TALK,
    "GET /talks/{talk_id}/attachments/{attachment_id}/file": Rule(names=Names.ELSEWHERE),
    "GET /talks/{talk_id}/attachments/{attachment_id}/shown": Rule(names=Names.ELSEWHERE),
    "GET /talks/{talk_id}/desk": _TALK,
    "GET /talks/{talk_id}/emergency/{sheet_id}": Rule(names=Names.ELSEWHERE),
    "GET /talks/{talk_id}/example": _ANSWER,
    "GET /talks/{talk_id}/form": _TALK,
    "GET /talks/{talk_id}/record": _TALK,
    "GET /talks/{talk_id}/report": Rule(names=Names.ELSEWHERE),
    "GET /talks/{talk_id}/transfer": _ANSWER,
    "GET /watch": Rule(Permission.WATCH),
    "GET /windows": Rule(Permission.READ_TALKS),
    "POST /account/codes": Rule(names=Names.OWN),
    "POST /account/factors": Rule(names=Names.OWN),
    "POST /account/factors/new": Rule(names=Names.OWN),
    "POST /account/factors/{factor_id}/remove": Rule(names=Names.OWN),
    "POST /account/password": Rule(names=Names.OWN),
    "POST /account/sessions/{session_id}/end": Rule(names=Names.OWN),
    "POST /audit/export": Rule(Permission.READ_AUDIT),
    "POST /bulk": Rule(names=Names.ELSEWHERE),
    "POST /directory": Rule(),
    "POST /duty/absences": Rule(names=Names.ELSEWHERE),
    "POST /duty/absences/{absence_id}/end": Rule(names=Names.ELSEWHERE),
    "POST /duty/contacts": Rule(names=Names.ELSEWHERE),
    "POST /duty/contacts/{contact_id}/drop": Rule(names=Names.ELSEWHERE),
    "POST /duty/slots/{slot_id}/drop": Rule(names=Names.ELSEWHERE),
    "POST /duty/windows/{window_id}/come": Rule(names=Names.ELSEWHERE),
    "POST /duty/windows/{window_id}/go": Rule(names=Names.ELSEWHERE),
    "POST /duty/windows/{window_id}/slots": Rule(names=Names.ELSEWHERE),
    "POST /emergency/{sheet_id}/verdict": Rule(names=Names.ELSEWHERE),
    "POST /examples/export": Rule(Permission.APPROVE_EXAMPLES),
    "POST /examples/{example_id}/take-back": Rule(names=Names.ELSEWHERE),
    "POST /oversight/wishes/{talk_id}": Rule(names=Names.ELSEWHERE),
    "POST /examples/{example_id}/verdict": Rule(names=Names.ELSEWHERE),
    "POST /hops/{hop_id}/accept": Rule(names=Names.ELSEWHERE),
    "POST /hops/{hop_id}/decline": Rule(names=Names.ELSEWHERE),
    "POST /invitation/{token}": Rule(names=Names.OPEN),
    "POST /login": Rule(names=Names.OPEN),
    "POST /login/enrol": Rule(names=Names.OPEN),
    "POST /login/second": Rule(names=Names.OPEN),
    "POST /logout": Rule(),
    "POST /next": Rule(names=Names.ELSEWHERE),
    "POST /notices": Rule(Permission.READ_TALKS),
    "POST /organisations": Rule(Permission.MANAGE_ORGANISATIONS),
    "POST /organisations/{organisation_id}/end": Rule(names=Names.ELSEWHERE),
    "POST /organisations/{organisation_id}/name": Rule(names=Names.ELSEWHERE),
    "POST /organisations/{organisation_id}/staff": Rule(names=Names.ELSEWHERE),
    "POST /organisations/{organisation_id}/staff/out": Rule(names=Names.ELSEWHERE),
    "POST /organisations/{organisation_id}/windows": Rule(names=Names.ELSEWHERE),
    "POST /practice": Rule(names=Names.ELSEWHERE),
    "POST /practice/{practice_id}/delete": Rule(names=Names.ELSEWHERE),
    "POST /presence": Rule(names=Names.ELSEWHERE),
    "POST /outreach/budgets": Rule(Permission.TAKE_OVER),
    "POST /outreach/keepers": Rule(Permission.TAKE_OVER),
    "POST /outreach/pauses": Rule(Permission.TAKE_OVER),
    "POST /outreach/pauses/lift": Rule(Permission.TAKE_OVER),
    "POST /outreach/plans/{plan_id}/holds": Rule(names=Names.ELSEWHERE),
    "POST /outreach/plans/{plan_id}/holds/{hold_id}/lift": Rule(names=Names.ELSEWHERE),
    "POST /outreach/plans/{plan_id}/keeper": Rule(names=Names.ELSEWHERE),
    "POST /outreach/plans/{plan_id}/safe": Rule(names=Names.ELSEWHERE),
    "POST /outreach/plans/{plan_id}/successor": Rule(names=Names.ELSEWHERE),
    "POST /outreach/plans/{plan_id}/way": Rule(names=Names.ELSEWHERE),
    "POST /outreach/suggestions/{talk_id}": _ANSWER,
    "POST /outreach/words": Rule(Permission.TAKE_OVER),
    "POST /search": Rule(Permission.READ_TALKS),
    "POST /settings/keys": Rule(),
    "POST /shift-notes": Rule(names=Names.ELSEWHERE),
    "POST /shift-notes/{note_id}/done": Rule(names=Names.ELSEWHERE),
    "POST /staff": Rule(Permission.MANAGE_STAFF),
    "POST /staff/{staff_id}/close": _STAFF,
    "POST /staff/{staff_id}/link": _STAFF,
    "POST /staff/{staff_id}/reopen": _STAFF,
    "POST /staff/{staff_id}/rights": _STAFF,
    "POST /staff/{staff_id}/sessions/end": _STAFF,
    "POST /staff/{staff_id}/unlock": _STAFF,
    "POST /statistics/hand": Rule(Permission.EXPORT),
    "POST /statistics/issues": Rule(Permission.ANSWER),
    "POST /statistics/issues/{issue_id}": Rule(names=Names.ELSEWHERE),
    "POST /statistics/reports/files": Rule(names=Names.ELSEWHERE),
    "POST /statistics/reports/threshold": Rule(Permission.EXPORT),
    "POST /statistics/targets": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/alarms": _ANSWER,
    "POST /talks/{talk_id}/attachments/{attachment_id}/open": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/attachments/{attachment_id}/retry": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/claim": _ANSWER,
    "POST /talks/{talk_id}/close": _ANSWER,
    "POST /talks/{talk_id}/corrections": _ANSWER,
    "POST /talks/{talk_id}/danger": _ANSWER,
    "POST /talks/{talk_id}/draft": _ANSWER,
    "POST /talks/{talk_id}/emergency": _ANSWER,
    "POST /talks/{talk_id}/example": _ANSWER,
    "POST /talks/{talk_id}/follow-up": _ANSWER,
    "POST /talks/{talk_id}/follow-up/done": _ANSWER,
    "POST /talks/{talk_id}/form": _ANSWER,
    "POST /talks/{talk_id}/hand-back": _ANSWER,
    "POST /talks/{talk_id}/mentions/read": _TALK,
    "POST /talks/{talk_id}/notes": _ANSWER,
    "POST /talks/{talk_id}/record": _ANSWER,
    "POST /talks/{talk_id}/release": _ANSWER,
    "POST /talks/{talk_id}/reopen": _ANSWER,
    "POST /talks/{talk_id}/replies": _ANSWER,
    "POST /talks/{talk_id}/replies/{message_id}/again": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/report/judgement": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/report/made": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/report/outcome": Rule(names=Names.ELSEWHERE),
    "POST /talks/{talk_id}/snooze": _ANSWER,
    "POST /talks/{talk_id}/tags": _ANSWER,
    "POST /talks/{talk_id}/tags/drop": _ANSWER,
    "POST /talks/{talk_id}/take-over": Rule(Permission.TAKE_OVER, Names.TALK),
    "POST /talks/{talk_id}/transfer": _ANSWER,
    "POST /talks/{talk_id}/transfer/answer": _ANSWER,
    "POST /talks/{talk_id}/transfer/withdraw": _ANSWER,
    "POST /talks/{talk_id}/undo": _ANSWER,
    "POST /talks/{talk_id}/whispers": Rule(Permission.WATCH, Names.TALK),
    "POST /talks/{talk_id}/whispers/{whisper_id}/read": Rule(names=Names.ELSEWHERE),
    "POST /templates/{template_id}/retire": Rule(names=Names.ELSEWHERE),
    "POST /views": Rule(names=Names.ELSEWHERE),
    "POST /views/{view_id}/drop": Rule(names=Names.ELSEWHERE),
    "POST /windows/{window_id}/rule": Rule(names=Names.ELSEWHERE),
    "POST /windows/{window_id}/templates": Rule(names=Names.ELSEWHERE),
}
OF_OTHER_AREAS: tuple[str, ...] = ()
"""Pages whose own tests hold their rights; here only that they are closed without a session and to ids that are unknown."""


_PERMISSION_WORDS = {
    Permission.ANSWER: "相談を担当し、返事を書く",
    Permission.APPROVE_EXAMPLES: "書き直した例文を認めて残し、取り出す",
    Permission.EXPORT: "外に出すものを決め、数字を入れる（少ない数を伏せた報告は、だれでも作れる）",
    Permission.MANAGE_ALL_STAFF: "すべての窓口・すべての役割のアカウントを扱う",
    Permission.MANAGE_ORGANISATIONS: "受託法人などの団体と、その窓口・職員を決める",
    Permission.MANAGE_STAFF: "自分の窓口のアカウントを扱う",
    Permission.OVERSEE: "緊急時情報提供票と通告・通報を、責任者として確認する",
    Permission.READ_AUDIT: "閲覧と操作の記録を見る",
    Permission.READ_EXACT_FIGURES: "少ない数を伏せない統計を見る",
    Permission.READ_TALKS: "自分の窓口の相談を読む",
    Permission.READ_UNASSIGNED: "窓口の決まっていない相談を読む",
    Permission.TAKE_OVER: "ほかの職員の相談を、理由を書いて引き継ぐ",
    Permission.WATCH: "ほかの職員の相談を見守り、助言する",
}
_NAMES_WORDS = {
    Names.NOTHING: "",
    Names.TALK: "見られる相談だけ。ほかは404",
    Names.STAFF: "扱えるアカウントだけ。ほかは404",
    Names.OWN: "自分のものだけ",
    Names.OPEN: "ログインの前",
    Names.ELSEWHERE: "見られる相談のできごとだけ",
}


def markdown(grants: Mapping[Permission, frozenset[Role]]) -> str:
    """Return the tables as the handbook shows them. ``python -m tests.authorization.routes`` writes the page."""
    roles = list(Role)
    lines = [
        "# だれが何をできるか",
        "",
        "この表は `handoff/accounts/permissions.py` と `tests/authorization/routes.py` から作ります",
        "（`.venv/bin/python -m tests.authorization.routes > docs/authorization.md`）。`tests/authorization` が、",
        "役割 × 入口 × 自分の窓口・ほかの窓口・ほかの自治体・ない番号の、すべてのます目を確かめます。",
        "",
        "## 役割と権限",
        "",
        f"| 権限 | {' | '.join(ROLE_WORDS[role] for role in roles)} |",
        f"|---|{'---|' * len(roles)}",
        *(f"| {_PERMISSION_WORDS[key]} | {' | '.join('○' if role in grants[key] else '' for role in roles)} |" for key in grants),
        "",
        "## 入口と権限",
        "",
        "| 入口 | 要る権限 | だれのものか |",
        "|---|---|---|",
        *(
            f"| `{route}` | {_PERMISSION_WORDS[rule.needs] if rule.needs else ''} | {_NAMES_WORDS[rule.names]} |"
            for route, rule in sorted(RULES.items())
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(markdown(GRANTS))
