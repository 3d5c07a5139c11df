"""The few cells that a taker's open answers fall into, as some tables tell them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quizapp.engine.grid import Axis
from quizapp.engine.table import Integers, Table

Marks = dict[int, tuple[object, ...]]
Truths = npt.NDArray[np.bool_]


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
    """What the table comes to for each state of a variable, whatever the others; only where it varies."""
    base, wide = 0, []
    for variable, offset in zip(table.reads, table.offsets, strict=True):
        if len(states[variable]) == 1:
            base += offset[states[variable][0]]
        else:
            wide.append((variable, [offset[index] for index in states[variable]]))
    if not wide:
        return {}
    if len(wide) > 1:
        return _wide_slices(table, states, wide)
    variable, offsets = wide[0]
    mark = tuple(table.values[base + offset] for offset in offsets)
    return {variable: mark} if len(set(mark)) > 1 else {}


def _wide_slices(
    table: Table, states: Sequence[tuple[int, ...]], wide: Sequence[tuple[int, list[int]]]
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
    found: Marks = {}
    for position, (variable, _) in enumerate(wide):
        said = [row.tobytes() for row in np.moveaxis(values, position, 0)]
        if len(set(said)) > 1:
            found[variable] = tuple(said[k] for k in cell_of[position])
    return found


def groups(marks: Sequence[object]) -> list[list[int]]:
    """The places of equal marks, in order of first appearance."""
    found: dict[object, list[int]] = {}
    for place, mark in enumerate(marks):
        found.setdefault(mark, []).append(place)
    return list(found.values())


def axis_of(variable: int, states: Sequence[int], cells: Sequence[Sequence[int]]) -> Axis:
    """The axis of a variable whose states share cells as given, by their places."""
    cell_of = np.zeros(max(states) + 1, dtype=np.int64)
    for cell, group in enumerate(cells):
        for place in group:
            cell_of[states[place]] = cell
    return Axis(
        variable,
        np.array([states[group[0]] for group in cells], dtype=np.int64),
        np.array([len(group) for group in cells], dtype=np.int64),
        cell_of,
    )
