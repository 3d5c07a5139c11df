"""Many tables looked up together over many completions: a few gathers instead of some calls per table.

Rows are variables or tables, columns are completions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

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
        self._offsets, self._values = offsets.array, values.array
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

    def _found(self, rows: Integers, indexes: Integers) -> Integers:
        places = np.repeat(self._starts[rows][:, None], indexes.shape[1], axis=1)
        counts, reads, bases = self._counts[rows], self._reads[rows], self._bases[rows]
        for slot in range(int(counts.max(initial=0))):
            reach = int(np.searchsorted(-counts, -slot, side="left"))
            where = indexes.take(reads[:reach, slot], axis=0) + bases[:reach, slot, None]
            places[:reach] += self._offsets.take(where)
        return self._values.take(places)


class _Run:
    """Sequences of numbers laid end to end, equal ones once."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._known: dict[tuple[int, ...], int] = {}

    def place(self, numbers: tuple[int, ...]) -> int:
        """Where these numbers start."""
        if numbers not in self._known:
            self._known[numbers] = len(self._numbers)
            self._numbers.extend(numbers)
        return self._known[numbers]

    @property
    def array(self) -> Integers:
        """All of them."""
        return np.array(self._numbers or [0], dtype=np.int64)
