"""Backing up: one file of all that a store keeps at one moment, while it goes on being written.

Whatever engine the store sits on, the backup is an SQLite file; from SQLite page by page, from PostgreSQL row by
row out of one snapshot. It stands under its name only when it is whole, checked and on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from quizapp.errors import Conflict, Unavailable
from quizapp.store import copying
from quizapp.store.addresses import sqlite_path
from quizapp.store.backup.file import (
    Contents,
    Progress,
    copy_file,
    may_be_replaced,
    new_private_file,
    seal,
    sync,
    workplace,
)
from quizapp.store.schema_state import opened_to_read
from quizapp.store.sqlite.faults import told_as_unavailable
from quizapp.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from psycopg import Connection

    from quizapp.store.postgres.rows import PostgresRows
    from quizapp.store.sql.rows import Row


def back_up(address: str, file: Path, progress: Progress) -> Contents:
    """Write a backup of the store at that address; what it holds, and what in it would not be restored.

    An earlier backup of that name is replaced in one step, anything else that has the name is left:
    ``Conflict``. Raises ``Unavailable`` where the store does not answer, the disk is full or the database is
    damaged; no half of a backup stays behind then.
    """
    if not may_be_replaced(file):
        raise Conflict(f"{file} is there and is no backup: name another file")
    file = file.absolute()
    file.parent.mkdir(parents=True, exist_ok=True)
    with workplace(file.parent) as folder:
        made = folder / "backup"
        new_private_file(made)
        source = sqlite_path(address)
        if source is None:
            _copy_server(address, made, progress)
        else:
            _copy_sqlite(source, made, progress)
        held = seal(made)
        os.replace(made, file)
        sync(file.parent)
    return held


def _copy_sqlite(source: Path, made: Path, progress: Progress) -> None:
    if not source.is_file():
        raise Unavailable(f"there is no database at {source} yet")
    with told_as_unavailable(), closing(opened_to_read(source)) as live:
        copy_file(live, made, progress)


def _copy_server(address: str, made: Path, progress: Progress) -> None:
    try:
        from quizapp.store.postgres.server import PostgresServer
    except ImportError as error:
        raise Unavailable("PostgreSQL needs the package psycopg: pip install 'quizapp[postgres]'") from error
    store = SqliteStore(made)
    try:
        with PostgresServer(address).connected() as connection, _snapshot(connection) as still:
            total, done = copying.steps(still), 0

            def step(count: int) -> None:
                nonlocal done
                done += count
                progress(min(done, total), total)

            copying.copy(still, store.transactions, store.fitting, step)
    finally:
        store.close()


class _Snapshot:
    """One transaction of PostgreSQL, in which nothing changes any more; nobody writes into it."""

    def __init__(self, connection: Connection[Row]) -> None:
        from quizapp.store.postgres.rows import PostgresRows

        self._rows = PostgresRows(connection)

    @contextmanager
    def read(self) -> Iterator[PostgresRows]:
        """The same moment, whenever asked."""
        yield self._rows

    def write(self, *alone: str) -> NoReturn:
        """Never: a backup only reads."""
        raise RuntimeError("a snapshot cannot be written")


@contextmanager
def _snapshot(connection: Connection[Row]) -> Iterator[_Snapshot]:
    from psycopg import IsolationLevel

    from quizapp.store.postgres import migrations

    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with connection.transaction():
        connection.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        )
        found = migrations.schema_version(connection)
        if found != migrations.NEWEST:
            raise Unavailable(
                f"the database has schema {found} and this quizapp knows {migrations.NEWEST}: "
                "back it up with the quizapp that wrote it, or with pg_dump"
            )
        yield _Snapshot(connection)
