"""One lock over all processes that write the same SQLite file; knows nothing of what they write.

SQLite's own lock is polled with growing pauses, which starves writers, and up to version 3.51.2 two
connections that write and checkpoint at the same instant may corrupt a database in WAL mode. Taking
this lock around every write rules the second out and makes the first rare.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quizapp.errors import Unavailable
from quizapp.store.sqlite.faults import somebody_elses

_PAUSE = 0.0005


@contextmanager
def locked_across_processes(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock for the block; raises ``Unavailable`` if others keep it for so many seconds.

    The lock dies with its process. Where the system has no ``flock`` (Windows) it does nothing, and
    SQLite's own lock is what remains.
    """
    if sys.platform == "win32":
        yield
        return
    handle = _open(path)
    try:
        _wait_for(handle, seconds)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable(f"{path} cannot be opened: {error.strerror}{somebody_elses(path)}") from error


def _wait_for(handle: int, seconds: float) -> None:
    import fcntl

    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Unavailable("the database is busy: another process keeps writing") from None
            time.sleep(_PAUSE)
        else:
            return


def serving_lock(database: Path) -> Path:
    """The lock that whoever serves from a database file holds."""
    return database.with_name(database.name + "-serving")


def hold_while_alive(path: Path) -> bool:
    """Hold that lock until this process and those that it starts have ended; False where others hold it.

    True, too, where the system has no such lock, or the file cannot be made.
    """
    if sys.platform == "win32":
        return True
    try:
        handle = _open(path)
    except Unavailable:
        return True
    if _is_free(handle):
        return True
    os.close(handle)
    return False


def is_held(path: Path) -> bool:
    """Whether somebody holds that lock just now."""
    if sys.platform == "win32" or not path.exists():
        return False
    handle = _open(path)
    try:
        return not _is_free(handle)
    finally:
        os.close(handle)


def _is_free(handle: int) -> bool:
    """Whether nobody else held it; this handle does from now on."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
