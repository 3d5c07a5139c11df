"""Which schema a database has, found out without changing it; opening a store brings it to the newest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from quizapp.errors import Unavailable
from quizapp.setting_kinds import POSTGRES
from quizapp.store.addresses import sqlite_path
from quizapp.store.sqlite import migrations
from quizapp.store.sqlite.connection import connected
from quizapp.store.sqlite.faults import told_as_unavailable

# Neither a view nor a virtual table has a page of its own.
_LIST = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations' AND type = 'table' AND rootpage > 0"
_STEPS = "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'quizapp'"


def schema_found(address: str) -> int:
    """How many migrations the database has had; 0 where there is none yet, or no table of ours.

    Raises ``Unavailable`` if it does not answer.
    """
    path = sqlite_path(address)
    if path is None:
        return _schema_of_server(address)
    if not path.exists():
        return 0
    with told_as_unavailable(), closing(opened_to_read(path)) as db:
        return schema_of_file(db)


def newest_schema(address: str) -> int:
    """The schema that this quizapp writes in databases of that kind."""
    if not address.startswith(POSTGRES):
        return migrations.NEWEST
    from quizapp.store.postgres import migrations as postgres_migrations

    return postgres_migrations.NEWEST


def schema_of_file(db: sqlite3.Connection) -> int:
    """How many migrations of ours an open SQLite file has had."""
    known = db.execute(_LIST).fetchone()
    return int(db.execute(_STEPS).fetchone()[0]) if known else 0


def opened_to_read(path: Path) -> sqlite3.Connection:
    """A connection to an SQLite file that cannot write; transactions are the caller's."""
    return connected(path, "ro")


def _schema_of_server(address: str) -> int:
    try:
        from quizapp.store.postgres import migrations as postgres_migrations
        from quizapp.store.postgres.server import PostgresServer
    except ImportError as error:
        raise Unavailable("PostgreSQL needs the package psycopg: pip install 'quizapp[postgres]'") from error
    with PostgresServer(address).connected() as connection:
        return postgres_migrations.schema_version(connection)
