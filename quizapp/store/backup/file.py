"""What a backup is: one SQLite file of its own, checked, that nobody else may read; knows no store.

It is marked as a backup in its header, so that a new backup takes the place of an old one and of nothing else.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from quizapp.errors import Invalid, Problem, Unavailable, Where
from quizapp.store.backup.seal import is_unbroken, write_seal
from quizapp.store.backup.sound_rows import IsBank, unsound_rows
from quizapp.store.schema_state import opened_to_read
from quizapp.store.sql.tables import TABLES
from quizapp.store.sqlite.connection import at_rest, connected
from quizapp.store.sqlite.faults import told_as_unavailable
from quizapp.store.sqlite.migrations import NEWEST
from quizapp.store.sqlite.own_schema import foreign_parts, schema_said

# So many steps of all have been done.
Progress = Callable[[int, int], None]

_MARK = 0x515A424B  # "QZBK", as ``file`` shows it
_PAGES = 2_000
CHANGED = (
    "it is not as quizapp backup has written it (whoever changed it on purpose says so by "
    "sqlite3 FILE 'PRAGMA user_version = 0')"
)


@dataclass(frozen=True)
class Contents:
    """The schema of a file, and the rows of every table that this schema has.

    ``foreign`` tells in words what is in it besides; a file with any of it is not restored.
    """

    schema: int
    rows: dict[str, int]
    foreign: tuple[str, ...] = ()


def contents(path: Path, *, look_at_rows: bool = True, is_bank: IsBank | None = None) -> Contents:
    """What a file holds. ``Invalid`` unless it is a whole database of ours, of a schema that is known.

    Views, triggers and whatever else our migrations do not make are refused before anything of the file is
    run, and so are rows that could not be read afterwards, and revisions of which ``is_bank`` says no: each is
    told. Nothing is left beside the file.
    """
    if not path.is_file():
        raise _unfit(
            path, "no_backup", "there is no such file", "name a file that quizapp backup has written"
        )
    try:
        with at_rest(path) as db:
            schema = _schema_that_is_ours(db, path)
            if fault := fault_of(db):
                raise _damaged(path, fault)
            if look_at_rows and (wrong := unsound_rows(db, str(path), is_bank)):
                raise Invalid(wrong)
            if is_marked(db) and not is_unbroken(path):
                raise _damaged(path, CHANGED)
            return Contents(schema, _rows(db))
    except sqlite3.OperationalError as error:
        raise _unfit(
            path, "unread_backup", f"it cannot be read: {error}", "look at its permissions"
        ) from error
    except sqlite3.Error as error:
        raise _damaged(path, str(error)) from error


def _schema_that_is_ours(db: sqlite3.Connection, path: Path) -> int:
    schema = schema_said(db)
    if not schema:
        raise _unfit(path, "no_backup", "it is not a database of quizapp", "name another file")
    if schema > NEWEST:
        what = f"a newer quizapp wrote it: it has schema {schema}, and this one knows {NEWEST}"
        raise _unfit(path, "newer_backup", what, "upgrade quizapp first")
    if foreign := foreign_parts(db, schema):
        why = "it could change or hide what is restored"
        fix = "take another backup, or remove it from a copy of this one with sqlite3"
        raise Invalid([Problem(Where(str(path)), "foreign_schema", one, why, fix) for one in foreign])
    return schema


def fault_of(db: sqlite3.Connection) -> str:
    """The first thing that is wrong with a database as a whole; empty if it is sound."""
    found = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        return found.splitlines()[0]
    if lost := db.execute("PRAGMA foreign_key_check").fetchone():
        return f"a row of {lost[0]} refers to none of {lost[2]}"
    return ""


def copy_file(live: sqlite3.Connection, target: Path, progress: Progress) -> None:
    """Copy a database page by page as it is at this moment, however much is written meanwhile.

    The writers go on: what holds the moment still is one open transaction that reads.
    """
    with closing(connected(target, "rw")) as copy:
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(copy, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))


def seal(path: Path) -> Contents:
    """Make a database one single file that is marked, checked and on the disk; what it holds.

    Raises ``Unavailable`` if it is damaged.
    """
    with told_as_unavailable(), closing(connected(path, "rw")) as db:
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
        db.execute(f"PRAGMA application_id = {_MARK}")
        db.execute("PRAGMA user_version = 0")
        if fault := fault_of(db):
            raise Unavailable(f"the database is damaged, and so is every copy of it: {fault}")
        schema = schema_said(db)
        foreign = foreign_parts(db, schema) if 0 < schema <= NEWEST else []
        held = Contents(schema, _rows(db), tuple(foreign))
    write_seal(path)
    sync(path)
    return held


def unseal(path: Path) -> None:
    """Make a copied backup an ordinary database again: no later backup shall take its place."""
    with told_as_unavailable(), closing(connected(path, "rw")) as db:
        db.execute("PRAGMA application_id = 0")
        db.execute("PRAGMA user_version = 0")


def is_marked(db: sqlite3.Connection) -> bool:
    """Whether a file is a backup, and not a database in use."""
    return bool(db.execute("PRAGMA application_id").fetchone()[0] == _MARK)


def may_be_replaced(path: Path) -> bool:
    """Whether nothing is lost when a backup is put there: there is no file, or an earlier backup."""
    if not path.exists():
        return True
    try:
        with closing(opened_to_read(path)) as db:
            return is_marked(db)
    except sqlite3.Error:
        return False


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A private folder inside another, on the same disk; removed in the end with all that is in it."""
    try:
        place = Path(tempfile.mkdtemp(prefix=".quizapp-", dir=folder))
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {error.strerror}") from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def new_private_file(path: Path) -> None:
    """Make an empty file that only its owner reads."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def sync(path: Path) -> None:
    """Return once a file, or the names within a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rows(db: sqlite3.Connection) -> dict[str, int]:
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table.name: int(db.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])  # noqa: S608
        for table in TABLES
        if table.name in there
    }


def _damaged(path: Path, fault: str) -> Invalid:
    return _unfit(path, "damaged_backup", f"it is damaged: {fault}", "take an older backup")


def _unfit(path: Path, code: str, what: str, fix: str) -> Invalid:
    return Invalid([Problem(Where(str(path)), code, what, "nothing can be restored from it", fix)])
