"""What the consultations are about and where they went: concerns, windows, the sixteen items of the form. Pure."""

from collections import Counter

from handoff.statistics import words
from handoff.statistics.layout import FACTS, Seen, several
from handoff.statistics.tables import TOTAL, Draw, How, Row, Section, Table, with_total
from routing.rules import FORM_ITEMS


def concerns(seen: Seen) -> Section:
    """Lay out what the consultations are about, and where they went."""
    read = "住民の文面とボタンから読み取った相談内容。一つの相談にいくつもあるときは、それぞれに数える"
    return Section(
        key="concerns",
        title="相談内容と窓口",
        lead="どんな困りごとが、どの窓口に向かっているか。",
        tables=(
            several(
                seen,
                "concern",
                "相談内容",
                words.CONCERNS,
                How(formula=read, source=FACTS, excluded="送信取消・消去されたものから読み取った内容"),
            ),
            _heat(seen),
            _flow(seen),
            several(
                seen,
                "referral",
                "はじめに案内した窓口",
                seen.windows,
                How(formula="案内のたびに、主な窓口を1件と数える", source=FACTS),
                unit="案内・件",
            ),
            _form(seen),
        ),
    )


def _heat(seen: Seen) -> Table:
    found: Counter[tuple[str, str]] = Counter()
    for path, count in seen.now.of("heat").items():
        concern, _, window = path.partition("/")
        found[concern, window] = count
    by_window: Counter[str] = Counter()
    for (_, window), count in found.items():
        by_window[window] += count
    windows = [window for window, _ in by_window.most_common(_WIDEST)]
    rest = set(by_window) - set(windows)
    rows = tuple(
        Row(
            label=label,
            values=(
                *(found[concern, window] for window in windows),
                *([sum(found[concern, window] for window in rest)] if rest else []),
            ),
            names=(*(f"heat/{concern}/{window}" for window in windows), *([f"heat/{concern}/rest"] if rest else [])),
        )
        for concern, label in words.CONCERNS.items()
        if any(found[concern, window] for window in by_window)
    )
    return Table(
        key="heat",
        title="相談内容 × 窓口",
        unit="相談・件（重なりあり）",
        columns=(*(seen.windows.get(window, window) for window in windows), *(["ほかの窓口"] if rest else [])),
        rows=rows,
        how=How(
            formula="相談内容と、案内した・対応した窓口の組み合わせごとの相談の数", source=FACTS, excluded="相談内容を読み取れなかった相談"
        ),
        draw=Draw.HEAT,
        also=Draw.FLOW,
        head="相談内容",
        once=True,
    )


def _flow(seen: Seen) -> Table:
    found = seen.now.of("flow")
    windows = list(dict.fromkeys(path.rpartition("/")[0] for path in found))
    windows.sort(key=lambda window: -sum(found.get(f"{window}/{after}", 0) for after in words.AFTER_WORDS))
    rows = []
    for window in windows:
        counts = [found.get(f"{window}/{after}", 0) for after in words.AFTER_WORDS]
        names = (*(f"flow/{window}/{after}" for after in words.AFTER_WORDS), f"offered/{window}")
        rows.append(Row(label=seen.windows.get(window, window), values=(*counts, sum(counts)), names=names))
    return Table(
        key="flow",
        title="はじめに案内した窓口と、そのあと（流れ）",
        unit="相談・件",
        columns=(*words.AFTER_WORDS.values(), TOTAL),
        rows=with_total(rows, *(f"after/{after}" for after in words.AFTER_WORDS), "offered"),
        how=How(
            formula="相談ごとに、はじめに案内した窓口と、そのあと（ほかの窓口＞職員の対応＞「合わない」＞案内で終わった、の順に一つ）",
            source=FACTS,
            excluded="窓口を案内していない相談",
        ),
        adds_up=True,
        across=True,
        once=True,
        draw=Draw.STACKS,
        head="はじめに案内した窓口",
    )


_WIDEST = 10
"""So many windows stand beside each other; the rest are one column."""


def _form(seen: Seen) -> Table:
    main, others = seen.now.of("form_main"), seen.now.of("form_other")
    rows = tuple(
        Row(label=item, values=(main.get(item, 0), others.get(item, 0)), names=(f"form_main/{item}", f"form_other/{item}"))
        for item in FORM_ITEMS
    )
    return Table(
        key="form",
        title="相談受付・申込票の16項目",
        unit="相談・件",
        columns=("◎（一番お困り）", "○（ほか）"),
        rows=rows,
        how=How(
            formula="最後の案内のときに、相談内容から当てはめた項目。◎は相談ごとに一つ、○はいくつでも",
            source=FACTS,
            excluded="まだ案内していない相談",
        ),
        head="項目",
        sums=(("offered", *(f"form_main/{item}" for item in FORM_ITEMS), "~form_none"),),
    )
