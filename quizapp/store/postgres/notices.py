"""Hearing from PostgreSQL that a bank was published; knows nothing of what was.

A connection of its own listens, because a notice goes only to connections that are open. Where it breaks,
or where something between here and the server lets no notices through, whoever waits looks by themselves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import psycopg
from psycopg import Connection

from quizapp.errors import Unavailable
from quizapp.store.sql.rows import Row, Rows

_CHANNEL = "quizapp_published"
LISTEN = f"LISTEN {_CHANNEL}"
_SLICE_SECONDS = 0.25
_PAUSE_SECONDS = 1.0


def tell(db: Rows, bank: str) -> None:
    """Tell everybody who listens, when the transaction is committed."""
    db.query("SELECT pg_notify(?, ?)", [_CHANNEL, bank])


class PublicationNotices:
    """The ear of one store."""

    def __init__(self, connected: Callable[[], AbstractContextManager[Connection[Row]]]) -> None:
        """Listen over what ``connected`` gives, from the first wait on."""
        self._connected = connected
        self._one_at_a_time = threading.Lock()
        self._closed = threading.Event()
        self._open = ExitStack()
        self._ear: Connection[Row] | None = None

    def wait(self, seconds: float) -> bool:
        """True as soon as something may have been published, False when the time is over or all is closed.

        True also when it has only just begun to listen, since nobody knows what was said before.
        """
        deadline = time.monotonic() + seconds
        with self._one_at_a_time:
            try:
                return self._begin() or self._hear(deadline)
            except (psycopg.Error, Unavailable):
                self._hang_up()
        # A server that is away is not asked again and again.
        self._closed.wait(max(deadline - time.monotonic(), _PAUSE_SECONDS))
        return False

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        with self._one_at_a_time:
            self._hang_up()

    def _begin(self) -> bool:
        """Whether it has begun to listen by this."""
        if self._ear or self._closed.is_set():
            return False
        self._ear = self._open.enter_context(self._connected())
        self._ear.execute(LISTEN)
        return True

    def _hear(self, deadline: float) -> bool:
        while self._ear and not self._closed.is_set():
            left = deadline - time.monotonic()
            if list(self._ear.notifies(timeout=min(max(left, 0), _SLICE_SECONDS), stop_after=1)):
                return True
            if left <= 0:
                break
        return False

    def _hang_up(self) -> None:
        self._ear = None
        try:
            self._open.close()
        except (psycopg.Error, Unavailable):
            self._open = ExitStack()
