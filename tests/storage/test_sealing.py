"""Sealing: what was sealed for one place opens there and nowhere else."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.base.errors import StartupError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, Place, UnreadableError
from tests.support.forks import CHILDREN

NOW = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)
PLACE = Place("message", "sealed_body", "aizuwakamatsu", "01ROW")
FROZEN_RING = {
    "version": 1,
    "index_key": "ab" * 32,
    "keys": [{"kid": 7, "municipality": "aizuwakamatsu", "month": "2026-04", "key": "0f" * 32}],
}
FROZEN = bytes.fromhex("01000000070102030405060708090a0b0c8e103c73083739a58a37163499d3bc3ffcc5bdc14f80130630")


def _ring_of(path: Path, content: object, mode: int = 0o600) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(max_size=300))
def test_what_is_sealed_opens_as_it_was(ring: KeyRing, text: str) -> None:
    assert ring.open(ring.seal(text, PLACE, NOW), PLACE) == text


def test_half_a_character_is_sealed_as_a_question_mark_instead_of_failing(ring: KeyRing) -> None:
    assert ring.open(ring.seal("死\ud83dにたい", PLACE, NOW), PLACE) == "死?にたい"


def test_the_same_words_never_look_the_same(ring: KeyRing) -> None:
    assert ring.seal("同じ", PLACE, NOW) != ring.seal("同じ", PLACE, NOW)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, table="note"),
        replace(PLACE, column="sealed_reading"),
        replace(PLACE, municipality="sakata"),
        replace(PLACE, row="01OTHER"),
    ],
    ids=["table", "column", "municipality", "row"],
)
def test_a_value_copied_to_another_place_cannot_be_read(ring: KeyRing, elsewhere: Place) -> None:
    sealed = ring.seal("家賃が払えない", PLACE, NOW)
    with pytest.raises(UnreadableError):
        ring.open(sealed, elsewhere)


def test_no_byte_of_an_envelope_can_be_changed(ring: KeyRing) -> None:
    sealed = ring.seal("山田", PLACE, NOW)
    ring.seal("another month", PLACE, datetime(2026, 5, 7, tzinfo=UTC))
    for index in range(len(sealed)):
        flipped = bytes(byte ^ 1 if number == index else byte for number, byte in enumerate(sealed))
        with pytest.raises(UnreadableError):
            ring.open(flipped, PLACE)


def test_no_part_of_an_envelope_can_be_read(ring: KeyRing) -> None:
    sealed = ring.seal("山田", PLACE, NOW)
    for length in range(len(sealed)):
        with pytest.raises(UnreadableError):
            ring.open(sealed[:length], PLACE)
    with pytest.raises(UnreadableError):
        ring.open(sealed + b"\0", PLACE)


def test_an_envelope_of_another_installation_cannot_be_read(ring: KeyRing, tmp_path: Path) -> None:
    other = KeyRing.create(tmp_path / "other" / "keyring.json")
    other.seal("a key of their own", PLACE, NOW)
    with pytest.raises(UnreadableError):
        other.open(ring.seal("山田", PLACE, NOW), PLACE)


def test_the_envelope_stays_what_it_is(tmp_path: Path) -> None:
    ring = KeyRing(_ring_of(tmp_path / "keyring.json", FROZEN_RING))
    assert ring.open(FROZEN, PLACE) == "ことば"
    assert ring.seal("x", PLACE, NOW)[:5] == FROZEN[:5]


def test_the_look_up_value_stays_what_it_is(tmp_path: Path) -> None:
    ring = KeyRing(_ring_of(tmp_path / "keyring.json", FROZEN_RING))
    assert ring.index("line-user", "main", "U1") == "641ddb822a484714282a335da9ae5d75"


def test_parts_of_a_look_up_cannot_be_shifted(ring: KeyRing) -> None:
    assert len({ring.index("a", "bc"), ring.index("ab", "c"), ring.index("abc"), ring.index("a", "b", "c"), ring.index("", "abc")}) == 5


def test_each_month_and_each_municipality_has_its_own_key(ring: KeyRing) -> None:
    last_of_april, first_of_may = datetime(2026, 4, 30, 14, 59, tzinfo=UTC), datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
    april = ring.seal("A", PLACE, last_of_april)[1:5]
    may = ring.seal("B", PLACE, first_of_may)[1:5]
    elsewhere = ring.seal("C", replace(PLACE, municipality="sakata"), first_of_may)[1:5]
    assert len({april, may, elsewhere}) == 3


def test_when_the_key_of_a_month_is_destroyed_only_that_month_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    ring = KeyRing.create(path)
    april, may = ring.seal("A", PLACE, NOW), ring.seal("B", PLACE, datetime(2026, 5, 7, tzinfo=UTC))
    content = json.loads(path.read_text())
    content["keys"] = [key for key in content["keys"] if key["month"] != "2026-04"]
    later = KeyRing(_ring_of(path, content))
    assert later.open(may, PLACE) == "B"
    with pytest.raises(UnreadableError):
        later.open(april, PLACE)


def test_a_key_that_another_process_added_is_found(tmp_path: Path) -> None:
    first = KeyRing.create(tmp_path / "keyring.json")
    second = KeyRing(tmp_path / "keyring.json")
    assert second.open(first.seal("A", PLACE, NOW), PLACE) == "A"


def _seal_months(path: Path) -> list[tuple[bytes, Place]]:
    ring = KeyRing(path)
    places = [replace(PLACE, municipality=f"m{number}") for number in range(12)]
    return [(ring.seal("A", place, NOW), place) for place in places]


def test_two_processes_that_add_keys_at_once_never_clash(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    KeyRing.create(path)
    with CHILDREN.Pool(2) as pool:
        sealed = [pair for found in pool.map(_seal_months, [path, path]) for pair in found]
    _check_all_open(path, sealed)


def test_threads_with_rings_of_their_own_never_clash(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    KeyRing.create(path)
    with ThreadPoolExecutor(4) as threads:
        sealed = [pair for found in threads.map(_seal_months, [path] * 4) for pair in found]
    _check_all_open(path, sealed)


def _check_all_open(path: Path, sealed: list[tuple[bytes, Place]]) -> None:
    fresh = KeyRing(path)
    assert {fresh.open(envelope, place) for envelope, place in sealed} == {"A"}
    kids = [key["kid"] for key in json.loads(path.read_text())["keys"]]
    assert sorted(kids) == list(range(1, 13))
    assert path.stat().st_mode & 0o777 == 0o600


def test_making_a_ring_never_takes_the_place_of_one(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    sealed = KeyRing.create(path).seal("A", PLACE, NOW)
    assert KeyRing.create(path).open(sealed, PLACE) == "A"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["keyring.json", "keyring.lock"]


def test_a_ring_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="chmod 600"):
        KeyRing(_ring_of(tmp_path / "keyring.json", FROZEN_RING, mode=0o644))


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        {**FROZEN_RING, "version": 2},
        {**FROZEN_RING, "index_key": ""},
        {**FROZEN_RING, "index_key": "zz"},
        {**FROZEN_RING, "keys": [{"kid": 1}]},
        {**FROZEN_RING, "keys": [{"kid": 1, "municipality": "a", "month": "2026-04", "key": "0f"}]},
    ],
)
def test_a_damaged_ring_is_refused_with_a_kind_word(tmp_path: Path, content: object) -> None:
    with pytest.raises(StartupError, match=r"壊れています.*バックアップから戻してください"):
        KeyRing(_ring_of(tmp_path / "keyring.json", content))


def test_a_ring_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="鍵のファイルがありません"):
        KeyRing(tmp_path / "keyring.json")
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_envelope_says_nothing_of_its_content(ring: KeyRing) -> None:
    sealed = ring.seal("山田", PLACE, NOW)
    with pytest.raises(UnreadableError) as raised:
        ring.open(sealed, replace(PLACE, row="01OTHER"))
    assert str(raised.value) == "message"


def test_ids_rise_also_when_the_clock_is_set_back() -> None:
    before = new_id(NOW)
    after = [new_id(NOW.replace(year=2025)) for _ in range(50)]
    assert [before, *after] == sorted({before, *after})


def test_ids_of_several_threads_are_all_different() -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend(new_id(NOW) for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 2000
