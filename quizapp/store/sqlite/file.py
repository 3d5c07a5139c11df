"""The connections to one SQLite file: a single one that writes, a pool that can only read.

Guarantees: WAL with ``synchronous=FULL``, so that a commit that has returned survives kill -9 and, on a
disk that honours fsync, power loss; foreign keys on; every write begins ``IMMEDIATE``; writing and
checkpointing happen on one connection; deleted rows are overwritten with zeros.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from quizapp.errors import Unavailable
from quizapp.store.sqlite.connection import Mode, connected
from quizapp.store.sqlite.fair_lock import FairLock
from quizapp.store.sqlite.faults import somebody_elses, told_as_unavailable
from quizapp.store.sqlite.file_lock import locked_across_processes

BUSY_SECONDS = 5.0
_IDLE_READERS = 16
_ON_EVERY_CONNECTION = ("PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY")
_ON_THE_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS keeps fsync's promise only so; elsewhere it does nothing
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",
)


class SqliteFile:
    """A database file that is open. Connections must not cross a fork: open it in each process."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, made with mode 600 (its folder too) where there is none."""
        self._path = path
        self._lock_path = path.with_name(path.name + "-lock")
        self._seconds = busy_seconds
        self._writing = FairLock()
        self._writer: Database | None = None
        self._pooling = threading.Lock()
        self._idle: list[Database] = []
        self._closed = False
        _make_private(path)

    @contextmanager
    def write(self, *alone: str) -> Iterator[Database]:
        """A transaction that began ``IMMEDIATE``: committed when the block ends, undone when it raises.

        There is one writer at a time, whatever it must be alone with.
        """
        with told_as_unavailable(self._path), self._alone():
            writer = self._open_writer()
            try:
                writer.execute("BEGIN IMMEDIATE")
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                self._undo(writer)
                raise

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A connection that cannot write. Fetch every row inside the block."""
        with told_as_unavailable(self._path):
            reader = self._take_reader()
            try:
                yield reader
            except sqlite3.Error:
                reader.close()
                raise
            except BaseException:
                self._give_back(reader)
                raise
            self._give_back(reader)

    def scrub(self) -> None:
        """Empty the write-ahead log, where deleted rows still stand until it is written over.

        If a reader is in the way the log is emptied by a later write instead; nothing is raised.
        """
        with told_as_unavailable(self._path), self._alone():
            writer = self._open_writer()
            # Waiting here would make everybody else who writes wait for a backup that reads.
            writer.execute("PRAGMA busy_timeout = 0").fetchall()
            try:
                writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                writer.execute(f"PRAGMA busy_timeout = {int(self._seconds * 1000)}").fetchall()

    def close(self) -> None:
        """Close every connection, the writer last: it alone may write the log back."""
        with self._pooling:
            self._closed = True
            readers, self._idle = self._idle, []
        for reader in readers:
            reader.close()
        with self._writing.held(self._seconds), locked_across_processes(self._lock_path, self._seconds):
            if self._writer:
                self._writer.close()
                self._writer = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else writes, in this process or another."""
        with self._writing.held(self._seconds):
            self._refuse_if_closed()
            with locked_across_processes(self._lock_path, self._seconds):
                yield

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise Unavailable("the database has been closed")

    def _open_writer(self) -> Database:
        if self._writer is None:
            self._writer = self._connect("rw", *_ON_THE_WRITER)
        return self._writer

    def _undo(self, writer: Database) -> None:
        """Roll back; a connection that cannot even do that is thrown away, and the next write opens anew."""
        try:
            writer.rollback()
        except sqlite3.Error:
            writer.close()
            self._writer = None

    def _take_reader(self) -> Database:
        with self._pooling:
            self._refuse_if_closed()
            if self._idle:
                return self._idle.pop()
        return self._connect("ro")

    def _give_back(self, reader: Database) -> None:
        with self._pooling:
            if not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(reader)
                return
        reader.close()

    def _connect(self, mode: Mode, *pragmas: str) -> Database:
        connection = connected(self._path, mode, self._seconds, any_thread=True)
        try:
            for pragma in (*_ON_EVERY_CONNECTION, *pragmas):
                connection.execute(pragma).fetchall()
        except BaseException:
            connection.close()
            raise
        return Database(connection, recursive_triggers=False, execute_plugins=False)


def _make_private(path: Path) -> None:
    """Make an empty file that only its owner reads; one that is there is left alone.

    An existing file is not even opened: closing any handle to it would drop the locks that other
    connections of this process hold on it (POSIX).
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise Unavailable(
            f"the database cannot be made at {path}: {error.strerror}{somebody_elses(path)}"
        ) from error
