"""The connections to one PostgreSQL database: a few, shared by the threads, replaced when they break.

Guarantees: whoever waits for a connection, a lock or a statement waits for seconds and then gets
``Unavailable``; while no server answers, that comes at once; a connection that broke, or that leads to a
server which takes no more writes, is never given out again; a commit that has returned is on the disk.
"""

from __future__ import annotations

import hashlib
import select
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from quizapp.errors import Unavailable
from quizapp.store.postgres.address import connection_info
from quizapp.store.postgres.faults import ends_the_connection, told_as_unavailable
from quizapp.store.postgres.rows import PostgresRows
from quizapp.store.postgres.silence import ImpatientConnection
from quizapp.store.records import Pressure
from quizapp.store.sql.rows import Row

CONNECTIONS = 8
WAIT_SECONDS = 2.0
_CLOSING_SECONDS = 5.0
# A server may be set to acknowledge before a commit is on the disk; one that waits for more is left alone.
_DURABLE = """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local')
"""
_LOCK = "SELECT pg_advisory_xact_lock(%s)"


class PostgresServer:
    """A database that is open. Connections must not cross a fork: open it in each process."""

    def __init__(
        self, address: str, connections: int = CONNECTIONS, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        """Take the address; nothing is connected before ``open``."""
        self._info = connection_info(address)
        self._seconds = wait_seconds
        self._away = False
        self._looking = threading.Lock()
        self._pool = ConnectionPool(
            self._info,
            connection_class=ImpatientConnection,
            kwargs={"autocommit": True, "row_factory": dict_row},
            configure=_prepare,
            min_size=1,
            max_size=connections,
            timeout=wait_seconds,
            # One attempt, at the instant somebody needs it: after an outage nobody waits for a next one.
            reconnect_timeout=0,
            reconnect_failed=self._note_away,
            name="quizapp",
            open=False,
        )

    def open(self) -> None:
        """Begin to keep connections."""
        self._pool.open()

    def pressure(self) -> Pressure:
        """How much is asked of the pool; asks no server."""
        told = self._pool.get_stats()
        return Pressure(
            connections=told["pool_size"],
            in_use=told["pool_size"] - told["pool_available"],
            most=told["pool_max"],
            waiting=told["requests_waiting"],
            waits=told.get("requests_queued", 0),
            wait_seconds=told.get("requests_wait_ms", 0) / 1000,
        )

    @contextmanager
    def connected(self) -> Iterator[Connection[Row]]:
        """A connection outside the pool, closed when the block ends; for what takes long."""
        with told_as_unavailable(), psycopg.connect(self._info, autocommit=True, row_factory=dict_row) as own:
            _prepare(own)
            yield own

    @contextmanager
    def write(self, *alone: str) -> Iterator[PostgresRows]:
        """A transaction; locks over all processes keep those apart that must be alone."""
        with self._borrowed() as connection, connection.transaction():
            # In one order for everybody, or two transactions could wait for each other.
            for lock in sorted(map(_lock_number, alone)):
                connection.execute(_LOCK, [lock])
            yield PostgresRows(connection)

    @contextmanager
    def read(self) -> Iterator[PostgresRows]:
        """A connection on which every statement is a transaction of its own."""
        with self._borrowed() as connection:
            yield PostgresRows(connection)

    def close(self) -> None:
        """Close every connection; those in use when they are given back."""
        self._pool.close(_CLOSING_SECONDS)

    @contextmanager
    def _borrowed(self) -> Iterator[ImpatientConnection]:
        with told_as_unavailable():
            connection = self._take()
            try:
                yield connection
            except psycopg.Error as error:
                if ends_the_connection(error):
                    # The others lead to the same server: none of them is given out untried.
                    connection.close()
                    self._away = True
                raise
            finally:
                self._pool.putconn(connection)

    def _take(self) -> ImpatientConnection:
        if self._away:
            self._look_again()
        deadline = time.monotonic() + self._seconds
        try:
            while True:
                connection = self._pool.getconn(max(deadline - time.monotonic(), 0))
                if not _has_ended(connection):
                    return connection
                connection.close()
                self._pool.putconn(connection)
        except PoolClosed:
            raise Unavailable("the database has been closed") from None
        except PoolTimeout:
            raise Unavailable("the database is busy: all connections are in use, or it is away") from None

    def _look_again(self) -> None:
        """Make sure that there is a server to write to; ``Unavailable`` at once while there is none.

        One thread looks for all. The connections of before are dropped, wherever they led.
        """
        if not self._looking.acquire(timeout=self._seconds):
            raise Unavailable("the database cannot be used just now: it is away")
        try:
            if self._away and not self._pool.closed:
                psycopg.connect(self._info).close()
                self._away = False
                self._pool.drain()
        finally:
            self._looking.release()

    def _note_away(self, pool: Any) -> None:
        # A server that only has no room for one more of ours still serves the others.
        if not pool.get_stats()["pool_size"]:
            self._away = True


def _prepare(connection: Connection[Row]) -> None:
    connection.execute(_DURABLE)


def _has_ended(connection: Connection[Row]) -> bool:
    """Whether the server has hung up; asked without asking the server, unless it has said something."""
    if sys.platform != "win32":
        # An idle server is silent, until it says farewell.
        heard = select.poll()
        heard.register(connection.fileno(), select.POLLIN)
        if not heard.poll(0):
            return False
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return True
    return False


def _lock_number(name: str) -> int:
    """The number by which PostgreSQL knows a lock. Two names that share one only wait needlessly."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
