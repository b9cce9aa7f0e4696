"""From figures to tables: what the page, the files and the reports show, each with its formula. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handoff.statistics import words
from handoff.statistics.ask import Figures
from handoff.statistics.periods import Period, Span
from handoff.statistics.tables import TOTAL, Draw, How, Row, Section, Table, parts_table, with_total
from routing.city import City

CONTACT = "はじめの一通から、終わりか24時間の書き込みなしまで"
EPISODE = "職員への引き継ぎから終了まで"
FACTS = "相談の事実の記録（だれかは入っていない）。まとめた表を毎回読みます"
NO_TEXT = "個人・文面は使いません"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is laid out: the figures, those of the period before (None where not asked for), and whose they are."""

    now: Figures
    before: Figures | None
    period: Period
    city: City | None
    now_words: str = "この期間"
    before_words: str = "前の期間"
    filtered: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a table of counts."""
        return (self.now_words,) if self.before is None else (self.now_words, self.before_words)

    def of(self, prefix: str) -> tuple[Mapping[str, int], Mapping[str, int] | None]:
        """Return the figures under a prefix, now and before."""
        return self.now.of(prefix), None if self.before is None else self.before.of(prefix)

    def row(self, label: str, figure: str) -> Row:
        """Return one figure as a row."""
        both = [self.now] if self.before is None else [self.now, self.before]
        return Row(label=label, values=tuple(figures.total[figure] for figures in both), names=(figure,))

    @property
    def windows(self) -> dict[str, str]:
        """The names of the windows."""
        return words.window_words(self.city)


def parts(
    seen: Seen,
    key: str,
    title: str,
    known: Mapping[str, str],
    how: How,
    *,
    unit: str = "相談・件",
    total: str = "contact",
    all_rows: bool = False,
    **more: object,
) -> Table:
    """Lay out a figure whose values are parts of a whole, with their total; ``total`` is the figure that the whole is told as elsewhere."""
    now, before = seen.of(key)
    rows = parts_table(now, before, known, columns=seen.columns, prefix=key, all_rows=all_rows)
    return Table(
        key=key,
        title=title,
        unit=unit,
        columns=seen.columns,
        rows=with_total(rows, total),
        how=how,
        adds_up=True,
        draw=Draw.BARS,
        **more,  # type: ignore[arg-type] # the rest of a table, as it is named there
    )


def several(
    seen: Seen, key: str, title: str, known: Mapping[str, str], how: How, *, unit: str = "相談・件（重なりあり）", **more: object
) -> Table:
    """Lay out a figure of which one contact may have several values: most first, without a total, which would count some twice."""
    now, before = seen.of(key)
    rows = parts_table(now, before, known, columns=seen.columns, prefix=key)
    ordered = tuple(sorted(rows, key=lambda row: -(row.values[0] or 0)))
    return Table(
        key=key,
        title=title,
        unit=unit,
        columns=seen.columns,
        rows=ordered,
        how=how,
        draw=Draw.BARS,
        **more,  # type: ignore[arg-type]
    )


def demand(seen: Seen) -> Section:
    """Lay out how many came, when, and whether a talk came of it."""
    hour = "曜日と時刻は、はじめの一通が書かれた時（日本時間）"
    return Section(
        key="demand",
        title="相談の量と時間帯",
        lead="いつ、どれだけの相談が来ているか。時間外は、職員のいない時間に書かれた相談です。",
        tables=(
            _overview(seen),
            _trend(seen),
            parts(
                seen,
                "office",
                "職員のいる時間と時間外",
                words.OFFICE_WORDS,
                How(
                    formula="はじめの一通が書かれた時が、市の「職員が読む時間」の中か外か",
                    source=f"{FACTS}。書かれた時の市の暦で判断し、あとで暦が変わっても数え直しません",
                ),
                all_rows=True,
            ),
            _hours(seen, hour),
            parts(
                seen,
                "began",
                "やりとりになったか",
                words.BEGAN_WORDS,
                How(
                    formula="20秒以上あけて2回以上書かれたか、職員に引き継がれた相談を「やりとりになった」とする",
                    source=FACTS,
                ),
                all_rows=True,
            ),
        ),
    )


def _overview(seen: Seen) -> Table:
    names = [("相談（延べ）", "contact"), ("住民のメッセージ", "message"), ("対応（職員への引き継ぎ）", "episode"), ("職員の返信", "reply")]
    if not seen.filtered:
        names[1:1] = [("実人数（年度内の初回）", "first/year"), ("実人数（月ごとの初回の合計）", "first/month")]
    names += [("いくつもの困りごとがある相談", "several_concerns"), ("送信取消", "unsent"), ("記録の消去", "erased")]
    note = "しぼりこみ中は実人数を出しません（ほかの条件での初回と重なるため）。" if seen.filtered else ""
    return Table(
        key="overview",
        title="概況",
        unit="件・人",
        columns=seen.columns,
        rows=tuple(seen.row(label, figure) for label, figure in names),
        how=How(
            formula=f"相談＝{CONTACT}。対応＝{EPISODE}。メッセージは20秒以内に続いたものを1件とする。実人数は、その年度（月）で初めての相談の数",
            source=FACTS,
            excluded="友だち追加だけで何も書かれていないもの",
        ),
        note=note,
        sums=(
            ("contact", "several_concerns", "~one_concern"),
            *([] if seen.filtered else [("contact", "first/month", "~again_in_month")]),
        ),
    )


def _trend(seen: Seen) -> Table:
    found = seen.now.of("on")
    rows = []
    for part in seen.period.parts():
        days = [part.first + timedelta(days=n) for n in range((part.last - part.first).days + 1)]
        inside, outside = (sum(found.get(f"{day}/{side}", 0) for day in days) for side in ("in", "out"))
        names = tuple(f"{figure}@{part.value}" for figure in ("office/in", "office/out", "contact"))
        rows.append(Row(label=_part_words(part), values=(inside, outside, inside + outside), names=names))
    return Table(
        key="trend",
        title="相談の動き",
        unit="相談・件",
        columns=(words.OFFICE_WORDS["in"], words.OFFICE_WORDS["out"], TOTAL),
        rows=with_total(rows, "office/in", "office/out", "contact"),
        how=How(formula="はじめの一通が書かれた月（短い期間では日）ごとの相談の数", source=FACTS),
        adds_up=True,
        across=True,
        once=True,
        draw=Draw.COLUMNS,
        head="時期",
    )


def _part_words(part: Period) -> str:
    if part.span is Span.DAYS:
        return f"{part.first.month}月{part.first.day}日"
    return f"{part.first.year}年{part.first.month}月"


def _hours(seen: Seen, formula: str) -> Table:
    found = seen.now.of("hour")
    rows = []
    for hour in range(24):
        counts = [found.get(f"{weekday}/{hour}", 0) for weekday in range(7)]
        names = (*(f"hour/{weekday}/{hour}" for weekday in range(7)), f"at/{hour}")
        rows.append(Row(label=f"{hour}時", values=(*counts, sum(counts)), names=names))
    return Table(
        key="hour",
        title="曜日と時刻",
        unit="相談・件",
        columns=(*words.WEEKDAYS, TOTAL),
        rows=with_total(rows, *(f"weekday/{weekday}" for weekday in range(7)), "contact"),
        how=How(formula=formula, source=FACTS),
        adds_up=True,
        across=True,
        once=True,
        draw=Draw.HEAT,
        head="時刻",
    )


def people(seen: Seen) -> Section:
    """Lay out who writes, about whom, from where."""
    source = f"{FACTS}。{NO_TEXT}"
    return Section(
        key="people",
        title="どんな人からの相談か",
        lead="名前や年齢は尋ねていないので、「不明」が多いのがふつうです。性別は数えていません。",
        tables=(
            parts(
                seen,
                "person",
                "新規と継続",
                words.PERSON_WORDS,
                How(formula="同じLINEアカウントの、前の相談があるか", source=FACTS),
                all_rows=True,
            ),
            parts(
                seen,
                "nth",
                "何回目の相談か（年度の中で）",
                words.NTH_WORDS,
                How(formula="同じLINEアカウントの、その年度の何回目の相談か。はじめの一通のときに数え、人は残さない", source=FACTS),
            ),
            parts(
                seen, "speaker", "書いた人", words.SPEAKER_WORDS, How(formula="文面から読み取った、困っている人との間がら", source=source)
            ),
            parts(seen, "age", "年代", words.AGE_WORDS, How(formula="困っている人の、文面に書かれた年代", source=source)),
            parts(
                seen,
                "district",
                "地区",
                {"unknown": words.UNKNOWN},
                How(formula="本人が選んだ、または書いた地区", source=source, excluded="窓口一覧にない地名（住所からは推し量りません）"),
                note="外に出すファイルでは、少ない地区を「その他の地区」にまとめます。",
            ),
            parts(seen, "channel", "入口", words.CHANNEL_WORDS, How(formula="相談が来た入口", source=FACTS)),
        ),
    )
