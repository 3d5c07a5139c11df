"""The store in a PostgreSQL database, for many workers: how it is opened, and what it does in its own way."""

from __future__ import annotations

from typing import Any

from quizapp.store.postgres import limits, migrations, notices, results
from quizapp.store.postgres.rows import storable
from quizapp.store.postgres.server import CONNECTIONS, WAIT_SECONDS, PostgresServer
from quizapp.store.records import Pressure, Publication, Rate, ResultDraft, RevisionDraft
from quizapp.store.sql import revisions
from quizapp.store.sql.store import HISTORY, SqlStore
from quizapp.store.timestamps import Clock, utc_now


class PostgresStore(SqlStore):
    """``Store`` on PostgreSQL; see the protocol for what each operation promises."""

    def __init__(
        self,
        address: str,
        clock: Clock = utc_now,
        connections: int = CONNECTIONS,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Connect to ``postgresql://…`` and bring the database to the newest schema.

        Safe from any number of processes at once. Raises ``Unavailable`` if no server answers, or if a
        newer version has written the database.
        """
        self._server = PostgresServer(address, connections, wait_seconds)
        self._notices = notices.PublicationNotices(self._server.connected)
        super().__init__(self._server, clock)
        with self._server.connected() as connection:
            migrations.migrate(connection)
        self._server.open()

    def save_result(self, draft: ResultDraft, idempotency_key: str) -> str:
        """The token of the one row that this owner and key stand for."""
        with self._server.read() as db:
            return results.save(db, draft, idempotency_key, self._clock())

    def take_turn(self, *rates: Rate) -> float:
        """0.0 and a turn taken of each, or the seconds to wait."""
        with self._server.read() as db:
            return limits.take(db, rates, self._clock())

    def publish(self, draft: RevisionDraft) -> Publication:
        """The line of history that makes the draft live, or ``Conflict``; every worker hears of it."""
        with self._server.write(HISTORY) as db:
            line = revisions.publish(db, draft, self._clock())
            notices.tell(db, draft.bank)
            return line

    def wait_for_publication(self, seconds: float) -> bool:
        """True as soon as something may have been published, False when the time is over."""
        return self._notices.wait(seconds)

    @staticmethod
    def fitting(value: Any) -> Any:
        """The value as this engine keeps it."""
        return storable(value)

    def ping(self) -> None:
        """Nothing, if the server answers."""
        with self._server.read() as db:
            db.query("SELECT 1 FROM results LIMIT 1")

    def pressure(self) -> Pressure:
        """How much is asked of the connections; asks no server."""
        return self._server.pressure()

    def schema_version(self) -> int:
        """The number of the last migration."""
        with self._server.read() as db:
            [row] = db.query("SELECT max(number) AS newest FROM schema_steps")
        return int(row["newest"])

    def close(self) -> None:
        """Close every connection."""
        self._notices.close()
        self._server.close()
