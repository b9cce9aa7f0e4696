"""What staff read for the values of the desk. Never 「危険なし」: a text shows signs, or none."""

from collections.abc import Mapping
from enum import StrEnum

from handoff.desk.models import HandoffReason
from intake.dialogue.postback import Verb, find_tap
from intake.dialogue.turn import Controller
from intake.outbox.models import OutboxStatus
from intake.wording.catalogue import default_wording
from intake.wording.keys import POSTBACK_VERSION, Choice
from nlp.reading import Concern, Risk, RiskKind
from routing.referral import Stage


class CloseReason(StrEnum):
    """How a talk with staff ended."""

    ANSWERED = "answered"
    CONNECTED = "connected"
    LISTENED = "listened"
    NO_ANSWER = "no_answer"
    OTHER = "other"


class PassReason(StrEnum):
    """Why a window gives a talk back, or does not take one over."""

    FIELD = "field"
    DISTRICT = "district"
    CONDITIONS = "conditions"
    CAPACITY = "capacity"
    WISH = "wish"
    INVOLVED = "involved"
    DONE = "done"
    UNCLEAR = "unclear"
    OTHER = "other"


RISK_WORDS: dict[Risk, str] = {
    Risk.EMERGENCY: "至急",
    Risk.URGENT: "本日中",
    Risk.WATCH: "見守り",
    Risk.NONE: "手がかりなし（文面のみ）",
}
RISK_KIND_WORDS: dict[RiskKind, str] = {
    RiskKind.SUICIDE: "希死念慮",
    RiskKind.SELF_HARM: "自傷",
    RiskKind.VIOLENCE: "暴力",
    RiskKind.ABUSE: "虐待",
    RiskKind.DEPRIVATION: "生活の困窮",
    RiskKind.MEDICAL: "医療",
}
REASON_WORDS: dict[HandoffReason, str] = {
    HandoffReason.ASKED: "職員と話したいと希望",
    HandoffReason.EMERGENCY: "命にかかわる手がかり",
    HandoffReason.URGENT: "急ぎの手がかり",
    HandoffReason.LATE: "メッセージの到着が遅れた",
    HandoffReason.UNREADABLE: "画像・音声など、人の確認が必要",
    HandoffReason.UNFIT: "案内した窓口が合わない",
    HandoffReason.NO_WINDOW: "合う窓口が見つからない",
    HandoffReason.LANGUAGE: "日本語以外のことば",
    HandoffReason.CHECKIN: "声かけへのお返事",
    HandoffReason.OTHER: "職員の対応が必要",
}
CLOSE_WORDS: dict[CloseReason, str] = {
    CloseReason.ANSWERED: "相談に答えた",
    CloseReason.CONNECTED: "窓口・機関につないだ",
    CloseReason.LISTENED: "お話を聴いた",
    CloseReason.NO_ANSWER: "返信がなく、いったん終える",
    CloseReason.OTHER: "その他",
}
PASS_WORDS: dict[PassReason, str] = {
    PassReason.FIELD: "担当する分野ではない",
    PassReason.DISTRICT: "担当する地区ではない",
    PassReason.CONDITIONS: "年齢・収入などの条件に合わない",
    PassReason.CAPACITY: "いまは手がいっぱいで受けられない",
    PassReason.WISH: "本人がほかの窓口を希望している",
    PassReason.INVOLVED: "ほかの窓口がもう関わっている",
    PassReason.DONE: "この窓口でできることは終わっている",
    PassReason.UNCLEAR: "伝えられた内容では決められない",
    PassReason.OTHER: "その他",
}
STATE_WORDS: dict[Controller, str] = {
    Controller.BOT: "自動案内中",
    Controller.WAITING: "職員を待っています",
    Controller.STAFF: "対応中",
}
SEND_WORDS: dict[OutboxStatus, str] = {
    OutboxStatus.WAITING: "送信待ち",
    OutboxStatus.SENDING: "送信待ち",
    OutboxStatus.ACCEPTED: "LINE受付済み",
    OutboxStatus.UNCERTAIN: "不明（LINEが受け付けたか確かめられません）",
    OutboxStatus.FAILED: "失敗",
    OutboxStatus.CANCELLED: "取り消し（送っていません）",
}
CONCERN_WORDS: dict[Concern, str] = {
    Concern.MONEY_LIVING: "生活費",
    Concern.RENT_LOAN: "家賃・住宅ローン",
    Concern.TAX_UTILITY: "税・公共料金の滞納",
    Concern.DEBT: "債務",
    Concern.FOOD: "食べるもの",
    Concern.HOUSING: "住まい",
    Concern.JOB_SEEK: "求職・就労準備",
    Concern.JOB_TROUBLE: "仕事上の困りごと",
    Concern.HEALTH: "病気・けが",
    Concern.MENTAL: "こころの不調",
    Concern.DISABILITY: "障がい",
    Concern.DEVELOPMENT: "発達",
    Concern.CARE: "介護",
    Concern.DEMENTIA_RIGHTS: "認知症・権利擁護",
    Concern.PREGNANCY: "妊娠・出産",
    Concern.PARENTING: "子育て",
    Concern.SCHOOL: "学校・不登校",
    Concern.SINGLE_PARENT: "ひとり親",
    Concern.YOUNG_CARER: "ヤングケアラー",
    Concern.FAMILY: "家族関係",
    Concern.DV: "DV",
    Concern.ABUSE: "虐待",
    Concern.HIKIKOMORI: "ひきこもり",
    Concern.ISOLATION: "孤独・孤立",
    Concern.LIVING_ENV: "住環境・近隣",
    Concern.CONSUMER: "消費者被害",
    Concern.ADMIN_OTHER: "行政手続き・その他",
}
MEDIA_WORDS = {"image": "画像", "video": "動画", "audio": "音声", "file": "ファイル"}


_LABELS: Mapping[str, str] = {
    **{str(concern): words for concern, words in CONCERN_WORDS.items()},
    **{f"risk:{kind}": words for kind, words in RISK_KIND_WORDS.items()},
}


def label_words(label: str) -> str:
    """Return what staff read for a label of evidence (a concern id, ``risk:KIND`` …); empty for labels that are not shown."""
    return _LABELS.get(label, "")


def tap_words(data: str) -> str:
    """Return what staff read for a button that the resident tapped: the words that stood on it, where we still know them."""
    tap = find_tap(data)
    if tap is None:
        return "ボタンを選択"
    if tap.verb is Verb.DISTRICT:
        return f"「{tap.arg}」を選択"
    if tap.verb is Verb.CONSENT:
        return "「伝えてよい」を選択" if tap.arg.startswith("yes-") else "「伝えないでほしい」を選択"
    wording = default_wording()
    if tap.verb is Verb.CONCERN:
        return f"「{wording.topics[Concern(tap.arg)].label.text}」を選択"
    return f"「{wording.choices[Choice(data.removeprefix(POSTBACK_VERSION))].label.text}」を選択"


def kinds_words(kinds: str) -> str:
    """Return the words for the kinds of an alarm, as they stand in its row."""
    return "・".join(_LABELS[f"risk:{kind}"] for kind in kinds.split(";") if f"risk:{kind}" in _LABELS)


PERSON_WORDS: dict[str, str] = {
    "self": "本人",
    "mother": "母",
    "father": "父",
    "parents": "親",
    "grandmother": "祖母",
    "grandfather": "祖父",
    "grandparents": "祖父母",
    "husband": "夫",
    "wife": "妻",
    "spouse": "配偶者",
    "partner": "交際相手",
    "former_partner": "元の配偶者・交際相手",
    "son": "息子",
    "daughter": "娘",
    "child": "子ども",
    "pupil": "児童・生徒",
    "grandchild": "孫",
    "brother": "兄弟",
    "sister": "姉妹",
    "siblings": "きょうだい",
    "uncle": "おじ",
    "aunt": "おば",
    "relative": "親族",
    "friend": "友人・知人",
    "neighbour": "近所の人",
    "tenant": "入居者",
    "client": "利用者",
}
"""Who is meant in a story, as the reader names them."""
LIFE_WORDS: dict[Stage, str] = {
    Stage.INFANT: "就学前",
    Stage.CHILD: "18歳未満",
    Stage.ADULT: "おとな",
    Stage.ELDER: "65歳以上",
}
SEND_FAULTS: dict[str, str] = {
    "too_late": "送れないまま24時間がたったため、止めました",
    "refused": "LINEが受け付けませんでした",
    "unreadable": "保存した文を開けませんでした",
    "no_account": "LINEの設定がありません",
    "too_long": "文が長すぎます",
    "not_rendered": "LINEで送れない形です",
    "blocked": "相手がブロックしています",
    "throttled": "LINEの送信数の上限です。間をおいて送り直します",
    "no_answer": "LINEから返事がありません。間をおいて送り直します",
    "unauthorised": "LINEの設定が正しくありません。直ると送り直します",
}
"""Why a message has not gone, as the sender notes it."""
