"""A place sent from LINE: its name and address are the resident's words; where exactly it is, is kept for the 緊急時情報提供票 alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.line.translate import translate
from intake.dialogue.turn import EventKind
from intake.inbox.inbound import Deed

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"title": "公民館", "address": "石川県野々市市富奥1"}, "公民館 石川県野々市市富奥1"),
        ({"address": "石川県野々市市富奥1"}, "石川県野々市市富奥1"),
        ({}, ""),
        ({"title": None, "address": 5}, ""),
    ],
)
def test_the_address_of_a_location_comes_as_words_and_its_coordinates_only_beside_them(message: dict[str, Any], words: str) -> None:
    event = {
        "type": "message",
        "source": {"type": "user", "userId": "U0"},
        "message": {"id": "1", "type": "location", "latitude": 36.5, "longitude": 136.6, **message},
    }
    found = translate(event, municipality="nonoichi", account="nonoichi", lane="line", received_at=AT, occurred_at=AT)
    assert (found.deed, found.kind, found.text) == (Deed.TALK, EventKind.LOCATION, words)
    assert found.detail == "緯度 36.500000、経度 136.600000"
    assert "36" not in found.text + found.data


@pytest.mark.parametrize("wrong", [{"latitude": None}, {"latitude": "36.5"}, {"longitude": 1e9}, {"latitude": True}])
def test_what_is_no_place_on_the_map_is_not_kept_as_one(wrong: dict[str, Any]) -> None:
    event = {
        "type": "message",
        "source": {"type": "user", "userId": "U0"},
        "message": {"id": "1", "type": "location", "latitude": 36.5, "longitude": 136.6, **wrong},
    }
    assert translate(event, municipality="nonoichi", account="nonoichi", lane="line", received_at=AT, occurred_at=AT).detail == ""
