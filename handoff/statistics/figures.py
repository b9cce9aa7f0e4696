"""What one contact adds to which day, and in which slices it is counted. Pure.

A figure is a path of words (``answer/17``: answered after 17 whole minutes). Each counts on the day of the thing itself:
a contact on the day of its first message, a wait on the day on which the handoff began, an alarm when it was raised.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from handoff.statistics.fold import Alarm, Contact, Episode, Notice
from intake.base.clock import TOKYO
from nlp.reading import Risk

FORMULA = 5
"""Raised with every change of a rule below or in ``fold``; roll-ups of another number are made anew."""
ALL = "all"
_MINUTE = timedelta(minutes=1)

Days = dict[date, Counter[str]]


def day_of(at: datetime) -> date:
    """Return the day in Japan."""
    return at.astimezone(TOKYO).date()


def minutes(begin: datetime, end: datetime) -> int:
    """Return the whole minutes between two moments, never less than none."""
    return max(0, (end - begin) // _MINUTE)


def slices_of(contact: Contact) -> list[str]:
    """Return the slices of a contact. It is in every window that was offered first or worked on it, and in every field named."""
    named = {name for _, _, details in contact.referrals for name in details.get("fields", ())}
    return [
        ALL,
        *(f"window:{window}" for window in contact.windows),
        *(f"field:{name}" for name in sorted(named)),
        f"district:{contact.district}",
        f"age:{contact.age}",
        f"speaker:{contact.speaker}",
        f"channel:{contact.channel}",
    ]


def items_of(contact: Contact) -> Days:
    """Return what a contact adds to which day."""
    days: Days = {}
    for at, figure, count in _items(contact):
        days.setdefault(day_of(at), Counter())[figure] += count
    return days


def _items(contact: Contact) -> Iterator[tuple[datetime, str, int]]:
    yield from ((contact.at, figure, 1) for figure in _contact_figures(contact))
    yield from ((at, "message", 1) for at in contact.bursts())
    yield from ((at, f"referral/{window or 'none'}", 1) for at, window, _ in contact.referrals)
    yield from ((at, f"unfit/{reason}", 1) for at, reason, _ in contact.unfit)
    yield from ((at, f"unfit_window/{window or 'none'}", 1) for at, _, window in contact.unfit)
    for episode in contact.episodes:
        yield from ((episode.at, figure, count) for figure, count in _episode_figures(episode).items())
    for alarm in contact.alarms.values():
        yield from ((alarm.at, figure, 1) for figure in _alarm_figures(alarm))
    for notice in contact.notices.values():
        yield from ((notice.at, figure, 1) for figure in _notice_figures(notice))
    yield from ((at, f"correction/{code}", 1) for (code, _), at in contact.corrections.items())
    yield from ((at, f"declined/{code}", 1) for at, code in contact.declined)
    yield from ((at, "unsent", 1) for at in contact.unsent)
    if contact.erased is not None:
        yield contact.erased, "erased", 1


def _contact_figures(contact: Contact) -> list[str]:
    local = contact.at.astimezone(TOKYO)
    first = min(contact.heard, key=lambda heard: heard.at)
    began = len(contact.bursts()) > 1 or bool(contact.episodes)
    concerns = sorted(contact.concerns)
    found = [
        "contact",
        f"hour/{local.weekday()}/{local.hour}",
        f"office/{'in' if first.office else 'out'}",
        f"on/{local:%Y-%m-%d}/{'in' if first.office else 'out'}",
        f"began/{'yes' if began else 'no'}",
        f"speaker/{contact.speaker}",
        f"age/{contact.age}",
        f"district/{contact.district}",
        f"channel/{contact.channel}",
        f"result/{_result(contact)}",
        f"nth/{_nth(contact)}",
        *(f"concern/{concern}" for concern in concerns or ["none"]),
        *(f"heat/{concern}/{window}" for concern in concerns for window in contact.windows),
        *_firsts(contact),
        *_referred(contact),
    ]
    if len(concerns) > 1:
        found.append("several_concerns")
    if contact.referrals:
        found.append(f"flow/{contact.referrals[0][1] or 'none'}/{_after(contact)}")
    return found


_SOME, _MANY = 3, 6


def _nth(contact: Contact) -> str:
    """Return the band of a how manieth contact of the year; the first ones are those that count as 実人数."""
    if contact.firsts.get("year", False):
        return "1"
    if contact.nth < 2:  # noqa: PLR2004 - it is not the first, so this was not kept
        return "unknown"
    if contact.nth >= _MANY:
        return f"{_MANY}+"
    return f"{_SOME}-{_MANY - 1}" if contact.nth >= _SOME else str(contact.nth)


def _after(contact: Contact) -> str:
    """Tell what came after the first referral: another window, people, a no, or nothing more."""
    first = contact.referrals[0][1]
    if any(window != first for window in contact.windows):
        return "other"
    if contact.episodes:
        return "people"
    return "unfit" if contact.unfit else "end"


def _firsts(contact: Contact) -> list[str]:
    """Tell whether it is a first contact. Where that is not known, as of a talk that was joined to another, it is no first one."""
    ever, year, month = (contact.firsts.get(name, False) for name in ("ever", "year", "month"))
    return [f"person/{'new' if ever else 'again'}", *(["first/year"] if year else []), *(["first/month"] if month else [])]


def _referred(contact: Contact) -> list[str]:
    """Tell what the last referral of a contact says; earlier ones were steps on the way to it."""
    if not contact.referrals:
        return []
    details = contact.referrals[-1][2]
    found = [f"lacking/{kind}" for kind in details.get("lacking", ())]
    if details.get("candidate"):
        taken = any(episode.claimed for episode in contact.episodes)
        found += ["candidate", "candidate_taken" if taken else "candidate_left"]
    if details.get("form_main"):
        found.append(f"form_main/{details['form_main']}")
    return [*found, *(f"form_other/{item}" for item in details.get("form_others", ()))]


def _result(contact: Contact) -> str:
    """Return the 対応区分: what the contact came to, as far as the system knows."""
    if contact.notices:
        return "reported"
    if any(episode.closed is None for episode in contact.episodes):
        return "going_on"
    reasons = [episode.close_reason for episode in contact.episodes]
    for reason in ("connected", "answered", "listened", "no_answer"):
        if reason in reasons:
            return reason
    if reasons:
        return "other"
    return "shown" if contact.referrals else "heard"


def _episode_figures(episode: Episode) -> Counter[str]:
    found = Counter({"episode": 1, f"reason/{episode.reason}": 1, f"work/{episode.window or 'none'}": 1})
    found[f"promise/{_promise(episode)}"] += 1
    if episode.later or episode.unmet:
        found["later"] += len(episode.later) + len(episode.unmet)
    for answered, promised in episode.later.items():
        found[f"later/{'kept' if answered <= promised else 'broken'}"] += 1
    for ended, promised in episode.unmet:
        found[f"later/{_unmet(ended, promised)}"] += 1
    found[f"close/{episode.close_reason if episode.closed else 'open'}"] += 1
    if episode.answered is not None:
        found[f"answer/{minutes(episode.at, episode.answered)}"] += 1
    else:
        found["gone" if episode.closed else "waiting"] += 1
    if episode.claimed is not None:
        found[f"claim/{minutes(episode.at, episode.claimed)}"] += 1
    if episode.answers:
        found["reply"] += len(episode.answers)
        found[f"reply_window/{episode.window or 'none'}"] += len(episode.answers)
    if episode.releases:
        found["passing/release"] += episode.releases
    for how in episode.passed:
        found[f"passing/{how}"] += 1
    for how, why in episode.returned:
        found[f"{how}/{why}"] += 1
    return found


def _promise(episode: Episode) -> str:
    if episode.promised is None:
        return "none"
    if episode.answered is None:
        return "unanswered" if episode.closed is None else _unmet(episode.closed, episode.promised)
    return "kept" if episode.answered <= episode.promised else "broken"


def _unmet(ended: datetime, promised: datetime) -> str:
    """Tell what a promise without an answer is: nobody can break it any more where the wait ended in time."""
    return "void" if ended <= promised else "broken"


def _alarm_figures(alarm: Alarm) -> list[str]:
    found = ["alarm", f"alarm_risk/{alarm.risk}", *(f"alarm_kind/{kind}" for kind in alarm.kinds)]
    night = not alarm.office and alarm.risk in {Risk.URGENT, Risk.EMERGENCY}
    if night:
        found.append(f"night/{_read_by(alarm)}")
    if alarm.opened is None:
        found.append("alarm_unopened")
    else:
        wait = minutes(alarm.at, alarm.opened)
        found.append(f"ack/{wait}")
        if night:
            found.append(f"night_ack/{wait}")
    if alarm.unsent:
        found.append("alarm_unsent")
    return found


def _notice_figures(notice: Notice) -> list[str]:
    found = ["notice"]
    if notice.raised is not None:
        found.append(f"notice_made/{minutes(notice.raised, notice.at)}")
        if notice.opened is not None:
            found.append(f"notice_opened/{minutes(notice.raised, notice.opened)}")
    return [*found, *(f"notice_{outcome}/{minutes(notice.at, at)}" for outcome, at in notice.outcomes.items())]


_MORNING = 9
_SOON, _DAY = timedelta(hours=3), timedelta(days=1)


def _read_by(alarm: Alarm) -> str:
    """Tell when a person opened what came in the night: soon, by nine in the morning, within a day, later, or not yet."""
    if alarm.opened is None:
        return "waiting"
    local = alarm.at.astimezone(TOKYO)
    nine = local.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    morning = nine if nine > local else nine + _DAY
    if alarm.opened - alarm.at <= _SOON:
        return "soon"
    if alarm.opened <= morning:
        return "morning"
    return "day" if alarm.opened - alarm.at <= _DAY else "later"
