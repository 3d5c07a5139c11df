"""All tables of a bank looked up together: one sum of rows per answer instead of a call per rule.

Every table is laid end to end in one array of values. For each variable and each answer that some
table tells apart there is a row that says how far that answer moves every table's place; a taker's
places are the sum of their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quizapp.engine.table import Integers, Table


@dataclass(frozen=True, eq=False)
class Flat:
    """Tables laid end to end. ``rows[v][i]`` is the row of index i of variable ``variables[v]``."""

    tables: tuple[Table, ...]
    variables: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    moves: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    values: npt.NDArray[np.int32]

    def at(self, state: Sequence[int]) -> Integers:
        """What every table comes to in one state, in the order of ``tables``."""
        chosen = [row[state[variable]] for variable, row in zip(self.variables, self.rows, strict=True)]
        places = self.moves.take(chosen, axis=0).sum(axis=0)
        places += self.starts
        result: Integers = self.values.take(places)
        return result

    @property
    def size(self) -> int:
        """Bytes held by the arrays."""
        return self.moves.nbytes + self.starts.nbytes + self.values.nbytes


def flat(tables: Sequence[Table]) -> Flat:
    """The tables laid end to end, each once, in the order given."""
    variables = sorted({variable for table in tables for variable in table.reads})
    starts = np.cumsum([0, *(len(table.values) for table in tables)][:-1], dtype=np.int32)
    rows: list[tuple[int, ...]] = []
    moves: list[list[int]] = []
    for variable in variables:
        shifts = [
            table.offsets[table.reads.index(variable)] if variable in table.reads else None
            for table in tables
        ]
        known: dict[tuple[int, ...], int] = {}
        size = next(len(shift) for shift in shifts if shift is not None)
        row = []
        for index in range(size):
            move = tuple(0 if shift is None else shift[index] for shift in shifts)
            if move not in known:
                known[move] = len(moves)
                moves.append(list(move))
            row.append(known[move])
        rows.append(tuple(row))
    return Flat(
        tables=tuple(tables),
        variables=tuple(variables),
        rows=tuple(rows),
        moves=np.array(moves, dtype=np.int32).reshape(len(moves), len(tables)),
        starts=starts,
        values=np.array([value for table in tables for value in table.values], dtype=np.int32),
    )
