"""Many tables looked up together over many completions: a few gathers instead of some calls per table.

Rows are variables or tables, columns are completions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quizapp.engine.packed import Narrow, narrow
from quizapp.engine.table import Integers, Table

# Below so many look-ups, telling those that vary from the rest costs more than looking all up.
_SMALL = 2_048


class Stack:
    """Tables laid end to end. Immutable once made.

    ``renamed`` gives, for each table, the rows that stand for some of the variables it reads.
    """

    def __init__(self, tables: Sequence[Table], renamed: Sequence[Mapping[int, int]] | None = None) -> None:
        names = renamed or [{}] * len(tables)
        reads = [[name.get(v, v) for v in table.reads] for table, name in zip(tables, names, strict=True)]
        # Tables that read most come first, so that the n-th gather concerns a stretch from the start.
        order = sorted(range(len(tables)), key=lambda place: -len(reads[place]))
        self._order = np.array(order, dtype=np.int64)
        self._counts = np.array([len(reads[place]) for place in order], dtype=np.int64)
        most = int(self._counts.max(initial=0))
        self._reads = np.zeros((len(tables), most), dtype=np.int64)
        self._bases = np.zeros((len(tables), most), dtype=np.int64)
        self._starts = np.zeros(len(tables), dtype=np.int64)
        offsets, values = _Run(), _Run()
        for row, place in enumerate(order):
            self._starts[row] = values.place(tables[place].values)
            for slot, (variable, offset) in enumerate(zip(reads[place], tables[place].offsets, strict=True)):
                self._reads[row, slot] = variable
                self._bases[row, slot] = offsets.place(offset)
        self._offsets, self._values = offsets.array.astype(np.int64, copy=False), values.array
        self._all = np.arange(len(order))
        self._used = np.arange(most)[None, :] < self._counts[:, None]

    def over(self, indexes: Integers, varying: npt.NDArray[np.bool_]) -> Integers:
        """What each table comes to, shape (tables, columns).

        ``indexes`` holds a row per variable; ``varying`` says which of them are not the same in every
        column: tables that read none of those are looked up once.
        """
        if len(self._order) * indexes.shape[1] <= _SMALL:
            result = np.empty((len(self._order), indexes.shape[1]), dtype=np.int64)
            result[self._order] = self._found(self._all, indexes)
            return result
        moving = np.flatnonzero((varying[self._reads] & self._used).any(axis=1))
        once = self._found(self._all, indexes[:, :1])
        result = np.empty((len(self._order), indexes.shape[1]), dtype=np.int64)
        result[self._order] = once
        if len(moving):
            result[self._order[moving]] = self._found(moving, indexes)
        return result

    def narrowed(self, indexes: Integers, varying: npt.NDArray[np.bool_]) -> Narrowed:
        """The tables for columns that are as the first one of ``indexes`` is wherever nothing varies.

        For many columns: what they have in common is looked up once, and then only what varies.
        """
        moving = varying[self._reads] & self._used
        # A slot that is not used names a variable all the same, which may stand further on than any offset.
        step = self._offsets.take(np.where(self._used, indexes[:, 0].take(self._reads) + self._bases, 0))
        starts = self._starts + np.where(self._used & ~moving, step, 0).sum(axis=1)
        still = np.empty(len(starts), dtype=np.int64)
        still[self._order] = self._values.take(np.where(moving.any(axis=1), 0, starts))
        rows = np.flatnonzero(moving.any(axis=1))
        rows = rows[np.argsort(-moving[rows].sum(axis=1), kind="stable")]
        gathers = []
        if len(rows):
            slots = np.argsort(~moving[rows], axis=1, kind="stable")
            reads = np.take_along_axis(self._reads[rows], slots, axis=1)
            bases = np.take_along_axis(self._bases[rows], slots, axis=1)
            reach = moving[rows].sum(axis=1)
            for slot in range(int(reach[0])):
                count = int((reach > slot).sum())
                gathers.append((reads[:count, slot], bases[:count, slot, None]))
        return Narrowed(still, self._order[rows], starts[rows], gathers, self._offsets, self._values)

    def _found(self, rows: Integers, indexes: Integers) -> Integers:
        places = np.repeat(self._starts[rows][:, None], indexes.shape[1], axis=1)
        counts, reads, bases = self._counts[rows], self._reads[rows], self._bases[rows]
        for slot in range(int(counts.max(initial=0))):
            reach = int(np.searchsorted(-counts, -slot, side="left"))
            where = indexes.take(reads[:reach, slot], axis=0) + bases[:reach, slot, None]
            places[:reach] += self._offsets.take(where)
        return self._values.take(places)


@dataclass(frozen=True, eq=False)
class Narrowed:
    """A stack of which only some tables, ``rows``, still vary; ``gathers`` are what those read, slot by slot."""

    still: Integers
    rows: Integers
    starts: Integers
    gathers: Sequence[tuple[Integers, Integers]]
    offsets: Integers
    values: Narrow

    def over(self, indexes: Integers) -> Integers:
        """What each table comes to, shape (tables, columns)."""
        columns = indexes.shape[1]
        result = np.repeat(self.still[:, None], columns, axis=1)
        if len(self.rows):
            places = np.repeat(self.starts[:, None], columns, axis=1)
            for reads, bases in self.gathers:
                places[: len(reads)] += self.offsets.take(indexes.take(reads, axis=0) + bases)
            result[self.rows] = self.values.take(places)
        return result


class _Run:
    """Sequences of numbers laid end to end, equal ones once."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._known: dict[Sequence[int], int] = {}

    def place(self, numbers: Sequence[int]) -> int:
        """Where these numbers start."""
        if numbers not in self._known:
            self._known[numbers] = len(self._numbers)
            self._numbers.extend(numbers)
        return self._known[numbers]

    @property
    def array(self) -> Narrow:
        """All of them, in narrow numbers where they are many: a stack is kept for every day asked of late."""
        return narrow(np.array(self._numbers or [0], dtype=np.int64))
