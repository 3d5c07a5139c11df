"""The gates of several items as arrays: which gate each completion meets, and the best plan behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import OPEN, Gate, Gates
from quizapp.engine.outcome import RouteOutcome
from quizapp.engine.plan import BOUNDLESS
from quizapp.engine.table import UNKNOWN, Integers

_WIDE = 10
_CLOSED = 4
# The figures of a route: closed or unpriced, yen, months, index of the cost, its place among equal
# scores, and whether the item is ranked at all.
_SHUT, _YEN, _MONTHS, _COST, _DEAR, _RANKED = range(6)
_FIGURES = 6


@dataclass(frozen=True)
class Best:
    """Best plans: ``cost`` and ``months`` as variable indexes, ``over`` a limit or not, ``dear`` as in order."""

    ranked: Integers
    cost: Integers
    months: Integers
    over: Integers
    dear: Integers


class Gatehouse:
    """Gates found by the truths of their conditions and numbered as they are met; shared by threads."""

    def __init__(self, compiled: Compiled, gates: Sequence[Gates]) -> None:
        self._gates = gates
        self._costs = compiled.variables[compiled.cost]
        self._limited = bool(compiled.bank.limits)
        counts = [len(each.tables) for each in gates]
        self._shifts = np.array([n - 1 - k for n in counts for k in range(n)], dtype=np.int64)[:, None]
        self._with = np.array([row for row, count in enumerate(counts) if count], dtype=np.int64)
        self._starts = np.cumsum([0, *(count for count in counts if count)])[:-1]
        self._routes = max((len(each.item.routes) for each in gates), default=0) or 1
        # Few conditions: a place for every combination. Many: combinations are looked for one by one.
        self._narrow = max(counts, default=0) <= _WIDE
        self._base = np.cumsum([0, *(1 << min(count, _WIDE) for count in counts)])[:-1][:, None]
        size = sum(1 << min(count, _WIDE) for count in counts) if self._narrow else 0
        self._numbers = np.full(size, UNKNOWN, dtype=np.int64)
        self._met: dict[tuple[int, int], int] = {}
        self._lock = Lock()
        # A row for each figure, a column for each route of each gate.
        self._figures = np.zeros((_FIGURES, 0), dtype=np.int64)

    def gates(self, truths: Integers) -> Integers:
        """The number of each item's gate; ``truths`` holds the items' conditions, one item after another."""
        codes = np.zeros((len(self._gates), truths.shape[1]), dtype=np.int64)
        if len(self._with):
            codes[self._with] = np.add.reduceat(truths << self._shifts, self._starts, axis=0)
        if not self._narrow:
            return self._one_by_one(codes)
        places = codes + self._base
        numbers = self._numbers.take(places)
        if (numbers == UNKNOWN).any():
            for row, code in {(int(r), int(codes[r, c])) for r, c in np.argwhere(numbers == UNKNOWN)}:
                self._numbers[int(self._base[row, 0]) + code] = self.number(row, code)
            numbers = self._numbers.take(places)
        found: Integers = numbers
        return found

    def _one_by_one(self, codes: Integers) -> Integers:
        numbers = np.empty_like(codes)
        for row, line in enumerate(codes):
            distinct, places = np.unique(line, return_inverse=True)
            numbers[row] = np.array([self.number(row, int(code)) for code in distinct])[places]
        return numbers

    def number(self, row: int, code: int) -> int:
        """The number of one item's gate by the truths of its conditions."""
        with self._lock:
            if (row, code) not in self._met:
                gate = self._gates[row].coded(code)
                self._figures = np.concatenate([self._figures, self._columns(gate)], axis=1)
                self._met[row, code] = len(self._met)
            return self._met[row, code]

    def ranked(self, gate: Integers) -> Integers:
        """1 where the item is ranked."""
        ranked: Integers = self._figures[_RANKED].take(gate * self._routes)
        return ranked

    def totals(self, gate: Integers) -> tuple[Integers, Integers]:
        """Every yen (UNKNOWN where money is no part, BOUNDLESS where nobody knows) and every months of some gates."""
        ways = self._figures[:, (gate[:, None] * self._routes + np.arange(self._routes)).ravel()]
        open_ways = ways[:, ways[_SHUT] < _CLOSED]
        return np.unique(open_ways[_YEN]), np.unique(open_ways[_MONTHS])

    def best(self, gate: Integers, yen: Integers, months: Integers) -> Best:
        """The plan that ``plan.best_route`` chooses, for limits that broadcast with the gates."""
        figures, routes = self._figures, self._routes
        way = gate * routes
        # Without limits the choice is made already: the best route stands first.
        if routes > 1 and self._limited:
            way = way + self._chosen(way, yen, months)
        over = (figures[_YEN].take(way) > yen) | (figures[_MONTHS].take(way) > months)
        ranked = figures[_RANKED].take(way)
        return Best(
            ranked=ranked,
            cost=figures[_COST].take(way),
            months=figures[_MONTHS].take(way),
            over=over * ranked,
            dear=figures[_DEAR].take(way),
        )

    def _chosen(self, way: Integers, yen: Integers, months: Integers) -> Integers:
        """Which of the routes exceeds the fewest limits; the first of those."""
        least: Integers | None = None
        for place in range(self._routes):
            at = way + place
            count = (self._figures[_YEN].take(at) > yen).astype(np.int64)
            count += self._figures[_MONTHS].take(at) > months
            mark = (self._figures[_SHUT].take(at) * 3 + count) * self._routes + place
            least = mark if least is None else np.minimum(least, mark)
        assert least is not None
        return least % self._routes

    def _columns(self, gate: Gate) -> Integers:
        """A gate's routes as figures, in order of preference but for the limits."""
        columns = np.zeros((_FIGURES, self._routes), dtype=np.int64)
        columns[_SHUT] = _CLOSED
        ways = [route for route in gate.routes if route.standing in OPEN] if gate.ranked else []
        for place, route in enumerate(sorted(ways, key=_preference)):
            yen, unpriced = _yen(route), _unpriced(route)
            columns[_SHUT, place] = unpriced
            # A total that nobody knows is within no limit that there is.
            columns[_YEN, place] = BOUNDLESS if unpriced else yen
            columns[_MONTHS, place] = route.months.from_ if route.months else 0
            columns[_COST, place] = self._costs.index[yen]
            # What costs nothing ties with what money is no part of, whether or not 0 is a total.
            dear = self._costs.index[yen] if yen > 0 else 0
            columns[_DEAR, place] = len(self._costs.domain) if unpriced else dear
        columns[_RANKED] = int(gate.ranked)
        return columns


def _preference(route: RouteOutcome) -> tuple[bool, int, int]:
    return _unpriced(route), max(_yen(route), 0), route.months.from_ if route.months else 0


def _yen(route: RouteOutcome) -> int:
    return UNKNOWN if route.cost is None or route.cost.yen is None else route.cost.yen


def _unpriced(route: RouteOutcome) -> bool:
    return route.cost is not None and route.cost.yen is None
