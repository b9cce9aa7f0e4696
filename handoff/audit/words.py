"""What staff read for what is recorded."""

from collections.abc import Mapping

from handoff.accounts.models import Role
from handoff.accounts.permissions import ROLE_WORDS
from handoff.audit.models import Action
from handoff.report_abuse.models import Judgement, StepKind, WishAnswer
from handoff.report_abuse.words import JUDGEMENT_WORDS, OUTCOME_WORDS, STEP_WORDS, WISH, WISH_WORDS, Outcome

ACTION_WORDS: dict[Action, str] = {
    Action.TALK_VIEWED: "相談を開いた",
    Action.TALK_REFUSED: "見られない相談を開こうとした",
    Action.SEARCHED: "相談を検索した",
    Action.EXPORTED: "一覧や報告を書き出した",
    Action.LOGGED_IN: "ログインした",
    Action.LOGGED_OUT: "ログアウトした",
    Action.LOGIN_REFUSED: "ログインに失敗した",
    Action.LOCKED: "アカウントが一時停止した",
    Action.UNLOCKED: "一時停止を解いた",
    Action.STAFF_ADDED: "職員を加えた",
    Action.STAFF_INVITED: "招待や再設定のリンクを作った",
    Action.INVITATION_USED: "招待や再設定のリンクを使った",
    Action.RIGHTS_CHANGED: "役割・窓口・所属を変えた",
    Action.STAFF_CLOSED: "アカウントを停止した（異動・退職など）",
    Action.STAFF_REOPENED: "アカウントを再開した",
    Action.TALKS_HANDED_ON: "担当の相談を引き継いだ",
    Action.FACTOR_ADDED: "二つ目の確認を登録した",
    Action.FACTOR_REMOVED: "二つ目の確認を外した",
    Action.FACTORS_RESET: "二つ目の確認を登録し直せるようにした",
    Action.CODES_RENEWED: "回復コードを作り直した",
    Action.CODE_USED: "回復コードを使った",
    Action.PASSWORD_CHANGED: "パスワードを変えた",
    Action.SESSION_ENDED: "ログイン中の端末を終了した",
    Action.EMERGENCY_OPENED: "緊急時情報提供票を開いた",
    Action.EMERGENCY_VIEWED: "緊急時情報提供票を見た",
    Action.EMERGENCY_DECIDED: "緊急時情報提供票を確認した",
    Action.REPORT_CHANGED: "通告・通報の票を進めた",
    Action.ATTACHMENT_OPENED: "添付を開いた",
    Action.ATTACHMENT_TAKEN: "添付を取り出した",
    Action.ORGANISATION_CHANGED: "団体と窓口の受け持ちを変えた",
    Action.EXAMPLE_DECIDED: "読み取りの例文を確認した",
    Action.WISH_DECIDED: "消去の希望を決めた",
}
TALK_ACTIONS = frozenset(
    {
        Action.TALK_VIEWED,
        Action.TALK_REFUSED,
        Action.EMERGENCY_OPENED,
        Action.EMERGENCY_VIEWED,
        Action.EMERGENCY_DECIDED,
        Action.REPORT_CHANGED,
        Action.ATTACHMENT_OPENED,
        Action.ATTACHMENT_TAKEN,
        Action.WISH_DECIDED,
    }
)

_DETAIL_WORDS = {
    "totp": "認証アプリ",
    "passkey": "パスキー",
    "recovery": "回復コード",
    "password": "パスワード",
    "second": "二つ目の確認",
    "factor": "二つ目の確認の再設定",
    "account": "招待",
    "enrol": "はじめての登録",
    "demo": "見本",
    "all": "すべての端末",
    "others": "この端末のほか",
    "police": "110番通報",
    "ambulance": "119番通報",
    "report": "通告・通報",
    "other": "そのほかの理由",
    "approved": "確認",
    "objected": "異議",
    "kept": "認めた",
    "declined": "認めなかった・残すのをやめた",
}


def detail_words(action: Action, details: str, names: Mapping[str, str]) -> str:
    """Return what staff read for the codes of an entry."""
    if action is Action.RIGHTS_CHANGED or action is Action.STAFF_ADDED:
        return " → ".join(_rights_words(rights) for rights in details.split(" -> "))
    if action is Action.TALKS_HANDED_ON:
        count, _, to = details.partition(" -> ")
        return f"{count}件を{names.get(to, '一覧（待っている）')}へ"
    if action is Action.ORGANISATION_CHANGED:
        return _organisation_words(details, names)
    if action is Action.REPORT_CHANGED:
        return _report_words(details)
    if action is Action.WISH_DECIDED:
        return WISH_WORDS[WishAnswer(details)]
    return _DETAIL_WORDS.get(details, details)


def _report_words(details: str) -> str:
    kind, _, code = details.partition(":")
    if kind == WISH:  # What was recorded before decisions on wishes had a name of their own.
        return WISH_WORDS[WishAnswer(code)]
    if kind == StepKind.JUDGED:
        return f"判断：{JUDGEMENT_WORDS[Judgement(code)]}"
    return f"結果：{OUTCOME_WORDS[Outcome(code)]}" if kind == StepKind.OUTCOME else STEP_WORDS[StepKind(kind)]


_ORGANISATION_WORDS = {
    "added": "加えた",
    "renamed": "名前を変えた",
    "windows": "受け持つ窓口：",
    "staff_in": "所属に入れた：",
    "staff_out": "所属から外した：",
    "ended": "契約を終えた。停止したアカウントの数：",
}


def _organisation_words(details: str, names: Mapping[str, str]) -> str:
    kind, _, rest = details.partition(":")
    words = _ORGANISATION_WORDS.get(kind, kind)
    return words + (names.get(rest, rest).replace(",", "、") or "なし") if words.endswith("：") else words


def _rights_words(rights: str) -> str:
    role, _, windows = rights.partition(":")
    shown = ROLE_WORDS[Role(role)] if role in set(Role) else role
    return f"{shown}（{windows.replace(',', '、') or '窓口なし'}）"
