"""The console of ``tests/handoff`` with the roster and the notifier beside it."""

from tests.handoff.conftest import cities, world

__all__ = ["cities", "world"]
