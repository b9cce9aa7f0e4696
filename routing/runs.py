"""Whether a window may be offered, as of a day."""

from datetime import date

from routing.city import DeskWindow, State

RECORDS = ("窓口", "課", "事業のみ", "箇所数のみ")
"""Kinds of rows that are places or programmes, the surest first; 人 is nobody's window."""


def runs(window: DeskWindow, day: date) -> bool:
    """Whether the window may be offered on ``day``: 実施, within its dates, and a place rather than a person."""
    return window.state is State.RUNNING and window.record in RECORDS and not outside(window, day)


def outside(window: DeskWindow, day: date) -> bool:
    """Whether ``day`` is before the first or after the last day of the window."""
    return (window.valid_from is not None and day < window.valid_from) or (window.valid_to is not None and window.valid_to < day)
