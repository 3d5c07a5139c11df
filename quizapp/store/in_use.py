"""Whether somebody serves from a store just now; changes nothing in it."""

from __future__ import annotations

from quizapp.errors import Unavailable
from quizapp.store.addresses import sqlite_path
from quizapp.store.sqlite.file_lock import is_held, serving_lock

# A server listens for what others publish; no command does.
_SERVERS = """
    SELECT count(*) AS found FROM pg_stat_activity WHERE datname = current_database() AND query LIKE %s
"""


def refuse_in_use(address: str) -> None:
    """Raise ``Unavailable`` where a server has the store at that address open, or it does not answer."""
    path = sqlite_path(address)
    if path is None:
        _refuse_listeners(address)
    elif is_held(serving_lock(path)):
        raise Unavailable(f"a server has {path} open: stop every server first")


def _refuse_listeners(address: str) -> None:
    try:
        from quizapp.store.postgres.notices import LISTEN
        from quizapp.store.postgres.server import PostgresServer
    except ImportError:
        return  # Who opens it is told what is missing.
    with PostgresServer(address).connected() as connection:
        [row] = connection.execute(_SERVERS, [LISTEN]).fetchall()
        database = connection.info.dbname
    if row["found"]:
        raise Unavailable(f"a server has the database {database} open: stop every server first")
