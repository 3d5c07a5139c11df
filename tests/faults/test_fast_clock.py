"""A clock that is far ahead removes nobody's result for good, and a site that nobody uses keeps none for ever."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from quizapp.errors import Unavailable
from quizapp.library.expiry import PUT_OFF, clock_is_doubtful, forget_daily, forget_expired
from quizapp.store.addresses import open_store
from quizapp.store.protocol import Store
from tests.store.conftest import Clock, result_draft, revision_draft


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A store with a result of a year, at which somebody is at work every few days."""
    store = open_store(str(tmp_path / "kept.sqlite3"), clock)
    store.publish(revision_draft())
    store.save_result(result_draft(), "the first")
    yield store
    store.close()


def used(store: Store, clock: Clock, days: int) -> None:
    for number in range(0, days, 5):
        store.save_result(result_draft(), f"{clock.now} {number}")
        clock.advance(days=5)


def put_off(store: Store) -> list[datetime]:
    return [entry.at for entry in store.entries() if entry.did == PUT_OFF]


def test_what_is_used_forgets_in_time(store: Store, clock: Clock) -> None:
    used(store, clock, 370)
    assert forget_expired(store, clock()) > 0 and not put_off(store)


def test_a_clock_that_is_years_ahead_removes_nothing_and_says_so(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    used(store, clock, 60)
    clock.advance(days=800)
    for _ in range(7):
        # Takers go on meanwhile, and the wrong clock dates what they keep.
        store.save_result(result_draft(), f"{clock.now}")
        assert forget_expired(store, clock()) == 0
        clock.advance(days=0.9)
    clock.advance(days=-0.9)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 7
    assert clock().date().isoformat() in said[-1] and " 13 results" in said[-1] and "--yes" in said[-1]
    clock.advance(days=-6 * 0.9 - 800)
    assert store.expired(clock()) == 0 and forget_expired(store, clock()) == 0


def test_a_site_that_nobody_uses_forgets_a_week_after_it_was_told(store: Store, clock: Clock) -> None:
    clock.advance(days=400)
    removed = []
    for _ in range(9):
        removed.append(forget_expired(store, clock()))
        clock.advance(days=1, hours=1)
    assert removed == [0] * 7 + [1, 0] and len(put_off(store)) == 1


def test_a_young_store_forgets_what_is_kept_for_days(store: Store, clock: Clock) -> None:
    store.save_result(result_draft(keep=timedelta(days=1)), "short")
    clock.advance(days=2)
    assert not clock_is_doubtful(store, clock()) and forget_expired(store, clock()) == 1


class Ended(BaseException):
    """Ends what never comes back."""


def test_whatever_goes_wrong_is_told_and_tried_again_the_next_day(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    store.save_result(result_draft(keep=timedelta(days=1)), "short")
    clock.advance(days=2)
    days: list[Exception | None] = [Unavailable("the disk is full"), RuntimeError("odd"), None]

    def today() -> datetime:
        if not days:
            raise Ended
        if wrong := days.pop(0):
            raise wrong
        return clock()

    caplog.set_level(logging.INFO)
    with pytest.raises(Ended):
        forget_daily(store, today, seconds=0.01)
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert "the disk is full" in caplog.text and "tried again tomorrow" in caplog.text
    assert store.expired(clock()) == 0
