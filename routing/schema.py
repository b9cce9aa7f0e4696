"""The tables of a directory: which columns each file has, and which words a cell may hold."""

from collections.abc import Iterable

from nlp.reading import Concern

WINDOWS = "窓口.csv"
PHONES = "電話.csv"
HOURS = "受付時間.csv"
DISTRICTS = "担当地区.csv"
COORDINATORS = "コーディネーター.csv"
MEETINGS = "会議.csv"
PROGRAMMES = "事業の状態.csv"
TARGETS = "目標値.csv"
MUNICIPALITY = "自治体.csv"
CLOSED_DAYS = "休業日.csv"

_VALIDITY = "有効開始日,有効終了日"
COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split(","))
    for name, columns in {
        WINDOWS: "窓口ID,自治体コード,窓口名,窓口名_カナ,別名,種類,分野,相談内容タグ,事業名,支援対象者,年齢下限,実施方式,委託先,"
        f"委託先_法人番号,所管課,郵便番号,町字ID,所在地,建物,状態,受け付ける人,{_VALIDITY},出典,出典行,確認日,確認者,公開,備考",
        PHONES: f"窓口ID,電話番号,種別,用途,{_VALIDITY},確認日",
        HOURS: f"窓口ID,曜日,開始,終了,祝日,備考,{_VALIDITY},確認日",
        DISTRICTS: f"窓口ID,地区名,町字名,町字ID,備考,{_VALIDITY}",
        COORDINATORS: "役割名,所属,人数,担当区域,つなげる人,出典行",
        MEETINGS: "会議名,同意,開催者,要綱,出典行",
        PROGRAMMES: "年度,事業名,状態,出典行",
        TARGETS: "年度,事業名,指標,目標,実績,出典行",
        MUNICIPALITY: "項目,値,出典",
        CLOSED_DAYS: "日付,名称,窓口ID",
    }.items()
}

RULES = "規則.csv"
OPTIONAL: dict[str, tuple[str, ...]] = {
    RULES: ("相談内容タグ", "相手", "つなぐ先", "合わせて示す", "理由", "有効開始日", "有効終了日", "出典"),
}
"""Tables that a municipality may go without."""

STATES = frozenset({"実施", "休止中", "未実施", "予定", "廃止"})
ACCEPTS = frozenset({"", "住民", "機関", "両方"})
CLOSED: dict[tuple[str, str], frozenset[str]] = {
    (WINDOWS, "種類"): frozenset({"窓口", "課", "事業のみ", "箇所数のみ", "人"}),
    (WINDOWS, "実施方式"): frozenset({"", "直営", "委託", "直営・委託", "一部委託"}),
    (WINDOWS, "状態"): STATES,
    (WINDOWS, "受け付ける人"): ACCEPTS,
    (WINDOWS, "公開"): frozenset({"可", "不可"}),
    (PHONES, "種別"): frozenset({"代表", "相談", "FAX", "LINE", "メール", "フォーム"}),
    (HOURS, "祝日"): frozenset({"可", "不可"}),
    (COORDINATORS, "つなげる人"): ACCEPTS,
    (MEETINGS, "同意"): frozenset({"要", "不要", "定めなし"}),
    (PROGRAMMES, "状態"): STATES,
}
CLOSED_LISTS: dict[tuple[str, str], frozenset[str]] = {
    (WINDOWS, "分野"): frozenset({"高齢", "障がい", "子ども", "困窮", "他"}),
    (WINDOWS, "相談内容タグ"): frozenset(Concern),
}
"""Cells that hold several words, separated by ``;``."""

REQUIRED: dict[str, tuple[str, ...]] = {
    WINDOWS: ("窓口ID", "自治体コード", "窓口名", "分野", "出典"),
    PHONES: ("窓口ID", "電話番号"),
    HOURS: ("窓口ID",),
    DISTRICTS: ("窓口ID", "地区名"),
    COORDINATORS: ("役割名", "出典行"),
    MEETINGS: ("会議名", "出典行"),
    PROGRAMMES: ("事業名", "出典行"),
    TARGETS: ("事業名", "指標", "出典行"),
    MUNICIPALITY: ("項目", "出典"),
    CLOSED_DAYS: ("日付", "名称"),
    RULES: (),
}
DATES: dict[str, tuple[str, ...]] = {
    WINDOWS: ("有効開始日", "有効終了日", "確認日"),
    PHONES: ("有効開始日", "有効終了日", "確認日"),
    HOURS: ("有効開始日", "有効終了日", "確認日"),
    DISTRICTS: ("有効開始日", "有効終了日"),
    CLOSED_DAYS: ("日付",),
}
CITY_ITEMS = ("自治体名", "自治体コード", "都道府県", "夜間の扱い", "職員が読む時間", "返信の約束", "市の代表窓口", "相談の入口")
"""Items of 自治体.csv without which the service cannot say when a person reads."""
CITY_OPTIONAL = ("市の代表電話", "緊急連絡先", "重点とする相談")
INTAKE_MODES = frozenset({"line_talk", "room_for_detail", "room_only"})


def columns_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns of the ten tables, and of each optional one that is among ``names``."""
    held = frozenset(names)
    return COLUMNS | {name: columns for name, columns in OPTIONAL.items() if name in held}
