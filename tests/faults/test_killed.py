"""kill -9 and SIGTERM while results are saved: whatever was acknowledged is there and opens."""

from __future__ import annotations

import time

import pytest

from tests.faults.conftest import Told
from tests.faults.fleet import Fleet, seconds_until
from tests.faults.found import fault, lost, results, unopened
from tests.faults.posting import posting

ROUNDS = 2
on_sqlite = pytest.mark.xdist_group("faults on SQLite")
on_postgres = pytest.mark.xdist_group("faults on PostgreSQL")


@on_sqlite
def test_kill_9_of_the_serving_process_loses_nothing(one: Fleet, some: int, told: Told) -> None:
    before = results(one.database)
    with posting(one) as takers:
        recovered = []
        for _ in range(ROUNDS):
            takers.wait_for(some)
            one.workers[0].kill_serving()
            recovered.append(takers.recovery(time.monotonic()))
        takers.wait_for(some)
    missing = lost(one.database, takers.tokens)
    told(acknowledged=len(takers.saved), lost=len(missing), recovery=f"{max(recovered):.1f} s")
    assert missing == [] == unopened(one, takers.tokens)
    assert takers.refused["503"] == 0 and fault(one.database) == ""
    # Who sent the same again, because no answer came, has one result.
    assert len(takers.saved) <= results(one.database) - before <= takers.owners


@on_sqlite
def test_kill_9_of_everything_loses_nothing(one: Fleet, some: int, told: Told) -> None:
    before = results(one.database)
    with posting(one) as takers:
        takers.wait_for(some)
        one.workers[0].kill()
        killed = time.monotonic()
        assert fault(one.database) == ""
        one.start()
        recovery = takers.recovery(killed)
        takers.wait_for(some)
    missing = lost(one.database, takers.tokens)
    told(acknowledged=len(takers.saved), lost=len(missing), recovery=f"{recovery:.1f} s with the start")
    assert missing == [] == unopened(one, takers.tokens)
    assert fault(one.database) == ""
    assert len(takers.saved) <= results(one.database) - before <= takers.owners


@on_postgres
def test_kill_9_of_one_worker_of_two_loses_nothing(two: Fleet, some: int, told: Told) -> None:
    with posting(two) as takers:
        takers.wait_for(some)
        two.workers[0].kill()
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(some)
    two.workers[0].start()
    missing = lost(two.database, takers.tokens)
    told(acknowledged=len(takers.saved), lost=len(missing), recovery=f"{recovery * 1000:.0f} ms")
    assert takers.refused["503"] == takers.refused["nobody listens"] == 0
    assert missing == [] == unopened(two, takers.tokens)
    assert fault(two.database) == ""


@on_postgres
def test_a_rolling_restart_fails_no_post(two: Fleet, some: int, told: Told) -> None:
    before = results(two.database)
    with posting(two) as takers:
        for worker in two.workers:
            takers.wait_for(some)
            worker.leave()
            # The balancer looks more often than the worker waits.
            seconds_until(lambda worker=worker: two.look() or worker.port not in two.open)  # type: ignore[misc]
            worker.gone()
            worker.start()
            two.look()
            assert worker.port in two.open
        takers.wait_for(some)
    missing = lost(two.database, takers.tokens)
    told(acknowledged=len(takers.saved), failed=sum(takers.refused.values()), lost=len(missing))
    assert takers.refused == {} and missing == [] and fault(two.database) == ""
    assert results(two.database) - before == len(takers.saved) == takers.owners
