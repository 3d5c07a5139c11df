"""Everybody who may take either of two banks: how one taker's answers are given to both.

A taker is a column of ways, one row a strand; a strand is one thing to answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from quizapp.audit.strands import Strand, strands_of
from quizapp.engine.compiled import Compiled
from quizapp.engine.grid import Cut, axis, with_values
from quizapp.engine.reading import deciding_tables
from quizapp.engine.table import Integers

Ways = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Cells:
    """The ways of a strand that neither bank tells apart; see ``grid.Axis``."""

    chosen: Integers
    counts: Integers
    cell_of: Integers


class BothBanks:
    """Two banks and all their takers. Immutable.

    The new bank's answers are all equally likely. What both banks ask in the same way gets the same
    answer. An answer that the old bank does not have is, there, any of the answers that it alone has
    (all of its answers where there is none), and a number that is off its grid the nearest on it. What
    only the old bank asks is answered in every way. Ways without weight are nobody's: through them each
    bank by itself meets every one of its answers.
    """

    def __init__(self, before: Compiled, after: Compiled) -> None:
        self.banks = (before, after)
        self.strands = strands_of(before, after)

    def takers(self, ways: Ways, side: int) -> Integers:
        """The answers of takers as one bank reads them, shape (its question variables, takers)."""
        answers = np.zeros((self.banks[side].today, ways.shape[1]), dtype=np.int64)
        for row, strand in enumerate(self.strands):
            place = strand.places[side]
            if place is not None:
                answers[place] = strand.indexes[side].take(ways[row])
        return answers

    def sampled(self, count: int, seed: int) -> Ways:
        """Seeded takers, drawn as they are likely."""
        random = np.random.default_rng(seed)
        ways = np.empty((len(self.strands), count), dtype=np.int32)
        for row, strand in enumerate(self.strands):
            ends = np.cumsum(strand.weights)
            ways[row] = np.searchsorted(ends, random.integers(0, ends[-1], count), side="right")
        return ways

    def varied(self, count: int, seed: int) -> Ways:
        """Seeded takers who meet rare outcomes sooner: few options ticked, rarely told answers as often."""
        random = np.random.default_rng(seed)
        ways = np.empty((len(self.strands), count), dtype=np.int32)
        for row, cells in enumerate(self.cells):
            picked = cells.chosen[random.integers(0, len(cells.chosen), count)]
            if self.strands[row].option is not None:
                picked = np.where(random.random(count) < _SELDOM, picked, self.strands[row].usual)
            ways[row] = picked
        return ways

    @cached_property
    def cells(self) -> tuple[Cells, ...]:
        """For each strand the ways that make no difference to either bank."""
        return tuple(_cells(strand, self.told_apart) for strand in self.strands)

    @cached_property
    def told_apart(self) -> tuple[dict[int, Integers], dict[int, Integers]]:
        """For each bank, by question variable, the cell of each answer."""
        return _marks(self.banks[0]), _marks(self.banks[1])

    @property
    def size(self) -> int:
        """How many combinations of cells there are."""
        return prod(len(cells.chosen) for cells in self.cells)

    def real(self, ways: Ways) -> npt.NDArray[np.bool_]:
        """Whether each column is somebody: all its ways have weight."""
        held = np.ones(ways.shape[1], dtype=np.bool_)
        for row, strand in enumerate(self.strands):
            if not strand.weights.all():
                held &= strand.weights.take(ways[row]) > 0
        return held

    @cached_property
    def usual(self) -> Ways:
        """The taker for whom nothing is out of the ordinary, as one column."""
        return np.array([[strand.usual] for strand in self.strands], dtype=np.int32)

    @cached_property
    def by_question(self) -> dict[str, tuple[int, ...]]:
        """The rows of each question's strands."""
        found: dict[str, list[int]] = {}
        for row, strand in enumerate(self.strands):
            found.setdefault(strand.question, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}


_SELDOM = 0.25


def _marks(compiled: Compiled) -> dict[int, Integers]:
    """For each question variable, the cell of each answer as the bank's rules and limits tell them apart."""
    hiding = [table for name, table in compiled.asked.items() if compiled.questions[name].when_hidden is None]
    tables = with_values(compiled, [*deciding_tables(compiled), *hiding])
    totals = [int(total) for total in compiled.variables[compiled.cost].numbers[1:]]
    found = {}
    for place in range(compiled.today):
        cuts: list[Cut] = []
        variable = compiled.variables[place]
        for limit in compiled.bank.limits:
            if limit.question == variable.name and limit.of == "cost":
                cuts.append(lambda index, v=variable: bisect_left(totals, int(v.numbers[index]) + 1))  # type: ignore[misc]
            elif limit.question == variable.name:
                cuts.append(lambda index, v=variable: int(v.numbers[index]))  # type: ignore[misc]
        found[place] = axis(compiled, place, tables, cuts).cell_of
    return found


def _cells(strand: Strand, marks: Sequence[dict[int, Integers]]) -> Cells:
    cell = np.zeros(len(strand.weights), dtype=np.int64)
    for side, place in enumerate(strand.places):
        if place is not None:
            known = marks[side][place]
            cell = cell * (int(known.max(initial=0)) + 1) + known[strand.indexes[side]]
    _, first, cell_of = np.unique(cell, return_index=True, return_inverse=True)
    chosen = first.copy()
    # The way taken for granted stands for its own cell.
    chosen[cell_of[strand.usual]] = strand.usual
    counts = np.bincount(cell_of, weights=strand.weights).astype(np.int64)
    return Cells(chosen, counts, cell_of)
