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


_TIME_SHIFT = 80
_last = [0]


def new_id(now: datetime) -> str:
    """Return a ULID: 48 bits of milliseconds and 80 random bits, 26 characters. Ids made in one millisecond keep their order."""
    value = (int(now.timestamp() * 1000) << _TIME_SHIFT) | secrets.randbits(_TIME_SHIFT)
    if value >> _TIME_SHIFT == _last[0] >> _TIME_SHIFT:
        value = _last[0] + 1 + secrets.randbits(32)
    _last[0] = value
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
