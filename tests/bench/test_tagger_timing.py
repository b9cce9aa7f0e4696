"""Ratios and percentiles, on a clock that only the measured work moves."""

import pytest

from bot.bench import tagger_timing
from bot.bench.tagger_timing import Way, latency, raw_tokenizer, share_of_raw, slowest


class Clock:
    """Stands in for the timer; work moves it on by as many seconds as it is made to cost."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []

    def perf_counter(self) -> float:
        return self.now

    def work(self, name: str, seconds: float) -> Way:
        def way(_text: str) -> None:
            self.calls.append(name)
            self.now += seconds

        return way


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(tagger_timing, "time", clock)
    return clock


def test_a_way_that_takes_twice_as_long_has_half_the_share(clock: Clock) -> None:
    share = share_of_raw(clock.work("way", 2), clock.work("raw", 1), ["あ", "い"], rounds=4, budget_s=1_000)
    assert (share.median, share.lowest, share.rounds) == (0.5, 0.5, 4)
    assert (share.per_s, share.raw_per_s) == (0.5, 1)


def test_rounds_are_interleaved_and_each_way_is_first_in_every_other_one(clock: Clock) -> None:
    share_of_raw(clock.work("way", 2), clock.work("raw", 1), ["あ"], rounds=4, budget_s=1_000)
    warm_up, rounds = clock.calls[:2], clock.calls[2:]
    assert sorted(warm_up) == ["raw", "way"]
    assert rounds == ["raw", "way", "way", "raw"] * 2


def test_a_used_up_budget_still_leaves_three_rounds(clock: Clock) -> None:
    assert share_of_raw(clock.work("way", 9), clock.work("raw", 9), ["あ"], rounds=50, budget_s=1).rounds == 3


def test_added_latency_is_what_a_call_takes_longer_than_the_yardstick(clock: Clock) -> None:
    found = latency(clock.work("way", 0.75), clock.work("raw", 0.5), ["あ", "い", "う"], calls=10, blocks=2)
    assert (found.p50, found.p99, found.added_p50, found.added_p99) == (0.75, 0.75, 0.25, 0.25)
    assert clock.calls.count("way") == clock.calls.count("raw") == 20


def test_a_message_is_met_first_by_either_in_turn(clock: Clock) -> None:
    latency(clock.work("way", 1), clock.work("raw", 1), ["あ", "い"], calls=4, blocks=1)
    assert clock.calls == ["raw", "way", "way", "raw", "way", "raw", "raw", "way"]


def test_the_slowest_text_is_named_with_its_seconds(clock: Clock) -> None:
    def way(text: str) -> None:
        clock.now += len(text)

    assert slowest(way, {"short": "あ", "long": "あああ"}) == ("long", 3)


def test_the_yardstick_is_mode_c_over_the_core_dictionary() -> None:
    words = raw_tokenizer()("障害基礎年金")
    assert str(words) == "障害基礎年金"
