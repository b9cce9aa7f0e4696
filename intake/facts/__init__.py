"""What happened, without who: the permanent facts that statistics are made of.

In: what a resident or staff did, in the transaction in which it was done. Out: one row per fact, tied to a unit (one contact)
by an opaque id, never to a person. Words, names and numbers of people never enter. Where the resident has the records erased,
the unit is cut loose from the talk and what was read is forgotten; the count stays.
"""
