"""Knows a municipality as its own staff know it, and turns a person's needs into windows with reasons.

In: the directory files of a municipality (``routing/data/municipalities/KEY/*.csv``), the crisis lines, and a person's
needs. Out: a :class:`routing.referral.Referral`. Pure besides loading its own data files: no database, no network; the
time is an argument. A file that is wrong stops the start with file, row and column.
"""

from routing.load import problems

__all__ = ["problems"]
