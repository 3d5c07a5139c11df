"""What every store promises of limits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest


def test_it_gives_so_many_turns_and_then_tells_how_long_to_wait(store):
    assert [store.take_turn("a door", 5, 60) for _ in range(6)] == [0, 0, 0, 0, 0, 12]


def test_it_gives_turns_back_one_by_one(store, clock):
    for _ in range(5):
        store.take_turn("a door", 5, 60)
    clock.advance(seconds=11.5)
    assert store.take_turn("a door", 5, 60) == 0.5
    clock.advance(seconds=0.5)
    assert store.take_turn("a door", 5, 60) == 0
    assert store.take_turn("a door", 5, 60) == 12


def test_it_counts_no_turn_that_it_refused(store, clock):
    for _ in range(50):
        store.take_turn("a door", 5, 60)
    clock.advance(seconds=60)
    assert [store.take_turn("a door", 5, 60) for _ in range(6)] == [0, 0, 0, 0, 0, 12]


def test_it_saves_up_no_more_turns_than_there_are(store, clock):
    store.take_turn("a door", 2, 60)
    clock.advance(days=30)
    assert [store.take_turn("a door", 2, 60) for _ in range(3)] == [0, 0, 30]


def test_it_counts_each_thing_by_itself(store):
    assert store.take_turn("a door", 1, 60) == 0
    assert store.take_turn("another", 1, 60) == 0
    assert store.take_turn("a door", 1, 60) == 60


def test_it_shuts_nobody_out_for_longer_than_a_bucket_takes_to_fill_after_a_clock_was_wrong(store, clock):
    clock.advance(days=400)
    store.take_turn("a door", 2, 60)
    clock.advance(days=-400)
    assert 0 < store.take_turn("a door", 2, 60) <= 60
    clock.advance(seconds=60)
    assert store.take_turn("a door", 2, 60) <= 60


def test_it_gives_each_turn_to_one_of_many_threads(store):
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: store.take_turn("a door", 10, 600), range(40)))
    assert waits.count(0) == 10


@pytest.mark.parametrize(("times", "seconds"), [(0, 60), (-1, 60), (5, 0), (5, -1)])
def test_it_refuses_a_limit_that_allows_nothing(store, times, seconds):
    with pytest.raises(ValueError, match="at least one turn"):
        store.take_turn("a door", times, seconds)
