"""How every connection to an SQLite file is opened: nothing that its schema says is trusted; knows no table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from quizapp.errors import Conflict

Mode = Literal["ro", "rw"]


def connected(
    path: Path, mode: Mode, seconds: float = 5.0, *, any_thread: bool = False, still: bool = False
) -> sqlite3.Connection:
    """A connection to a file that is there; transactions are the caller's.

    What a view, a trigger or a default of the file calls can touch nothing outside it. ``still`` promises
    that nobody writes it meanwhile: then nothing is locked and nothing is left beside the file.
    """
    address = f"file:{quote(str(path.resolve()))}?mode={mode}{'&immutable=1' * still}"
    connection = sqlite3.connect(
        address, uri=True, timeout=seconds, isolation_level=None, check_same_thread=not any_thread
    )
    try:
        connection.execute("PRAGMA trusted_schema = OFF").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def at_rest(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file that nobody has open; it only reads and leaves no trace beside the file.

    ``Conflict`` in the end if somebody wrote or opened it meanwhile: what was read may be torn then.
    """
    if _logs(path):
        # It is in use, or was left by a crash: what was written last stands there.
        with closing(connected(path, "ro")) as db:
            yield db
        return
    before = _stamp(path)
    with closing(connected(path, "ro", still=True)) as db:
        yield db
    if _logs(path) or _stamp(path) != before:
        raise Conflict(f"somebody wrote {path} meanwhile: stop every server and try again")


def _logs(path: Path) -> bool:
    file = path.resolve()
    return any(file.with_name(file.name + ending).exists() for ending in ("-wal", "-journal"))


def _stamp(path: Path) -> tuple[int, ...]:
    now = path.stat()
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns
