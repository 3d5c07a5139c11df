"""A PostgreSQL connection that waits for no answer for ever.

The server ends by itself what takes too long, but not where it is frozen, where a commit waits for a standby
that is gone, or where the network swallows what it says.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg import Connection

from quizapp.store.postgres.address import STATEMENT_SECONDS
from quizapp.store.sql.rows import Row

LONGEST_SECONDS = STATEMENT_SECONDS + 2.0
_NOTHING = 0

Answer = TypeVar("Answer")


class Silence(psycopg.OperationalError):
    """The server has not answered for too long; whether it did what it was told, nobody knows."""


class ImpatientConnection(Connection[Row]):
    """Closed, with ``Silence`` raised, once an answer takes longer than ``LONGEST_SECONDS``."""

    def wait(self, gen: Generator[Any, Any, Answer], *given: Any, **named: Any) -> Answer:
        """What the exchange with the server comes to."""
        try:
            return super().wait(_until(time.monotonic() + LONGEST_SECONDS, gen), *given, **named)
        except Silence:
            # In the midst of an exchange: nothing can be asked on it any more.
            self.close()
            raise


def _until(deadline: float, exchange: Generator[Any, Any, Answer]) -> Generator[Any, Any, Answer]:
    """The same exchange, broken off if nothing has been heard by the deadline."""
    try:
        wanted = next(exchange)
        while True:
            heard = yield wanted
            if heard == _NOTHING and time.monotonic() > deadline:
                raise Silence("the server does not answer")
            wanted = exchange.send(heard)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
