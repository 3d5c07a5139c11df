"""What SQLite's error codes mean to a caller: worth another try, or a bug of ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
_FORBIDDEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)
_BESIDE = ("-wal", "-shm", "-lock")


@contextmanager
def told_as_unavailable(path: Path | None = None) -> Iterator[None]:
    """Turn what the machine did wrong into ``Unavailable``; what the program did wrong passes through.

    Where the database ``path`` is somebody else's, that is told, too.
    """
    try:
        yield
    except sqlite3.Error as error:
        cause = cause_of(error)
        if cause is None:
            raise
        whose = somebody_elses(path) if error.sqlite_errorcode & 0xFF in _FORBIDDEN else ""
        raise Unavailable(f"the database cannot be used just now: {cause}{whose}") from error


def cause_of(error: sqlite3.Error) -> str | None:
    """What the machine did wrong, in words; None for what the program did wrong."""
    # The low byte is the kind of error, the rest its finer shade.
    return _CAUSES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def somebody_elses(path: Path | None) -> str:
    """Which of a database's files or folder belongs to somebody else, as a clause; empty where none does.

    So it is after a command was run by root for a service that is not.
    """
    if path is None or os.name != "posix" or not os.geteuid():
        return ""
    for one in (path, *(Path(f"{path}{ending}") for ending in _BESIDE), path.parent):
        try:
            if (owner := one.stat().st_uid) != os.geteuid():
                return f" ({one} belongs to {_name(owner)}, this runs as {_name(os.geteuid())})"
        except OSError:
            continue
    return ""


def _name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
