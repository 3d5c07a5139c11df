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
from quizapp.engine.table import UNKNOWN, Integers, Table

_NO_PRICE = 10**12
_ROSTERS = 4_096


@dataclass(frozen=True, eq=False)
class Roster:
    """Who is in the ranking for takers whose conditions and limits are alike, before any score.

    ``rows`` are the ranked items' rows in the bank, ``best`` their routes, ``over`` whether each exceeds
    a limit, ``ties`` their order among equal scores, ``fits`` where their values stand.
    """

    gates: Sequence[Gate]
    rows: Sequence[int]
    best: Sequence[RouteOutcome]
    over: Sequence[bool]
    ties: Integers
    fits: Integers
    by_plan: Sequence[tuple[int, int, Table]]


@dataclass(frozen=True, eq=False)
class Judgement:
    """The items of a bank for one taker.

    ``order`` lists the lines of the roster, best first. ``values`` (0-100), ``known`` and ``points`` have
    one row per line and one column per criterion; ``scores`` are the sums of the points.
    """

    found: Integers
    state: list[int]
    roster: Roster
    order: Sequence[int]
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
        self._flat, self._places = together(compiled)
        counts = [len(gates.tables) for gates in self._gates]
        asked = [self._places[id(table)] for gates in self._gates for table in gates.tables]
        self._conditions = np.array(asked, dtype=np.int64)
        self._shifts = np.array([n - 1 - k for n in counts for k in range(n)], dtype=np.int64)
        self._with = [row for row, count in enumerate(counts) if count]
        self._starts = np.cumsum([0, *(count for count in counts if count)])[:-1]
        self._weights = np.array([self._places[id(table)] for table in compiled.weights], dtype=np.int64)
        self._instead = np.array([criterion.if_unknown for criterion in compiled.criteria], dtype=np.int64)
        self._costs = compiled.variables[compiled.cost].index
        self._alphabet = [item.item.id for item in compiled.items]
        self._rosters: dict[tuple[bytes, Limits], Roster] = {}

    def judge(self, state: list[int], limits: Limits) -> Judgement:
        """The judgement on a taker whose every answer is known."""
        found = self._flat.at(state)
        roster = self._roster(found, limits)
        values = found.take(roster.fits)
        for line, column, table in roster.by_plan:
            route = roster.best[line]
            state[self._compiled.cost] = self._costs[_yen(route)]
            state[self._compiled.duration] = route.months.from_ if route.months else 0
            values[line, column] = table.at(state)
        known = values != UNKNOWN
        if not known.all():
            values = np.where(known, values, self._instead)
        # Wide enough for the products: tables hold 32 bits, and a weight may be a million.
        weights = found.take(self._weights).astype(np.int64)
        whole = max(int(weights.sum()), 1)
        points = (values * (200 * weights) + whole) // (2 * whole)
        scores = points.sum(axis=1)
        # Scores stay below 100 points a criterion over 10,000, so that no score reaches into `ties`.
        order = np.argsort(roster.ties - scores * len(roster.ties), kind="stable").tolist()
        return Judgement(found, state, roster, order, weights, values, known, points, scores)

    def reading(self, judged: Judgement) -> Reading:
        """Every other rule of the bank for the same taker."""
        return Reading(self._places, judged.state, judged.found)

    def _roster(self, found: Integers, limits: Limits) -> Roster:
        codes = (
            np.add.reduceat(found[self._conditions] << self._shifts, self._starts) if self._with else _NOTHING
        )
        key = codes.tobytes(), limits
        roster = self._rosters.get(key)
        if roster is None:
            if len(self._rosters) >= _ROSTERS:
                self._rosters.clear()
            roster = self._rosters[key] = self._made(codes, limits)
        return roster

    def _made(self, codes: Integers, limits: Limits) -> Roster:
        every = [0] * len(self._gates)
        for row, code in zip(self._with, codes.tolist(), strict=True):
            every[row] = code
        gates = [gates.coded(code) for gates, code in zip(self._gates, every, strict=True)]
        chosen = [
            (row, route) for row, gate in enumerate(gates) if (route := best_route(gate, limits)) is not None
        ]
        rows, best = [row for row, _ in chosen], [route for _, route in chosen]
        over = [bool(beyond(route, limits)) for route in best]
        lines = sorted(range(len(rows)), key=lambda n: (_dear(best[n]), self._alphabet[rows[n]]))
        ties = np.empty(len(rows), dtype=np.int64)
        ties[lines] = np.arange(len(rows))
        ties += np.array(over, dtype=np.int64) * len(rows) * 20_000
        fits = [[self._places.get(id(t), 0) for t in self._compiled.items[row].fits] for row in rows]
        return Roster(
            gates=gates,
            rows=rows,
            best=best,
            over=over,
            ties=ties,
            fits=np.array(fits, dtype=np.int64).reshape(len(rows), len(self._instead)),
            by_plan=[
                (line, column, table)
                for line, row in enumerate(rows)
                for column, table in enumerate(self._compiled.items[row].fits)
                if id(table) not in self._places
            ],
        )


_NOTHING = np.zeros(0, dtype=np.int64)


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
