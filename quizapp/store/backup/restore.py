"""Restoring a backup: all of it or nothing, into a place that is empty, or beside what was there.

What comes back is brought to the newest schema. Editors' sessions do not come back: one that was ended since
would hold again.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.errors import Conflict, Invalid, Problem, Unavailable, Where
from quizapp.store import copying
from quizapp.store.addresses import open_tables, sqlite_path
from quizapp.store.backup.file import (
    Contents,
    Progress,
    contents,
    copy_file,
    new_private_file,
    sync,
    unseal,
    workplace,
)
from quizapp.store.backup.sound_rows import IsBank
from quizapp.store.sql.tables import TABLES
from quizapp.store.sqlite.connection import at_rest, connected
from quizapp.store.sqlite.faults import told_as_unavailable
from quizapp.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from quizapp.store.postgres.store import PostgresStore

_ENDED = ("editor_sessions", "setup_offers")
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True)
class Restored:
    """What the file held, what is in the store now, and where the store that was there before is kept."""

    backup: Contents
    now: Contents
    kept: Path | None


def restore(
    file: Path, address: str, replace: bool, progress: Progress, is_bank: IsBank | None = None
) -> Restored:
    """Put what a backup holds into the store at that address.

    ``is_bank`` tells of each revision whether it is the bank that its name says; without it none is asked.
    Raises ``Invalid`` for a file that cannot be used, ``Conflict`` where the store holds something and is not
    to be replaced, ``Unavailable`` where it is in use or does not answer. Nothing has changed then; only into
    PostgreSQL rows go some at a time, and what was broken off goes on when restored again.
    """
    held = contents(file, is_bank=is_bank)
    target = sqlite_path(address)
    if target is not None:
        if target.exists() and target.samefile(file):
            raise _refused("it is the database itself", "name a backup of it")
        return _into_file(file, held, target.absolute(), replace, progress)
    if replace:
        raise _refused(
            "a database in PostgreSQL is not replaced", "make an empty one, restore into it, and change over"
        )
    return _into_server(file, held, address, progress)


def _into_file(file: Path, held: Contents, target: Path, replace: bool, progress: Progress) -> Restored:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _kept_by(target, replace)
    with workplace(target.parent) as folder:
        now = _made_ready(file, folder / "database", progress)
        # Copying took a while: somebody may have started a server on it.
        kept = _put_aside(target) if _kept_by(target, replace) else None
        for ending in _BESIDE:
            Path(f"{target}{ending}").unlink(missing_ok=True)
        os.replace(folder / "database", target)
        sync(target.parent)
    return Restored(held, now, kept)


def _into_server(file: Path, held: Contents, address: str, progress: Progress) -> Restored:
    with tempfile.TemporaryDirectory(prefix="quizapp-") as folder:
        made = Path(folder) / "database"
        now = _made_ready(file, made, lambda done, total: None)
        with _opened(str(made)) as ours, _opened(address) as theirs:
            total, done = copying.steps(ours.transactions), 0

            def step(count: int) -> None:
                nonlocal done
                done += count
                progress(min(done, total), total)

            copying.copy(ours.transactions, theirs.transactions, theirs.fitting, step)
    return Restored(held, now, None)


@contextmanager
def _opened(address: str) -> Iterator[SqliteStore | PostgresStore]:
    store = open_tables(address)
    try:
        yield store
    finally:
        store.close()


def _made_ready(file: Path, made: Path, progress: Progress) -> Contents:
    """Copy a backup to where nobody looks yet and bring it to the newest schema; what it holds then."""
    new_private_file(made)
    with told_as_unavailable(), at_rest(file) as still:
        copy_file(still, made, progress)
    unseal(made)
    store = SqliteStore(made)
    try:
        with store.transactions.write() as db:
            for table in _ENDED:
                db.execute(f"DELETE FROM {table}")  # noqa: S608
    finally:
        store.close()
    if os.name == "posix" and os.geteuid() == 0:
        # Restored by root for a service that is not: it must be able to open it.
        owner = made.parent.parent.stat()
        os.chown(made, owner.st_uid, owner.st_gid)
    sync(made)
    return contents(made, look_at_rows=False)


def _kept_by(target: Path, replace: bool) -> bool:
    """Whether there is a database that must be kept.

    ``Unavailable`` if somebody has it open, ``Conflict`` if it must not be replaced either.
    """
    holds = _held_alone(target) if target.exists() else ""
    if holds and not replace:
        raise Conflict(f"{target} {holds}; with --replace it is kept beside, under another name")
    return bool(holds)


def _held_alone(target: Path) -> str:
    """What is in a database that nobody else has open, in words; empty if that is nothing.

    The write-ahead log is written back on the way, so that the file is all there is.
    """
    try:
        with closing(connected(target, "rw", 1)) as db:
            # Whoever has it open, even without reading just now, holds a lock that this asks for.
            db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
            db.execute("BEGIN EXCLUSIVE")
            there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            tables = [table.name for table in TABLES if table.name in there]
            full = [name for name in tables if db.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()]  # noqa: S608
            db.execute("COMMIT")
            foreign = (
                there - {table.name for table in TABLES} - {"turns", "_sqlite_migrations", "sqlite_sequence"}
            )
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unavailable(f"{target} is in use: stop every server first") from error
        return f"cannot be read ({error})"
    except sqlite3.DatabaseError as error:
        return f"cannot be read ({error})"
    return f"holds {', '.join(full or sorted(foreign))}" if full or foreign else ""


def _put_aside(target: Path) -> Path:
    """Give the database that is there another name; at no moment is there none under its own."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    kept = target.with_name(f"{target.name}.before-restore-{moment}")
    # What a crash has left; a log without its database would be read into the next. Its index is made anew.
    with suppress(FileNotFoundError):
        os.replace(f"{target}-wal", f"{kept}-wal")
    Path(f"{target}-shm").unlink(missing_ok=True)
    try:
        os.link(target, kept)
    except OSError:
        os.replace(target, kept)
    return kept


def _refused(what: str, fix: str) -> Invalid:
    why = "what is there could not be kept"
    return Invalid([Problem(Where("FILE"), "bad_restore", what, why, fix)])
