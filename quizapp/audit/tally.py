"""Takers counted: for how many each kind of change holds, and where each item stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quizapp.audit.impact_record import KINDS
from quizapp.audit.prepared import UNRANKED
from quizapp.audit.sheets import Sheet
from quizapp.audit.turnover import Roll, Turnover
from quizapp.engine.table import Integers

Both = tuple[Integers, Integers]


@dataclass(frozen=True, eq=False)
class Standings:
    """How often each item of the roll is first, and ranked at all, in either bank."""

    total: int
    first: Both
    ranked: Both

    def __add__(self, other: Standings) -> Standings:
        return Standings(
            self.total + other.total,
            (self.first[0] + other.first[0], self.first[1] + other.first[1]),
            (self.ranked[0] + other.ranked[0], self.ranked[1] + other.ranked[1]),
        )


@dataclass(frozen=True, eq=False)
class Tally:
    """Takers counted, each as often as it counts.

    ``kinds`` counts every kind, in the order of KINDS, and last those for whom one holds at all.
    ``met`` counts each column once, those that are nobody too: what either bank can come to.
    """

    kinds: Integers
    counted: Standings
    met: Standings

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.kinds + other.kinds, self.counted + other.counted, self.met + other.met)


def tally(roll: Roll, sheets: tuple[Sheet, Sheet], found: Turnover, counts: Integers | None) -> Tally:
    """The count over one block; without ``counts`` each taker counts once."""
    once = np.ones(sheets[0].key.shape[1], dtype=np.int64)
    flags = np.stack([found.flags[kind] for kind in KINDS])
    flags = np.concatenate([flags, flags.any(axis=0, keepdims=True)])
    met = _standings(roll, sheets, found, once)
    if counts is None:
        return Tally(flags @ once, met, met)
    return Tally(flags @ counts, _standings(roll, sheets, found, counts), met)


def _standings(roll: Roll, sheets: tuple[Sheet, Sheet], found: Turnover, counts: Integers) -> Standings:
    first, ranked = [], []
    for side in (0, 1):
        # Counts stay below 2**53 in all, so that sums of doubles are exact.
        places = np.bincount(found.firsts[side] + 1, weights=counts, minlength=len(roll.items) + 1)
        first.append(places[1:].astype(np.int64))
        by_row = (sheets[side].yen != UNRANKED) @ counts
        rows = roll.rows[side]
        ranked.append(np.where(rows >= 0, by_row[rows], 0))
    return Standings(int(counts.sum()), (first[0], first[1]), (ranked[0], ranked[1]))
