"""What staff read for the values that are counted."""

from handoff.desk.words import CLOSE_WORDS, CONCERN_WORDS, PASS_WORDS, REASON_WORDS, RISK_KIND_WORDS, RISK_WORDS
from handoff.statistics.models import IssueCategory, IssueState
from routing.city import City
from routing.referral import Kind

UNKNOWN = "不明"
SPEAKER_WORDS = {"self": "本人", "family": "家族", "neighbour": "近隣・知人", "supporter": "支援者・民生委員", "unknown": UNKNOWN}
AGE_WORDS = {"infant": "就学前", "child": "就学後～17歳", "adult": "18～64歳", "elder": "65歳以上", "unknown": UNKNOWN}
CHANNEL_WORDS = {"line": "LINE", "room": "保護された相談室"}
OFFICE_WORDS = {"in": "職員のいる時間", "out": "時間外"}
BEGAN_WORDS = {"yes": "やりとりになった", "no": "一度だけで続かなかった"}
PERSON_WORDS = {"new": "新規（はじめての相談）", "again": "継続（前にも相談あり）"}
NTH_WORDS = {"1": "はじめて", "2": "2回目", "3-5": "3～5回目", "6+": "6回目から", "unknown": "分からない"}
CONCERNS = {concern.value: words for concern, words in CONCERN_WORDS.items()} | {"none": "読み取れず"}
REASONS = {reason.value: words for reason, words in REASON_WORDS.items()}
RISKS = {risk.value: words for risk, words in RISK_WORDS.items()}
RISK_KINDS = {kind.value: words for kind, words in RISK_KIND_WORDS.items()}
CLOSES = {reason.value: words for reason, words in CLOSE_WORDS.items()} | {
    "resident": "本人が終えた",
    "silence": "書き込みがなく終わった",
    "erased": "記録の消去で終わった",
    "open": "続いている",
}
RESULT_WORDS = {
    "listened": "傾聴のみ（職員）",
    "answered": "情報提供・助言（職員）",
    "connected": "窓口・機関につないだ（職員）",
    "going_on": "継続中（職員）",
    "no_answer": "返信がなく終了（職員）",
    "other": "その他（職員）",
    "shown": "窓口の案内のみ（自動）",
    "heard": "受け止めのみ（自動）",
    "reported": "通告・通報（職員）",
}
LATER_WORDS = {
    "kept": "約束の時刻までに返信",
    "broken": "約束に遅れた（返信のないまま時刻を過ぎて終わったものを含む）",
    "void": "約束の時刻の前に、返信なしで終わった",
}
PROMISE_WORDS = LATER_WORDS | {"unanswered": "まだ返信なし", "none": "約束の時刻なし"}
UNFIT_WORDS = {
    "refused": "断られた",
    "far": "遠い",
    "known": "知り合いがいる",
    "time": "時間が合わない",
    "scared": "こわい",
    "untold": "理由は聞いていない",
}
CORRECTION_WORDS = {
    "danger_missed": "危険の見逃し（手がかりが出ていなかった）",
    "danger_false": "危険の空振り（手がかりが出たが、危険ではなかった）",
    "concern_missed": "相談内容の見逃し",
    "concern_wrong": "相談内容の読みちがい",
}
PASSING_WORDS = {
    "transfer": "ほかの窓口へつないだ（引き受けられた）",
    "declined": "つなごうとしたが、引き受けられなかった",
    "hand_back": "もとの窓口へもどした（つなぎもどし）",
    "taken": "ほかの窓口の職員が担当した",
    "release": "担当を離し一覧に戻した",
}
RETURN_WORDS = {reason.value: words for reason, words in PASS_WORDS.items()} | {"untold": "理由の記録がないもの"}
DECLINED_WORDS = {
    "transfer": "ほかの窓口へ伝えること",
    "checkin": "声かけを受け取ること",
    "checkin_ended": "声かけを続けること（受け取ったあとで、やめた）",
    "notices": "お知らせを受け取ること（止めた）",
    "untold": "記録のないもの",
}
NIGHT_WORDS = {
    "soon": "3時間までに開いた",
    "morning": "次の朝9時までに開いた",
    "day": "24時間までに開いた",
    "later": "24時間より後に開いた",
    "waiting": "まだ開いていない",
}
AFTER_WORDS = {"end": "案内で終わった", "unfit": "「合わない」", "people": "職員が対応", "other": "ほかの窓口へ"}
KIND_WORDS = {
    Kind.ELDERLY: "高齢",
    Kind.DISABILITY: "障がい",
    Kind.CHILD: "子ども",
    Kind.POVERTY: "生活困窮",
    Kind.OUTREACH: "アウトリーチ",
    Kind.PARTICIPATION: "参加支援",
    Kind.COORDINATOR: "多機関協働",
    Kind.WOMEN: "女性相談・DV",
    Kind.ABUSE_REPORT: "虐待の通報先",
    Kind.HEALTH: "保健・こころ",
    Kind.CONSUMER: "消費生活",
    Kind.EMPLOYMENT: "就労",
    Kind.HOUSING: "住まい",
    Kind.EDUCATION: "学校・教育",
    Kind.LEGAL: "法律",
    Kind.COMMUNITY: "社協・地域づくり",
}
KINDS = {kind.value: words for kind, words in KIND_WORDS.items()}
WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")
FILTER_WORDS = {
    "window": "窓口",
    "field": "分野",
    "district": "地区",
    "age": "年代（困っている人）",
    "speaker": "書いた人",
    "channel": "入口",
}
CATEGORY_WORDS = {
    IssueCategory.CIVIC: "市民協働",
    IssueCategory.REGION: "地域振興",
    IssueCategory.INDUSTRY: "産業振興",
    IssueCategory.EDUCATION: "教育",
    IssueCategory.ENVIRONMENT: "環境",
    IssueCategory.SAFETY: "防犯・防災",
    IssueCategory.ISOLATION: "孤立・孤独",
    IssueCategory.WELFARE: "福祉・保健",
    IssueCategory.NO_WINDOW: "つなぐ先が曖昧な課題",
}
STATE_WORDS = {
    IssueState.NOTED: "記録",
    IssueState.PROPOSED: "会議に提案",
    IssueState.ANSWERED: "方針が決まった",
    IssueState.WITHDRAWN: "取り下げ",
}


def window_words(city: City | None) -> dict[str, str]:
    """Return the names of the windows of a municipality, the lines, and what stands where no window was chosen."""
    names = {"none": "まだ決まっていない"}
    if city is None:
        return names
    names |= {window.id: window.name for window in city.windows.values()}
    names["desk"] = city.desk_name
    return names | {f"line:{line.key}": line.name for line in city.lines.values()}


def value_words(name: str, city: City | None) -> dict[str, str]:
    """Return the words for the values of a filter."""
    known = {"age": AGE_WORDS, "speaker": SPEAKER_WORDS, "channel": CHANNEL_WORDS, "district": {"unknown": UNKNOWN}}
    return window_words(city) if name == "window" else known.get(name, {})
