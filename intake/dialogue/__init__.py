"""The talk with a resident as a pure function: ``next_turn(state, event, reading, city, now) -> Turn``.

In: what the talk remembers, one thing the resident did, how it was read, the municipality, the time. Out: the next state,
replies as keys with parameters (said by ``intake.wording``), and effects for the shell. Danger is looked at first, then the
resident's wishes about notices and records, then who holds the talk. It knows no database, no clock and no setting.
"""
