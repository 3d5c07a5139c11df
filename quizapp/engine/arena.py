"""The few cells that a taker's open answers fall into, as some tables tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from quizapp.engine.grid import Axis
from quizapp.engine.table import Integers, Table

Marks = Mapping[int, tuple[int, ...]]
Truths = npt.NDArray[np.bool_]
_KEPT = 4_096


@dataclass(frozen=True)
class Arena:
    """The axes on which a pair is told apart, how many cells they span, and the taker's own cell on each."""

    axes: tuple[Axis, ...]
    own: tuple[int, ...]

    @property
    def cells(self) -> int:
        """How many cells there are to go through."""
        count = 1
        for each in self.axes:
            count *= len(each.chosen)
        return count


def masks(arena: Arena, bits: Mapping[int, int]) -> Integers:
    """Which questions differ from the taker's own answers in each cell, as bits; ``bits`` by variable."""
    shape = [len(each.chosen) for each in arena.axes]
    by_bit: dict[int, Truths] = {}
    for position, (each, own) in enumerate(zip(arena.axes, arena.own, strict=True)):
        bit = bits.get(each.variable, 0)
        if bit:
            along = [1] * len(shape)
            along[position] = shape[position]
            differs = (np.arange(shape[position]) != own).reshape(along)
            by_bit[bit] = differs | by_bit[bit] if bit in by_bit else differs
    total = np.zeros((1,) * len(shape), dtype=np.int64)
    for bit, differs in by_bit.items():
        total = total | differs * np.int64(bit)
    return total


def slices(table: Table, states: Sequence[tuple[int, ...]]) -> Marks:
    """For each state of a variable, what the table comes to whatever the others; only where it varies.

    States for which it comes to the same have the same mark, a small number.
    """
    return _slices(table, *[states[variable] for variable in table.reads])


# A table reads few answers, so different takers, and one taker's boxes, meet the same again and again.
@lru_cache(maxsize=_KEPT)
def _slices(table: Table, *states: tuple[int, ...]) -> Marks:
    base, wide = 0, []
    for variable, offset, ways in zip(table.reads, table.offsets, states, strict=True):
        if len(ways) == 1:
            base += offset[ways[0]]
        else:
            wide.append((variable, [offset[index] for index in ways]))
    if not wide:
        return {}
    if len(wide) > 1:
        return _wide_slices(table, dict(zip(table.reads, states, strict=True)), wide)
    variable, offsets = wide[0]
    mark = numbered([table.values[base + offset] for offset in offsets])
    return {variable: mark} if any(mark) else {}


def _wide_slices(
    table: Table, states: Mapping[int, tuple[int, ...]], wide: Sequence[tuple[int, list[int]]]
) -> Marks:
    indexes: dict[int, Integers] = {}
    cell_of: list[list[int]] = []
    for position, (variable, offsets) in enumerate(wide):
        alike = groups(offsets)
        shape = [1] * len(wide)
        shape[position] = len(alike)
        chosen = [states[variable][group[0]] for group in alike]
        indexes[variable] = np.array(chosen, dtype=np.int64).reshape(shape)
        cell = {place: k for k, group in enumerate(alike) for place in group}
        cell_of.append([cell[place] for place in range(len(offsets))])
    values = table.over(lambda variable: indexes.get(variable, np.array(states[variable][0])))
    found: dict[int, tuple[int, ...]] = {}
    for position, (variable, _) in enumerate(wide):
        said = numbered([row.tobytes() for row in np.moveaxis(values, position, 0)])
        if any(said):
            found[variable] = tuple(said[k] for k in cell_of[position])
    return found


def numbered(marks: Iterable[object]) -> tuple[int, ...]:
    """The marks as numbers from 0 in order of first appearance, equal where they are equal."""
    known: dict[object, int] = {}
    return tuple([known.setdefault(mark, len(known)) for mark in marks])


def groups(marks: Sequence[object]) -> list[list[int]]:
    """The places of equal marks, in order of first appearance."""
    found: dict[object, list[int]] = {}
    for place, mark in enumerate(marks):
        found.setdefault(mark, []).append(place)
    return list(found.values())


@lru_cache(maxsize=_KEPT)
def axis_of(variable: int, states: tuple[int, ...], marks: tuple[int, ...]) -> Axis:
    """The axis of a variable whose states of equal marks share a cell; ``marks`` as ``numbered`` gives them."""
    cells = max(marks) + 1
    cell_of = np.zeros(max(states) + 1, dtype=np.int64)
    cell_of[list(states)] = marks
    return Axis(
        variable,
        np.array([states[marks.index(cell)] for cell in range(cells)], dtype=np.int64),
        np.bincount(marks, minlength=cells),
        cell_of,
    )
