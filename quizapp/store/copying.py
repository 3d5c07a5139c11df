"""Moving everything from one store to another, whichever engines they are; knows no engine.

Three walks over both stores side by side, in the order of the keys: nothing is written before the first has
shown that the target holds no other data; the second adds what is missing; the third compares every row.
What was cut off is therefore gone on with by doing the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from quizapp.errors import Conflict
from quizapp.store.sql.rows import Row, Transactions
from quizapp.store.sql.tables import TABLES, Digest, Table, count, insert, rows_of

Progress = Callable[[int], None]
# What a row is turned into on its way: what one engine cannot keep, another may.
Fitting = Callable[[Any], Any]

_AT_ONCE = 200
_MOST_TOLD = 5
_WRITTEN = "somebody wrote meanwhile: stop every server and copy again; not the same in both are"


@dataclass(frozen=True)
class Copied:
    """One table that is equal in both stores: its rows, those of them that this run added, their digest."""

    table: str
    rows: int
    added: int
    digest: str


def steps(source: Transactions) -> int:
    """How often ``copy`` will tell of progress, if nobody writes meanwhile: once per row and walk."""
    return 3 * sum(count(source, table) for table in TABLES)


def copy(
    source: Transactions, target: Transactions, fitting: Fitting, progress: Progress
) -> tuple[Copied, ...]:
    """Bring every row of the source into the target; what each table holds in the end, in both.

    ``Conflict`` if the target holds a row that the source does not, or another one in its place: then
    nothing is written. ``Conflict`` too if the rows are not the same in the end, because somebody wrote
    meanwhile. Killed at any moment, it goes on where it was when called again.
    """
    pair = _Pair(source, target, fitting, progress)
    _refuse_other_data(pair)
    added = {table.name: _add_missing(pair, table) for table in TABLES}
    return tuple(_compared(pair, table, added[table.name]) for table in TABLES)


@dataclass(frozen=True)
class _Pair:
    source: Transactions
    target: Transactions
    fitting: Fitting
    progress: Progress

    def rows(self, table: Table) -> Iterator[tuple[Row | None, Row | None]]:
        """The rows of both by key: a row and its copy, None for the one that is not there."""
        ours, theirs = rows_of(self.source, table), rows_of(self.target, table)
        mine, other = self._next(ours), next(theirs, None)
        while mine or other:
            if not other or (mine and table.key_of(mine) < table.key_of(other)):
                yield mine, None
                mine = self._next(ours)
            elif not mine or table.key_of(other) < table.key_of(mine):
                yield None, other
                other = next(theirs, None)
            else:
                yield mine, other
                mine, other = self._next(ours), next(theirs, None)

    def _next(self, ours: Iterator[Row]) -> Row | None:
        row = next(ours, None)
        if row is None:
            return None
        self.progress(1)
        return {name: self.fitting(value) for name, value in row.items()}


def _refuse_other_data(pair: _Pair) -> None:
    wrong = (
        f"{table.name} {_name(table, other)} {'differs' if mine else 'is only there'}"
        for table in TABLES
        for mine, other in pair.rows(table)
        if other and mine != other
    )
    _refuse("the target holds other data, nothing was written", wrong)


def _add_missing(pair: _Pair, table: Table) -> int:
    missing = (mine for mine, other in pair.rows(table) if mine and not other)
    added = 0
    while rows := list(islice(missing, _AT_ONCE)):
        insert(pair.target, table, rows)
        added += len(rows)
    return added


def _compared(pair: _Pair, table: Table, added: int) -> Copied:
    digest, rows = Digest(), 0

    def differing() -> Iterator[str]:
        nonlocal rows
        for mine, other in pair.rows(table):
            if mine and mine == other:
                rows += 1
                digest.add([mine[name] for name in table.columns])
            else:
                yield f"{table.name} {_name(table, mine or other or {})}"

    _refuse(_WRITTEN, differing())
    if {count(pair.source, table), count(pair.target, table)} != {rows}:
        raise Conflict(f"{_WRITTEN}: {table.name}")
    return Copied(table.name, rows, added, digest.hexdigest())


def _refuse(why: str, wrong: Iterator[str]) -> None:
    told = list(islice(wrong, _MOST_TOLD + 1))
    if told:
        more = ["and more"] if len(told) > _MOST_TOLD else []
        raise Conflict(f"{why}: {', '.join(told[:_MOST_TOLD] + more)}")


def _name(table: Table, row: Row) -> str:
    """Which row it is, in words that let nobody in: of tokens and fingerprints only the beginning."""
    return "/".join(str(row[name])[:6] for name in table.key)
