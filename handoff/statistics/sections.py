"""All sections of a board, by one list: what the page shows, what files hold, and what is decided upon for the public. Pure."""

from dataclasses import dataclass

from handoff.statistics.ask import Figures
from handoff.statistics.hand import Hand
from handoff.statistics.layout import Seen, demand, people
from handoff.statistics.layout_concerns import concerns
from handoff.statistics.layout_danger import checkins, danger
from handoff.statistics.layout_hand import Kept, by_hand
from handoff.statistics.layout_work import windows, work
from handoff.statistics.tables import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The figures of one period. ``hand`` is None where the period is no whole fiscal year, or only a part of it is looked at."""

    now: Figures
    doors: Figures
    hand: Hand | None = None
    push_limit: int | None = None
    """How many pushes a month there are, as it stands today."""

    @property
    def kept(self) -> Kept | None:
        """What people have entered, beside what the system counts of the same year."""
        if self.hand is None:
            return None
        return Kept(hand=self.hand, doors=self.doors, contacts=self.now.total["contact"])


def lay_out(seen: Seen, now: Asked, before: Asked | None) -> tuple[Section, ...]:
    """Lay out everything."""
    kept, kept_before = now.kept, None if before is None else before.kept
    return (
        demand(seen),
        concerns(seen),
        work(seen),
        windows(seen),
        danger(seen),
        people(seen),
        checkins(now.doors, None if before is None else before.doors, seen, now.push_limit),
        *([] if kept is None else [by_hand(seen, kept, kept_before)]),
    )
