"""kill -9 and SIGTERM while results are saved: whatever was acknowledged is there and opens."""

from __future__ import annotations

import time

import pytest

from tests.faults.conftest import MakeFleet, Told
from tests.faults.fleet import seconds_until
from tests.faults.found import fault, lost, results, unopened
from tests.faults.posting import posting
from tests.postgres import Server

ROUNDS = 2


def test_kill_9_of_the_serving_process_loses_nothing(
    fleet_of: MakeFleet, file: str, some: int, told: Told
) -> None:
    fleet = fleet_of(threads="8")
    with posting(fleet) as takers:
        recovered = []
        for _ in range(ROUNDS):
            takers.wait_for(some)
            fleet.workers[0].kill_serving()
            recovered.append(takers.recovery(time.monotonic()))
        takers.wait_for(some)
    assert takers.refused["503"] == 0
    assert unopened(fleet, takers.tokens) == []
    fleet.stop()
    missing = lost(file, takers.tokens)
    told(acknowledged=len(takers.saved), lost=len(missing), recovery=f"{max(recovered):.1f} s")
    assert missing == [] and fault(file) == ""
    # Who sent the same again, because no answer came, has one result.
    assert len(takers.saved) <= results(file) <= takers.owners


def test_kill_9_of_everything_loses_nothing(fleet_of: MakeFleet, file: str, some: int, told: Told) -> None:
    fleet = fleet_of(threads="8")
    with posting(fleet) as takers:
        takers.wait_for(some)
        fleet.workers[0].kill()
        killed = time.monotonic()
        assert fault(file) == ""
        fleet.start()
        recovery = takers.recovery(killed)
        takers.wait_for(some)
    assert unopened(fleet, takers.tokens) == []
    fleet.stop()
    missing = lost(file, takers.tokens)
    told(acknowledged=len(takers.saved), lost=len(missing), recovery=f"{recovery:.1f} s with the start")
    assert missing == [] and fault(file) == ""
    assert len(takers.saved) <= results(file) <= takers.owners


@pytest.mark.postgres
def test_kill_9_of_one_worker_of_two_loses_nothing(
    fleet_of: MakeFleet, database: str, some: int, told: Told
) -> None:
    fleet = fleet_of(2, database)
    with posting(fleet) as takers:
        takers.wait_for(some)
        fleet.workers[0].kill()
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(some)
        fleet.workers[0].start()
        takers.wait_for(some)
    assert takers.refused["503"] == takers.refused["nobody listens"] == 0
    missing = lost(database, takers.tokens)
    told(acknowledged=len(takers.saved), lost=len(missing), recovery=f"{recovery * 1000:.0f} ms")
    assert missing == [] and fault(database) == "" and unopened(fleet, takers.tokens) == []


@pytest.mark.postgres
def test_a_rolling_restart_fails_no_post(
    fleet_of: MakeFleet, database: str, some: int, told: Told, server: Server
) -> None:
    fleet = fleet_of(2, database, drain_seconds="0.6")
    with posting(fleet) as takers:
        for worker in fleet.workers:
            takers.wait_for(some)
            assert worker._process
            worker._process.terminate()
            # The balancer looks more often than the worker waits.
            seconds_until(lambda worker=worker: fleet.look() or worker.port not in fleet.open)  # type: ignore[misc]
            worker.gone()
            takers.wait_for(some)
            worker.start()
            fleet.look()
            assert worker.port in fleet.open
        takers.wait_for(some)
    missing = lost(database, takers.tokens)
    told(acknowledged=len(takers.saved), failed=sum(takers.refused.values()), lost=len(missing))
    assert takers.refused == {} and missing == [] and fault(database) == ""
    assert results(database) == len(takers.saved) == takers.owners
