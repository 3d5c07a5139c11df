"""One taker with open questions, as arrays: what is fixed and open, and every completion as a grid.

An open limit counts wherever it can send a taker another way: through the routes of an item between which
its answers choose. Where they choose nothing, it is left out of the grid.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from quizapp.bank.model import Limit
from quizapp.engine.answers import Answers, possible_states
from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import Gate, Gates
from quizapp.engine.grid import Axis, Cut, Grid, axis, raw_reads, with_values
from quizapp.engine.outcome import RouteOutcome
from quizapp.engine.plan import BOUNDLESS, Limits, Plans, plans_over
from quizapp.engine.state import limits_of, today_index
from quizapp.engine.table import Integers, Table

SAMPLES = 4_000
SEED = 20_061_122


@dataclass(frozen=True)
class OpenCase:
    """One taker with open questions on one day, as arrays need it.

    ``fixed`` holds an index for every variable, ``open`` the places of those left open, ``states``
    every index that a variable may still take. ``limits`` are those that bound every completion, and
    ``open_limits`` those whose bound is open, or of which it is open whether they bound at all.
    """

    compiled: Compiled
    fixed: tuple[int, ...]
    open: frozenset[int]
    states: tuple[tuple[int, ...], ...]
    on: date
    limits: Limits
    open_limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Contest:
    """The figures of the routes that contend while limits are open: where a limit lies among them decides."""

    yen: tuple[int, ...]
    months: tuple[int, ...]


def open_case(compiled: Compiled, answers: Answers, on: date) -> OpenCase:
    """One taker's fixed and open variables on one day."""
    fixed = [index if index is not None else 0 for index in answers.indexes]
    fixed += [0] * (len(compiled.variables) - len(fixed))
    fixed[compiled.today] = today_index(compiled, on)
    still_open = frozenset(place for place, index in enumerate(answers.indexes) if index is None)
    wide = (*still_open, compiled.cost, compiled.duration)
    states = [
        tuple(range(len(variable.domain))) if place in wide else (fixed[place],)
        for place, variable in enumerate(compiled.variables)
    ]
    narrowed = tuple(possible_states(compiled, states))

    def undecided(limit: Limit) -> bool:
        asked = compiled.asked.get(limit.question)
        bounds = {1} if asked is None else asked.possible(narrowed)
        return bounds != {0} and (bounds != {1} or compiled.places[limit.question] in still_open)

    in_doubt = tuple(limit for limit in compiled.bank.limits if undecided(limit))
    without, given = {limit.of for limit in in_doubt}, limits_of(compiled, answers)
    limits = Limits(*(None if of in without else getattr(given, of) for of in ("cost", "months")))
    return OpenCase(compiled, tuple(fixed), still_open, narrowed, on, limits, in_doubt)


def open_grid(
    case: OpenCase, tables: Iterable[Table], most: int, contest: Contest | None = None
) -> Grid | None:
    """A grid of every open question that the tables and a contest rest on; None if beyond ``most`` cells."""
    compiled = case.compiled
    cuts = {} if contest is None else _cuts(case, contest)
    asked = [_asked(compiled, limit) for limit in case.open_limits] if contest else []
    reading = with_values(compiled, [*tables, *(table for table in asked if table is not None)])
    axes = [
        axis(compiled, place, reading, cuts.get(place, ()))
        for place in sorted((raw_reads(compiled, reading) | cuts.keys()) & case.open)
    ]
    cells = 1
    for each in axes:
        cells *= len(each.chosen)
    return Grid(compiled, case.fixed, axes) if cells <= most else None


def sample_grid(case: OpenCase, samples: int = SAMPLES, seed: int = SEED) -> Grid:
    """A grid of one axis: seeded random completions, each question's answers equally likely."""
    random = np.random.default_rng(seed)
    whole = np.arange(samples, dtype=np.int64)
    grid = Grid(case.compiled, case.fixed, [Axis(len(case.fixed), whole, np.ones_like(whole), whole)])
    for place in sorted(case.open):
        grid.give(place, random.integers(0, len(case.compiled.variables[place].domain), samples))
    return grid


def contest(case: OpenCase, met: Iterable[Gate]) -> Contest | None:
    """Between which routes the open limits choose; None where they choose between none."""
    bounding = {limit.of for limit in case.open_limits}
    if not bounding or ("months" not in bounding and case.limits.months is None):
        # Without a limit on time the cheapest route exceeds the fewest limits.
        return None
    fronts = [front for gate in met if len(front := contenders(gate)) > 1]
    if not fronts:
        return None
    yen = {route.cost.yen for front in fronts for route in front if route.cost}
    months = {route.months.from_ for front in fronts for route in front if route.months}
    return Contest(tuple(sorted(figure for figure in yen if figure is not None)), tuple(sorted(months)))


def contenders(gate: Gate) -> list[RouteOutcome]:
    """The open routes that some limits may make the best: none is cheaper and at least as soon."""
    figures = [
        (unpriced, max(yen, 0), months, route)
        for route, (yen, months, shut, unpriced) in zip(gate.routes, gate.figures, strict=True)
        if gate.ranked and not shut
    ]
    # What has no known total comes last whatever the limits.
    priced = min((unpriced for unpriced, *_ in figures), default=0)
    found: list[RouteOutcome] = []
    soonest = BOUNDLESS
    for unpriced, _, months, route in sorted(figures, key=lambda figure: figure[:3]):
        if unpriced == priced and months < soonest:
            found.append(route)
            soonest = months
    return found


def plans_on(case: OpenCase, gates: Gates, grid: Grid, contested: Contest | None) -> Plans:
    """The item's best plans over a grid, within the limits that hold in each cell."""
    places, met = gates.over(grid)
    if contested is None:
        return plans_over(met, places, _most(case.limits.cost), _most(case.limits.months))
    bounds = {"cost": _most(case.limits.cost), "months": _most(case.limits.months)}
    for limit in case.open_limits:
        place, asked = case.compiled.places[limit.question], _asked(case.compiled, limit)
        numbers: Integers = case.compiled.variables[place].numbers[grid.indexes(place)]
        bounds[limit.of] = numbers if asked is None else np.where(grid.of(asked) != 0, numbers, BOUNDLESS)
    return plans_over(met, places, bounds["cost"], bounds["months"])


def _most(limit: tuple[str, int] | None) -> Integers | None:
    return None if limit is None else np.array(limit[1], dtype=np.int64)


def _asked(compiled: Compiled, limit: Limit) -> Table | None:
    return compiled.asked.get(limit.question)


def _cuts(case: OpenCase, contested: Contest) -> dict[int, Sequence[Cut]]:
    """Answers to an open limit are alike where the same figures are within it."""
    cuts: dict[int, Sequence[Cut]] = {}
    for limit in case.open_limits:
        place = case.compiled.places[limit.question]
        numbers = case.compiled.variables[place].numbers
        figures = contested.yen if limit.of == "cost" else contested.months
        cuts[place] = (_within(figures, numbers), *cuts.get(place, ()))
    return cuts


def _within(figures: Sequence[int], numbers: Integers) -> Cut:
    return lambda index: bisect_left(figures, int(numbers[index]) + 1)
