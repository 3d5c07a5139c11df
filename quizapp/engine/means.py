"""Mean ledgers over the completions of open questions, and the range the score can take.

Cell by cell where there are few enough (exact); otherwise over a seeded sample with sound bounds.
Completions in which the taker has the item already, or in which it is beside the point, do not count;
one in which it is closed to the taker counts and gives no points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np
import numpy.typing as npt

from quizapp.engine.compiled import CompiledItem
from quizapp.engine.gates import Gate, Gates
from quizapp.engine.grid import Grid
from quizapp.engine.open_case import Contest, OpenCase, open_grid, plans_on, sample_grid
from quizapp.engine.outcome import LedgerEntry, Standing
from quizapp.engine.plan import Plans
from quizapp.engine.score import points
from quizapp.engine.table import UNKNOWN, Integers

MAX_CELLS = 400_000


@dataclass(frozen=True)
class MeanScore:
    """The mean ledger, the least and greatest score, and whether both are exact."""

    entries: tuple[LedgerEntry, ...]
    low: int
    high: int
    exact: bool


def in_question(gate: Gate) -> bool:
    """Whether such a taker could want the item: it is to the point and not held yet."""
    return gate.relevant and gate.standing is not Standing.HELD


def mean_score(case: OpenCase, gates: Gates, contested: Contest | None) -> MeanScore:
    """The item's mean ledger over every completion that counts, each as likely.

    ``contested`` says between which of its routes the open limits choose.
    """
    compiled, item = case.compiled, gates.item
    grid = open_grid(case, [*gates.tables, *item.fits, *compiled.weights], MAX_CELLS, contested)
    exact = grid is not None
    grid = grid or sample_grid(case)
    plans = plans_on(case, gates, grid, contested)
    weights = [grid.of(table) for table in compiled.weights]
    whole = np.maximum(sum(weights, np.int64(0)), 1)
    counted = _Counted(grid, plans)
    entries, means, score = [], list[float](), np.zeros_like(plans.ranked)
    for place, (criterion, value) in enumerate(
        zip(compiled.criteria, item_values(case, item, grid, plans), strict=True)
    ):
        known = value != UNKNOWN
        value = np.where(known, value, criterion.if_unknown)
        given = (200 * weights[place] * value + whole) // (2 * whole) * plans.ranked
        score = score + given
        means.append(counted.mean(given))
        entries.append(
            LedgerEntry(
                criterion.id,
                counted.mean_where_ranked(weights[place]),
                counted.mean_where_ranked(value),
                0,
                counted.always_where_ranked(known),
                item.parts[place],
            )
        )
    low, high = counted.extent(score) if exact else score_bounds(case, item)
    shared = _whole_points(means, _half_up(counted.mean(score)))
    ledger = tuple(replace(entry, points=given) for entry, given in zip(entries, shared, strict=True))
    return MeanScore(ledger, low, high, exact)


def item_values(case: OpenCase, item: CompiledItem, grid: Grid, plans: Plans) -> list[Integers]:
    """The item's value for each criterion over the grid, the plan's cost and duration given."""
    compiled = case.compiled
    grid.give(compiled.cost, np.searchsorted(compiled.variables[compiled.cost].numbers, plans.yen))
    grid.give(compiled.duration, plans.starts)
    return [grid.of(table) for table in item.fits]


class _Counted:
    """Means over cells, each counted for the completions it stands for."""

    def __init__(self, grid: Grid, plans: Plans) -> None:
        volume = np.broadcast_to(grid.volumes(), grid.shape)
        asked = np.array([in_question(gate) for gate in plans.gates], dtype=np.float64)[plans.gate]
        self._volume: npt.NDArray[np.float64] = volume * asked
        self._ranked = plans.ranked

    def mean(self, array: Integers) -> float:
        """The mean over the completions that count."""
        whole = float(self._volume.sum())
        return float((array * self._volume).sum()) / whole if whole else 0.0

    def mean_where_ranked(self, array: Integers) -> int:
        """The mean over the completions in which the item is ranked, half up."""
        within = self._volume * self._ranked
        whole = float(within.sum())
        return _half_up(float((array * within).sum()) / whole) if whole else 0

    def always_where_ranked(self, truth: npt.NDArray[np.bool_]) -> bool:
        """Whether it holds in every completion in which the item is ranked."""
        return bool((truth | (self._ranked == 0)).all())

    def extent(self, score: Integers) -> tuple[int, int]:
        """The least and greatest score in the completions that count."""
        values, volume = np.broadcast_arrays(score, self._volume)
        counting = values[volume > 0]
        return int(counting.min()), int(counting.max())


def _half_up(mean: float) -> int:
    return floor(mean + 0.5)


def _whole_points(means: Sequence[float], score: int) -> list[int]:
    """Each mean rounded up or down so that they add up to the score; the greatest remainders go up.

    Rounded each by itself they could add up to a score that no completion comes to.

    >>> _whole_points([0.5, 0.5], 1), _whole_points([3.25, 2.5, 4.25], 10)
    ([1, 0], [3, 3, 4])
    """
    given = [floor(mean) for mean in means]
    by_remainder = sorted(range(len(means)), key=lambda place: given[place] - means[place])
    for place in by_remainder[: score - sum(given)]:
        given[place] += 1
    return given


def score_bounds(case: OpenCase, item: CompiledItem) -> tuple[int, int]:
    """A range that the score cannot leave, from what each table may come to by itself."""
    may = [sorted(table.possible(case.states)) for table in case.compiled.weights]
    high = 0
    for place, criterion in enumerate(case.compiled.criteria):
        values = [v if v != UNKNOWN else criterion.if_unknown for v in item.fits[place].possible(case.states)]
        rest = sum(ways[0] for k, ways in enumerate(may) if k != place)
        high += max(points(weight, max(values), weight + rest) for weight in may[place])
    # Each criterion's points are rounded by a half at most, so that full marks can come to a little more.
    return 0, min(high, 10_000 + len(case.compiled.criteria) // 2)
