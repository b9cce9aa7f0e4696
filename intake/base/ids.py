"""Ids: sortable by the moment of their making, unguessable in the rest, made in the application before the insert."""

import secrets
from datetime import datetime
from typing import NewType

Municipality = NewType("Municipality", str)
"""Key of a municipality, e.g. ``aizuwakamatsu``."""
Account = NewType("Account", str)
"""Key of a LINE account, as it stands in the path of the webhook."""
ResidentId = NewType("ResidentId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
StaffId = NewType("StaffId", str)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 26


_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = tuple(range(120, -1, -10))
_TIME_SHIFT = 80
_last = [0]


def new_id(now: datetime) -> str:
    """Return a ULID: 48 bits of milliseconds and 80 random bits, 26 characters.

    Each id of a process is greater than the one before, also in one millisecond and after the clock was set back: messages are
    sent and shown in the order of their ids, and the fence of a reply asks for what came after an id.
    """
    value = (int(now.timestamp() * 1000) << _TIME_SHIFT) | secrets.randbits(_TIME_SHIFT)
    if value >> _TIME_SHIFT <= _last[0] >> _TIME_SHIFT:
        value = _last[0] + 1 + secrets.randbits(32)
    _last[0] = value
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in _SHIFTS])
