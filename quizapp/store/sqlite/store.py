"""The store in one SQLite file, for one machine: how it is opened, and what only a file needs."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from quizapp.store.records import Rate, ResultDraft
from quizapp.store.sql import results
from quizapp.store.sql.store import SqlStore
from quizapp.store.sqlite import limits, migrations
from quizapp.store.sqlite.file import BUSY_SECONDS, SqliteFile
from quizapp.store.timestamps import Clock, utc_now


class SqliteStore(SqlStore):
    """``Store`` on SQLite; see the protocol for what each operation promises."""

    def __init__(self, path: Path, clock: Clock = utc_now, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, make it if there is none, and bring it to the newest schema.

        Safe from any number of processes at once. Raises ``Unavailable`` if it cannot be opened, or if
        a newer version has written it.
        """
        self._file = SqliteFile(path, busy_seconds)
        self._closed = threading.Event()
        super().__init__(self._file, clock)
        try:
            with self._file.write() as db:
                migrations.migrate(db)
        except BaseException:
            self._file.close()
            raise

    def save_result(self, draft: ResultDraft, idempotency_key: str) -> str:
        """The token of the one row that this owner and key stand for."""
        # Worked out before the file is locked, and one statement: whoever waits, waits for little.
        row = results.row_of(draft, idempotency_key, self._clock())
        try:
            with self._file.write() as db:
                if db.execute(results.SAVE, row).rowcount:
                    return str(row["token"])
                [kept] = db.query(results.KEPT, [row["submission"]])
                return str(kept["token"])
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
                raise results.never_published(draft.revision) from None
            raise

    def take_turn(self, *rates: Rate) -> float:
        """0.0 and a turn taken of each, or the seconds to wait."""
        with self._file.read() as db:
            left = limits.wait(db, rates, self._clock())
        if left:
            # Whoever hammers at a door must not keep those inside from writing.
            return left
        with self._file.write() as db:
            return limits.take(db, rates, self._clock())

    def delete_result(self, token: str, owner_key: str) -> None:
        """Remove the result, from the pages of the file and from the write-ahead log."""
        super().delete_result(token, owner_key)
        self._file.scrub()

    def expire(self, now: datetime) -> int:
        """Remove what has run out at ``now``, from the write-ahead log too; how many in all."""
        total = super().expire(now)
        if total:
            self._file.scrub()
        return total

    def wait_for_publication(self, seconds: float) -> bool:
        """False when the time is over or the store is closed: a file tells nobody that it was written."""
        self._closed.wait(seconds)
        return False

    @staticmethod
    def fitting(value: Any) -> Any:
        """The value as this engine keeps it: SQLite keeps every one."""
        return value

    def ping(self) -> None:
        """Nothing, if the file can be read."""
        with self._file.read() as db:
            db.execute("SELECT 1 FROM results LIMIT 1").fetchall()

    def pressure(self) -> None:
        """None: a file has no connections that threads wait for."""
        return

    def schema_version(self) -> int:
        """The number of the last migration."""
        with self._file.read() as db:
            return migrations.schema_version(db)

    def close(self) -> None:
        """Close every connection; the write-ahead log is written back."""
        self._closed.set()
        self._file.close()
