"""Where one item stands over every combination of the answers it reads, composed from its own small tables.

Each table is looked up over the few answers that it reads itself; only their sum is as wide as all
that the item reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from quizapp.engine.compiled import Compiled
from quizapp.engine.field import NEVER, standing
from quizapp.engine.gates import gates_on
from quizapp.engine.grid import Axis, Grid, raw_reads
from quizapp.engine.plan import Plans, plans_over
from quizapp.engine.state import today_index
from quizapp.engine.table import UNKNOWN, Integers

Levels: TypeAlias = npt.NDArray[np.unsignedinteger]


@dataclass(frozen=True)
class Own:
    """One item's places in the order over the answers it reads; ``axes`` number the census's axes."""

    row: int
    axes: tuple[int, ...]
    keys: Levels


def reads(compiled: Compiled, on: date, row: int) -> frozenset[int]:
    """The question variables that an item's place in the order rests on."""
    tables = [*compiled.weights, *gates_on(compiled, on)[row].tables, *compiled.items[row].fits]
    limits = {compiled.places[limit.question] for limit in compiled.bank.limits}
    return raw_reads(compiled, tables) | limits


def standings(compiled: Compiled, on: date, row: int, axes: Sequence[Axis]) -> Integers:
    """How an item stands over all cells of some axes, least first, ids aside; NEVER where it is not ranked."""
    fixed = [0] * len(compiled.variables)
    fixed[compiled.today] = today_index(compiled, on)
    grid = Grid(compiled, fixed, axes)
    plans = _plans(compiled, on, row, grid)
    costs = compiled.variables[compiled.cost].numbers
    grid.give(compiled.cost, np.searchsorted(costs, plans.yen))
    grid.give(compiled.duration, plans.starts)
    over = (plans.over_cost > 0) | (plans.over_months > 0)
    unpriced = compiled.items[row].item.priced & (plans.yen == UNKNOWN)
    # What costs nothing ties with what money is no part of, whether or not 0 is a total.
    known = np.where(plans.yen > 0, np.searchsorted(costs, plans.yen), 0)
    dear = np.where(unpriced, len(costs), known)
    found = standing(compiled, over.astype(np.int64), _score(compiled, row, grid), dear)
    return np.broadcast_to(np.where(plans.ranked != 0, found, NEVER), grid.shape)


def _plans(compiled: Compiled, on: date, row: int, grid: Grid) -> Plans:
    bounds = {}
    for limit in compiled.bank.limits:
        place = compiled.places[limit.question]
        bounds[limit.of] = compiled.variables[place].numbers[grid.indexes(place)]
    gate, met = gates_on(compiled, on)[row].over(grid)
    return plans_over(met, gate, bounds.get("cost"), bounds.get("months"))


def _score(compiled: Compiled, row: int, grid: Grid) -> Integers:
    """The sum of ``score.points``; each criterion is as wide as what it reads, until it is added."""
    weights = [grid.of(table) for table in compiled.weights]
    whole = sum(weights, np.zeros((), dtype=np.int64))
    parts = []
    for criterion, weight, table in zip(compiled.criteria, weights, compiled.items[row].fits, strict=True):
        value = grid.of(table)
        value = np.where(value == UNKNOWN, criterion.if_unknown, value)
        parts.append((200 * weight * value + whole) // np.maximum(2 * whole, 1))
    # The narrow ones first, so that few sums are as wide as all of them together.
    return sum(sorted(parts, key=np.size), np.zeros((), dtype=np.int64))


def numbered(keys: Sequence[Integers]) -> tuple[list[Levels], Integers]:
    """The same keys as their places among all keys met, in the least width that holds them, and all keys.

    NEVER comes to the number just above the last.
    """
    every = [np.unique(key) for key in keys]
    met = np.unique(np.concatenate(every)) if every else np.zeros(0, dtype=np.int64)
    met = met[met != NEVER]
    kind = np.min_scalar_type(len(met))
    return [np.searchsorted(met, key).astype(kind) for key in keys], met
