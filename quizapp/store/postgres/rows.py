"""A PostgreSQL connection that understands the statements of the store; knows none of them."""

from __future__ import annotations

import functools
import re
from typing import Any

from psycopg import Connection, Cursor

from quizapp.store.sql.rows import Row, Values

# The text of PostgreSQL holds any letter but NUL, which stands for nothing that anybody types.
_NUL, _PICTURE_OF_NUL = "\x00", "\u2400"
_PLACES = re.compile(r"\?|(?<![:\w]):(\w+)|%")


class PostgresRows:
    """``Rows`` over one connection."""

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection

    def query(self, sql: str, values: Values = (), /) -> list[Row]:
        """The rows that the statement finds."""
        return self._run(sql, values).fetchall()

    def execute(self, sql: str, values: Values = (), /) -> Cursor[Row]:
        """Run a statement that writes."""
        return self._run(sql, values)

    def _run(self, sql: str, values: Values) -> Cursor[Row]:
        return self._connection.execute(_as_psycopg(sql), _storable(values))


def storable(value: Any) -> Any:
    r"""The value as PostgreSQL can keep it: NUL within a text is replaced by its picture.

    >>> storable("a\x00b"), storable(3)
    ('a␀b', 3)
    """
    return value.replace(_NUL, _PICTURE_OF_NUL) if isinstance(value, str) else value


def _storable(values: Values) -> Values:
    if isinstance(values, dict):
        return {name: storable(value) for name, value in values.items()}
    return [storable(value) for value in values]


@functools.lru_cache(maxsize=256)
def _as_psycopg(sql: str) -> bytes:
    """The statement with its places written as psycopg wants them, each with a ``%``."""

    def place(found: re.Match[str]) -> str:
        if found[0] == "%":
            return "%%"
        return f"%({found[1]})s" if found[1] else "%s"

    return _PLACES.sub(place, sql).encode()
