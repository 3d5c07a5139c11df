"""An SQLite file that rows are copied from: checked whole first, only read, left without a trace beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from sqlite_utils import Database

from quizapp.errors import Invalid, Problem, Where
from quizapp.store.backup.file import contents
from quizapp.store.sql.rows import Transactions
from quizapp.store.sqlite.connection import at_rest
from quizapp.store.sqlite.faults import told_as_unavailable
from quizapp.store.sqlite.migrations import NEWEST


@contextmanager
def source(path: Path) -> Iterator[Transactions]:
    """The rows of a file of the newest schema.

    ``Invalid`` for one that a restore would refuse as well, and for one of an older schema, which nothing here
    may change. ``Conflict`` in the end if somebody wrote it meanwhile.
    """
    held = contents(path)
    if held.schema != NEWEST:
        raise _older(path, held.schema)
    with told_as_unavailable(), at_rest(path) as db:
        yield _Source(Database(db, recursive_triggers=False, execute_plugins=False))


class _Source:
    """``Transactions`` that only read."""

    def __init__(self, rows: Database) -> None:
        self._rows = rows

    @contextmanager
    def read(self) -> Iterator[Database]:
        """The one connection; whoever copies is alone with it."""
        yield self._rows

    def write(self, *alone: str) -> NoReturn:
        """Never: what is copied from stays as it is."""
        raise RuntimeError("the source of a copy cannot be written")


def _older(path: Path, schema: int) -> Invalid:
    what = f"it has schema {schema}, and only the newest, {NEWEST}, is copied"
    fix = "bring it there with quizapp migrate, or a backup with quizapp restore"
    return Invalid(
        [Problem(Where(str(path)), "older_schema", what, "a copy leaves its source as it is", fix)]
    )
