"""One contact out of its facts: the units that are counted. Pure; the order in which facts were written does not matter.

Rules. A contact begins with its first message, by the time at which it was written, also when it arrived late. Messages within
20 seconds are one. An episode runs from handoff to close; what is opened again goes on as the same episode, so a wait is never
counted from the old opening to the new answer. Words taken back leave the message and the alarm counted, and nothing that was read.
An answer of staff that was stopped before it left is none. A promise that nobody answers is broken when its time goes by before the
wait ends, and void when the talk ends before that time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson

from intake.facts.models import FactKind
from intake.facts.service import TAKEN_BACK, UNANSWERED

BURST = timedelta(seconds=20)
_FIRSTS = ("ever", "year", "month")


@dataclass(slots=True, kw_only=True)
class Episode:
    """One handoff until its close."""

    at: datetime
    window: str | None = None
    reason: str = "other"
    promised: datetime | None = None
    claimed: datetime | None = None
    closed: datetime | None = None
    close_reason: str = ""
    answers: list[datetime] = field(default_factory=list)
    later: dict[datetime, datetime] = field(default_factory=dict)
    """Promises after the one of the handoff, by the answer that kept or broke them."""
    unmet: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Promises after the one of the handoff that no answer met: when the wait for one ended, and the time that was promised."""
    releases: int = 0
    windows: list[str] = field(default_factory=list)
    """Windows that it was passed to after the first."""
    passed: list[str] = field(default_factory=list)
    """How it was passed on, or was to be: ``transfer``, ``hand_back``, ``declined``, ``taken``."""
    returned: list[tuple[str, str]] = field(default_factory=list)
    """Why it was given back or not taken over: ``hand_back`` or ``turned_down``, and the reason."""

    @property
    def answered(self) -> datetime | None:
        """When a person first answered."""
        return min(self.answers, default=None)


@dataclass(slots=True, kw_only=True)
class Alarm:
    """One sign of danger that a person had to open."""

    at: datetime
    risk: str
    kinds: tuple[str, ...]
    office: bool = True
    opened: datetime | None = None
    unsent: bool = False
    message: str | None = None


@dataclass(slots=True, kw_only=True)
class Notice:
    """One 通告・通報 that was made."""

    at: datetime
    raised: datetime | None = None
    opened: datetime | None = None
    outcomes: dict[str, datetime] = field(default_factory=dict)
    """When it was first told what came of it, by its word."""


@dataclass(slots=True, kw_only=True)
class Heard:
    """One message of the resident."""

    at: datetime
    office: bool
    ref: str | None = None


@dataclass(slots=True, kw_only=True)
class Contact:
    """One contact with all that is counted of it."""

    at: datetime
    heard: list[Heard] = field(default_factory=list)
    firsts: dict[str, bool] = field(default_factory=dict)
    nth: int = 0
    """The how manieth contact of the resident in the fiscal year; 0 where that is not known."""
    concerns: set[str] = field(default_factory=set)
    speaker: str = "unknown"
    age: str = "unknown"
    district: str = "unknown"
    channel: str = "line"
    referrals: list[tuple[datetime, str | None, dict[str, Any]]] = field(default_factory=list)
    unfit: list[tuple[datetime, str, str | None]] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    corrections: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """What staff corrected, by code and by what it is about: the same word twice is one."""
    notices: dict[str, Notice] = field(default_factory=dict)
    """通告・通報 that were made, by their form."""
    declined: list[tuple[datetime, str]] = field(default_factory=list)
    unsent: list[datetime] = field(default_factory=list)
    closed: datetime | None = None
    close_reason: str = ""
    erased: datetime | None = None

    def bursts(self) -> list[datetime]:
        """Return when each message of the resident came, those within 20 seconds as one."""
        found: list[datetime] = []
        last: datetime | None = None
        for at in sorted(heard.at for heard in self.heard):
            if last is None or at - last > BURST:
                found.append(at)
            last = at
        return found

    @property
    def open_episode(self) -> Episode | None:
        """The episode that is going on."""
        return self.episodes[-1] if self.episodes and self.episodes[-1].closed is None else None

    @property
    def windows(self) -> list[str]:
        """Windows that were offered first or that worked on it, each once."""
        named = [window for _, window, _ in self.referrals if window]
        worked = [window for episode in self.episodes for window in (episode.window, *episode.windows) if window]
        return list(dict.fromkeys([*named, *worked]))


class Told(Protocol):
    """A fact, as a row of its table or with the columns of one."""

    id: Any
    kind: Any
    at: Any
    ref: Any
    window_id: Any
    code: Any
    details: Any


def fold(facts: Sequence[Told]) -> Contact | None:
    """Fold the facts of one unit; None where the resident was never heard in it, so that there is no contact."""
    ordered = sorted(facts, key=lambda fact: (fact.at, _RANK[fact.kind], fact.id))
    heard = [fact.at for fact in ordered if fact.kind is FactKind.HEARD]
    if not heard:
        return None
    contact = Contact(at=min(heard))
    for fact in ordered:
        details: dict[str, Any] = orjson.loads(fact.details) if fact.details else {}
        _STEPS[fact.kind](contact, fact, details)
    _mark_unsent(contact, ordered)
    return contact


def _heard(contact: Contact, fact: Told, details: Mapping[str, Any]) -> None:
    contact.heard.append(Heard(at=fact.at, office=bool(details.get("office", True)), ref=fact.ref))
    contact.concerns.update(details.get("concerns", ()))
    for name in ("age", "district", "channel"):
        setattr(contact, name, details.get(name) or getattr(contact, name))
    if details.get("speaker", "unknown") != "unknown":
        contact.speaker = details["speaker"]
    first = details.get("first", {})
    for name in _FIRSTS:
        if name in first:
            contact.firsts[name] = first[name] or contact.firsts.get(name, False)
    if "nth" in first:
        contact.nth = min(contact.nth or first["nth"], first["nth"])
    contact.closed = None


def _unsent(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    contact.unsent.append(fact.at)


def _referred(contact: Contact, fact: Told, details: Mapping[str, Any]) -> None:
    contact.referrals.append((fact.at, fact.window_id, dict(details)))


def _unfit(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    contact.unfit.append((fact.at, fact.code or "untold", fact.window_id))


def _handed(contact: Contact, fact: Told, details: Mapping[str, Any]) -> None:
    contact.episodes.append(
        Episode(
            at=fact.at,
            window=fact.window_id,
            reason=fact.code or "other",
            promised=_moment(details.get("promised")),
        )
    )


def _claimed(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    episode = contact.open_episode
    if episode is None:
        return
    episode.claimed = episode.claimed or fact.at
    if _pass_to(episode, fact.window_id):
        episode.passed.append("taken")


def _released(contact: Contact, _fact: Told, _: Mapping[str, Any]) -> None:
    if (episode := contact.open_episode) is not None:
        episode.releases += 1


def _moved(contact: Contact, fact: Told, details: Mapping[str, Any]) -> None:
    if fact.code == REPORTED:
        raised, opened = (_moment(details.get(name)) for name in ("raised", "opened"))
        contact.notices.setdefault(fact.ref or REPORTED, Notice(at=fact.at, raised=raised, opened=opened))
    elif fact.code is not None and fact.code.startswith(_OUTCOME):
        if (notice := contact.notices.get(fact.ref or REPORTED)) is not None:
            notice.outcomes.setdefault(fact.code.removeprefix(_OUTCOME), fact.at)
    elif (episode := contact.open_episode) is not None:
        episode.passed.append(fact.code or "transfer")
        if fact.code in _RETURNS:
            episode.returned.append((_RETURNS[fact.code], details.get("why", "untold")))
        if fact.code != "declined":
            _pass_to(episode, fact.window_id)


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


_RETURNS = {"hand_back": "hand_back", "declined": "turned_down"}
REPORTED, _OUTCOME = "reported", "report_"
"""The code of a ``MOVED`` to the body that takes 通告・通報, and how one begins that says what came of it: the talk stays where it is."""


def _pass_to(episode: Episode, window: str | None) -> bool:
    """Note a window that works on it; tells whether another one had it before."""
    if window is None or window == (episode.windows[-1] if episode.windows else episode.window):
        return False
    if episode.window is None:
        episode.window = window
        return False
    episode.windows.append(window)
    return True


def _answered(contact: Contact, fact: Told, details: Mapping[str, Any]) -> None:
    if fact.code == TAKEN_BACK:
        written = datetime.fromisoformat(details["written"])
        for episode in contact.episodes:
            if written in episode.answers:
                episode.answers.remove(written)
                promised = episode.later.pop(written, None)
                if promised is not None and episode.closed is not None:
                    episode.unmet.append((episode.closed, promised))
    elif fact.code == UNANSWERED:
        if (waited_in := contact.open_episode) is not None and "promised" in details:
            waited_in.unmet.append((fact.at, datetime.fromisoformat(details["promised"])))
    elif (open_episode := contact.open_episode) is not None:
        open_episode.answers.append(fact.at)
        if "promised" in details:
            open_episode.later[fact.at] = datetime.fromisoformat(details["promised"])


def _closed(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    contact.closed, contact.close_reason = fact.at, fact.code or "closed"
    if (episode := contact.open_episode) is not None:
        episode.closed, episode.close_reason = fact.at, contact.close_reason


def _reopened(contact: Contact, _fact: Told, _: Mapping[str, Any]) -> None:
    contact.closed, contact.close_reason = None, ""
    if contact.episodes:
        contact.episodes[-1].closed, contact.episodes[-1].close_reason = None, ""


def _alarmed(contact: Contact, fact: Told, details: Mapping[str, Any]) -> None:
    before = [heard for heard in contact.heard if heard.at <= fact.at]
    contact.alarms[fact.ref or fact.id] = Alarm(
        at=fact.at,
        risk=fact.code or "none",
        kinds=tuple(details.get("kinds", ())),
        office=before[-1].office if before else True,
        message=details.get("message"),
    )


def _alarm_opened(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    alarm = contact.alarms.get(fact.ref or "")
    if alarm is not None:
        alarm.opened = alarm.opened or fact.at


def _corrected(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    code = _FORMER.get(fact.code or "", fact.code or "concern_missed")
    contact.corrections.setdefault((code, fact.ref or fact.id), fact.at)


_FORMER = {"missed": "concern_missed", "false_alarm": "concern_wrong"}
"""Codes that an earlier version wrote."""


def _declined(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    contact.declined.append((fact.at, fact.code or "untold"))


def _erased(contact: Contact, fact: Told, _: Mapping[str, Any]) -> None:
    contact.erased = fact.at


def _joined(_contact: Contact, _fact: Told, _: Mapping[str, Any]) -> None:
    """Another unit holds what was counted here; should it be heard again, that is a contact of its own."""


def _mark_unsent(contact: Contact, facts: Sequence[Told]) -> None:
    taken_back = {fact.ref for fact in facts if fact.kind is FactKind.UNSENT}
    for alarm in contact.alarms.values():
        alarm.unsent = alarm.message is not None and alarm.message in taken_back


_STEPS: Mapping[FactKind, Callable[[Contact, Told, Mapping[str, Any]], None]] = {
    FactKind.HEARD: _heard,
    FactKind.UNSENT: _unsent,
    FactKind.REFERRED: _referred,
    FactKind.UNFIT: _unfit,
    FactKind.ALARMED: _alarmed,
    FactKind.REOPENED: _reopened,
    FactKind.HANDED: _handed,
    FactKind.MOVED: _moved,
    FactKind.CLAIMED: _claimed,
    FactKind.RELEASED: _released,
    FactKind.ANSWERED: _answered,
    FactKind.ALARM_OPENED: _alarm_opened,
    FactKind.CORRECTED: _corrected,
    FactKind.DECLINED: _declined,
    FactKind.CLOSED: _closed,
    FactKind.ERASED: _erased,
    FactKind.JOINED: _joined,
}
_RANK = {kind: place for place, kind in enumerate(_STEPS)}
"""What comes first where two facts have one moment: a talk is heard before it is handed over, opened again before somebody has it,
passed on before the other window has it, and answered before it is closed."""
