"""What the Excel book of a directory looks like: its sheets, which columns are wide, and what the guide in it says."""

from collections.abc import Mapping

from nlp.reading import Concern
from routing import schema
from routing.city_rules import GROUP_WORDS, kinds_by_label
from routing.rules import load_rules
from routing.table import Table

GUIDE = "使い方"
"""The sheet of words for the clerk; it is written and never read."""
WORDS = "選ぶ言葉"
"""The sheet of the words from which a rule of the municipality is put together; it is written and never read."""
GUIDE_LINES = (
    "窓口一覧の表",
    "",
    "1. 下の見出し（シート）ごとに一つの表です。1行目の見出しとシートの名前は変えないでください。",
    "2. どのセルも文字として入れます。電話番号や郵便番号の先頭の0は、そのまま残ります。",
    "3. 日付は 2026-04-01、時刻は 08:30 の形で入れます。いくつか並べるときは ; で区切ります。",
    "4. 右に ▼ が出る列は、一覧から選びます。",
    "5. セルの結合、計算式、改行は使えません。分からないところは空のままにしてください。",
    "6. 保存したら、tsunagi directory import 鍵 このファイル で取り込みます。取り込む前に、何が変わるかが出ます。",
)
_WIDE = frozenset(
    {"窓口名", "事業名", "支援対象者", "所在地", "出典", "備考", "値", "指標", "目標", "実績", "要綱", "用途", "相談内容タグ"}
)


def title(table: str) -> str:
    """Return the name of the sheet of a table: 窓口.csv is 窓口."""
    return table.removesuffix(".csv")


def words_for_rules(tables: Mapping[str, Table]) -> dict[str, list[tuple[str, str]]]:
    """Return, by column of 規則, what may be chosen there and what it means: tags, persons, windows and kinds of windows."""
    windows = [(row["窓口ID"], row["窓口名"]) for row in tables[schema.WINDOWS].rows]
    kinds = [(label, "種別の名前") for label in kinds_by_label()]
    return {
        "相談内容タグ": [(concern.value, load_rules().concerns[concern].label) for concern in Concern],
        "相手": [(word, "") for word in GROUP_WORDS if word],
        "つなぐ先": windows + kinds,
        "合わせて示す": windows + kinds,
    }


def width(column: str) -> int:
    """Return the width of a column in characters."""
    return 32 if column in _WIDE else 14


def choices(table: str, column: str) -> tuple[str, ...]:
    """Return the words among which a cell of ``column`` is chosen; empty where it is free."""
    allowed = schema.CLOSED.get((table, column), frozenset())
    order = _ORDER.get(column, ())
    return tuple(sorted(filter(None, allowed), key=lambda word: (order.index(word) if word in order else len(order), word)))


_ORDER: dict[str, tuple[str, ...]] = {
    "種類": ("窓口", "課", "事業のみ", "箇所数のみ", "人"),
    "実施方式": ("直営", "委託", "直営・委託", "一部委託"),
    "状態": ("実施", "休止中", "未実施", "予定", "廃止"),
    "受け付ける人": ("住民", "機関", "両方"),
    "つなげる人": ("住民", "機関", "両方"),
    "公開": ("可", "不可"),
    "祝日": ("可", "不可"),
    "同意": ("要", "不要", "定めなし"),
    "種別": ("代表", "相談", "FAX", "LINE", "メール", "フォーム"),
}
