"""Why a referral is as it is, for staff: sentences with stable codes, and every window that was considered and not chosen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nlp.reading import Risk
from routing.city import DeskWindow
from routing.leaning import BESIDE, WORDS, Leaning
from routing.offer import DESK, Choice, Finder
from routing.referral import Actor, Considered, Destination, Kind, Profile, Reason
from routing.rules import ConcernRule

_LISTED = 5
"""So many windows that were passed over for the same reason are named; the rest are counted."""


def reasons(
    choices: Sequence[Choice],
    beside: Sequence[Destination],
    patterns: Sequence[str],
    passed: Sequence[Considered],
    finder: Finder,
    *,
    weights: Mapping[Kind, float],
    leaning: Leaning | None,
    candidate: bool,
) -> tuple[Reason, ...]:
    """Return all reasons: those of each need, those of what stands beside, then those of the case as a whole."""
    found = [reason for choice in choices for reason in choice.reasons]
    found += _beside(choices, beside, patterns, finder)
    found += [Reason(code="not_running", text=considered.text) for considered in passed if considered.code == "not_running"]
    found += _weighed(weights, finder)
    found += _leaning(leaning, choices, finder) if leaning else ()
    found += _case(choices, finder, candidate=candidate)
    if not choices:
        found.append(_unheard(finder.profile))
    return tuple(dict.fromkeys(found))


def considered(choices: Sequence[Choice], chosen: Iterable[Destination], finder: Finder) -> tuple[Considered, ...]:
    """Return the windows of the kinds needed that are not among ``chosen``, each with one reason."""
    taken = {destination.window for destination in chosen}
    agency = finder.profile.actor is Actor.AGENCY
    groups: dict[tuple[str, Kind], list[DeskWindow]] = defaultdict(list)
    for choice in choices:
        kinds = tuple(dict.fromkeys((*choice.rule.kinds, choice.destination.kind, *choice.rule.also)))
        for window, code in finder.index.passed(choice.need.concern, kinds, agency=agency):
            if window.id not in taken:
                taken.add(window.id)
                groups["declined" if window.id in finder.profile.declined else code, window.kind].append(window)
    return tuple(entry for (code, kind), windows in groups.items() for entry in _entries(code, kind, windows))


def _entries(code: str, kind: Kind, windows: list[DeskWindow]) -> Iterator[Considered]:
    for window in windows[:_LISTED]:
        yield Considered(window=window.id, name=window.name, kind=kind, code=code, text=_passed_text(window, code))
    if windows[_LISTED:]:
        name = f"ほか{len(windows) - _LISTED}か所"
        yield Considered(window="", name=name, kind=kind, code=code, text=f"{name}も同じ理由で選んでいません。")


def _passed_text(window: DeskWindow, code: str) -> str:
    name = f"「{window.name}」は"
    texts = {
        "not_running": f"{name}「{window.state}」のため示していません。",
        "outside_dates": f"{name}有効な期間の外のため示していません。",
        "coordinator": f"{name}多機関協働の担当です。住民には案内せず、職員が検討します。",
        "person": f"{name}窓口ではなく人なので示していません。声をかけるかどうかは職員が決めます。",
        "agencies_only": f"{name}支援機関からの相談だけを受けるため示していません。",
        "other_concerns": f"{name}この困りごとを受けると一覧に書かれていないため選んでいません。",
        "by_district": f"{name}地区ごとの窓口で、お住まいの地区の担当と決まらないため選んでいません。",
        "declined": f"{name}ご本人が望まないと言われたため示していません。",
        "other_first": f"{name}同じ困りごとを受けますが、ほかの窓口を先にしました。",
    }
    return texts[code]


def _beside(choices: Sequence[Choice], beside: Sequence[Destination], patterns: Sequence[str], finder: Finder) -> Iterator[Reason]:
    own = {choice.destination.kind for choice in choices}
    for destination in beside:
        if destination.kind not in own:
            label = finder.index.rules.labels[destination.kind]
            sources = [choice.rule for choice in choices if _names(choice, destination.kind, choices)]
            told, source = _told_by(destination.kind, sources, patterns, finder)
            place = "市の窓口で確かめます" if destination.window == DESK else f"「{destination.name}」を合わせて検討します"
            text = f"{told}「{label}」も関わるため、{place}。"
            yield Reason(code="also_involved", text=text, rule=source)
    for pattern in patterns:
        rule = finder.index.rules.patterns[pattern]
        yield Reason(code="pattern", text=f"{pattern}: {rule.why}。", rule=f"patterns.yaml:{pattern}")


def _told_by(kind: Kind, sources: Sequence[ConcernRule], patterns: Sequence[str], finder: Finder) -> tuple[str, str]:
    """Say what names a kind beside the main one, and the rule where it stands."""
    if sources:
        return f"{sources[0].label}の困りごとでは", sources[0].source
    if kind in finder.profile.asks:
        return "話の中のことばから", ""
    if any(kind in finder.index.rules.patterns[pattern].kinds for pattern in patterns):
        return "世帯の重なりから", "patterns.yaml"
    return "似た世帯の多くで", BESIDE


def _names(choice: Choice, kind: Kind, choices: Sequence[Choice]) -> bool:
    concerns = {other.need.concern for other in choices}
    told = (*choice.rule.also, *(named for kinds in choice.rule.also_household.values() for named in kinds))
    return kind in told or any(kind in kinds for other, kinds in choice.rule.also_with.items() if other in concerns)


def _weighed(weights: Mapping[Kind, float], finder: Finder) -> Iterator[Reason]:
    """Say what the weights were where they could decide, and what the writer asks for."""
    labels = finder.index.rules.labels
    if len(weights) > 1:
        ranked = sorted(weights.items(), key=lambda item: -item[1])
        text = "、".join(f"{labels[kind]} {weight:.1f}" for kind, weight in ranked)
        yield Reason(code="weighed", text=f"主な窓口を決める重さ（急ぎの暴力は別）: {text}。", rule="concerns.yaml")
    if finder.profile.asks and weights:
        asked = "・".join(labels[kind] for kind in sorted(finder.profile.asks))
        yield Reason(code="asked_for", text=f"話の中で「{asked}」のことをたずねているか、その名前が出ています。")


def _leaning(leaning: Leaning, choices: Sequence[Choice], finder: Finder) -> Iterator[Reason]:
    """Say to which of the kinds in question the household as a whole leans, and by which words."""
    kinds = sorted({choice.destination.kind for choice in choices}, key=lambda kind: (-leaning.towards.get(kind, 0), kind))
    if len(kinds) > 1 and any(leaning.towards.get(kind, 0) for kind in kinds):
        text = "、".join(f"{finder.index.rules.labels[kind]} {leaning.towards.get(kind, 0):+.1f}" for kind in kinds)
        yield Reason(code="leaning", text=f"困りごとと家族の取り合わせから、重さに足し引きした数: {text}。", rule=leaning.source)
    words = leaning.told_by(choices[0].destination.kind) if choices else ()
    if len(kinds) > 1 and words:
        text = f"「{finder.index.rules.labels[choices[0].destination.kind]}」に傾けた主な言葉: {'、'.join(words)}。"
        yield Reason(code="leaning_words", text=text, rule=WORDS)


def _case(choices: Sequence[Choice], finder: Finder, *, candidate: bool) -> Iterator[Reason]:
    """Say what concerns the case as a whole."""
    city, profile = finder.city, finder.profile
    role = city.coordinator or "多機関協働の担当"
    if len({choice.place for choice in choices}) > 1:
        text = f"困りごとが複数あります。まず{choices[0].rule.label}を主な窓口とし、ほかは合わせて示します。"
        yield Reason(code="main_first", text=text, rule=choices[0].rule.source)
    priorities = [choice.rule.label for choice in choices if choice.need.concern in city.priorities]
    if priorities:
        yield Reason(code="city_priority", text=f"{priorities[0]}は市の計画の重点です。")
    if candidate:
        text = f"一つの窓口では足りないため、{role}への相談を検討してください（職員の判断。住民には通常の窓口を示しています）。"
        yield Reason(code="coordinator_candidate", text=text)
    if profile.actor is Actor.AGENCY:
        yield Reason(code="agency", text=f"支援機関からの相談です。複数の課題が重なるときは{role}につなげます。")
    if profile.actor is Actor.MINSEI:
        yield Reason(code="minsei", text="民生委員・児童委員を通じた相談です。受け付け方を職員が確かめてください。")
    if choices and (profile.role or "self" not in {choice.need.person for choice in choices}):
        text = "書いた人とは別の人の困りごとです。ご本人には、職員が決めるまで連絡しません。"
        yield Reason(code="for_somebody_else", text=text)


def _unheard(profile: Profile) -> Reason:
    if profile.risk.rank >= Risk.URGENT.rank:
        return Reason(code="danger_without_need", text="危険を示す言葉があり、困りごとの分野は読み取れないため、職員が受け止めます。")
    if profile.actor is not Actor.RESIDENT:
        return Reason(code="office_without_need", text="仕事や役目で関わる人からの連絡で、分野は読み取れないため、職員が受け止めます。")
    return Reason(code="no_need_read", text="困りごとの分野はまだ読み取れないため、まずお話を聞きます。")
