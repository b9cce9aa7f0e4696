"""Turns needs into a referral. Pure: the same needs, profile, city and time always give the same windows and reasons."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from nlp.reading import Concern, Risk
from routing.city import City, State
from routing.hours import TOKYO
from routing.lines import lines_for, usable_on
from routing.offer import DESK, Choice, Finder
from routing.referral import Actor, Destination, Kind, Need, Outcome, Profile, Reason, Referral
from routing.rules import FIELDS, FORM_ITEMS, ConcernRule, load_rules

MOST_ALSO = 3
_CARE = frozenset({Concern.CARE, Concern.DEMENTIA_RIGHTS})
_RAISING = frozenset({Concern.PREGNANCY, Concern.PARENTING})


def refer(needs: Sequence[Need], profile: Profile, city: City, now: datetime) -> Referral:
    """Answer all needs of one talk: one main window, at most three others, lines where danger was read, and why.

    Every window named is one of the directory that runs on that day, the city's own desk, or a national line. There is
    no refusal: without any need the person is heard (``listen``), with danger a person answers (``staff``).
    """
    rules = load_rules()
    keys = frozenset(key for key, line in city.lines.items() if usable_on(line, now))
    finder = Finder(city=city, profile=profile, day=now.astimezone(TOKYO).date(), rules=rules, lines=keys)
    unique = tuple(dict.fromkeys(needs))
    choices = _in_order([finder.choose(need) for need in unique], profile)
    main = _main(choices, finder)
    also = _also(choices, main, finder)
    shown = lines_for(city, profile.risk_kinds, now, child=profile.child_writer) if profile.risk.rank >= Risk.URGENT.rank else ()
    candidate = _coordinator_candidate(choices, profile)
    items = _form_items([choice.rule for choice in choices])
    return Referral(
        outcome=_outcome(main, profile, heard=not choices),
        main=main,
        also=also,
        lines=tuple(line.key for line in shown),
        ask="district" if any(choice.ask_district for choice in choices) else None,
        fields=_fields(choices),
        form_main=items[0] if items else None,
        form_others=items[1:],
        patterns=_patterns(unique, choices, profile),
        coordinator_candidate=candidate,
        risk=profile.risk,
        reasons=(*_choice_reasons(choices), *_case_reasons(unique, choices, finder, candidate=candidate)),
        directory_version=city.version,
    )


def _in_order(choices: list[Choice], profile: Profile) -> list[Choice]:
    """Safety of the writer first, then the place that answers most needs, then the order in which the needs were told."""
    urgent = profile.risk.rank >= Risk.URGENT.rank
    counts = Counter(choice.place for choice in choices)

    def weight(choice: Choice) -> tuple[bool, bool, int]:
        first = choice.rule.first and (urgent or choice.need.person == "self")
        return (not first, choice.destination.kind is Kind.CITY_DESK, -counts[choice.place])

    return sorted(choices, key=weight)


def _main(choices: list[Choice], finder: Finder) -> Destination | None:
    """Return the first place that the resident has not turned down, the city's desk included."""
    offered = (choice.destination for choice in choices if choice.destination.window not in finder.profile.declined)
    return next(offered, None)


def _also(choices: list[Choice], main: Destination | None, finder: Finder) -> tuple[Destination, ...]:
    """Gather at most three: matters of safety, the other needs, what the rules name beside, equals of the chosen windows.

    Windows among which the district decides come all together or not at all: a part of them would be a guess.
    """
    own = [choice.destination for choice in sorted(choices, key=lambda choice: not choice.rule.first)]
    equals = [destination for choice in choices if not choice.ask_district for destination in choice.others]
    found = _without_repeats([*own, *_beside(choices, finder), *equals], main, finder.profile)
    for choice in choices:
        whole = _without_repeats([*found, *choice.others], main, finder.profile)
        if choice.ask_district and len(whole) <= MOST_ALSO:
            found = whole
    return tuple(found[:MOST_ALSO])


def _beside(choices: list[Choice], finder: Finder) -> Iterator[Destination]:
    concerns = {choice.need.concern for choice in choices}
    for choice in choices:
        together = (kind for other, kinds in choice.rule.also_with.items() if other in concerns for kind in kinds)
        for kind in (*choice.rule.also, *together):
            destination = finder.of_kind(kind, choice.need.concern)
            if destination is not None:
                yield destination


def _without_repeats(destinations: Iterable[Destination], main: Destination | None, profile: Profile) -> list[Destination]:
    taken = profile.declined | ({main.window} if main else set())
    kept: dict[str, Destination] = {}
    for destination in destinations:
        if destination.window not in taken:
            kept.setdefault(destination.window, destination)
    return list(kept.values())


def _outcome(main: Destination | None, profile: Profile, *, heard: bool) -> Outcome:
    if heard:
        return Outcome.STAFF if _needs_person(profile) else Outcome.LISTEN
    return Outcome.STAFF if main is None or main.window == DESK else Outcome.WINDOW


def _needs_person(profile: Profile) -> bool:
    """Danger, and people who write by their office, are answered by a person even where no difficulty could be read."""
    return profile.risk.rank >= Risk.URGENT.rank or profile.actor is not Actor.RESIDENT


def _fields(choices: list[Choice]) -> tuple[str, ...]:
    held = {choice.rule.field for choice in choices}
    return tuple(field for field in FIELDS if field in held)


def _form_items(rules: list[ConcernRule]) -> tuple[str, ...]:
    """Return the ◎ item first, then the ○ items in the order of the printed form."""
    if not rules:
        return ()
    main, rest = rules[0].item, {rule.item for rule in rules}
    return (main, *(item for item in FORM_ITEMS if item in rest and item != main))


def _patterns(needs: tuple[Need, ...], choices: list[Choice], profile: Profile) -> tuple[str, ...]:
    concerns = {need.concern for need in needs}
    found = {
        "8050": Concern.HIKIKOMORI in concerns and bool(concerns & _CARE),
        "ダブルケア": bool(concerns & _CARE) and bool(concerns & _RAISING),
        "ヤングケアラー": Concern.YOUNG_CARER in concerns,
        "複合": len({choice.rule.field for choice in choices}) > 1,
        "拒否": profile.refuses_contact,
    }
    return tuple(name for name, holds in found.items() if holds)


def _coordinator_candidate(choices: list[Choice], profile: Profile) -> bool:
    """Different places for several needs, or a person who refuses help; two fields of one concern are not enough."""
    places = {choice.place for choice in choices if choice.destination.kind is not Kind.CITY_DESK}
    return len(places) > 1 or (profile.refuses_contact and bool(choices))


def _choice_reasons(choices: list[Choice]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for choice in choices for reason in choice.reasons))


def _case_reasons(needs: tuple[Need, ...], choices: list[Choice], finder: Finder, *, candidate: bool) -> list[Reason]:
    """Return what concerns the case as a whole, for staff."""
    city, profile = finder.city, finder.profile
    found = _not_offered(choices, finder)
    if len({choice.place for choice in choices}) > 1:
        first = choices[0]
        text = f"困りごとが複数あります。まず{first.rule.label}を主な窓口とし、ほかは合わせて示します。"
        found.append(Reason(code="main_first", text=text))
    priorities = [finder.rules.concerns[need.concern].label for need in needs if need.concern in city.priorities]
    if priorities:
        found.append(Reason(code="city_priority", text=f"{priorities[0]}は市の計画の重点です。"))
    if candidate:
        role = city.coordinator or "多機関協働の担当"
        text = f"一つの窓口では足りないため、{role}への相談を検討してください（職員の判断。住民には通常の窓口を示しています）。"
        found.append(Reason(code="coordinator_candidate", text=text))
    if profile.actor is Actor.AGENCY:
        text = f"支援機関からの相談です。複数の課題が重なるときは{city.coordinator or '多機関協働の担当'}につなげます。"
        found.append(Reason(code="agency", text=text))
    if profile.actor is Actor.MINSEI:
        text = "民生委員・児童委員を通じた相談です。受け付け方を職員が確かめてください。"
        found.append(Reason(code="minsei", text=text))
    if not choices:
        found.append(_unheard(profile))
    return found


def _unheard(profile: Profile) -> Reason:
    if profile.risk.rank >= Risk.URGENT.rank:
        return Reason(code="danger_without_need", text="危険を示す言葉があり、困りごとの分野は読み取れないため、職員が受け止めます。")
    if profile.actor is not Actor.RESIDENT:
        return Reason(code="office_without_need", text="仕事や役目で関わる人からの連絡で、分野は読み取れないため、職員が受け止めます。")
    return Reason(code="no_need_read", text="困りごとの分野はまだ読み取れないため、まずお話を聞きます。")


def _not_offered(choices: list[Choice], finder: Finder) -> list[Reason]:
    """Windows of the right kind that do not run: named for staff with their state, never offered."""
    kinds = {kind for choice in choices for kind in (*choice.rule.kinds, choice.destination.kind)} - {Kind.CITY_DESK}
    concerns = {choice.need.concern for choice in choices}
    return [
        Reason(code="not_running", text=f"「{window.name}」は「{window.state}」のため示していません。")
        for window in finder.city.windows.values()
        if window.kind in kinds and window.state is not State.RUNNING and (not window.concerns or window.concerns & concerns)
    ]
