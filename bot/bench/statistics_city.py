"""A generated city: contacts as facts, invented from measured shares of such services, always the same for one seed."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from intake.facts.models import Fact, FactKind
from nlp.reading import Concern, Risk, RiskKind
from routing.city import City
from routing.referral import Stage
from routing.rules import FORM_ITEMS

_OUT_OF_HOURS = 0.53
_GOES_ON = 0.65
_TO_PEOPLE = 0.4
_UNFIT = ("far", "time", "refused", "known", "untold")
_SPEAKERS = ("self", "self", "self", "family", "family", "neighbour", "supporter", "unknown")
_CONCERNS = tuple(concern.value for concern in Concern)
_RETURNED = ("field", "field", "district", "conditions", "capacity", "wish", "done")
_CLOSES = ("connected", "answered", "listened", "no_answer", "other")


class GeneratedCity:
    """Makes contacts between two moments."""

    def __init__(self, city: City, *, begin: datetime, end: datetime, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._city = city
        self._begin, self._length = begin, end - begin
        self._windows = sorted(window.id for window in city.windows.values() if window.state == "実施") or ["desk"]
        self._districts: list[str | None] = [*sorted({name for window in city.windows.values() for name in window.districts}), None]
        self._number = 0

    def contacts(self, count: int) -> Iterator[list[Fact]]:
        """Return the facts of so many contacts, contact by contact."""
        for _ in range(count):
            yield self._contact()

    def _fact(self, kind: FactKind, unit: str, at: datetime, **more: object) -> Fact:
        self._number += 1
        details = more.pop("details", None)
        return Fact(
            id=f"F{self._number:025d}",
            municipality=self._city.key,
            unit=unit,
            kind=kind,
            at=at,
            details=None if details is None else json.dumps(details, ensure_ascii=False),
            pending=False,
            **more,
        )

    def _contact(self) -> list[Fact]:
        dice = self._random
        self._number += 1
        unit = f"U{self._number:025d}"
        at = (self._begin + dice.random() * self._length).astimezone(UTC).replace(microsecond=0)
        concerns = dice.sample(_CONCERNS, dice.choice((0, 1, 1, 1, 2, 3)))
        facts = [self._fact(FactKind.HEARD, unit, at, ref=f"M{self._number:025d}", code=Risk.NONE.value, details=self._read(concerns))]
        if dice.random() < _GOES_ON:
            facts += self._going_on(unit, at, concerns)
        return facts

    def _read(self, concerns: Sequence[str]) -> dict[str, object]:
        dice = self._random
        new = dice.random() < 0.6  # noqa: PLR2004 - the invented share of new residents
        return {
            "office": dice.random() > _OUT_OF_HOURS,
            "calendar": self._city.version,
            "channel": "line",
            "kind": "text",
            "concerns": concerns,
            "speaker": dice.choice(_SPEAKERS),
            "age": dice.choice([stage.value for stage in Stage] + [None] * 4),
            "district": dice.choice(self._districts),
            "first": {"ever": new, "year": new or dice.random() < 0.5, "month": new or dice.random() < 0.8},  # noqa: PLR2004 - invented shares
        }

    def _going_on(self, unit: str, at: datetime, concerns: Sequence[str]) -> list[Fact]:
        dice = self._random
        facts = [
            self._fact(
                FactKind.HEARD, unit, at + timedelta(minutes=n + 1), code=Risk.NONE.value, details={"office": True, "channel": "line"}
            )
            for n in range(dice.randint(1, 3))
        ]
        window = dice.choice(self._windows)
        if concerns:
            facts.append(self._fact(FactKind.REFERRED, unit, at + timedelta(minutes=5), window_id=window, details=self._referral()))
            if dice.random() < 0.1:  # noqa: PLR2004 - the invented share of windows that do not suit
                facts.append(self._fact(FactKind.UNFIT, unit, at + timedelta(minutes=6), window_id=window, code=dice.choice(_UNFIT)))
        if dice.random() < _TO_PEOPLE:
            facts += self._episode(unit, at + timedelta(minutes=7), window)
        return facts

    def _referral(self) -> dict[str, object]:
        dice = self._random
        return {
            "outcome": "window",
            "fields": [dice.choice(("高齢", "障がい", "子ども", "困窮", "他"))],
            "lacking": [dice.choice(("legal", "consumer", "housing"))] if dice.random() < 0.1 else [],  # noqa: PLR2004 - invented share
            "form_main": dice.choice(FORM_ITEMS),
            "form_others": dice.sample(FORM_ITEMS, dice.choice((0, 0, 1))),
            "candidate": dice.random() < 0.05,  # noqa: PLR2004 - invented share
        }

    def _episode(self, unit: str, at: datetime, window: str) -> list[Fact]:
        dice = self._random
        promised = at + timedelta(hours=2)
        wait = timedelta(minutes=min(2000, dice.expovariate(1 / 70)))
        facts = [
            self._fact(
                FactKind.HANDED, unit, at, ref="E" + unit[1:], window_id=window, code="asked", details={"promised": promised.isoformat()}
            ),
            self._fact(FactKind.CLAIMED, unit, at + wait / 2, window_id=window),
            self._fact(FactKind.ANSWERED, unit, at + wait, window_id=window),
        ]
        if dice.random() < 0.15:  # noqa: PLR2004 - the invented share of talks with a sign of danger
            risk = dice.choice((Risk.WATCH, Risk.URGENT, Risk.EMERGENCY))
            alarm = {"ref": "A" + unit[1:], "code": risk.value}
            kinds = {"kinds": [dice.choice(list(RiskKind)).value]}
            facts += [
                self._fact(FactKind.ALARMED, unit, at, details=kinds, **alarm),
                self._fact(FactKind.ALARM_OPENED, unit, at + wait / 3, ref=alarm["ref"]),
            ]
        if dice.random() < 0.2:  # noqa: PLR2004 - the invented share of talks that are passed on, given back, or not taken over
            facts += self._passed_on(unit, at + wait, window)
        if dice.random() < 0.9:  # noqa: PLR2004 - the invented share of talks that are over
            facts.append(self._fact(FactKind.CLOSED, unit, at + wait + timedelta(hours=1), code=dice.choice(_CLOSES)))
        return facts

    def _passed_on(self, unit: str, at: datetime, window: str) -> list[Fact]:
        """Return that another window took a talk over, that it gave it back, or that it did not take it."""
        dice, other = self._random, self._random.choice(self._windows)
        why = {"why": dice.choice(_RETURNED)}
        taken = self._fact(FactKind.MOVED, unit, at + timedelta(minutes=20), window_id=other, code="transfer")
        back = self._fact(FactKind.MOVED, unit, at + timedelta(minutes=40), window_id=window, code="hand_back", details=why)
        refused = self._fact(FactKind.MOVED, unit, at + timedelta(minutes=20), window_id=other, code="declined", details=why)
        return dice.choice(([taken], [taken, back], [refused]))
