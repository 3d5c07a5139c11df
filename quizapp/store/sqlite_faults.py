"""What SQLite's error codes mean to a caller: worth another try, or a bug of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.errors import Unavailable

_CAUSES = {
    sqlite3.SQLITE_BUSY: "it is busy",
    sqlite3.SQLITE_LOCKED: "it is busy",
    sqlite3.SQLITE_PROTOCOL: "it is busy",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk does not read or write",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "the file is no database",
}


@contextmanager
def told_as_unavailable() -> Iterator[None]:
    """Turn what the machine did wrong into ``Unavailable``; what the program did wrong passes through."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind of error, the rest its finer shade.
        cause = _CAUSES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if cause is None:
            raise
        raise Unavailable(f"the database cannot be used just now: {cause}") from error
