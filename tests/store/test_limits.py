"""What is promised of limits wherever turns are counted: in one process, in either database, in Redis."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from quizapp.store.addresses import open_store
from quizapp.store.people_protocol import Limits
from quizapp.store.records import Rate
from quizapp.store.redis_limits import PREFIX, RedisLimits
from quizapp.web.allowance import Allowance
from tests.conftest import require_or_skip
from tests.redis_server import redis_running
from tests.store.conftest import ENGINES, Clock

SHARED = [*ENGINES, pytest.param("redis", marks=pytest.mark.redis)]


class InProcess:
    """What one process counts for itself, asked as the others are."""

    def __init__(self, clock: Clock) -> None:
        begun = clock()
        self._seconds = lambda: (clock() - begun).total_seconds()
        self._kept: dict[tuple[int, float], Allowance] = {}

    def take_turn(self, rate: Rate) -> float:
        made = Allowance(rate.times, rate.seconds, self._seconds)
        # Counted in floating point, as the others are not.
        return round(self._kept.setdefault((rate.times, rate.seconds), made).wait(rate.what), 6)


@pytest.fixture(scope="module")
def redis_address() -> Iterator[str]:
    """That of QUIZAPP_TEST_REDIS, else of a server of the tests' own."""
    if lent := os.environ.get("QUIZAPP_TEST_REDIS"):
        yield lent
        return
    with redis_running(require_or_skip("redis program")) as server:
        yield server.address


@pytest.fixture
def redis(redis_address: str, clock: Clock) -> Iterator[RedisLimits]:
    """Limits in Redis, apart from those of other tests."""
    limits = RedisLimits(redis_address, clock, prefix=f"{PREFIX}{secrets.token_hex(6)}:")
    yield limits
    limits.close()


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, clock: Clock) -> Limits:
    """Where all processes count together, each in turn."""
    return limits_of_kind(request.param, request)


@pytest.fixture(params=["process", *SHARED])
def limits(request: pytest.FixtureRequest, clock: Clock) -> Limits:
    """Wherever turns are counted."""
    return InProcess(clock) if request.param == "process" else limits_of_kind(request.param, request)


def limits_of_kind(kind: str, request: pytest.FixtureRequest) -> Limits:
    if kind == "redis":
        found: Limits = request.getfixturevalue("redis")
        return found
    store = open_store(request.getfixturevalue(kind).address, request.getfixturevalue("clock"))
    request.addfinalizer(store.close)
    return store


def test_it_gives_so_many_turns_and_then_tells_how_long_to_wait(limits):
    assert [limits.take_turn(Rate("a door", 5, 60)) for _ in range(6)] == [0, 0, 0, 0, 0, 12]


def test_it_gives_turns_back_one_by_one(limits, clock):
    for _ in range(5):
        limits.take_turn(Rate("a door", 5, 60))
    clock.advance(seconds=11.5)
    assert limits.take_turn(Rate("a door", 5, 60)) == 0.5
    clock.advance(seconds=0.5)
    assert limits.take_turn(Rate("a door", 5, 60)) == 0
    assert limits.take_turn(Rate("a door", 5, 60)) == 12


def test_it_counts_no_turn_that_it_refused(limits, clock):
    for _ in range(50):
        limits.take_turn(Rate("a door", 5, 60))
    clock.advance(seconds=60)
    assert [limits.take_turn(Rate("a door", 5, 60)) for _ in range(6)] == [0, 0, 0, 0, 0, 12]


def test_it_saves_up_no_more_turns_than_there_are(limits, clock):
    limits.take_turn(Rate("a door", 2, 60))
    clock.advance(days=30)
    assert [limits.take_turn(Rate("a door", 2, 60)) for _ in range(3)] == [0, 0, 30]


def test_it_counts_each_thing_by_itself(limits):
    assert limits.take_turn(Rate("a door", 1, 60)) == 0
    assert limits.take_turn(Rate("another", 1, 60)) == 0
    assert limits.take_turn(Rate("a door", 1, 60)) == 60


def test_it_shuts_nobody_out_for_longer_than_a_bucket_takes_to_fill_after_a_clock_was_wrong(shared, clock):
    clock.advance(days=400)
    shared.take_turn(Rate("a door", 2, 60))
    clock.advance(days=-400)
    assert 0 < shared.take_turn(Rate("a door", 2, 60)) <= 60
    clock.advance(seconds=60)
    assert shared.take_turn(Rate("a door", 2, 60)) <= 60


def test_it_gives_each_turn_to_one_of_many_threads(limits):
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: limits.take_turn(Rate("a door", 10, 600)), range(40)))
    assert waits.count(0) == 10


@pytest.mark.parametrize(("times", "seconds"), [(0, 60), (-1, 60), (5, 0), (5, -1)])
def test_it_refuses_a_limit_that_allows_nothing(shared, times, seconds):
    with pytest.raises(ValueError, match="at least one turn"):
        shared.take_turn(Rate("a door", times, seconds))


@pytest.mark.redis
def test_redis_forgets_a_bucket_that_is_full_again_and_keeps_no_name(redis, redis_address, clock):
    redis.take_turn(Rate("sign of somebody", 5, 60))
    with Redis.from_url(redis_address, decode_responses=True) as client:
        (kept,) = client.scan_iter(f"{redis._prefix}*")
        assert "somebody" not in kept and client.get(kept).isdecimal()
        assert 0 < client.pttl(kept) <= 12_000


def test_it_counts_what_one_rate_refuses_in_no_other(shared):
    door, house = Rate("a door", 2, 60), Rate("the house", 3, 600)
    assert [shared.take_turn(door, house) for _ in range(3)] == [0, 0, 30]
    # One of the house is left: the third try took none.
    assert [shared.take_turn(house) for _ in range(2)] == [0, 200]
    assert shared.take_turn(Rate("another door", 2, 60), house) == 200
    assert [shared.take_turn(Rate("another door", 2, 60)) for _ in range(3)] == [0, 0, 30]


def test_rates_asked_in_another_order_never_wait_for_each_other(shared):
    one, other = Rate("a door", 1_000, 60), Rate("another", 1_000, 60)
    with ThreadPoolExecutor(8) as pool:
        waits = list(
            pool.map(lambda k: shared.take_turn(*((one, other) if k % 2 else (other, one))), range(200))
        )
    assert waits == [0] * 200
