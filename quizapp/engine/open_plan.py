"""An item's plan over every completion of the questions left open: ``plan`` in arrays.

Every array has one axis per open question that the plan depends on. Yen of -1 is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np

from quizapp.engine.compiled import Compiled, CompiledItem, CompiledRequirement, CompiledRoute
from quizapp.engine.grid import Grid
from quizapp.engine.outcome import Beyond, RouteOutcome, Span, Standing, StepToTake, Total
from quizapp.engine.plan import Limits
from quizapp.engine.table import UNKNOWN, Integers, Table

STANDINGS = tuple(Standing)
_CODE = {standing: code for code, standing in enumerate(STANDINGS)}


@dataclass(frozen=True)
class OpenRoute:
    """One route over the grid. ``lasts`` is UNKNOWN where no source tells the longest time."""

    route: CompiledRoute
    standing: Integers
    yen: Integers
    missing: dict[str, Integers]
    starts: Integers
    lasts: Integers
    lacking: dict[str, Integers]


@dataclass(frozen=True)
class OpenPlan:
    """An item over the grid: its standing, its best route's place, and that route's figures."""

    item: CompiledItem
    routes: tuple[OpenRoute, ...]
    relevant: Integers
    standing: Integers
    best: Integers
    yen: Integers
    starts: Integers
    over: dict[str, Integers]

    @property
    def ranked(self) -> Integers:
        """Where the item can be ranked: relevant, and open by some route."""
        return self.relevant * (self.standing <= _CODE[Standing.ELIGIBLE_AFTER_STEPS])


def plan_tables(item: CompiledItem) -> list[Table]:
    """Every table that the plan of an item reads."""
    tables = [item.relevant, item.held]
    for route in item.routes:
        tables += [requirement.holds for requirement in route.requires]
        tables += [cost.waived for cost in route.costs if cost.waived is not None]
    return tables


def plan_over(compiled: Compiled, item: CompiledItem, grid: Grid, on: date, limits: Limits) -> OpenPlan:
    """The item's plan in every cell of the grid."""
    routes = tuple(_route(route, grid, on, item.item.priced) for route in item.routes)
    relevant = grid.of(item.relevant)
    standing = _standing(item, routes, grid, on)
    if not routes:
        nothing = np.zeros((1,) * len(grid.axes), dtype=np.int64)
        return OpenPlan(item, routes, relevant, standing, nothing, nothing - 1, nothing, {})
    over = [_over(route, limits) for route in routes]
    best = _best(routes, over)
    return OpenPlan(
        item=item,
        routes=routes,
        relevant=relevant,
        standing=standing,
        best=best,
        yen=_pick(best, [route.yen for route in routes]),
        starts=_pick(best, [route.starts for route in routes]),
        over={name: _pick(best, [each[name] for each in over]) for name in over[0]},
    )


def _route(route: CompiledRoute, grid: Grid, on: date, priced: bool) -> OpenRoute:
    holds = {r.id: grid.of(r.holds) for r in route.requires}
    zero = np.zeros((1,) * len(grid.axes), dtype=np.int64)
    blocked, untold, before, ahead = zero, zero, zero, zero
    for requirement in route.requires:
        truth = holds[requirement.id]
        untold = np.maximum(untold, truth == UNKNOWN)
        if requirement.fixed:
            blocked = np.maximum(blocked, truth == 0)
        elif requirement.before:
            before = np.maximum(before, truth == 0)
            ahead = ahead + (truth == 0) * requirement.months
    standing = np.where(
        blocked != 0,
        _CODE[Standing.INELIGIBLE_NOW],
        np.where(
            untold != 0,
            _CODE[Standing.UNKNOWN],
            np.where(before != 0, _CODE[Standing.ELIGIBLE_AFTER_STEPS], _CODE[Standing.ELIGIBLE_NOW]),
        ),
    )
    yen, missing = _total(route, grid, holds) if priced else (zero - 1, {})
    longest = int(ahead.max())
    first = [route.sittings.ready_after(on, route.months_from + months) for months in range(longest + 1)]
    if route.months_to is None:
        lasts = zero + UNKNOWN
    else:
        last = [route.sittings.ready_after(on, route.months_to + months) for months in range(longest + 1)]
        lasts = np.array(last, dtype=np.int64)[ahead]
    starts = np.array(first, dtype=np.int64)[ahead]
    lacking = {name: (truth != 1).astype(np.int64) for name, truth in holds.items()}
    return OpenRoute(route, standing, yen, missing, starts, lasts, lacking)


def _total(
    route: CompiledRoute, grid: Grid, holds: dict[str, Integers]
) -> tuple[Integers, dict[str, Integers]]:
    zero = np.zeros((1,) * len(grid.axes), dtype=np.int64)
    yen, known = zero, zero
    missing: dict[str, Integers] = {}
    parts = [(c.id, c.yen, zero + 1 if c.waived is None else 1 - grid.of(c.waived)) for c in route.costs]
    for r in route.requires:
        if not r.fixed and ((r.yen is None and r.in_total) or r.yen):
            parts.append((r.id, r.yen, (holds[r.id] == 0).astype(np.int64)))
    for name, price, due in parts:
        if price is None:
            missing[name] = np.maximum(missing.get(name, zero), due)
        else:
            yen = yen + due * price
            known = np.maximum(known, due)
    any_missing = reduce(np.maximum, missing.values(), zero)
    return np.where((known == 0) & (any_missing != 0), UNKNOWN, yen), missing


def _standing(item: CompiledItem, routes: Sequence[OpenRoute], grid: Grid, on: date) -> Integers:
    zero = np.zeros((1,) * len(grid.axes), dtype=np.int64)
    if item.closes_after and on > item.closes_after:
        return zero + _CODE[Standing.CLOSED]
    if item.item.listed_only:
        standing = zero + _CODE[Standing.UNKNOWN]
    else:
        standing = reduce(
            np.minimum, (route.standing for route in routes), zero + _CODE[Standing.INELIGIBLE_NOW]
        )
    return np.where(grid.of(item.held) != 0, _CODE[Standing.HELD], standing)


def _over(route: OpenRoute, limits: Limits) -> dict[str, Integers]:
    over = {}
    if limits.cost:
        over[limits.cost[0]] = np.where(route.yen == UNKNOWN, 0, np.maximum(0, route.yen - limits.cost[1]))
    if limits.months:
        over[limits.months[0]] = np.maximum(0, route.starts - limits.months[1])
    return over


def _best(routes: Sequence[OpenRoute], over: Sequence[dict[str, Integers]]) -> Integers:
    """The place of the best open route: the same preference as ``plan``, as one number per route.

    Digits are as wide as the largest figure in their place, so that none spills into the next.
    """
    widths = [2, 3] + [
        1 + max(int(a.max()) + 1 for a in arrays)
        for arrays in ([r.yen for r in routes], [r.starts for r in routes])
    ]
    keys = []
    for route, exceeded in zip(routes, over, strict=True):
        unpriced = ((route.yen == UNKNOWN) & bool(route.missing)).astype(np.int64)
        count = sum(((amount > 0).astype(np.int64) for amount in exceeded.values()), np.int64(0) * unpriced)
        key = unpriced
        for digit, width in zip((count, np.maximum(route.yen, 0), route.starts), widths[1:], strict=True):
            key = key * width + digit
        keys.append(
            (route.standing > _CODE[Standing.ELIGIBLE_AFTER_STEPS]) * int(np.prod([int(w) for w in widths]))
            + key
        )
    best: Integers = np.argmin(np.stack(np.broadcast_arrays(*keys)), axis=0)
    return best


def _pick(best: Integers, arrays: Sequence[Integers]) -> Integers:
    stacked = np.stack(np.broadcast_arrays(*arrays, np.zeros_like(best))[:-1])
    picked: Integers = np.take_along_axis(stacked, np.broadcast_to(best, stacked.shape[1:])[None], axis=0)[0]
    return picked


def common_standing(standings: Integers, where: Integers) -> Standing:
    """The standing that holds in every chosen cell; unknown where they differ."""
    seen = np.unique(np.broadcast_arrays(standings, where)[0][np.broadcast_arrays(standings, where)[1] != 0])
    return STANDINGS[int(seen[0])] if len(seen) == 1 else Standing.UNKNOWN


def route_outcome(open_route: OpenRoute, where: Integers, priced: bool) -> RouteOutcome:
    """A route as far as it is certain: what all completions share, and the least cost and time."""
    chosen = _Chosen(where)
    route = open_route.route
    standing = common_standing(open_route.standing, where)
    shown = standing in (Standing.INELIGIBLE_NOW, Standing.UNKNOWN)
    steps = [r for r in route.requires if not r.fixed and chosen.any(open_route.lacking[r.id])]
    starts = chosen.values(open_route.starts)
    lasts = chosen.values(open_route.lasts)
    return RouteOutcome(
        route=route.id,
        standing=standing,
        cost=_shared_total(open_route, chosen) if priced else None,
        months=Span(int(starts.min()), None if lasts.min() == UNKNOWN else int(lasts.max())),
        blocked_by=tuple(
            r.id
            for r in route.requires
            if shown and _blocks(r, standing) and chosen.any(open_route.lacking[r.id])
        ),
        steps=tuple(StepToTake(r.id, r.yen, r.months, "before" if r.before else "after") for r in steps),
    )


def _blocks(requirement: CompiledRequirement, standing: Standing) -> bool:
    return requirement.fixed or (standing is Standing.UNKNOWN and requirement.holds.values == (UNKNOWN,))


def _shared_total(open_route: OpenRoute, chosen: _Chosen) -> Total:
    missing = tuple(name for name, due in open_route.missing.items() if chosen.any(due))
    yen = chosen.values(open_route.yen)
    known = yen[yen != UNKNOWN]
    least = int(known.min()) if len(known) else None
    if missing:
        return Total(least, "lower_bound", missing)
    same = len(np.unique(yen)) == 1
    return Total(least, open_route.route.cost_kind if same else "lower_bound")


def least_beyond(plan: OpenPlan) -> tuple[Beyond, ...]:
    """The limits exceeded whatever the open answers are, by the least it can be."""
    chosen = _Chosen(plan.ranked)
    found = [(name, int(chosen.values(amount).min())) for name, amount in plan.over.items()]
    return tuple(Beyond(name, least) for name, least in found if least > 0)


class _Chosen:
    """The cells in which something is asked of other arrays."""

    def __init__(self, where: Integers) -> None:
        self._where = where

    def values(self, array: Integers) -> Integers:
        """The array's values in the chosen cells, or all of them where none is chosen."""
        values, where = np.broadcast_arrays(array, self._where)
        picked = values[where != 0]
        return picked if len(picked) else values.reshape(-1)

    def any(self, truths: Integers) -> bool:
        """Whether it holds in any chosen cell."""
        return bool(self.values(truths).any())
