"""Finds the window for one need: by concern, kind, person, district and date. What does not run is never found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nlp.reading import Concern
from routing.city import City, DeskWindow, State
from routing.districts import match_district
from routing.referral import Actor, Destination, Kind, Need, Profile, Reason
from routing.rules import ConcernRule, Rules

DESK = "desk"
LINE = "line:"
_CHILD_WORDS = frozenset({"child", "children", "infant", "baby", "toddler", "pupil", "student", "grandchild"})
_ELDER_WORDS = frozenset({"mother", "father", "parent", "parents", "grandmother", "grandfather", "grandparent", "grandparents", "elder"})
_RECORDS = ("窓口", "課", "事業のみ", "箇所数のみ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The answer for one need: where it goes, what else would do, whether the district must be asked, and why."""

    need: Need
    rule: ConcernRule
    destination: Destination
    others: tuple[Destination, ...] = ()
    ask_district: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def place(self) -> str:
        """What counts as the same place when needs are compared: the window, or the kind where the desk stands in."""
        window = self.destination.window
        return self.destination.kind if window == DESK else window


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Looks windows up in one city for one person on one day. ``lines`` are the national lines that may be named."""

    city: City
    profile: Profile
    day: date
    rules: Rules
    lines: frozenset[str]

    def choose(self, need: Need) -> Choice:
        """Return the choice for ``need``: a window that runs, else a national line, else the city's own desk."""
        rule = self.rules.concerns[need.concern]
        kinds = rule.by_person.get(self._age_group(need), rule.kinds)
        kind, windows = self._search(need.concern, kinds)
        stated = kinds[0] if rule.keep_kind else kind
        if not windows:
            return self._without_window(need, rule, kinds[0])
        if any(window.by_area for window in windows) and not any(window.central for window in windows):
            return self._by_district(need, rule, stated, [window for window in windows if window.by_area])
        return self._best(need, rule, stated, windows)

    def of_kind(self, kind: Kind, concern: Concern) -> Destination | None:
        """One more window to name beside the main one, or the national line of its kind; None where neither is there."""
        _, windows = self._search(concern, (kind,))
        kept = [window for window in windows if window.id not in self.profile.declined]
        if kept and (len(kept) == 1 or not kept[0].by_area):
            return to_window(kept[0], kind)
        return None if kept else self._line(kind)

    def desk(self, kind: Kind) -> Destination:
        """Return the city's own desk, standing in for ``kind``."""
        return Destination(window=DESK, name=self.city.desk_name, kind=kind)

    def _search(self, concern: Concern, kinds: tuple[Kind, ...]) -> tuple[Kind, list[DeskWindow]]:
        """Windows that name the concern come first, over all kinds; then those that take anything of their kind."""
        for named in (True, False):
            for kind in kinds:
                found = [window for window in self._running(kind) if (concern in window.concerns if named else not window.strict)]
                if found:
                    return kind, sorted(found, key=lambda window: _rank(window, concern))
        return kinds[0], []

    def _running(self, kind: Kind) -> Iterator[DeskWindow]:
        if kind in {Kind.COORDINATOR, Kind.CITY_DESK}:
            return
        for window in self.city.windows.values():
            if window.kind is kind and runs(window, self.day) and (window.accepts != "機関" or self.profile.actor is Actor.AGENCY):
                yield window

    def _best(self, need: Need, rule: ConcernRule, kind: Kind, windows: list[DeskWindow]) -> Choice:
        kept = [window for window in windows if window.id not in self.profile.declined]
        if not kept:
            return self._fallback(need, rule, kind, "declined", f"{rule.label}の窓口は、ご本人が望まないと言われたため示していません。")
        first, rest = kept[0], [window for window in kept[1:] if need.concern in window.concerns and not window.by_area]
        others = tuple(to_window(window, kind) for window in rest)
        return Choice(need=need, rule=rule, destination=to_window(first, kind), others=others, reasons=self._why(rule, kind, first))

    def _by_district(self, need: Need, rule: ConcernRule, kind: Kind, areas: list[DeskWindow]) -> Choice:
        named = [window for window in areas if window.record == "窓口"]
        if not named or len(areas) == 1:
            choice = self._best(need, rule, kind, areas)
            unasked = not named and self.profile.district is None and choice.destination.window != DESK
            return Choice(need=need, rule=rule, destination=choice.destination, ask_district=unasked, reasons=choice.reasons)
        if self.profile.district is None:
            text = f"{rule.label}の窓口は地区ごとに{len(named)}か所あり、お住まいの地区が分からないため、決めずに市の窓口としています。"
            choice = self._fallback(need, rule, kind, "ask_district", text)
            offers = tuple(to_window(window, kind) for window in named if window.id not in self.profile.declined)
            return Choice(
                need=need, rule=rule, destination=choice.destination, others=offers, ask_district=bool(offers), reasons=choice.reasons
            )
        matched = match_district(self.profile.district, named, self.day)
        if len(matched) != 1:
            text = f"書かれた地区がどの窓口の担当か、一覧からは決められないため、{rule.label}は市の窓口としています。"
            return self._fallback(need, rule, kind, "district_unknown", text)
        reason = Reason(code="district_matched", text=f"書かれた地区が「{matched[0].name}」の地区名と合います。")
        choice = self._best(need, rule, kind, list(matched))
        return Choice(need=need, rule=rule, destination=choice.destination, reasons=(reason, *choice.reasons))

    def _without_window(self, need: Need, rule: ConcernRule, kind: Kind) -> Choice:
        line = self._line(kind)
        if line is not None:
            text = f"{self.rules.labels[kind]}の窓口は市の一覧にないため、全国の相談先「{line.name}」を示します。"
            return Choice(need=need, rule=rule, destination=line, reasons=(Reason(code="national_line", text=text),))
        if kind is Kind.CITY_DESK:
            return self._fallback(
                need, rule, kind, "no_single_window", f"{rule.label}は一つの窓口に決まらないため、市の窓口の職員が受け止めます。"
            )
        text = f"{self.rules.labels[kind]}の窓口は、いまの一覧では案内できるものがないため、市の窓口の職員が受け止めます。"
        return self._fallback(need, rule, kind, "no_window_listed", text)

    def _line(self, kind: Kind) -> Destination | None:
        key = self.rules.lines.get(kind)
        if key is None or key not in self.lines or LINE + key in self.profile.declined:
            return None
        return Destination(window=LINE + key, name=self.city.lines[key].name, kind=kind)

    def _fallback(self, need: Need, rule: ConcernRule, kind: Kind, code: str, text: str) -> Choice:
        return Choice(need=need, rule=rule, destination=self.desk(kind), reasons=(Reason(code=code, text=text),))

    def _why(self, rule: ConcernRule, kind: Kind, window: DeskWindow) -> tuple[Reason, ...]:
        found = [
            Reason(code="need_matched", text=f"{rule.label}の困りごとなので、「{window.name}」（{self.rules.labels[kind]}）を選びました。")
        ]
        if window.record in {"事業のみ", "箇所数のみ"}:
            place = f"所管の{window.division}" if window.division else "市の窓口"
            found.append(Reason(code="programme_only", text=f"計画には事業名だけがあり施設の名はないため、{place}で確かめます。"))
        if not window.confirmed:
            found.append(Reason(code="unconfirmed", text=f"「{window.name}」の電話・時間・所在地は市の確認がまだなので示しません。"))
        return tuple(found)

    def _age_group(self, need: Need) -> str:
        if need.person in _CHILD_WORDS or (need.person == "self" and self.profile.child_writer):
            return "child"
        return "elder" if need.person in _ELDER_WORDS else ""


def runs(window: DeskWindow, day: date) -> bool:
    """Whether the window may be offered on ``day``: 実施, within its dates, and a place rather than a person."""
    return (
        window.state is State.RUNNING
        and window.record in _RECORDS
        and (window.valid_from is None or window.valid_from <= day)
        and (window.valid_to is None or day <= window.valid_to)
    )


def to_window(window: DeskWindow, kind: Kind) -> Destination:
    """Return the window as a destination for a need of ``kind``."""
    return Destination(window=window.id, name=window.name, kind=kind)


def _rank(window: DeskWindow, concern: Concern) -> tuple[bool, bool, int, int]:
    """Return the whole city before a part, named places before programmes, special before general where the concern is named."""
    named = concern in window.concerns
    breadth = len(window.concerns)
    return (not named, not window.central, _RECORDS.index(window.record), 0 if named else -breadth)
