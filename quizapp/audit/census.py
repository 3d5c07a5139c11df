"""Who comes first, over every answer set of a bank: each item's standing as one array, then one least.

An item reads few questions, so its place in the order is an array over those alone. Keys become their
places among all keys that ever occur: small numbers, from which the item behind them is read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import prod

import numpy as np

from quizapp.audit.places import Own, numbered, reads, standings
from quizapp.audit.sweep import Sweep
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import NEVER, field_on
from quizapp.engine.table import Integers

MAX_OWN = 2_000_000
MAX_SPACE = 50_000_000
# Counts pass through floating point, which is exact up to here.
MAX_COUNTED = 2**53
STRETCH = 16_384


class TooWide(Exception):
    """The answers that matter are too many to go through; ``cells`` says how many."""

    def __init__(self, cells: int) -> None:
        super().__init__(f"{cells} combinations of answers")
        self.cells = cells


class Census:
    """A bank on a day, ready to be counted. Shared by threads.

    Raises TooWide where one item alone reads more answers than can be gone through.
    """

    def __init__(self, compiled: Compiled, on: date) -> None:
        self._compiled = compiled
        rows = field_on(compiled, on).rows
        read = [sorted(reads(compiled, on, row)) for row in rows]
        self.axes = tuple(cells(compiled, place) for place in sorted(set().union(*read)))
        at = {axis.variable: number for number, axis in enumerate(self.axes)}
        axes = [tuple(at[place] for place in places) for places in read]
        alphabet = sorted(rows, key=lambda row: compiled.items[row].item.id)
        keys = [
            self._keys(on, row, own, alphabet.index(row), len(rows))
            for row, own in zip(rows, axes, strict=True)
        ]
        levels, met = numbered(keys)
        self.owns = tuple(Own(*one) for one in zip(rows, axes, levels, strict=True))
        # The bank's row behind each level; -1 behind the last, which stands for nothing ranked.
        self._row_of = np.array([*(alphabet[key] for key in (met % max(len(rows), 1)).tolist()), -1])

    def _keys(self, on: date, row: int, axes: Sequence[int], letter: int, items: int) -> Integers:
        """An item's keys over the axes it reads; the place of its id is the last digit, so that none tie."""
        mine = [self.axes[number] for number in axes]
        count = prod(len(axis.chosen) for axis in mine)
        if count > MAX_OWN:
            raise TooWide(count)
        found = standings(self._compiled, on, row, mine)
        return np.where(found == NEVER, NEVER, found * items + letter)

    @property
    def size(self) -> int:
        """How many combinations of answers the census tells apart."""
        return prod(len(axis.chosen) for axis in self.axes)

    def winners(self, takers: Integers) -> Integers:
        """The bank's row of each taker's first item, -1 where nothing is ranked.

        ``takers`` has one row a question variable and one column a taker.
        """
        count, nothing = takers.shape[1], len(self._row_of) - 1
        best = np.full(count, nothing, dtype=np.min_scalar_type(nothing))
        shifts = [self._shifts(own) for own in self.owns]
        # A stretch at a time, so that its indexes and places stay in the processor's cache.
        for at in range(0, count, STRETCH):
            stretch = takers[:, at : at + STRETCH].astype(np.intp)
            least = best[at : at + STRETCH]
            for own, moves in zip(self.owns, shifts, strict=True):
                place = sum((move.take(stretch[variable]) for variable, move in moves), np.intp(0))
                np.minimum(least, own.keys.reshape(-1).take(place), out=least)
        return self._row_of.take(best)

    def _shifts(self, own: Own) -> list[tuple[int, Integers]]:
        """For each variable that an item reads, how far each of its answers moves the place."""
        found, stride = [], 1
        for number in reversed(own.axes):
            axis = self.axes[number]
            found.append((axis.variable, axis.cell_of * stride))
            stride *= len(axis.chosen)
        return found

    def first_places(self) -> dict[str | None, int]:
        """For how many answer sets each item comes first; None counts those in which nothing is ranked.

        Every answer set counts once; answers that nothing reads are not multiplied in. Raises TooWide.
        """
        counted = prod(int(axis.counts.sum()) for axis in self.axes)
        if self.size > MAX_SPACE or counted > MAX_COUNTED:
            raise TooWide(self.size)
        # Nothing ranked, -1 by row, is counted behind the bank's last row.
        items = self._compiled.items
        totals = Sweep(self.owns, self.axes, self._row_of % (len(items) + 1), len(items) + 1).counts()
        found: dict[str | None, int] = {None: int(totals[-1])}
        for row in sorted(own.row for own in self.owns):
            found[items[row].item.id] = int(totals[row])
        return found
