"""What people did: waits against the promise, results, re-routing, what found no window, danger, workload, check-ins. Pure."""

from collections.abc import Callable

from handoff.statistics import words
from handoff.statistics.ask import Figures
from handoff.statistics.layout import EPISODE, FACTS, Seen, parts, several
from handoff.statistics.percentiles import RANKS, waits
from handoff.statistics.tables import Draw, How, Row, Section, Table

WORK_UNIT = "対応・件"
_WHOLE = 100


def work(seen: Seen) -> Section:
    """Lay out how long residents waited for people, and how the work ended."""
    return Section(
        key="work",
        title="人の返事と待ち時間",
        lead="引き継ぎから人の返事まで。平均ではなく、何割の人が何分までに返事を受けたかで見ます。",
        tables=(
            _waits(seen),
            parts(
                seen,
                "promise",
                "返信の約束",
                words.PROMISE_WORDS,
                How(formula="はじめの人の返信が、住民に伝えた時刻までか", source=FACTS),
                unit=WORK_UNIT,
                all_rows=True,
            ),
            parts(seen, "reason", "引き継いだわけ", words.REASONS, How(formula="対応が始まったときのわけ", source=FACTS), unit=WORK_UNIT),
            parts(
                seen,
                "result",
                "対応区分",
                words.RESULT_WORDS,
                How(
                    formula="相談ごとに一つ。職員が終えるときに選んだわけ。職員に引き継がれていない相談は、窓口を案内したかどうか",
                    source=FACTS,
                    excluded="通告・通報は、まだここで分けていません",
                ),
                all_rows=True,
            ),
            parts(seen, "close", "対応の終わり方", words.CLOSES, How(formula=f"対応（{EPISODE}）の終わり方", source=FACTS), unit=WORK_UNIT),
        ),
    )


def _waits(seen: Seen) -> Table:
    kinds = (("人のはじめの返信まで", "answer"), ("担当が決まるまで", "claim"), ("危険の手がかりを人が開くまで", "ack"))
    sides = [("", seen.now)] if seen.before is None else [("", seen.now), (f"（{seen.before_words}）", seen.before)]
    rows, base = [], []
    for label, prefix in kinds:
        for side, figures in sides:
            found = waits(figures.minutes(prefix))
            values = (found.count, *(found.ranks[rank] for rank in RANKS), found.longest, _share(found.within_hour, found.count))
            rows.append(Row(label=label + side, values=values))
            base.append(found.count)
    return Table(
        key="waits",
        title="待ち時間（分）",
        unit="分",
        columns=("件数", *(f"{rank}％の人" for rank in RANKS), "最長", "60分以内（％）"),
        rows=tuple(rows),
        how=How(
            formula="引き継ぎ（手がかりでは読み取り）から、はじめの返信（確認）までの、切り捨てた分。「90％の人」は、早い順に並べて9割目の人の分（最近順位法）。60分以内＝応答率",
            source=f"{FACTS}。1分ごとの件数で持つので、窓口や月を合わせても正しく出ます",
            excluded="まだ返信のないもの（「返信の約束」の表に数があります）。夜間・休日の待ち時間も含みます",
        ),
        counts=False,
        base=tuple(base),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part * _WHOLE / whole, 1) if whole else None


def windows(seen: Seen) -> Section:
    """Lay out what went round: windows that did not suit, needs without any window, hand-backs, and who worked how much."""
    return Section(
        key="windows",
        title="窓口のつながり",
        lead="合わなかった案内、つなぐ先がない困りごと、窓口ごとの仕事の量。担当者の順位は出しません。",
        tables=(
            parts(
                seen,
                "unfit",
                "「この窓口は合わない」のわけ",
                words.UNFIT_WORDS,
                How(formula="住民が「合わない」を押した、または書いた回数", source=FACTS),
                unit="回",
            ),
            several(
                seen,
                "unfit_window",
                "「合わない」と言われた窓口",
                seen.windows,
                How(formula="「合わない」と言われた案内の窓口", source=FACTS),
                unit="回",
            ),
            several(
                seen,
                "lacking",
                "つなぐ先が見つからない相談",
                words.KINDS,
                How(
                    formula="最後の案内で、必要な種別の窓口が市の一覧になく、全国の相談先か市の代表窓口で代えた相談",
                    source=FACTS,
                    excluded="はじめから市の代表窓口が受ける相談、110・119など",
                ),
            ),
            _passing(seen),
            parts(seen, "work", "窓口ごとの対応", seen.windows, How(formula="対応が始まったときの窓口", source=FACTS), unit=WORK_UNIT),
            parts(seen, "reply_window", "窓口ごとの返信", seen.windows, How(formula="職員が送った返信の数", source=FACTS), unit="返信・件"),
        ),
    )


def _passing(seen: Seen) -> Table:
    names = (
        ("ほかの窓口へ移した", "moved"),
        ("担当を離し一覧に戻した", "release"),
        ("多機関協働の検討対象", "candidate"),
        ("うち職員が担当した", "candidate_taken"),
    )
    declined = sum(seen.now.of("declined").values()), sum((seen.before or seen.now).of("declined").values())
    return Table(
        key="passing",
        title="引き継ぎ・戻し・検討対象",
        unit="件",
        columns=seen.columns,
        rows=(
            *(seen.row(label, figure) for label, figure in names),
            Row(label="同意を得られなかった", values=declined[: len(seen.columns)]),
        ),
        how=How(
            formula="移した・戻した＝対応の中での回数。検討対象＝最後の案内で、一つの窓口では足りないと判断された相談",
            source=FACTS,
            excluded="会議で受理した件数は、この画面ではまだ数えていません",
        ),
    )


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
            parts(
                seen,
                "correction",
                "職員による訂正",
                words.CORRECTION_WORDS,
                How(formula="職員が、読み取りの見逃し・空振りとして直した数", source=FACTS, excluded="直されていない誤り"),
                unit="件",
                all_rows=True,
            ),
        ),
    )


def _night(seen: Seen) -> Table:
    sides = [seen.now] if seen.before is None else [seen.now, seen.before]

    def both(label: str, pick: Callable[[Figures], int | None]) -> Row:
        return Row(label=label, values=tuple(pick(figures) for figures in sides))

    def late(figures: Figures) -> int | None:
        return waits(figures.minutes("night_ack")).ranks[90]

    return Table(
        key="night",
        title="夜間・休日の急ぎの手がかり",
        unit="件・分",
        columns=seen.columns,
        rows=(
            seen.row("時間外に出た急ぎの手がかり", "night"),
            both("朝9時までに開いた", _by_morning),
            both("開くまでの分（90％の人）", late),
            seen.row("まだ開いていない手がかり（すべて）", "alarm_unopened"),
            seen.row("言葉が取り消された手がかり", "alarm_unsent"),
        ),
        how=How(
            formula="時間外＝書かれた時に職員がいない時間。急ぎ＝至急・本日中。朝9時まで＝開いた時刻が0時から9時の前",
            source=FACTS,
            excluded="見守りの度合い",
        ),
    )


_MORNING = 9


def _by_morning(figures: Figures) -> int:
    return sum(count for hour, count in figures.of("night_read").items() if int(hour) < _MORNING)


def checkins(doors: Figures, before: Figures | None, seen: Seen) -> Section:
    """Lay out the check-ins and the pushes, which are counted at the doors and not by contact."""
    side = Seen(now=doors, before=before, period=seen.period, city=seen.city, now_words=seen.now_words, before_words=seen.before_words)
    names = (
        ("声かけを送った", "checkin/sent"),
        ("うち返事があった", "checkin/answered"),
        ("送らないと決めた", "checkin/refused"),
        ("届かず、次の回に回した", "checkin/returned"),
        ("こちらから送ったLINEの数（月の上限に数えるもの）", "push"),
        ("いまブロックしている人", "blocked"),
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
                    formula="声かけ＝送ると決まった日で数える。送信数＝LINEのプッシュ",
                    source="声かけの記録と送信箱",
                    excluded="友だちの総数（LINEの管理画面で見る数）。しぼりこみは効きません",
                ),
                draw=Draw.NONE,
            ),
        ),
    )
