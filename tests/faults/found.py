"""Whether everything that was acknowledged is there, and the database sound."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import psycopg

from quizapp.errors import NotFound
from quizapp.store.addresses import open_store
from tests.faults.fleet import Fleet

# Every index holds what its table holds, and no page of a table contradicts itself.
_SOUND = """
    SELECT bt_index_check(indexrelid, true) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE amname = 'btree' AND relpersistence = 'p' AND indisvalid
"""
_TABLES = "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
OPENED = 100


def lost(database: str, tokens: Iterable[str]) -> list[str]:
    """The tokens that the store does not know."""
    store = open_store(database)
    try:
        return [token for token in tokens if not _is_kept(store, token)]
    finally:
        store.close()


def unopened(fleet: Fleet, tokens: list[str]) -> list[str]:
    """Links among the first and the last that do not open, each asked of the worker whose turn it is."""
    chosen = dict.fromkeys([*tokens[: OPENED // 2], *tokens[-OPENED // 2 :]])
    return [token for token in chosen if fleet.ask("GET", f"/r/{token}")[0] != 200]


def results(database: str) -> int:
    """How many results are kept."""
    if "://" in database:
        with psycopg.connect(database) as server:
            row = server.execute("SELECT count(*) FROM results").fetchone()
            return int(row[0]) if row else 0
    with closing(sqlite3.connect(database)) as file:
        return int(file.execute("SELECT count(*) FROM results").fetchone()[0])


def fault(database: str) -> str:
    """What the database finds wrong with itself; empty if it is sound."""
    return _fault_of_server(database) if "://" in database else _fault_of_file(Path(database))


def _is_kept(store: object, token: str) -> bool:
    try:
        return bool(store.result(token))  # type: ignore[attr-defined]
    except NotFound:
        return False


def _fault_of_file(path: Path) -> str:
    with closing(sqlite3.connect(path)) as file:
        found = file.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            return str(found)
        row = file.execute("PRAGMA foreign_key_check").fetchone()
        return f"a row of {row[0]} refers to nothing" if row else ""


def _fault_of_server(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as server:
        server.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        try:
            server.execute(_SOUND).fetchall()
        except psycopg.Error as error:
            return str(error)
        for (table,) in server.execute(_TABLES).fetchall():
            if row := server.execute("SELECT * FROM verify_heapam(%s::regclass)", [table]).fetchone():
                return f"{table}: {row}"
    return ""
