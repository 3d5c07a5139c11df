"""Every completion of the unanswered questions at once, as numpy arrays with one axis a variable.

Answers that none of the tables at hand tells apart share a cell, which counts for as many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quizapp.engine.compiled import Compiled
from quizapp.engine.table import Integers, Table

Cut = Callable[[int], object]


@dataclass(frozen=True)
class Axis:
    """The cells of one variable.

    ``chosen`` is the index that stands for each cell, ``counts`` how many it counts for, ``cell_of`` the
    cell of every index.
    """

    variable: int
    chosen: Integers
    counts: Integers
    cell_of: Integers


def raw_reads(compiled: Compiled, tables: Iterable[Table]) -> frozenset[int]:
    """The question variables that tables read, through named values too."""
    behind = dict(compiled.values)
    found: set[int] = set()
    waiting = [variable for table in tables for variable in table.reads]
    while waiting:
        variable = waiting.pop()
        if variable in found:
            continue
        found.add(variable)
        if variable in behind:
            waiting.extend(behind[variable].reads)
    return frozenset(variable for variable in found if variable < compiled.today)


def with_values(compiled: Compiled, tables: Sequence[Table]) -> list[Table]:
    """The tables together with those of every named value they rest on."""
    behind = dict(compiled.values)
    found: dict[int, Table] = {}
    waiting = [variable for table in tables for variable in table.reads]
    while waiting:
        variable = waiting.pop()
        if variable in behind and variable not in found:
            found[variable] = behind[variable]
            waiting.extend(behind[variable].reads)
    return [*tables, *found.values()]


def axis(compiled: Compiled, variable: int, tables: Sequence[Table], cuts: Sequence[Cut] = ()) -> Axis:
    """The cells of a variable as these tables (and further ``cuts``) tell its answers apart."""
    uses = [table.offsets[k] for table in tables for k, read in enumerate(table.reads) if read == variable]
    cells: dict[tuple[object, ...], list[int]] = {}
    for index in range(len(compiled.variables[variable].domain)):
        mark = (*(offset[index] for offset in uses), *(cut(index) for cut in cuts))
        cells.setdefault(mark, []).append(index)
    cell_of = np.zeros(len(compiled.variables[variable].domain), dtype=np.int64)
    for cell, members in enumerate(cells.values()):
        cell_of[members] = cell
    return Axis(
        variable,
        np.array([members[0] for members in cells.values()], dtype=np.int64),
        np.array([len(members) for members in cells.values()], dtype=np.int64),
        cell_of,
    )


class Grid:
    """Tables evaluated over all cells of some axes, the other variables fixed.

    Arrays have one dimension per axis, in order; what does not vary along an axis has length 1 there.
    """

    def __init__(self, compiled: Compiled, fixed: Sequence[int], axes: Sequence[Axis]) -> None:
        self.axes = tuple(axes)
        self._compiled = compiled
        self._fixed = fixed
        self._indexes: dict[int, Integers] = {}
        self._values = dict(compiled.values)
        for position, each in enumerate(self.axes):
            self._indexes[each.variable] = self.along(position, each.chosen)

    def along(self, position: int, values: Integers) -> Integers:
        """Values of one axis, shaped to broadcast with the others."""
        shape = [1] * len(self.axes)
        shape[position] = len(values)
        return values.reshape(shape)

    def indexes(self, variable: int) -> Integers:
        """The indexes of a variable over the grid."""
        if variable not in self._indexes:
            if variable in self._values:
                self._indexes[variable] = self._values[variable].over(self.indexes)
            else:
                self._indexes[variable] = np.array(self._fixed[variable], dtype=np.int64)
        return self._indexes[variable]

    def give(self, variable: int, indexes: Integers) -> None:
        """Set a variable to indexes that were worked out over this grid."""
        self._indexes[variable] = indexes

    def of(self, table: Table) -> Integers:
        """What a table comes to over the grid."""
        return table.over(self.indexes)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of cells along each axis."""
        return tuple(len(each.chosen) for each in self.axes)

    def volumes(self) -> npt.NDArray[np.float64]:
        """How many completions each cell counts for."""
        volume = np.ones((1,) * len(self.axes), dtype=np.float64)
        for position, each in enumerate(self.axes):
            volume = volume * self.along(position, each.counts)
        return volume
