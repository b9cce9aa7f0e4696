"""Finds the window for one need: by concern, kind, person, district and date. What does not run is never found."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nlp.reading import Concern
from routing.city import City, CityRule, DeskWindow
from routing.districts import match_district
from routing.index import CityIndex
from routing.members import Members
from routing.referral import Actor, Destination, Kind, Need, Profile, Reason
from routing.rules import ConcernRule

DESK = "desk"
LINE = "line:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The answer for one need: where it goes, what else would do, whether the district must be asked, and why."""

    need: Need
    rule: ConcernRule
    destination: Destination
    others: tuple[Destination, ...] = ()
    """Equals of the destination; with ``ask_district`` the windows among which the district decides."""
    beside: tuple[Destination, ...] = ()
    """Windows that the municipality's own rule names beside the chosen one."""
    ask_district: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def place(self) -> str:
        """What counts as the same place when needs are compared: the window, or the kind where the desk stands in."""
        window = self.destination.window
        return self.destination.kind if window == DESK else window


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Looks windows up in one city, on the day of the index, for the persons of one talk."""

    city: City
    profile: Profile
    index: CityIndex
    members: Members

    def choose(self, need: Need) -> Choice:
        """Return the choice for ``need``: a window that runs, else a national line, else the city's own desk."""
        group = self.members.group(need)
        rule = self.index.rule(need.concern, group, self.members.standings(need))
        own = self.index.own_rule(need.concern, group)
        choice = self._by_city_rule(need, rule, own) if own is not None and own.windows else self._by_kind(need, rule)
        beside = tuple(to_window(window, window.kind) for window in self.index.running(own.also_windows)) if own is not None else ()
        return replace(choice, beside=beside, reasons=tuple(self._told(reason, need, rule) for reason in choice.reasons))

    def leading(self, kind: Kind, need: Need, source: str) -> Choice:
        """Return the choice for a kind to which the household leans by the table ``source`` although none of its difficulties needs it."""
        rule = replace(self.index.rule(need.concern, self.members.group(need), ()), kinds=(kind,), keep_kind=False)
        label = self.index.rules.labels[kind]
        missing = "読み取れていません" if need.likely < 1 else "書き留められていません"
        text = f"世帯の全体は「{label}」に傾いていますが、その困りごとは{missing}。初めに確かめてください。"
        choice = self._by_kind(need, replace(rule, label=f"世帯の全体（{label}）", source=source))
        # What no difficulty needs is nothing that the municipality lacks.
        reasons = (replace(reason, kind=None) for reason in choice.reasons)
        return replace(choice, reasons=(Reason(code="leads", text=text, rule=source), *reasons))

    def of_kind(self, kind: Kind, concern: Concern) -> Destination:
        """Who takes ``kind`` beside the main window: a window that is not left to a district, the national line, or the desk."""
        _, windows = self.index.search(concern, (kind,), agency=self._agency)
        kept = self._kept(windows)
        if len(kept) > 1 and kept[0].by_area:
            kept = self._of_district(kept)
        if kept:
            return to_window(kept[0], kind)
        return (None if windows else self._line(kind)) or self.desk(kind)

    def desk(self, kind: Kind) -> Destination:
        """Return the city's own desk, standing in for ``kind``."""
        return Destination(window=DESK, name=self.city.desk_name, kind=kind)

    @property
    def _agency(self) -> bool:
        return self.profile.actor is Actor.AGENCY

    def _by_kind(self, need: Need, rule: ConcernRule) -> Choice:
        kind, windows = self.index.search(need.concern, rule.kinds, agency=self._agency)
        stated = rule.kinds[0] if rule.keep_kind else kind
        if not windows:
            return self._without_window(need, rule, rule.kinds[0])
        if any(window.by_area for window in windows) and not any(window.central for window in windows):
            return self._by_district(need, rule, stated, [window for window in windows if window.by_area])
        return self._best(need, rule, stated, windows)

    def _by_city_rule(self, need: Need, rule: ConcernRule, own: CityRule) -> Choice:
        windows = self.index.running(own.windows)
        if not windows:
            named = "・".join(own.windows)
            text = f"{rule.label}は市の決まり（規則.csv {own.row}行）で{named}につなぎますが、いま動いていないため市の窓口としています。"
            return self._fallback(need, rule, rule.kinds[0], "rule_inactive", text)
        choice = self._best(need, rule, rule.kinds[0], windows, named=frozenset(own.windows))
        text = f"{rule.label}は市の決まり（規則.csv {own.row}行）によりつなぐ先が決まっています。{own.why}"
        return replace(choice, reasons=(Reason(code="city_rule", text=text), *choice.reasons))

    def _best(
        self, need: Need, rule: ConcernRule, kind: Kind, windows: Iterable[DeskWindow], *, named: frozenset[str] = frozenset()
    ) -> Choice:
        kept = self._kept(windows)
        if not kept:
            return self._fallback(need, rule, kind, "declined", f"{rule.label}の窓口は、ご本人が望まないと言われたため示していません。")
        first, rest = kept[0], [window for window in kept[1:] if _equal(window, need.concern) or window.id in named]
        others = tuple(to_window(window, kind) for window in rest)
        return Choice(need=need, rule=rule, destination=to_window(first, kind), others=others, reasons=self._why(rule, kind, first))

    def _by_district(self, need: Need, rule: ConcernRule, kind: Kind, areas: list[DeskWindow]) -> Choice:
        named = [window for window in areas if window.record == "窓口"]
        if not named or len(areas) == 1:
            choice = self._best(need, rule, kind, areas)
            unasked = not named and self.profile.district is None and choice.destination.window != DESK
            return replace(choice, others=(), ask_district=unasked)
        if self.profile.district is None:
            text = f"{rule.label}の窓口は地区ごとに{len(named)}か所あり、お住まいの地区が分からないため、決めずに市の窓口としています。"
            choice = self._fallback(need, rule, kind, "ask_district", text)
            offers = tuple(to_window(window, kind) for window in self._kept(named))
            return replace(choice, others=offers, ask_district=bool(offers))
        matched = self._of_district(named)
        if not matched:
            text = f"書かれた地区がどの窓口の担当か、一覧からは決められないため、{rule.label}は市の窓口としています。"
            return self._fallback(need, rule, kind, "district_unknown", text)
        reason = Reason(code="district_matched", text=f"書かれた地区が「{matched[0].name}」の地区名と合います。")
        choice = self._best(need, rule, kind, matched)
        return replace(choice, others=(), reasons=(reason, *choice.reasons))

    def _of_district(self, windows: list[DeskWindow]) -> list[DeskWindow]:
        """Return the one window of the district that the resident has named, or nothing: two would be a guess."""
        if self.profile.district is None:
            return []
        matched = match_district(self.profile.district, windows, self.index.day)
        return list(matched) if len(matched) == 1 else []

    def _kept(self, windows: Iterable[DeskWindow]) -> list[DeskWindow]:
        return [window for window in windows if window.id not in self.profile.declined]

    def _without_window(self, need: Need, rule: ConcernRule, kind: Kind) -> Choice:
        line, label = self._line(kind), self.index.rules.labels[kind]
        if line is not None:
            text = f"{label}の窓口は市の一覧にないため、全国の相談先「{line.name}」を示します。"
            return Choice(need=need, rule=rule, destination=line, reasons=(Reason(code="national_line", text=text, kind=kind),))
        if kind is Kind.CITY_DESK:
            text = f"{rule.label}は一つの窓口に決まらないため、市の窓口の職員が受け止めます。"
            return self._fallback(need, rule, kind, "no_single_window", text)
        text = f"{label}の窓口は、いまの一覧では案内できるものがないため、市の窓口の職員が受け止めます。"
        reason = Reason(code="no_window_listed", text=text, kind=kind)
        return Choice(need=need, rule=rule, destination=self.desk(kind), reasons=(reason,))

    def _line(self, kind: Kind) -> Destination | None:
        key = self.index.rules.lines.get(kind)
        if key is None or key not in self.index.lines or LINE + key in self.profile.declined:
            return None
        return Destination(window=LINE + key, name=self.city.lines[key].name, kind=kind)

    def _fallback(self, need: Need, rule: ConcernRule, kind: Kind, code: str, text: str) -> Choice:
        return Choice(need=need, rule=rule, destination=self.desk(kind), reasons=(Reason(code=code, text=text),))

    def _why(self, rule: ConcernRule, kind: Kind, window: DeskWindow) -> tuple[Reason, ...]:
        label = self.index.rules.labels[kind]
        found = [Reason(code="need_matched", text=f"{rule.label}の困りごとなので、「{window.name}」（{label}）を選びました。")]
        if window.record in {"事業のみ", "箇所数のみ"}:
            place = f"所管の{window.division}" if window.division else "市の窓口"
            found.append(Reason(code="programme_only", text=f"計画には事業名だけがあり施設の名はないため、{place}で確かめます。"))
        if not window.confirmed:
            found.append(Reason(code="unconfirmed", text=f"「{window.name}」の電話・時間・所在地は市の確認がまだなので示しません。"))
        return tuple(found)

    def _told(self, reason: Reason, need: Need, rule: ConcernRule) -> Reason:
        return replace(reason, rule=rule.source, evidence=need.evidence)


def to_window(window: DeskWindow, kind: Kind) -> Destination:
    """Return the window as a destination for a need of ``kind``."""
    return Destination(window=window.id, name=window.name, kind=kind)


def _equal(window: DeskWindow, concern: Concern) -> bool:
    return concern in window.concerns and not window.by_area
