"""What the statements of the store need of a database, be it SQLite or PostgreSQL.

Statements are written once, in the SQL that both engines know, with ``?`` or ``:name`` where a value
stands. What the engines do differently has modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Values = Sequence[Any] | dict[str, Any]
Row = dict[str, Any]


class Changed(Protocol):
    """What came of a statement that writes."""

    @property
    def rowcount(self) -> int:
        """How many rows it touched."""
        ...


class Rows(Protocol):
    """A connection, within a transaction or without."""

    def query(self, sql: str, values: Values = (), /) -> Iterable[Row]:
        """The rows that the statement finds, by column; fetch them before the next statement."""
        ...

    def execute(self, sql: str, values: Values = (), /) -> Changed:
        """Run a statement that writes."""
        ...


class Transactions(Protocol):
    """An open database. What it does wrong comes out as ``Unavailable``."""

    def write(self, *alone: str) -> AbstractContextManager[Rows]:
        """A transaction: kept when the block ends, undone when it raises.

        No two with a name in common run beside each other, in any process; what they read first and
        write then stays true. An engine may let even fewer run at once.
        """
        ...

    def read(self) -> AbstractContextManager[Rows]:
        """A connection to read from. Fetch every row inside the block."""
        ...
