"""What notices say. Never a word of a talk: a screen may be seen by others, a mail lies on machines that are not ours."""

from handoff.alarms.models import CallReason, MailStatus, NoticeKind, Way

KIND_WORDS: dict[NoticeKind, str] = {
    NoticeKind.EMERGENCY: "至急（命にかかわる手がかり）",
    NoticeKind.URGENT: "本日中（急ぎの手がかり）",
    NoticeKind.NEW: "新着（担当のいない相談・自分の担当への返事）",
    NoticeKind.MENTION: "内部メモでの呼びかけ",
    NoticeKind.TRANSFER: "つなぎの依頼と返事",
}
WAY_WORDS: dict[Way, str] = {Way.DESKTOP: "画面の通知", Way.SOUND: "音", Way.MAIL: "メール"}
TITLES: dict[NoticeKind, str] = {
    NoticeKind.EMERGENCY: "至急の相談があります",
    NoticeKind.URGENT: "急ぎの相談があります",
    NoticeKind.NEW: "新しい相談・メッセージがあります",
    NoticeKind.MENTION: "内部メモで呼びかけがあります",
    NoticeKind.TRANSFER: "つなぎの知らせがあります",
}
LAPSED = "lapsed-"
"""How the ``ref`` of a notice begins by which somebody learns that a talk of theirs waits for anybody again."""
LAPSED_TITLE = "対応が待ちに戻りました"
REASON_WORDS: dict[CallReason, str] = {
    CallReason.HOLDER: "担当者",
    CallReason.DUTY: "当番",
    CallReason.LEADER: "責任者",
    CallReason.PLAN: "緊急連絡計画",
}
MAIL_WORDS: dict[MailStatus, str] = {
    MailStatus.WAITING: "メール送信待ち",
    MailStatus.SENDING: "メール送信待ち",
    MailStatus.SENT: "メール受付済み",
    MailStatus.FAILED: "メール失敗",
    MailStatus.CANCELLED: "メール取り消し",
}


def title(kind: NoticeKind, step: int, ref: str = "") -> str:
    """Return the one line of a notice. Whoever is called later is told that nobody has opened it yet."""
    if ref.startswith(LAPSED):
        return LAPSED_TITLE
    return f"まだ開かれていません：{TITLES[kind]}" if step else TITLES[kind]


def mail_subject(kind: NoticeKind, ref: str = "") -> str:
    """Return the subject of a mail."""
    return f"【つなぎ】{title(kind, 0, ref)}"


def mail_body(kind: NoticeKind, console: str, ref: str = "") -> str:
    """Return the text of a mail: that there is something, and where to look."""
    where = f"職員の画面を開いて、確かめてください。\n{console}" if console else "職員の画面を開いて、確かめてください。"
    calm = (
        "\n確かめたら、相談の「確認しました」を押してください。押されないときは、次の方に連絡が行きます。"
        if kind is NoticeKind.EMERGENCY
        else ""
    )
    return f"{title(kind, 0, ref)}。\n{where}\n{calm}\n\nこのメールに、相談の内容は書いていません。このメールには返信できません。\n"
