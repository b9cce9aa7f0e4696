"""The event log: what happened, in one order that no reader ever misses a number of. Kinds and ids only, never text."""
