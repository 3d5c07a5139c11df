"""Many variations of one taker judged at once, exactly as ``recommend`` would; chooses none of them.

A variation is a taker with some answers changed. A trial is a variation under one setting of the limits
that stand apart from every rule; a variation is read once, whatever the number of its trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt

from quizapp.engine.answers import Answers, question_places
from quizapp.engine.changes import readers
from quizapp.engine.cohort import NEVER, cells, cohort_grid
from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import Gate, gates_on
from quizapp.engine.grid import Grid
from quizapp.engine.plan import Plans, plans_over
from quizapp.engine.reading import together
from quizapp.engine.table import UNKNOWN, Integers, Table

MAX_WAYS = 64
MAX_COLUMNS = 10_000
_UNBOUNDED = 10**12

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What trials come to.

    ``first`` has for each trial the row (in the bank) of the first item, UNKNOWN where there is none or
    where it rests on what is newly asked; ``within`` says for each item asked for, whether it is surely
    ranked and within every limit.
    """

    first: Integers
    within: dict[int, Truths]


class Trials:
    """Variations of a complete taker on a day, the taker as they are first.

    ``states`` has one row a question variable and one column a variation. A variation in which a
    question comes up that the taker has not answered stands for every answer to it, and comes to what
    all of these come to; with more than MAX_WAYS of them, or beyond MAX_COLUMNS in all, to nothing.
    """

    def __init__(self, compiled: Compiled, answers: Answers, on: date, states: Integers) -> None:
        self._compiled = compiled
        states, self._counts, self._hopeless = _completed(compiled, answers, on, states)
        self._starts = np.cumsum(self._counts) - self._counts
        self._grid = cohort_grid(compiled, on, states)
        self._places = together(compiled)[1]
        self._found = _looked_up(compiled, self._grid, states.shape[1])
        self._weights = self._found[:, [self._places[id(table)] for table in compiled.weights]].T
        self._whole = np.maximum(self._weights.sum(axis=0), 1)
        self._sums: dict[int, Integers] = {}
        self._met: list[tuple[Gate, ...]] = []
        self._gate: list[Integers] = []
        for gates in gates_on(compiled, on):
            codes = np.zeros(states.shape[1], dtype=np.int64)
            for table in gates.tables:
                codes = 2 * codes + self._found[:, self._places[id(table)]]
            gate, met = gates.met(codes)
            self._met.append(met)
            self._gate.append(gate)

    def ranked(self, row: int) -> Truths:
        """In which variations an item is surely ranked, whatever its place."""
        truth = np.array([gate.ranked for gate in self._met[row]])[self._gate[row]]
        return np.logical_and.reduceat(truth, self._starts) & ~self._hopeless

    def columns(self, variations: int) -> int:
        """How many takers the first variations stand for."""
        return int(self._counts[:variations].sum())

    def totals(self) -> list[int]:
        """Every total in yen of a route that some variation opens."""
        routes = [route for met in self._met for gate in met for route in gate.open_routes]
        return sorted({r.cost.yen for r in routes if r.cost is not None and r.cost.yen is not None})

    def starts(self) -> list[int]:
        """Every number of months after which a route that some variation opens can be begun."""
        routes = [route for met in self._met for gate in met for route in gate.open_routes]
        return sorted({route.months.from_ for route in routes if route.months is not None})

    def outcomes(
        self, variations: Integers, settings: dict[int, Integers], wanted: Sequence[int]
    ) -> Outcomes:
        """What trials come to: a variation each, and for each limit apart (its place) an index each."""
        counts = self._counts[variations]
        starts = np.cumsum(counts) - counts
        columns = np.arange(counts.sum()) + np.repeat(self._starts[variations] - starts, counts)
        crowd = _Crowd(
            self._compiled,
            self._grid,
            columns,
            {place: np.repeat(indexes, counts) for place, indexes in settings.items()},
        )
        bounds = crowd.bounds()
        hopeless = self._hopeless[variations]
        best = np.full(len(columns), NEVER, dtype=np.int64)
        first = np.full(len(columns), UNKNOWN, dtype=np.int64)
        within: dict[int, Truths] = {}
        for row, met in enumerate(self._met):
            if not any(gate.ranked for gate in met):
                continue
            plans = plans_over(met, self._gate[row][columns], *bounds)
            over = (plans.over_cost > 0) | (plans.over_months > 0)
            key = self._key(row, crowd, plans, over)
            first = np.where(key < best, row, first)
            best = np.minimum(key, best)
            if row in wanted:
                truth = (plans.ranked != 0) & ~over
                within[row] = np.logical_and.reduceat(truth, starts) & ~hopeless
        least, most = np.minimum.reduceat(first, starts), np.maximum.reduceat(first, starts)
        return Outcomes(np.where((least == most) & ~hopeless, least, UNKNOWN), within)

    def _key(self, row: int, crowd: _Crowd, plans: Plans, over: Truths) -> Integers:
        """What orders a taker's items, least first: as ``order_key`` does, one item at a time."""
        item = self._compiled.items[row]
        score = self._settled(row)[crowd.columns]
        depends = _depends(self._compiled)[row]
        whole = self._whole[crowd.columns] if depends else self._whole
        for line in depends:
            value = crowd.of(item.fits[line], plans)
            value = np.where(value == UNKNOWN, self._compiled.criteria[line].if_unknown, value)
            score = score + (200 * self._weights[line, crowd.columns] * value + whole) // (2 * whole)
        dear = np.where(plans.yen == UNKNOWN, _UNBOUNDED if item.item.priced else 0, plans.yen)
        most = 10_000 + len(self._compiled.criteria)
        key = (over * (most + 1) + most - score) * (_UNBOUNDED + 1) + dear
        alphabet = _alphabet(self._compiled)
        return np.where(plans.ranked != 0, key * len(alphabet) + alphabet[row], NEVER)

    def _settled(self, row: int) -> Integers:
        """The points that the other criteria give to an item, one sum a column."""
        if row not in self._sums:
            compiled, depends = self._compiled, _depends(self._compiled)[row]
            lines = [line for line in range(len(compiled.criteria)) if line not in depends]
            fits = compiled.items[row].fits
            values = self._found[:, [self._places[id(fits[line])] for line in lines]].T
            instead = np.array([compiled.criteria[line].if_unknown for line in lines], dtype=np.int64)
            values = np.where(values == UNKNOWN, instead[:, None], values)
            points = (200 * self._weights[lines] * values + self._whole) // (2 * self._whole)
            self._sums[row] = points.sum(axis=0)
        return self._sums[row]


class _Crowd:
    """Columns of the variations, some of them several times, each with its own limits apart."""

    def __init__(
        self, compiled: Compiled, grid: Grid, columns: Integers, settings: dict[int, Integers]
    ) -> None:
        self.columns = columns
        self._compiled = compiled
        self._grid = grid
        self._settings = settings

    def indexes(self, variable: int) -> Integers:
        """The indexes of a variable other than the plan's."""
        if variable not in self._settings:
            whole = self._grid.indexes(variable)
            self._settings[variable] = whole[self.columns] if whole.ndim else whole
        return self._settings[variable]

    def bounds(self) -> tuple[Integers | None, Integers | None]:
        """The most yen and months that are accepted; a limit that is not asked does not bound."""
        compiled = self._compiled
        most: dict[str, Integers] = {}
        for limit in compiled.bank.limits:
            place = compiled.places[limit.question]
            figures = compiled.variables[place].numbers[self.indexes(place)]
            asked = compiled.asked.get(limit.question)
            most[limit.of] = (
                figures if asked is None else np.where(asked.over(self.indexes), figures, _UNBOUNDED)
            )
        return most.get("cost"), most.get("months")

    def of(self, table: Table, plans: Plans) -> Integers:
        """A table that reads the plan or a limit apart."""
        compiled = self._compiled
        costs = compiled.variables[compiled.cost].numbers

        def indexes(variable: int) -> Integers:
            if variable == compiled.cost:
                return np.searchsorted(costs, plans.yen)
            return plans.starts if variable == compiled.duration else self.indexes(variable)

        return table.over(indexes)


@lru_cache(maxsize=64)
def _depends(compiled: Compiled) -> tuple[tuple[int, ...], ...]:
    """For each item the criteria whose value depends on its plan or on a limit apart."""
    apart = {compiled.cost, compiled.duration, *readers(compiled).apart.values()}
    return tuple(
        tuple(line for line, table in enumerate(item.fits) if apart.intersection(table.reads))
        for item in compiled.items
    )


@lru_cache(maxsize=64)
def _alphabet(compiled: Compiled) -> tuple[int, ...]:
    ids = sorted(item.item.id for item in compiled.items)
    return tuple(ids.index(item.item.id) for item in compiled.items)


def _completed(
    compiled: Compiled, answers: Answers, on: date, states: Integers
) -> tuple[Integers, Integers, Truths]:
    """The states with every answer to questions that newly come up, how many each has, and who too many.

    A question that no longer is asked stands where ``read_answers`` puts it.
    """
    owner = np.arange(states.shape[1], dtype=np.int64)
    hopeless = np.zeros(states.shape[1], dtype=np.bool_)
    for question in compiled.bank.questions:
        table = compiled.asked.get(question.id)
        if table is None:
            continue
        asked = np.broadcast_to(cohort_grid(compiled, on, states).of(table), owner.shape) != 0
        places = question_places(compiled, question)
        if question.when_hidden is None:
            states[places] = np.where(asked, states[places], 0)
        if question.id not in answers.hidden or question.id in answers.raw or not asked.any():
            continue
        ways = np.array(list(product(*(cells(compiled, place).chosen for place in places)))).T
        count = ways.shape[1]
        too_many = asked & ((np.cumsum(np.where(asked, count, 1)) > MAX_COLUMNS) | (count > MAX_WAYS))
        hopeless[owner[too_many]] = True
        asked = asked & ~too_many
        repeats = np.where(asked, count, 1)
        starts = np.repeat(np.cumsum(repeats) - repeats, repeats)
        which = np.arange(repeats.sum()) - starts
        states, owner, asked = (np.repeat(a, repeats, axis=-1) for a in (states, owner, asked))
        states[places] = np.where(asked, ways[:, which], states[places])
    counts = np.bincount(owner, minlength=len(hopeless))
    return states, counts, hopeless | (counts > MAX_WAYS)


def _looked_up(compiled: Compiled, grid: Grid, count: int) -> Integers:
    """What every table that reads no plan comes to, shape (columns, tables).

    Only where a column differs from the first is anything added up.
    """
    flat, rows = together(compiled)[0], _row_arrays(compiled)
    indexes = {variable: np.broadcast_to(grid.indexes(variable), (count,)) for variable in flat.variables}
    chosen = [rows[variable][indexes[variable][0]] for variable in flat.variables]
    places = np.repeat((flat.starts + flat.moves[chosen].sum(axis=0))[None], count, axis=0)
    for variable in flat.variables:
        ahead = rows[variable][indexes[variable]]
        moved = np.flatnonzero(ahead != ahead[0])
        if len(moved):
            places[moved] += flat.moves[ahead[moved]] - flat.moves[ahead[0]]
    found: Integers = flat.values[places].astype(np.int64)
    return found


@lru_cache(maxsize=64)
def _row_arrays(compiled: Compiled) -> dict[int, Integers]:
    flat = together(compiled)[0]
    return {v: np.array(row, dtype=np.int64) for v, row in zip(flat.variables, flat.rows, strict=True)}
