"""Which store an address means; the one place that knows every engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.errors import Unusable
from quizapp.setting_kinds import POSTGRES
from quizapp.store.protocol import Store
from quizapp.store.sqlite.store import SqliteStore
from quizapp.store.timestamps import Clock, utc_now

if TYPE_CHECKING:
    from quizapp.store.postgres.store import PostgresStore

_SQLITE = "sqlite:///"


def open_store(address: str, clock: Clock = utc_now) -> Store:
    """The store at ``postgresql://…``, ``sqlite:///path`` or a plain path, opened and migrated.

    Raises ``ValueError`` for an address of an engine that there is not, ``Unavailable`` if the
    database cannot be opened.
    """
    return open_tables(address, clock)


def open_tables(address: str, clock: Clock = utc_now) -> SqliteStore | PostgresStore:
    """The same, for those who move whole tables."""
    if address.startswith(POSTGRES):
        return _open_postgres(address, clock)
    if path := sqlite_path(address):
        return SqliteStore(path, clock)
    known = f"{POSTGRES[0]}USER@HOST/DATABASE or {_SQLITE}PATH"
    raise ValueError(f"no store for addresses like {address.split('://')[0]}://…; use {known}")


def sqlite_path(address: str) -> Path | None:
    """The file that an address means, None where it means none."""
    path = address.removeprefix(_SQLITE)
    return None if "://" in path else Path(path)


def _open_postgres(address: str, clock: Clock) -> PostgresStore:
    try:
        from quizapp.store.postgres.store import PostgresStore
    except ImportError as error:
        needed = "PostgreSQL needs the package psycopg: pip install 'quizapp[postgres]'"
        raise Unusable(needed) from error
    return PostgresStore(address, clock)
