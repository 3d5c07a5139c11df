"""Mean ledgers over the completions of open questions, and the range the score can take.

Cell by cell where there are few enough (exact); otherwise over a seeded sample with sound bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from quizapp.engine.compiled import Compiled, CompiledItem
from quizapp.engine.grid import Axis, Grid, axis, raw_reads, with_values
from quizapp.engine.open_plan import OpenPlan, plan_over, plan_tables
from quizapp.engine.outcome import LedgerEntry
from quizapp.engine.plan import Limits
from quizapp.engine.score import points
from quizapp.engine.table import UNKNOWN, Integers

MAX_CELLS = 400_000
SAMPLES = 4_000
SEED = 20_061_122


@dataclass(frozen=True)
class OpenCase:
    """One taker with open questions on one day, as arrays need it.

    ``fixed`` holds an index for every variable, ``open`` the places of those left open, ``states``
    every index that a variable may still take.
    """

    compiled: Compiled
    fixed: tuple[int, ...]
    open: frozenset[int]
    states: tuple[tuple[int, ...], ...]
    on: date
    limits: Limits


@dataclass(frozen=True)
class MeanScore:
    """The mean ledger, the least and greatest score, and whether both are exact."""

    entries: tuple[LedgerEntry, ...]
    low: int
    high: int
    exact: bool


def open_grid(case: OpenCase, tables: Sequence[object], most: int) -> Grid | None:
    """A grid of every open question that the tables read, or None where it would exceed ``most`` cells."""
    reading = with_values(case.compiled, tables)  # type: ignore[arg-type]
    places = sorted(raw_reads(case.compiled, tables) & case.open)  # type: ignore[arg-type]
    axes = [axis(case.compiled, place, reading) for place in places]
    cells = 1
    for each in axes:
        cells *= len(each.chosen)
    return Grid(case.compiled, case.fixed, axes) if cells <= most else None


def sample_grid(case: OpenCase) -> Grid:
    """A grid of one axis: seeded random completions, each question's answers equally likely."""
    random = np.random.default_rng(SEED)
    whole = np.arange(SAMPLES, dtype=np.int64)
    grid = Grid(case.compiled, case.fixed, [Axis(len(case.fixed), whole, np.ones_like(whole), whole)])
    for place in sorted(case.open):
        size = len(case.compiled.variables[place].domain)
        grid.give(place, random.integers(0, size, SAMPLES))
    return grid


def mean_score(case: OpenCase, item: CompiledItem) -> MeanScore:
    """The item's mean ledger over every completion, each as likely."""
    tables = [*plan_tables(item), *item.fits, *case.compiled.weights]
    grid = open_grid(case, tables, MAX_CELLS)
    exact = grid is not None
    grid = grid or sample_grid(case)
    plan = plan_over(case.compiled, item, grid, case.on, case.limits)
    weights = [grid.of(table) for table in case.compiled.weights]
    values = item_values(case.compiled, item, grid, plan)
    counted = _over_cells(grid, plan)
    whole = np.maximum(sum(weights, np.int64(0)), 1)
    entries, total = [], np.int64(0) * plan.ranked
    for place, criterion in enumerate(case.compiled.criteria):
        known = values[place] != UNKNOWN
        value = np.where(known, values[place], criterion.if_unknown)
        given = (200 * weights[place] * value + whole) // (2 * whole) * plan.ranked
        total = total + given
        entries.append(
            LedgerEntry(
                criterion.id,
                counted.mean_if_ranked(weights[place]),
                counted.mean_if_ranked(value),
                counted.mean(given),
                counted.always_if_ranked(known),
                item.parts[place],
            )
        )
    low, high = counted.extent(total) if exact else bounds(case, item)
    return MeanScore(tuple(entries), low, high, exact)


def item_values(compiled: Compiled, item: CompiledItem, grid: Grid, plan: OpenPlan) -> list[Integers]:
    """The item's value for each criterion over the grid, the plan's cost and duration given."""
    domain = compiled.variables[compiled.cost].numbers
    grid.give(compiled.cost, np.searchsorted(domain, plan.yen))
    grid.give(compiled.duration, plan.starts)
    return [grid.of(table) for table in item.fits]


@dataclass(frozen=True)
class _Counted:
    """Means over cells, each counted for the completions it stands for."""

    volume: npt.NDArray[np.float64]
    ranked: Integers
    relevant: Integers

    def mean(self, array: Integers) -> int:
        """The mean over all completions, half up."""
        values, volume = np.broadcast_arrays(array, self.volume)
        return _half_up(float((values * volume).sum()), float(volume.sum()))

    def mean_if_ranked(self, array: Integers) -> int:
        """The mean over the completions in which the item is ranked, half up."""
        values, volume, ranked = np.broadcast_arrays(array, self.volume, self.ranked)
        within = float((volume * ranked).sum())
        return _half_up(float((values * volume * ranked).sum()), within) if within else 0

    def always_if_ranked(self, truth: Integers) -> bool:
        """Whether it holds in every completion in which the item is ranked."""
        holds, ranked = np.broadcast_arrays(truth, self.ranked)
        return bool((holds | (ranked == 0)).all())

    def extent(self, total: Integers) -> tuple[int, int]:
        """The least and greatest score; a completion without a rank scores nothing."""
        return int(total.min()), int(total.max())


def _over_cells(grid: Grid, plan: OpenPlan) -> _Counted:
    volume = np.broadcast_to(grid.volumes(), grid.shape) if grid.shape else np.ones(())
    return _Counted(volume, plan.ranked, plan.relevant)


def _half_up(numerator: float, denominator: float) -> int:
    return int(np.floor((2 * numerator + denominator) / (2 * denominator)))


def bounds(case: OpenCase, item: CompiledItem) -> tuple[int, int]:
    """A range that the score cannot leave, from what each table may come to by itself."""
    may = [sorted(table.possible(case.states)) for table in case.compiled.weights]
    low = high = 0
    for place, criterion in enumerate(case.compiled.criteria):
        values = [v if v != UNKNOWN else criterion.if_unknown for v in item.fits[place].possible(case.states)]
        least_rest = sum(ways[0] for k, ways in enumerate(may) if k != place)
        most_rest = sum(ways[-1] for k, ways in enumerate(may) if k != place)
        low += min(points(w, min(values), w + most_rest) for w in may[place])
        high += max(points(w, max(values), w + least_rest) for w in may[place])
    ranked_always = all(table.possible(case.states) == {1} for table in (item.relevant,))
    return (low if ranked_always and not item.routes else 0), min(high, 10_000)
