"""Tests of the room that knows the municipalities."""
