"""The database killed, replaced by its standby, slow, or with every connection in use: 503 for a while, no more."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.conftest import require_or_skip
from tests.faults.conftest import Told
from tests.faults.fleet import Fleet, Worker, seconds_until
from tests.faults.found import fault, lost, unopened
from tests.faults.network import Network
from tests.faults.posting import Posting, posting
from tests.postgres import Server, running

pytestmark = pytest.mark.xdist_group("faults on PostgreSQL")
HELD_SECONDS = 2.5
# A wait for a lock ends after five seconds, and one for a connection after two.
LONGEST_SECONDS = 12.0


def all_there(fleet: Fleet, takers: Posting) -> bool:
    """Whether every acknowledged result is kept and opens, and the database is sound."""
    assert unopened(fleet, takers.tokens) == []
    assert fault(fleet.database) == ""
    return lost(fleet.database, takers.tokens) == []


def test_kill_9_of_the_database_loses_nothing(two: Fleet, server: Server, some: int, told: Told) -> None:
    with posting(two) as takers:
        takers.wait_for(some)
        server.stop(signal.SIGKILL)
        try:
            seconds_until(lambda: takers.refused["503"] >= 3)
            # What needs no store goes on.
            assert two.ask("GET", "/quiz/trainer")[0] == 200
            page = two.ask("GET", f"/r/{takers.tokens[0]}")
        finally:
            server.start()
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(some)
    assert page[0] == 503 and b"<main" in page[2]
    assert {name.lower(): value for name, value in page[1].items()}["retry-after"].isdecimal()
    told(acknowledged=len(takers.saved), lost=0, recovery=f"{recovery * 1000:.0f} ms after the database's")
    assert all_there(two, takers)
    assert set(takers.refused) == {"503"} and takers.slowest < LONGEST_SECONDS


def test_a_standby_takes_over_and_nothing_is_lost(
    copied: Callable[[], Path], some: int, told: Told, stopping: ExitStack
) -> None:
    programs = require_or_skip("postgres programs")
    primary = stopping.enter_context(running(programs))
    standby = stopping.enter_context(running(programs, standby_of=primary))
    primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    fleet = Fleet(
        standby.address("postgres"),
        *(Worker(copied(), f"postgresql://quiz@{hosts}/postgres") for _ in range(2)),
    )
    stopping.callback(fleet.stop)
    fleet.start()
    with posting(fleet) as takers:
        takers.wait_for(some)
        primary.stop(signal.SIGQUIT)
        died = time.monotonic()
        standby.run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_promote()")
        promoted = time.monotonic() - died
        recovery = takers.recovery(died)
        takers.wait_for(some)
    told(
        acknowledged=len(takers.saved), lost=0, recovery=f"{recovery:.1f} s, {promoted:.1f} s of it promoting"
    )
    assert all_there(fleet, takers)
    # None where the other took over while they still waited.
    assert set(takers.refused) <= {"503"} and takers.slowest < LONGEST_SECONDS


def test_a_pool_that_is_used_up_is_told_and_no_hang(two: Fleet, some: int, told: Told) -> None:
    with posting(two, threads=26) as takers:
        takers.wait_for(some)
        with psycopg.connect(two.database) as holder:
            holder.execute("LOCK TABLE results IN ACCESS EXCLUSIVE MODE")
            time.sleep(HELD_SECONDS)
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(some)
    told(
        acknowledged=len(takers.saved), lost=0, refused=takers.refused["503"],
        longest=f"{takers.slowest:.1f} s", recovery=f"{recovery * 1000:.0f} ms",
    )  # fmt: skip
    assert all_there(two, takers)
    assert set(takers.refused) == {"503"} and takers.slowest < LONGEST_SECONDS


def test_a_slow_database_makes_slow_answers_and_no_wrong_ones(
    two: Fleet, network: Network, some: int, told: Told
) -> None:
    with posting(two) as takers:
        takers.wait_for(some)
        network.delay = 0.1
        try:
            slow = time.monotonic()
            takers.wait_for(20)
            took = time.monotonic() - slow
        finally:
            network.delay = 0.0
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(some)
    told(
        acknowledged=len(takers.saved),
        lost=0,
        longest=f"{takers.slowest:.1f} s",
        recovery=f"{recovery:.2f} s",
    )
    assert all_there(two, takers)
    assert took > 0.5 and not takers.refused and takers.slowest < LONGEST_SECONDS


def test_a_network_that_falls_silent_is_not_waited_for(
    two: Fleet, network: Network, large: bool, some: int, told: Told
) -> None:
    if not large:
        pytest.skip("waits half a minute: with --large")
    with posting(two) as takers:
        takers.wait_for(some)
        network.fall_silent()
        try:
            seconds_until(lambda: takers.refused["503"] >= 4, 40)
        finally:
            network.speak_again()
        recovery = takers.recovery(time.monotonic())
        takers.wait_for(some)
    told(
        acknowledged=len(takers.saved),
        lost=0,
        longest=f"{takers.slowest:.1f} s",
        recovery=f"{recovery:.1f} s",
    )
    assert all_there(two, takers)
    assert set(takers.refused) == {"503"}
