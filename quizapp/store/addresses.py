"""Which store an address means; the one place that knows every engine."""

from __future__ import annotations

from pathlib import Path

from quizapp.store.protocol import Store
from quizapp.store.sqlite import SqliteStore
from quizapp.store.timestamps import Clock, utc_now

_SQLITE = "sqlite:///"


def open_store(address: str, clock: Clock = utc_now) -> Store:
    """The store at ``sqlite:///path`` or a plain path, opened and migrated.

    Raises ``ValueError`` for an address of an engine that there is not, ``Unavailable`` if the
    database cannot be opened.
    """
    if address.startswith(_SQLITE):
        return SqliteStore(Path(address.removeprefix(_SQLITE)), clock)
    if "://" in address:
        raise ValueError(f"no store for addresses like {address.split('://')[0]}://…; use {_SQLITE}PATH")
    return SqliteStore(Path(address), clock)
