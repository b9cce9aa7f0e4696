"""Gentle check-ins (声かけ): messages that ask nothing, to people who wished for them, on days and at hours when people read the answers.

In: a plan that the resident agreed to, what has happened since, the municipality's calendar, the time. Out: when the next word is
due, what it says, and why one is not said. ``rhythm``, ``calendar`` and ``plan`` are pure; ``models`` and ``sweep`` keep the rows,
which are the truth; ``words`` are data that a named person has approved. The resident starts, changes, pauses and ends all of it.
"""
