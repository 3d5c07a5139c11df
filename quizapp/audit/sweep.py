"""Goes through every combination of answers a block at a time and counts who comes first.

Over a block, an item stands between its least and its greatest place there. Whoever cannot be better
than the worst of some other item is left out of the block, and most items are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from quizapp.audit.places import Levels, Own
from quizapp.engine.grid import Axis
from quizapp.engine.table import Integers

# So many cells of two bytes stay in the processor's nearest cache.
BLOCK = 8_192


class Sweep:
    """Every block of some axes, with the items that may come first in it.

    ``winner_of`` numbers the winner behind each level of the items' keys, below ``winners``; the last
    level is that of nothing ranked.
    """

    def __init__(self, owns: Sequence[Own], axes: Sequence[Axis], winner_of: Integers, winners: int) -> None:
        self._winner_of, self._winners = winner_of, winners
        self._inner = _inner(axes)
        self._sizes = [len(axis.chosen) for axis in axes]
        self._weights = _volumes(axes[: self._inner]).tolist()
        self._volumes = _volumes(axes[self._inner :])
        # The empty line stands for nothing ranked, so that a block without items needs no case of its own.
        last = len(winner_of) - 1
        nothing = np.full(len(self._volumes), last, dtype=np.min_scalar_type(last))
        self._lines: list[list[Levels]] = [[nothing] for _ in self._weights]
        self._enter(owns)

    def counts(self) -> Integers:
        """For how many answer sets each winner comes first."""
        volumes = self._volumes
        even = bool((volumes == volumes[0]).all())
        totals = np.zeros(self._winners, dtype=np.int64)
        best = np.empty_like(self._lines[0][0])
        # One core: a step takes a microsecond, and threads would wait for one another's.
        for lines, weight in zip(self._lines, self._weights, strict=True):
            np.minimum(lines[0], lines[-1], out=best)
            for line in lines[1:-1]:
                np.minimum(best, line, out=best)
            first = self._winner_of.take(best)
            found = np.bincount(first, None if even else volumes, self._winners).astype(np.int64)
            totals += found * (weight * int(volumes[0]) if even else weight)
        return totals

    def _enter(self, owns: Sequence[Own]) -> None:
        """Adds to each block the lines of those items that may come first in it."""
        split = [self._split(own) for own in owns]
        least = [keys.reshape(len(keys), -1).min(axis=1)[at] for keys, at in split]
        greatest = [keys.reshape(len(keys), -1).max(axis=1)[at] for keys, at in split]
        bar = np.min(greatest, axis=0) if greatest else np.zeros(0)
        for (keys, at), best in zip(split, least, strict=True):
            blocks = np.flatnonzero(best <= bar)
            used, places = np.unique(at[blocks], return_inverse=True)
            laid = list(self._laid(keys[used]))
            for block, place in zip(blocks.tolist(), places.tolist(), strict=True):
                self._lines[block].append(laid[place])

    def _split(self, own: Own) -> tuple[Levels, Integers]:
        """An item's keys by the cells of its outer axes, and which of those cells each block lies in."""
        outer = [number for number in own.axes if number < self._inner]
        cells = np.arange(prod(self._sizes[n] for n in outer))
        wide = [self._sizes[n] if n in outer else 1 for n in range(self._inner)]
        at = np.broadcast_to(cells.reshape(wide), self._sizes[: self._inner])
        inner = [self._sizes[n] if n in own.axes else 1 for n in range(self._inner, len(self._sizes))]
        return own.keys.reshape(len(cells), *inner), at.reshape(-1)

    def _laid(self, keys: Levels) -> Levels:
        """The keys of some outer cells, each over a whole block."""
        shape = (len(keys), *self._sizes[self._inner :])
        return np.ascontiguousarray(np.broadcast_to(keys, shape)).reshape(len(keys), len(self._volumes))


def _inner(axes: Sequence[Axis]) -> int:
    """The first of the axes that a block spans."""
    inner, size = len(axes), 1
    while inner and size * len(axes[inner - 1].chosen) <= BLOCK:
        inner -= 1
        size *= len(axes[inner].chosen)
    return inner


def _volumes(axes: Sequence[Axis]) -> Integers:
    """How many answer sets each combination of the axes' cells stands for."""
    volumes = np.ones(1, dtype=np.int64)
    for axis in axes:
        volumes = (volumes[:, None] * axis.counts).reshape(-1)
    return volumes
