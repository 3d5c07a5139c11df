"""The store in one SQLite file, for one machine; says which operation needs which transaction.

What editors need stands in ``sqlite_editing``, which knows the same file.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from quizapp.store import migrations
from quizapp.store import sqlite_results as results
from quizapp.store import sqlite_revisions as revisions
from quizapp.store.records import InStep, Publication, Result, ResultDraft, Revision, RevisionDraft
from quizapp.store.sqlite_editing import SqliteEditing
from quizapp.store.sqlite_file import BUSY_SECONDS, SqliteFile
from quizapp.store.timestamps import Clock, utc_now


class SqliteStore(SqliteEditing):
    """``Store`` on SQLite; see the protocol for what each operation promises."""

    def __init__(self, path: Path, clock: Clock = utc_now, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, make it if there is none, and bring it to the newest schema.

        Safe from any number of processes at once. Raises ``Unavailable`` if it cannot be opened, or if
        a newer version has written it.
        """
        super().__init__(SqliteFile(path, busy_seconds), clock)
        try:
            with self._file.write() as db:
                migrations.migrate(db)
        except BaseException:
            self._file.close()
            raise

    def save_result(self, draft: ResultDraft, idempotency_key: str) -> str:
        """The token of the one row that this owner and key stand for."""
        with self._file.write() as db:
            return results.save(db, draft, idempotency_key, self._clock())

    def result(self, token: str) -> Result:
        """The result, or ``NotFound``."""
        with self._file.read() as db:
            return results.find(db, token, self._clock())

    def owns_result(self, token: str, owner_key: str) -> bool:
        """Whether this key made that result."""
        with self._file.read() as db:
            return results.owns(db, token, owner_key, self._clock())

    def show_answers(self, token: str, owner_key: str, shown: tuple[str, ...] | None) -> None:
        """Let the link show these answers only, None for all."""
        with self._file.write() as db:
            results.show(db, token, owner_key, shown, self._clock())

    def delete_result(self, token: str, owner_key: str) -> None:
        """Remove the result, from the pages of the file and from the write-ahead log."""
        with self._file.write() as db:
            results.delete(db, token, owner_key, self._clock())
        self._file.scrub()

    def expire(self, now: datetime) -> int:
        """Remove what has run out at ``now``, a thousand to a transaction; how many in all."""
        total = 0
        while removed := self._expire_some(now):
            total += removed
        if total:
            self._file.scrub()
        return total

    def _expire_some(self, now: datetime) -> int:
        with self._file.write() as db:
            return results.expire_some(db, now)

    def saved_since(self, moment: datetime) -> dict[str, int]:
        """How many results made since then are kept, per bank."""
        with self._file.read() as db:
            return results.saved_since(db, moment, self._clock())

    def publish(self, draft: RevisionDraft) -> Publication:
        """The line of history that makes the draft live, or ``Conflict``."""
        with self._file.write() as db:
            return revisions.publish(db, draft, self._clock())

    def revision(self, revision: str) -> Revision:
        """That revision, or ``NotFound``."""
        with self._file.read() as db:
            return revisions.find(db, revision)

    def cases_of(self, number: int) -> str | None:
        """The cases that were published in that line, or ``NotFound``."""
        with self._file.read() as db:
            return revisions.cases_of(db, number)

    def newest(self, bank: str) -> Publication:
        """The live publication, or ``NotFound``."""
        with self._file.read() as db:
            return revisions.newest(db, bank)

    def history(self, bank: str) -> tuple[Publication, ...]:
        """Every publication of the bank, newest first."""
        with self._file.read() as db:
            return revisions.history(db, bank)

    def heads(self) -> dict[str, Publication]:
        """The newest publication of every bank."""
        with self._file.read() as db:
            return revisions.heads(db)

    def in_step(self, place: str, bank: str) -> InStep | None:
        """What the file in that folder last agreed with."""
        with self._file.read() as db:
            return revisions.in_step(db, place, bank)

    def mark_in_step(self, step: InStep) -> None:
        """Remember that file and revision agree."""
        with self._file.write() as db:
            revisions.mark_in_step(db, step)

    def ping(self) -> None:
        """Nothing, if the file can be read."""
        with self._file.read() as db:
            db.execute("SELECT 1 FROM results LIMIT 1").fetchall()

    def schema_version(self) -> int:
        """The number of the last migration."""
        with self._file.read() as db:
            return migrations.schema_version(db)

    def close(self) -> None:
        """Close every connection; the write-ahead log is written back."""
        self._file.close()
