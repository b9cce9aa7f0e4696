"""The console and its invented city, as the tests of the desk have it."""

from tests.handoff.conftest import cities, world

__all__ = ["cities", "world"]
