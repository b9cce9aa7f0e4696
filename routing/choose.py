"""Turns needs into a referral. Pure: the same needs, profile, city and time always give the same windows and reasons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from nlp.reading import Concern, Risk, RiskKind
from routing import why
from routing.city import City
from routing.index import index_for
from routing.involved import beside_kinds, involved, shown
from routing.leaning import Leaning, Leanings, load_leanings
from routing.lines import lines_for
from routing.members import Members
from routing.offer import DESK, Choice, Finder
from routing.referral import Actor, Destination, Kind, Need, Outcome, Profile, Referral
from routing.rules import FIELDS, FORM_ITEMS, ConcernRule

_TOLD_FIRST = 0.35
"""What the need that was told first counts more: people begin with what presses."""
_NOTED_FIRST = 0.7
"""The same where somebody noted the need or chose it: a report begins with what the case is about."""
_ASKED = 0.4
"""What a kind of window counts more that the writer asks for."""
_MORE = 0.4
"""How much each further need of a kind counts beside the weightiest."""
_LEADS = 1.01
"""How much more than the window behind it that window counts which leads where difficulties overlap as a pattern says."""
_NO_PARTNERS = frozenset({"son", "daughter", "brother", "grandchild"})
_RATHER, _CLEARLY = 0.5, 0.65
"""Violence comes before all else where it was read as rather so than not; where nothing is urgent, only where read clearly."""
_DREADED = 0.3
"""What a kind of window counts more that the danger in the story speaks for: also violence that was read with doubt."""
_ANSWERS: Mapping[RiskKind, Kind] = {RiskKind.DEPRIVATION: Kind.POVERTY, RiskKind.SUICIDE: Kind.HEALTH, RiskKind.SELF_HARM: Kind.HEALTH}
"""Which window an urgent danger speaks for, where some need leads there at all."""
_LIGHTLY = 0.4
"""How much of their weight difficulties keep that come with others, where a story as a whole is weighed."""


def refer(needs: Sequence[Need], profile: Profile, city: City, now: datetime, *, leanings: Leanings | None = None) -> Referral:
    """Answer all needs of one talk: one main window, who else is involved, lines where danger was read, and why.

    Every window named is one of the directory that runs on that day, the city's own desk, or a national line. There is
    no refusal: without any need the person is heard (``listen``), with danger a person answers (``staff``). A household leans
    to kinds of windows as a whole (the tables of ``routing.leaning`` unless others are given).
    """
    finder = _finder(needs, profile, city, now)
    members = finder.members
    answers = [finder.choose(need) for need in members.needs]
    fields = _fields(answers)
    patterns = members.patterns(fields)
    weights = _weights(answers, patterns, finder)
    leaning = _beneath(patterns, weights, finder, (leanings or load_leanings()).of(members.needs, profile))
    choices = _led(_in_order(answers, weights, finder, leaning), weights, finder, leaning)
    main = _main(choices, profile)
    beside = beside_kinds(choices, patterns, finder, leaning.beside if leaning else ())
    also = involved(choices, main, beside, profile)
    passed = why.considered(choices, [*([main] if main else []), *also], finder)
    candidate = _coordinator_candidate(answers, members)
    items = _form_items([choice.rule for choice in choices])
    return Referral(
        outcome=_outcome(main, profile, heard=not choices),
        main=main,
        also=also,
        shown=shown(choices, main, beside, profile),
        considered=passed,
        lines=_lines(profile, city, now),
        ask="district" if any(choice.ask_district for choice in choices) else None,
        fields=fields,
        form_main=items[0] if items else None,
        form_others=items[1:],
        patterns=patterns,
        coordinator_candidate=candidate,
        risk=profile.risk,
        reasons=why.reasons(choices, beside, patterns, passed, finder, weights=weights, leaning=leaning, candidate=candidate),
        directory_version=city.version,
    )


def weighed(needs: Sequence[Need], profile: Profile, city: City, now: datetime) -> Mapping[Kind, float]:
    """Return what the rules alone let speak for each kind of window as the main one; to it is added what a story leans to."""
    finder = _finder(needs, profile, city, now)
    answers = [finder.choose(need) for need in finder.members.needs]
    return _with_light(answers, _weights(answers, finder.members.patterns(_fields(answers)), finder))


def _finder(needs: Sequence[Need], profile: Profile, city: City, now: datetime) -> Finder:
    members = Members(needs=tuple(dict.fromkeys(needs)), profile=profile)
    return Finder(city=city, profile=profile, index=index_for(city, now), members=members)


def _weights(choices: list[Choice], patterns: Iterable[str], finder: Finder) -> dict[Kind, float]:
    """Return how much speaks for each kind as the main one, with what is asked for and what leads in such a household."""
    asked = finder.profile.asks
    dreaded = _dreaded(choices, finder)
    totals = _totals(choices, light=False)
    full = {kind: total + _ASKED * (kind in asked) + _DREADED * (kind in dreaded) for kind, total in totals.items()}
    for rule in (finder.index.rules.patterns[pattern] for pattern in patterns):
        if rule.leads in full and rule.over in full:
            full[rule.leads] = max(full[rule.leads], full[rule.over] * _LEADS)
    return full


def _dreaded(choices: Iterable[Choice], finder: Finder) -> set[Kind]:
    """Return the kinds of windows that the danger in the story speaks for."""
    profile = finder.profile
    urgent = profile.risk_kinds if profile.risk.rank >= Risk.URGENT.rank else ()
    answering = {_ANSWERS[kind] for kind in urgent if kind in _ANSWERS}
    return answering | {choice.destination.kind for choice in choices if _dangerous(choice, finder)}


def _in_order(choices: list[Choice], full: Mapping[Kind, float], finder: Finder, leaning: Leaning | None) -> list[Choice]:
    """Safety first, then the kind of window with the weightiest needs, then the order in which the needs were told.

    Where a household leans, what it leans to is added to the weights. Else, and where needs were noted, the city's own desk
    stands last, and without a leaning difficulties that come with others decide only where there are no others.
    """
    light = _totals(choices, light=True)
    all_told = _with_light(choices, full)

    def weight(choice: Choice) -> tuple[bool, bool, float, float]:
        kind, later = choice.destination.kind, not _safety_first(choice, finder)
        if leaning is not None:
            return (later, kind is Kind.CITY_DESK and not leaning.read, -all_told[kind] - leaning.towards.get(kind, 0), 0)
        return (later, kind is Kind.CITY_DESK, -full.get(kind, 0), -light.get(kind, 0))

    return sorted(choices, key=weight)


def _beneath(patterns: Iterable[str], weights: Mapping[Kind, float], finder: Finder, leaning: Leaning | None) -> Leaning | None:
    """Let a household lean only so far: what leads by a pattern stays before what it leads, and who must be visited is visited first."""
    if leaning is None:
        return None
    towards = dict(leaning.towards)
    for rule in (finder.index.rules.patterns[pattern] for pattern in patterns):
        if rule.leads is not None and rule.over is not None:
            towards[rule.leads] = max(towards.get(rule.leads, 0), towards.get(rule.over, 0))
    if not leaning.read and weights and max(weights, key=lambda kind: weights[kind]) is Kind.OUTREACH:
        towards[Kind.OUTREACH] = max(towards.values(), default=0)
    lived = {Kind.ELDERLY: "elder", Kind.CHILD: "child"}
    beside = tuple(kind for kind in leaning.beside if kind not in lived or finder.members.has(lived[kind]))
    return replace(leaning, towards=towards, beside=beside)


def _led(choices: list[Choice], full: Mapping[Kind, float], finder: Finder, leaning: Leaning | None) -> list[Choice]:
    """Put before all but safety a kind that none of the difficulties needs, where the household leans to it more than to theirs."""
    if leaning is None or not leaning.opens or not choices or not leaning.towards:
        return choices
    all_told = _with_light(choices, full)
    kinds = {*leaning.towards, *all_told} & set(finder.index.rules.stands_for) - {Kind.CITY_DESK}
    likeliest = max(sorted(kinds), key=lambda kind: all_told.get(kind, 0) + leaning.towards.get(kind, 0))
    safe = sum(_safety_first(choice, finder) for choice in choices)
    if safe or likeliest in all_told:
        return choices
    concern = finder.index.rules.stands_for[likeliest]
    return [finder.leading(likeliest, replace(choices[0].need, concern=concern, evidence=()), leaning.source), *choices]


def _with_light(choices: list[Choice], full: Mapping[Kind, float]) -> Mapping[Kind, float]:
    return {kind: _LIGHTLY * total for kind, total in _totals(choices, light=True).items()} | dict(full)


def _totals(choices: list[Choice], *, light: bool) -> dict[Kind, float]:
    """Return how much speaks for each kind as the main one: its weightiest need, a part of the others, and a bonus if told first."""
    weights: defaultdict[Kind, list[float]] = defaultdict(list)
    for place, choice in enumerate(choices):
        if choice.rule.light is light:
            sure = choice.need.likely
            first = (_NOTED_FIRST if choice.need.likely == 1 else _TOLD_FIRST) if place == 0 else 0
            weights[choice.destination.kind].append(sure * (choice.rule.weight + first))
    return {kind: (1 - _MORE) * max(found) + _MORE * sum(found) for kind, found in weights.items()}


def _safety_first(choice: Choice, finder: Finder) -> bool:
    """Whether it comes before all else: violence that was read clearly, or that is urgent and rather so than not."""
    urgent = finder.profile.risk.rank >= Risk.URGENT.rank
    return choice.need.likely >= (_RATHER if urgent else _CLEARLY) and _dangerous(choice, finder)


def _dangerous(choice: Choice, finder: Finder) -> bool:
    """Violence that is urgent, or by a partner against the writer, or against a child, or that a child tells of.

    Other abuse is a need among the others: where it goes on now, what was read is urgent. A son or brother of whom violence
    is told, without anybody who is hurt, is nobody's partner.
    """
    profile, need = finder.profile, choice.need
    if need.concern is Concern.DV and need.person in _NO_PARTNERS:
        return False
    near = profile.child_writer or finder.members.group(need) == "child" or (need.person == "self" and need.concern is Concern.DV)
    return choice.rule.first and (near or profile.risk.rank >= Risk.URGENT.rank)


def _main(choices: Iterable[Choice], profile: Profile) -> Destination | None:
    """Return the first place that the resident has not turned down, the city's desk included."""
    return next((choice.destination for choice in choices if choice.destination.window not in profile.declined), None)


def _lines(profile: Profile, city: City, now: datetime) -> tuple[str, ...]:
    if profile.risk.rank < Risk.URGENT.rank:
        return ()
    return tuple(line.key for line in lines_for(city, profile.risk_kinds, now, child=profile.child_writer, language=profile.language))


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


def _coordinator_candidate(choices: list[Choice], members: Members) -> bool:
    """Different places for several needs, several persons with different ones, or one who refuses help or whom nobody reaches.

    Two fields of one concern are not enough.
    """
    places = {choice.place for choice in choices if choice.destination.kind is not Kind.CITY_DESK}
    unreached = members.profile.refuses_contact or any("unreached" in members.standings(need) for need in members.needs)
    return len(places) > 1 or members.several or (unreached and bool(choices))
