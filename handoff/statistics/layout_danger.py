"""Signs of danger and when people opened them; check-ins and pushes, which are counted at the doors. Pure."""

from collections.abc import Iterator

from handoff.statistics import words
from handoff.statistics.ask import Figures
from handoff.statistics.layout import FACTS, Seen, parts, several
from handoff.statistics.tables import Draw, How, Row, Section, Table


def danger(seen: Seen) -> Section:
    """Lay out the signs of danger: how many, how soon a person opened them, what the reader got wrong."""
    return Section(
        key="danger",
        title="危険の手がかり",
        lead="機械が読み取った手がかりと、人が開くまで。手がかりがないことは、危険がないことではありません。",
        tables=(
            parts(
                seen,
                "alarm_risk",
                "手がかりの度合い",
                words.RISKS,
                How(formula="手がかりが出たときの度合い", source=FACTS),
                unit="手がかり・件",
                total="alarm",
            ),
            several(
                seen,
                "alarm_kind",
                "手がかりの種類",
                words.RISK_KINDS,
                How(formula="一つの手がかりに、いくつもの種類があるときは、それぞれに数える", source=FACTS),
                unit="手がかり・件（重なりあり）",
            ),
            _night(seen),
            _left(seen),
            parts(
                seen,
                "correction",
                "職員による訂正（読み取りの誤り）",
                words.CORRECTION_WORDS,
                How(formula="職員が、読み取りの見逃し・空振りとして直した数", source=FACTS, excluded="直されていない誤り"),
                unit="件",
                total="correction",
                all_rows=True,
            ),
        ),
    )


def _left(seen: Seen) -> Table:
    names = (("まだ人が開いていない手がかり", "alarm_unopened"), ("言葉があとで取り消された手がかり", "alarm_unsent"))
    return Table(
        key="left",
        title="手がかりの確認",
        unit="手がかり・件",
        columns=seen.columns,
        rows=tuple(seen.row(label, figure) for label, figure in names),
        how=How(formula="期間の中に出た手がかりのうち、いまもその状態にあるもの", source=FACTS),
        sums=(("alarm", "alarm_unopened", "~alarm_opened"), ("alarm", "alarm_unsent", "~alarm_kept")),
    )


def checkins(doors: Figures, before: Figures | None, seen: Seen, push_limit: int | None) -> Section:
    """Lay out the check-ins and the pushes, which are counted at the doors and not by contact."""
    side = Seen(now=doors, before=before, period=seen.period, city=seen.city, now_words=seen.now_words, before_words=seen.before_words)
    names = (
        ("声かけを送った", "checkin/sent"),
        ("うち返事があった", "checkin/answered"),
        ("送らないと決めた", "checkin/refused"),
        ("届かず、次の回に回した", "checkin/returned"),
        ("こちらから送ったLINEの数（月の上限に数えるもの）", "push"),
        ("ブロックしている人", "blocked"),
    )
    return Section(
        key="checkins",
        title="声かけと送信数",
        lead="声かけ（お知らせ）の数と返事。返事がないことは、悪いしるしではありません。",
        tables=(
            Table(
                key="checkins",
                title="声かけと送信数",
                unit="件・人",
                columns=seen.columns,
                rows=tuple(side.row(label, figure) for label, figure in names),
                how=How(
                    formula="声かけ＝送ると決まった日で数える。送信数＝LINEのプッシュ。ブロック＝年度の中で最後に数えた日の数（年度とその月に出る）",
                    source="声かけの記録と送信箱",
                    excluded="友だちの総数（LINEの管理画面で見る数）。しぼりこみは効きません",
                ),
                draw=Draw.NONE,
                sums=(("checkin/sent", "checkin/answered", "~checkin/silent"),),
            ),
            *_pushes(doors, seen, push_limit),
        ),
    )


def _pushes(doors: Figures, seen: Seen, limit: int | None) -> Iterator[Table]:
    """Lay out how much of the monthly number of pushes was used; nothing where the period holds no whole month."""
    period = seen.period
    months = [month for month in period.months() if period.first <= month.first and month.last <= period.last]
    if not months:
        return
    sent = doors.of("push_in")
    found = [(month, sent.get(month.value, 0)) for month in months]
    rows = tuple(Row(label=month.words, values=(count, limit, _share_of(count, limit))) for month, count in found)
    yield Table(
        key="pushes",
        title="送信数と月の上限",
        unit="LINEのプッシュ・通",
        columns=("送った数", "月の上限", "使った割合（％）"),
        rows=rows,
        how=How(
            formula="その月に、こちらから送ったLINEの数。使った割合＝送った数÷月の上限",
            source="送信箱。上限は、いまの設定とLINEの答えの小さいほう（前の月の上限は残りません）",
            excluded="住民への返信（リプライ）は上限に数えません。LINEの管理画面から送ったものは入りません。しぼりこみは効きません",
        ),
        counts=False,
        base=tuple(count for _, count in found),
        head="月",
        inside=True,
    )


def _share_of(count: int, limit: int | None) -> float | None:
    return round(count * _WHOLE / limit, 1) if limit else None


_WHOLE = 100


def _night(seen: Seen) -> Table:
    return parts(
        seen,
        "night",
        "夜間・休日の急ぎの手がかりを、いつ人が開いたか",
        words.NIGHT_WORDS,
        How(
            formula="時間外＝書かれた時に職員がいない時間。急ぎ＝至急・本日中。はじめに当てはまるところに一つ数える",
            source=FACTS,
            excluded="見守りの度合い",
        ),
        unit="手がかり・件",
        total="night",
        all_rows=True,
    )
