"""What two banks say of many takers at once; what both decide alike is worked out once for both.

The same judgement as ``cohort.judge``, with standings; rows are a bank's items, columns are takers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from quizapp.audit.both_banks import BothBanks, Ways
from quizapp.audit.prepared import Shared, prepared
from quizapp.audit.reader import Reader
from quizapp.engine.cohort import NEVER
from quizapp.engine.table import UNKNOWN, Integers

TOP = 3


@dataclass(frozen=True, eq=False)
class Sheet:
    """One bank's word on some takers.

    ``standing`` is a place in STANDINGS or IRRELEVANT. ``yen`` is the plan's total: UNKNOWN where nobody
    knows it or money is no part, UNRANKED where the item is not ranked. ``key`` orders a taker's items,
    least first, on one scale for both banks; NEVER is not ranked.
    """

    standing: npt.NDArray[np.int8]
    yen: Integers
    key: Integers

    @cached_property
    def top(self) -> Integers:
        """The rows of each taker's first items, shape (TOP, takers); UNKNOWN where there are fewer."""
        found = np.full((TOP, self.key.shape[1]), UNKNOWN, dtype=np.int64)
        left = self.key.copy()
        columns = np.arange(left.shape[1])
        for place in range(min(TOP, len(left))):
            best = left.argmin(axis=0)
            found[place] = np.where(left[best, columns] == NEVER, UNKNOWN, best)
            left[best, columns] = NEVER
        return found

    @cached_property
    def mark(self) -> npt.NDArray[np.uint64]:
        """One number per taker: takers with equal numbers see the same standings, totals and scores."""
        whole = np.zeros(self.key.shape[1], dtype=np.uint64)
        for row in range(len(self.key)):
            each = self.key[row].astype(np.uint64) * _ODD + self.yen[row].astype(np.uint64)
            each = (each ^ (each >> np.uint64(31))) * _ODDER + self.standing[row].astype(np.uint64)
            each = (each ^ (each >> np.uint64(29))) * _ODD
            # Which row it is, is told by where the sum so far stands.
            whole = (whole ^ each ^ (each >> np.uint64(32))) * _ODDER
        return whole


_ODD, _ODDER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


class Sheets:
    """Both banks on one day, ready to judge. Shared by threads."""

    def __init__(self, pair: BothBanks, on: date) -> None:
        self.pair, self.on = pair, on
        self._banks = prepared(pair.banks, on)

    @property
    def same(self) -> bool:
        """Whether both banks have the same items, each decided alike for every taker."""
        before, after = ({line.number for line in bank.lines} for bank in self._banks)
        return before == after

    def of(self, ways: Ways) -> tuple[Sheet, Sheet]:
        """What each bank says of these takers."""
        shared = Shared()
        before, after = (
            Sheet(*Reader(bank, self.pair.takers(ways, side), shared).told())
            for side, bank in enumerate(self._banks)
        )
        return before, after
