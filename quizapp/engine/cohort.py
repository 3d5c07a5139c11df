"""Many takers at once: the same judgement as ``recommend``, in arrays, for everything that asks "what if".

A cohort is a matrix of variable indexes, one row a question variable, one column a taker. Every taker
has answered everything; limits come from their own answers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import Gates, gates_on
from quizapp.engine.grid import Axis, Cut, Grid, axis, with_values
from quizapp.engine.plan import Plans, plans_over
from quizapp.engine.reading import deciding_tables
from quizapp.engine.state import today_index
from quizapp.engine.table import UNKNOWN, Integers, Table


@dataclass(frozen=True)
class Verdicts:
    """What becomes of each item (rows, in the bank's order) for each taker (columns).

    ``ranked`` and ``beyond`` are 0 or 1, ``score`` 0-10,000, ``yen`` UNKNOWN where no total is known.
    ``key`` orders a taker's items, least first, exactly as ``order`` does: within the limits before
    beyond, then score, lower cost, id. Items that are not ranked have the greatest key, ``NEVER``.
    """

    ranked: Integers
    score: Integers
    beyond: Integers
    yen: Integers
    months: Integers
    key: Integers
    values: tuple[Integers, ...]

    @property
    def first(self) -> Integers:
        """The row of each taker's first item; UNKNOWN where nothing is ranked."""
        best = np.argmin(self.key, axis=0)
        return np.where(np.take_along_axis(self.key, best[None], axis=0)[0] == NEVER, UNKNOWN, best)

    def top(self, count: int) -> Integers:
        """The rows of each taker's first items, shape (count, takers); UNKNOWN where there are fewer."""
        order = np.argsort(self.key, axis=0, kind="stable")[:count]
        return np.where(np.take_along_axis(self.key, order, axis=0) == NEVER, UNKNOWN, order)


NEVER = np.iinfo(np.int64).max


def judge(compiled: Compiled, on: date, takers: Integers, weights: Integers | None = None) -> Verdicts:
    """The verdicts on a cohort of shape (question variables, takers).

    ``weights`` of shape (criteria, takers) replace those that the takers' answers give; they may be
    real numbers, and scores then are not rounded.
    """
    grid = cohort_grid(compiled, on, takers)
    given = _weights(compiled, grid) if weights is None else weights
    plans = [_plans(compiled, gates, grid) for gates in gates_on(compiled, on)]
    count = takers.shape[1]
    costs = compiled.variables[compiled.cost].numbers
    score = np.zeros((len(plans), count), dtype=given.dtype)
    whole = np.maximum(given.sum(axis=0), 1 if weights is None else 1e-12)
    values = []
    for row, (item, plan) in enumerate(zip(compiled.items, plans, strict=True)):
        if item.item.listed_only:
            values.append(np.zeros((len(compiled.criteria), count), dtype=np.int64))
            continue
        grid.give(compiled.cost, np.searchsorted(costs, plan.yen))
        grid.give(compiled.duration, plan.starts)
        known = _side_by_side(grid, item.fits)
        value = np.where(known == UNKNOWN, _instead(compiled)[:, None], known)
        values.append(value)
        if weights is None:
            score[row] = ((200 * given * value + whole) // (2 * whole)).sum(axis=0)
        else:
            score[row] = 100 * (given * value).sum(axis=0) / whole
    ranked = np.stack([np.broadcast_to(plan.ranked, (count,)) for plan in plans])
    yen = np.stack([np.broadcast_to(plan.yen, (count,)) for plan in plans])
    over = np.stack([np.broadcast_to((p.over_cost > 0) | (p.over_months > 0), (count,)) for p in plans])
    months = np.stack([np.broadcast_to(plan.starts, (count,)) for plan in plans])
    key = order_key(compiled, ranked, score, over.astype(np.int64), yen)
    return Verdicts(ranked, score, over.astype(np.int64), yen, months, key, tuple(values))


def order_key(
    compiled: Compiled, ranked: Integers, score: Integers, over: Integers, yen: Integers
) -> Integers:
    """One number per item and taker that sorts as ``order`` does.

    Each digit is as wide as its largest figure: scores up to the most that rounding allows, costs up
    to the bank's dearest plan and one more for an unknown total, ids by their place in the alphabet.
    """
    most = 10_000 + len(compiled.criteria)
    costs = compiled.variables[compiled.cost].numbers
    priced = np.array([item.item.priced for item in compiled.items])[:, None]
    # What costs nothing ties with what money is no part of, whether or not 0 is a total.
    known = np.where(yen > 0, np.searchsorted(costs, yen), 0)
    dear = np.where(priced & (yen == UNKNOWN), len(costs), known)
    ids = sorted(range(len(compiled.items)), key=lambda row: compiled.items[row].item.id)
    place = np.empty(len(ids), dtype=np.int64)
    place[ids] = np.arange(len(ids))
    rounded = np.round(score * _FINE).astype(np.int64) if score.dtype.kind == "f" else score * _FINE
    key = (over * (most + 1) * _FINE + (most * _FINE - rounded)) * (len(costs) + 1) + dear
    return np.where(ranked != 0, key * len(ids) + place[:, None], NEVER)


_FINE = 1_000


def cohort_grid(compiled: Compiled, on: date, takers: Integers) -> Grid:
    """A grid of one axis on which every taker stands."""
    count = takers.shape[1]
    whole = np.arange(count, dtype=np.int64)
    fixed = [0] * len(compiled.variables)
    fixed[compiled.today] = today_index(compiled, on)
    grid = Grid(compiled, fixed, [Axis(len(compiled.variables), whole, np.ones_like(whole), whole)])
    for place in range(compiled.today):
        grid.give(place, takers[place])
    return grid


def random_takers(compiled: Compiled, count: int, seed: int) -> Integers:
    """Seeded takers whose every answer is equally likely, shape (question variables, count)."""
    random = np.random.default_rng(seed)
    sizes = [len(compiled.variables[place].domain) for place in range(compiled.today)]
    return np.stack([random.integers(0, size, count) for size in sizes])


def _plans(compiled: Compiled, gates: Gates, grid: Grid) -> Plans:
    places, met = gates.over(grid)
    bounds: dict[str, Integers] = {}
    for limit in compiled.bank.limits:
        place = compiled.places[limit.question]
        bounds[limit.of] = compiled.variables[place].numbers[grid.indexes(place)]
    return plans_over(met, places, bounds.get("cost"), bounds.get("months"))


@lru_cache(maxsize=64)
def _instead(compiled: Compiled) -> Integers:
    return np.array([criterion.if_unknown for criterion in compiled.criteria], dtype=np.int64)


def _weights(compiled: Compiled, grid: Grid) -> Integers:
    return _side_by_side(grid, compiled.weights)


def _side_by_side(grid: Grid, tables: Sequence[Table]) -> Integers:
    """What tables come to for every taker, a row each; there may be none."""
    rows = np.empty((len(tables), *grid.shape), dtype=np.int64)
    for row, table in enumerate(tables):
        rows[row] = grid.of(table)
    return rows


@lru_cache(maxsize=2_048)
def cells(compiled: Compiled, variable: int) -> Axis:
    """The answers of a question variable that some rule or limit of the bank tells apart."""
    tables = with_values(compiled, deciding_tables(compiled))
    cuts: list[Cut] = []
    numbers = compiled.variables[variable].numbers
    name = compiled.variables[variable].name
    totals = [int(total) for total in compiled.variables[compiled.cost].numbers[1:]]
    for limit in compiled.bank.limits:
        if limit.question == name and limit.of == "cost":
            cuts.append(lambda index: bisect_left(totals, int(numbers[index]) + 1))
        elif limit.question == name:
            cuts.append(lambda index: int(numbers[index]))
    return axis(compiled, variable, tables, cuts)
