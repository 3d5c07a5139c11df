"""How turns are counted in Redis, by a script that it runs alone; nothing else is kept there.

While Redis is away a turn is refused at once as ``Unavailable``, so that whoever asked can count by itself;
somebody tries again each second. Neither address nor password is ever in an error or a log.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from threading import Lock

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionBroke
from redis.exceptions import RedisError
from redis.retry import Retry

from quizapp.errors import Unavailable
from quizapp.store.records import Rate
from quizapp.store.sqlite.limits import time_per_turn
from quizapp.store.timestamps import Clock, utc_now
from quizapp.store.tokens import fingerprint

log = logging.getLogger(__name__)

PREFIX = "quizapp:turn:"
# A request waits so long for it, once a second at most, before each process counts for itself.
WAIT_SECONDS = 0.25
AGAIN_SECONDS = 1.0
TOLD_SECONDS = 60.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# As in SQLite and PostgreSQL: kept is the moment when the bucket is full again, in microseconds, which a
# double holds exactly. A bucket that is full again is forgotten by Redis itself.
_TAKE = """
local now, wait, kept = tonumber(ARGV[1]), 0, {}
for place, key in ipairs(KEYS) do
    local turn, empty = tonumber(ARGV[2 * place]), tonumber(ARGV[2 * place + 1])
    local full_at = tonumber(redis.call('GET', key) or now)
    kept[place] = math.min(math.max(full_at, now), now + empty) + turn
    wait = math.max(wait, kept[place] - now - empty)
end
if wait > 0 then
    return wait
end
for place, key in ipairs(KEYS) do
    redis.call('SET', key, string.format('%.0f', kept[place]), 'PX', math.ceil((kept[place] - now) / 1000))
end
return 0
"""


class RedisLimits:
    """``Limits`` in Redis, for all workers together. Connections must not cross a fork: open it in each process."""

    def __init__(self, address: str, clock: Clock = utc_now, prefix: str = PREFIX) -> None:
        """Take ``redis://…`` or ``rediss://…``; nothing is connected yet. ``ValueError`` for a bad address."""
        self._redis = _client(address)
        self._take = self._redis.register_script(_TAKE)
        self._clock = clock
        self._prefix = prefix
        self._lock = Lock()
        self._again_at = 0.0
        self._tell_at = 0.0
        self._missed = 0

    def take_turn(self, *rates: Rate) -> float:
        """0.0 and a turn taken of each, or the seconds to wait. ``Unavailable``, at once, while Redis is away."""
        values = [(self._clock() - _EPOCH) // _MICROSECOND]
        for rate in rates:
            turn = time_per_turn(rate)
            values += [turn // _MICROSECOND, turn * rate.times // _MICROSECOND]
        try:
            self._pause_while_away()
            wait = self._take(keys=[self._prefix + fingerprint(rate.what) for rate in rates], args=values)
        except (RedisError, Unavailable) as error:
            raise self._missing(error) from None
        self._again_at = 0.0
        return int(wait) / 1_000_000

    def ping(self) -> None:
        """Nothing, if Redis answers; else ``Unavailable``."""
        try:
            self._redis.ping()
        except RedisError as error:
            raise _away(error) from None

    @property
    def missed(self) -> int:
        """How many turns it could not count."""
        return self._missed

    def close(self) -> None:
        """Close every connection."""
        self._redis.close()

    def _pause_while_away(self) -> None:
        """``Unavailable`` to all but one in each second while it is away: nobody else waits for that one."""
        with self._lock:
            now = time.monotonic()
            if now < self._again_at:
                raise Unavailable("Redis did not answer a moment ago")
            if self._again_at:
                self._again_at = now + AGAIN_SECONDS

    def _missing(self, error: RedisError | Unavailable) -> Unavailable:
        with self._lock:
            self._missed += 1
            if isinstance(error, Unavailable):
                return error
            now = time.monotonic()
            self._again_at = now + AGAIN_SECONDS
            told = now < self._tell_at
            if not told:
                self._tell_at = now + TOLD_SECONDS
        if not told:
            kind = type(error).__name__
            log.error("Redis does not answer (%s): each process counts turns for itself until it does", kind)
        return _away(error)


def _client(address: str) -> Redis:
    try:
        client = Redis.from_url(
            address,
            socket_connect_timeout=WAIT_SECONDS,
            socket_timeout=WAIT_SECONDS,
            # A kept connection may have been closed by a server that was started anew: that is worth a second try.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionBroke,)),
            client_name="quizapp",
        )
        client.connection_pool.make_connection()
    except (TypeError, ValueError):
        raise ValueError("not an address such as redis://HOST:6379/0") from None
    return client


def _away(error: RedisError) -> Unavailable:
    # Its words hold the address.
    return Unavailable(f"Redis does not answer: {type(error).__name__}")
