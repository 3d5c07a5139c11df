"""The tables of the PostgreSQL store: numbered files of SQL in ``steps``, never edited once released.

Only these files make tables. A step has the number of the SQLite step that does the same.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from psycopg import Connection, Error
from psycopg.errors import UndefinedTable

from quizapp.errors import Unusable
from quizapp.store.postgres.faults import cause_of
from quizapp.store.schema_steps import step_failed
from quizapp.store.sql.rows import Row

# Any number will do, so long as all versions of quizapp use the same.
_LOCK = 7_168_226_015
_LONGEST = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10min'"
_DONE = """
    CREATE TABLE IF NOT EXISTS schema_steps (
        number bigint PRIMARY KEY,
        name text NOT NULL,
        applied_at timestamp with time zone NOT NULL DEFAULT now()
    )
"""


def steps() -> list[tuple[str, str]]:
    """Name and SQL of every step, in order.

    >>> [name for name, _ in steps()][0]
    '0001_revisions'
    """
    folder = resources.files("quizapp.store.postgres") / "steps"
    files = {one.name.removesuffix(".sql"): one for one in folder.iterdir() if one.name.endswith(".sql")}
    return [(name, files[name].read_text(encoding="utf-8")) for name in sorted(files)]


NEWEST = len(steps())


def migrate(connection: Connection[Row], upto: int = NEWEST) -> None:
    """Bring the database to the newest schema; of many processes that start at once, one does it.

    Every step is kept or none. Nothing is locked where there is nothing to do. Raises ``Unusable`` for a
    database that a newer version of quizapp has written, that cannot hold every letter, or where a step fails.
    """
    if (before := schema_version(connection)) < upto:
        _refuse_other_letters(connection)
        with connection.transaction():
            connection.execute(_LONGEST)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            connection.execute(_DONE)
            for number, (name, sql) in enumerate(steps()[:upto], 1):
                if number > schema_version(connection):
                    _take(connection, name, sql, before)
                    connection.execute("INSERT INTO schema_steps VALUES (%s, %s)", [number, name])
    if schema_version(connection) > NEWEST:
        raise Unusable("a newer quizapp wrote this database: upgrade quizapp, or restore a backup")


def _take(connection: Connection[Row], name: str, sql: str, before: int) -> None:
    try:
        connection.execute(sql.encode())
    except Error as error:
        if cause_of(error):
            raise
        # Not what it says besides: that may quote a row.
        words = error.diag.message_primary or type(error).__name__
        raise step_failed(name, words, before) from error


def schema_version(connection: Connection[Row]) -> int:
    """How many steps the database has had."""
    sql = "SELECT coalesce(max(number), 0) AS newest FROM schema_steps"
    try:
        rows: list[dict[str, Any]] = connection.execute(sql).fetchall()
    except UndefinedTable:
        return 0
    return int(rows[0]["newest"])


def _refuse_other_letters(connection: Connection[Row]) -> None:
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise Unusable("the database is not in UTF-8: make it with ENCODING 'UTF8' TEMPLATE template0")
