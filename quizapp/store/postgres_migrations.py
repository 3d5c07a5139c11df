"""The tables of the PostgreSQL store: numbered files of SQL in ``postgres_steps``, never edited once released.

Only these files make tables. A step has the number of the SQLite step that does the same.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from psycopg import Connection
from psycopg.errors import UndefinedTable

from quizapp.errors import Unavailable
from quizapp.store.sql_rows import Row

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
    folder = resources.files("quizapp.store") / "postgres_steps"
    files = {one.name.removesuffix(".sql"): one for one in folder.iterdir() if one.name.endswith(".sql")}
    return [(name, files[name].read_text(encoding="utf-8")) for name in sorted(files)]


NEWEST = len(steps())


def migrate(connection: Connection[Row], upto: int = NEWEST) -> None:
    """Bring the database to the newest schema; of many processes that start at once, one does it.

    Every step is kept or none. Nothing is locked where there is nothing to do. Raises ``Unavailable``
    for a database that a newer version of quizapp has written, or that cannot hold every letter.
    """
    if schema_version(connection) < upto:
        _refuse_other_letters(connection)
        with connection.transaction():
            connection.execute(_LONGEST)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            connection.execute(_DONE)
            for number, (name, sql) in enumerate(steps()[:upto], 1):
                if number > schema_version(connection):
                    connection.execute(sql.encode())
                    connection.execute("INSERT INTO schema_steps VALUES (%s, %s)", [number, name])
    if schema_version(connection) > NEWEST:
        raise Unavailable("a newer quizapp wrote this database: upgrade quizapp, or restore a backup")


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
        raise Unavailable("the database is not in UTF-8: make it with ENCODING 'UTF8' TEMPLATE template0")
