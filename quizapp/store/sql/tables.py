"""The tables that outlive a move to another database, read and compared in the order of their keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quizapp.store.sql.rows import Row, Transactions

_AT_ONCE = 200


@dataclass(frozen=True)
class Table:
    """A table by its key and its other columns."""

    name: str
    key: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Key and rest."""
        return self.key + self.rest

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """What names the row; keys sort as the databases sort them.

        >>> Table("in_step", ("place", "bank"), ()).key_of({"place": "/a", "bank": "b", "seen": "c"})
        (b'/a', b'b')
        """
        return tuple(
            one.encode() if isinstance(one, str) else one for one in (row[name] for name in self.key)
        )


def _table(name: str, key: str, rest: str) -> Table:
    return Table(name, tuple(key.split()), tuple(rest.split()))


# In an order in which no row refers to one that comes later. How often something was tried (``turns``)
# stays behind: it is forgotten within hours anyway.
TABLES = (
    _table("revisions", "revision", "bank content parsed"),
    _table("publications", "number", "bank revision parent origin who why at"),
    _table("published_cases", "publication", "content"),
    _table("published_texts", "publication", "content"),
    _table("in_step", "place bank", "revision seen"),
    _table("editors", "id", "name name_key role disabled created password_hash subject"),
    _table("editor_sessions", "secret", "id editor begun seen idle fades expires agent"),
    _table("setup_offers", "secret", "until"),
    _table("drafts", "id", "bank editor base version state opened updated"),
    _table("draft_versions", "draft version", "base text cases what restores at"),
    _table("previews", "secret", "draft version until maker shared"),
    _table("audit_log", "number", "at who did bank about"),
    _table(
        "results",
        "token",
        "bank revision on_day answers language shown recommended owner submission created expires",
    ),
)


def count(database: Transactions, table: Table) -> int:
    """How many rows the table has."""
    with database.read() as db:
        [row] = list(db.query(f"SELECT count(*) AS rows FROM {table.name}"))  # noqa: S608
    return int(row["rows"])


def rows_of(database: Transactions, table: Table) -> Iterator[Row]:
    """Every row in the order of the keys; few at a time are held, and no transaction stays open."""
    names, places = ", ".join(table.key), ", ".join("?" for _ in table.key)
    first = f"SELECT {', '.join(table.columns)} FROM {table.name}"  # noqa: S608
    order = f"ORDER BY {names} LIMIT {_AT_ONCE}"
    rows = _fetched(database, f"{first} {order}", [])
    while rows:
        yield from rows
        after = [rows[-1][name] for name in table.key]
        rows = _fetched(database, f"{first} WHERE ({names}) > ({places}) {order}", after)


def insert(database: Transactions, table: Table, rows: list[Row]) -> None:
    """Add the rows in one transaction."""
    places = f"({', '.join('?' for _ in table.columns)})"
    sql = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES "  # noqa: S608
    values = [row[name] for row in rows for name in table.columns]
    with database.write() as db:
        db.execute(sql + ", ".join(places for _ in rows), values)


class Digest:
    """SHA-256 over rows, told one by one; equal for equal rows in the same order and for no others.

    >>> one, other = Digest(), Digest()
    >>> one.add(["a", None, b"b"]); other.add(["a", "", b"b"])
    >>> one.hexdigest() == other.hexdigest()
    False
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, values: list[Any]) -> None:
        """Take one more row into account."""
        said = [value.hex() if isinstance(value, bytes) else value for value in values]
        kinds = "".join("b" if isinstance(value, bytes) else "-" for value in values)
        self._hash.update(json.dumps([kinds, *said]).encode() + b"\n")

    def hexdigest(self) -> str:
        """The digest of the rows so far."""
        return self._hash.hexdigest()


def _fetched(database: Transactions, sql: str, values: list[Any]) -> list[Row]:
    with database.read() as db:
        return list(db.query(sql, values))
