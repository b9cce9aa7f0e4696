"""The talk with a resident as a pure function: ``next_turn(state, event, reading, city, now) -> Turn``."""
