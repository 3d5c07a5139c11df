"""One taker judged on one day, in arrays: the numbers of a recommendation before they get their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import Gate, gates_on
from quizapp.engine.outcome import RouteOutcome
from quizapp.engine.plan import Limits, best_route, beyond
from quizapp.engine.reading import Reading, together
from quizapp.engine.table import UNKNOWN, Integers

_NO_PRICE = 10**12


@dataclass(frozen=True, eq=False)
class Judgement:
    """The items of a bank for one taker.

    ``rows`` are the ranked items' rows in the bank, best first. ``values`` (0-100), ``known`` and
    ``points`` have one row per ranked item in that order and one column per criterion; ``scores`` are
    the rows' sums. ``gates`` has every item of the bank, ``best`` each ranked item's route.
    """

    reading: Reading
    gates: Sequence[Gate]
    rows: Sequence[int]
    best: Sequence[RouteOutcome]
    over: Sequence[bool]
    weights: Integers
    values: Integers
    known: Integers
    points: Integers
    scores: Integers


class Panel:
    """What a bank needs on a day to judge takers; shared by threads."""

    def __init__(self, compiled: Compiled, on: date) -> None:
        self._compiled = compiled
        self._gates = gates_on(compiled, on)
        flat, places = together(compiled)
        self._flat = flat
        counts = [len(gates.tables) for gates in self._gates]
        self._conditions = np.array(
            [places[id(t)] for gates in self._gates for t in gates.tables], dtype=np.int64
        )
        self._shifts = np.array([n - 1 - k for n in counts for k in range(n)], dtype=np.int64)
        self._with = [row for row, count in enumerate(counts) if count]
        self._starts = np.cumsum([0, *(count for count in counts if count)])[:-1]
        self._weights = np.array([places[id(table)] for table in compiled.weights], dtype=np.int64)
        self._instead = np.array([criterion.if_unknown for criterion in compiled.criteria], dtype=np.int64)
        rows = [item.fits or [None] * len(compiled.criteria) for item in compiled.items]
        self._fits = np.array([[places.get(id(table), 0) for table in row] for row in rows], dtype=np.int64)
        self._by_plan = [
            [(column, table) for column, table in enumerate(item.fits) if id(table) not in places]
            for item in compiled.items
        ]
        self._costs = compiled.variables[compiled.cost].index
        ids = sorted(item.item.id for item in compiled.items)
        self._alphabet = [ids.index(item.item.id) for item in compiled.items]

    def judge(self, state: list[int], limits: Limits) -> Judgement:
        """The judgement on a taker whose every answer is known."""
        found = self._flat.at(state)
        gates = self._met(found)
        places = []
        for row, gate in enumerate(gates):
            route = gate.only or best_route(gate, limits)
            if route is not None:
                over = bool(beyond(route, limits))
                places.append((over, row, route))
        rows = [row for _, row, _ in places]
        values = found[self._fits[rows]]
        for line, (_, row, route) in enumerate(places):
            for column, table in self._by_plan[row]:
                state[self._compiled.cost] = self._costs[_yen(route)]
                state[self._compiled.duration] = route.months.from_ if route.months else 0
                values[line, column] = table.at(state)
        known = values != UNKNOWN
        values = np.where(known, values, self._instead)
        weights = found[self._weights]
        whole = max(int(weights.sum()), 1)
        points = (values * (200 * weights) + whole) // (2 * whole)
        scores = points.sum(axis=1)
        order = self._order(places, scores.tolist())
        return Judgement(
            reading=Reading(self._compiled, state, found),
            gates=gates,
            rows=[rows[line] for line in order],
            best=[places[line][2] for line in order],
            over=[places[line][0] for line in order],
            weights=weights,
            values=values[order],
            known=known[order],
            points=points[order],
            scores=scores[order],
        )

    def _met(self, found: Integers) -> list[Gate]:
        codes = [0] * len(self._gates)
        if self._with:
            bits = found[self._conditions] << self._shifts
            for row, code in zip(self._with, np.add.reduceat(bits, self._starts).tolist(), strict=True):
                codes[row] = code
        return [gates.coded(code) for gates, code in zip(self._gates, codes, strict=True)]

    def _order(self, places: Sequence[tuple[bool, int, RouteOutcome]], scores: Sequence[int]) -> list[int]:
        keys = [
            (over, -scores[line], _dear(route), self._alphabet[row], line)
            for line, (over, row, route) in enumerate(places)
        ]
        return [key[-1] for key in sorted(keys)]


def _yen(route: RouteOutcome) -> int:
    return UNKNOWN if route.cost is None or route.cost.yen is None else route.cost.yen


def _dear(route: RouteOutcome) -> int:
    """The cost that breaks ties: none where money is no part of it, most where nobody knows it."""
    if route.cost is None:
        return 0
    return _NO_PRICE if route.cost.yen is None else route.cost.yen


@lru_cache(maxsize=64)
def panel(compiled: Compiled, on: date) -> Panel:
    """The panel of a bank on a day, kept for the days asked of late."""
    return Panel(compiled, on)
