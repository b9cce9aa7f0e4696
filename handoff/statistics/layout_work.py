"""What people did: waits against the promise, results, re-routing, what found no window, workload. Pure."""

from handoff.statistics import words
from handoff.statistics.ask import Figures
from handoff.statistics.layout import EPISODE, FACTS, Seen, parts, several
from handoff.statistics.percentiles import RANKS, waits
from handoff.statistics.tables import How, Row, Section, Table

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
                How(
                    formula="はじめの人の返信が、住民に伝えた時刻までか。返信のないまま終わったときは、その時刻を過ぎていれば「遅れた」",
                    source=FACTS,
                ),
                unit=WORK_UNIT,
                total="episode",
                all_rows=True,
            ),
            _later(seen),
            _rates(seen),
            parts(
                seen,
                "reason",
                "引き継いだわけ",
                words.REASONS,
                How(formula="対応が始まったときのわけ", source=FACTS),
                unit=WORK_UNIT,
                total="episode",
            ),
            _result(seen),
            _close(seen),
        ),
    )


def _later(seen: Seen) -> Table:
    return parts(
        seen,
        "later",
        "引き継いだあとの返信の約束",
        words.LATER_WORDS,
        How(
            formula="担当や窓口がかわったとき、または決まった時刻に返信する窓口に住民が書いたときの約束について、次の人の返信がその時刻までか。返信のないまま終わったり、次の約束にかわったりしたときは、その時刻を過ぎていれば「遅れた」",
            source=FACTS,
            excluded="まだ返信を待っているもの。はじめの約束は「返信の約束」の表にあります",
        ),
        unit="回",
        total="later",
        all_rows=True,
    )


def _waits(seen: Seen) -> Table:
    kinds = (
        ("人のはじめの返信まで", "answer"),
        ("担当が決まるまで", "claim"),
        ("危険の手がかりを人が開くまで", "ack"),
        ("うち夜間・休日の急ぎの手がかり", "night_ack"),
        ("通告・通報の票を人が開くまで", "notice_opened"),
        ("虐待の手がかりから通告・通報まで", "notice_made"),
        ("通告・通報から受理まで", "notice_accepted"),
        ("通告・通報から安全の確認まで", "notice_safe"),
    )
    rows, base = [], []
    for label, prefix in kinds:
        for side, figures in _sides(seen):
            found = waits(figures.minutes(prefix))
            rows.append(Row(label=label + side, values=(found.count, *(found.ranks[rank] for rank in RANKS), found.longest)))
            base.append(found.count)
    return Table(
        key="waits",
        title="待ち時間（分）",
        unit="分",
        columns=("件数", *(f"{rank}％の人" for rank in RANKS), "最長"),
        rows=tuple(rows),
        how=How(
            formula="引き継ぎ（手がかりでは読み取り）から、はじめの返信（確認）までの、切り捨てた分。通告・通報は、票に書いた時刻どうしの間。「90％の人」は、早い順に並べて9割目の人の分（最近順位法）",
            source=f"{FACTS}。1分ごとの件数で持つので、窓口や月を合わせても正しく出ます",
            excluded="まだ返信のないもの（「返信の約束」の表に数があります）。票に書いていない通告・通報（手で入れる数字にあります）。夜間・休日の待ち時間も含みます。外に出すときは、件数・最長と、うしろに少ない人しかいない割合を伏せます",
        ),
        counts=False,
        base=tuple(base),
    )


def _sides(seen: Seen) -> list[tuple[str, Figures]]:
    """Return the figures now and before, with what is added to the label of a row."""
    return [("", seen.now)] if seen.before is None else [("", seen.now), (f"（{seen.before_words}）", seen.before)]


_RATES = (
    ("時間外の相談の割合", ("office/out",), ("contact",)),
    ("一度だけで続かなかった割合", ("began/no",), ("contact",)),
    ("応答率（60分以内に人が返信した対応）", ("within_hour",), ("episode",)),
    ("約束の時刻を守った割合", ("promise/kept",), ("promise/kept", "promise/broken")),
    ("放棄率（返信のないまま終わった対応）", ("gone",), ("episode",)),
    ("検討対象のうち職員が担当した割合", ("candidate_taken",), ("candidate",)),
)


def _rates(seen: Seen) -> Table:
    rows, base = [], []
    for label, part, whole in _RATES:
        values, least = [], []
        for _, figures in _sides(seen):
            some, all_of_it = _sum(figures, part), _sum(figures, whole)
            values.append(round(some * _WHOLE / all_of_it, 1) if all_of_it else None)
            least.append(min(count for count in (some or all_of_it, all_of_it - some or all_of_it)))
        rows.append(Row(label=label, values=tuple(values), names=(*part, *whole)))
        base.append(min(least))
    return Table(
        key="rates",
        title="割合",
        unit="％",
        columns=seen.columns,
        rows=tuple(rows),
        how=How(
            formula="時間外・続かなかった＝相談に対する割合。応答率・放棄率＝対応に対する割合。約束＝約束のあった、返信した対応に対する割合",
            source=f"{FACTS}。上と同じ数から計算します",
            excluded="まだ返信を待っている対応は、放棄に入れません。外に出すときは、少ない数から出した割合を伏せます",
        ),
        counts=False,
        base=tuple(base),
        suffix="％",
    )


def _sum(figures: Figures, names: tuple[str, ...]) -> int:
    if names == ("within_hour",):
        return waits(figures.minutes("answer")).within_hour
    return sum(figures.total[name] for name in names)


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
                total="unfit",
            ),
            parts(
                seen,
                "unfit_window",
                "「合わない」と言われた窓口",
                seen.windows,
                How(formula="「合わない」と言われた案内の窓口", source=FACTS),
                unit="回",
                total="unfit",
            ),
            _lacking(seen),
            _passing(seen),
            _returned(seen, "hand_back", "つなぎもどしの理由", "もとの窓口へもどすとき", "passing/hand_back"),
            _returned(seen, "turned_down", "引き受けられなかった理由", "つなぎの依頼を返すとき", "passing/declined"),
            _declined(seen),
            _candidates(seen),
            _work(seen),
            _reply_window(seen),
        ),
    )


def _passing(seen: Seen) -> Table:
    return several(
        seen,
        "passing",
        "窓口のあいだの移り（つなぎ・もどし）",
        words.PASSING_WORDS,
        How(
            formula="対応の中での回数。対応が始まった日で数える",
            source=f"{FACTS}。職員が「つなぐ」「引き受ける」「もどす」「離す」を押したとき",
            excluded="わけの文章（住民のことが書かれるため、数字には使いません）。理由は、別の表で、一覧から選んだものを数えます",
        ),
        unit="回",
    )


def _returned(seen: Seen, key: str, title: str, when: str, total: str) -> Table:
    return parts(
        seen,
        key,
        title,
        words.RETURN_WORDS,
        How(
            formula=f"職員が、{when}に一覧から選んだ理由。一回に一つ。対応が始まった日で数える",
            source=FACTS,
            excluded="理由にそえて書かれた文。理由の記録がないものは、一覧ができる前のものと、記録を消去した相談のもの",
        ),
        unit="回",
        total=total,
    )


def _candidates(seen: Seen) -> Table:
    names = (
        ("多機関協働の検討対象", "candidate"),
        ("うち職員が担当した", "candidate_taken"),
        ("うちまだ担当していない", "candidate_left"),
    )
    return Table(
        key="candidates",
        title="多機関協働の検討対象",
        unit="相談・件",
        columns=seen.columns,
        rows=tuple(seen.row(label, figure) for label, figure in names),
        how=How(
            formula="検討対象＝最後の案内で、一つの窓口では足りないと判断された相談",
            source=FACTS,
            excluded="会議で受理した件数（手で入れる数字にあります）",
        ),
        sums=(("candidate", "candidate_taken", "candidate_left"),),
    )


def _result(seen: Seen) -> Table:
    return parts(
        seen,
        "result",
        "対応区分",
        words.RESULT_WORDS,
        How(
            formula="相談ごとに一つ。職員が終えるときに選んだわけ。職員に引き継がれていない相談は、窓口を案内したかどうか",
            source=f"{FACTS}。通告・通報をした相談は、終わり方によらず「通告・通報」",
        ),
        all_rows=True,
    )


def _lacking(seen: Seen) -> Table:
    return several(
        seen,
        "lacking",
        "つなぐ先が見つからない相談",
        words.KINDS,
        How(
            formula="最後の案内で、困りごとに合う種別の窓口が市の一覧になく、全国の相談先か市の代表窓口で代えた相談",
            source=FACTS,
            excluded="地区をたずねている途中のもの、本人が望まなかったもの、合わせて検討するだけの種別、110・119など",
        ),
    )


def _declined(seen: Seen) -> Table:
    return several(
        seen,
        "declined",
        "同意を得られなかったこと",
        words.DECLINED_WORDS,
        How(
            formula="住民が、ほかの窓口へ伝えること・声かけ・お知らせを断った、またはやめた回数（職員が聞いて書いたものを含む）",
            source=FACTS,
            excluded="返事のないもの（断ったことにはなりません）",
        ),
        unit="回",
    )


def _reply_window(seen: Seen) -> Table:
    return parts(
        seen,
        "reply_window",
        "窓口ごとの返信",
        seen.windows,
        How(formula="職員が送った返信の数。送る前に取り消したものは数えない", source=FACTS),
        unit="返信・件",
        total="reply",
    )


def _close(seen: Seen) -> Table:
    return parts(
        seen,
        "close",
        "対応の終わり方",
        words.CLOSES,
        How(formula=f"対応（{EPISODE}）の終わり方", source=FACTS),
        unit=WORK_UNIT,
        total="episode",
        inside=True,
    )


def _work(seen: Seen) -> Table:
    return parts(
        seen,
        "work",
        "窓口ごとの対応",
        seen.windows,
        How(formula="対応が始まったときの窓口", source=FACTS),
        unit=WORK_UNIT,
        total="episode",
    )
