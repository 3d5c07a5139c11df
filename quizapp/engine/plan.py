"""The route that serves a taker best within their limits; works on gates, one taker or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizapp.engine.gates import Gate
from quizapp.engine.outcome import Beyond, RouteOutcome
from quizapp.engine.table import UNKNOWN, Integers

# What stands for a limit where there is none.
BOUNDLESS = 10**12


@dataclass(frozen=True)
class Limits:
    """What the taker accepts, by limit: (limit id, most), None where it is not bounded."""

    cost: tuple[str, int] | None = None
    months: tuple[str, int] | None = None


def best_route(gate: Gate, limits: Limits) -> RouteOutcome | None:
    """The open route that exceeds the fewest limits, then costs least, then is soonest, then is first.

    A route whose total nobody knows comes last: unknown must not pass for affordable.
    """
    return min(gate.open_routes, key=lambda route: _preference(route, limits), default=None)


def beyond(route: RouteOutcome, limits: Limits) -> tuple[Beyond, ...]:
    """By how much a route exceeds each limit; a total that nobody knows is never within one."""
    found = []
    if limits.cost and route.cost and route.cost.yen is None:
        found.append(Beyond(limits.cost[0], None))
    elif limits.cost and route.cost and route.cost.yen is not None and route.cost.yen > limits.cost[1]:
        found.append(Beyond(limits.cost[0], route.cost.yen - limits.cost[1]))
    if limits.months and route.months and route.months.from_ > limits.months[1]:
        found.append(Beyond(limits.months[0], route.months.from_ - limits.months[1]))
    return tuple(found)


def _preference(route: RouteOutcome, limits: Limits) -> tuple[bool, int, int, int]:
    unpriced = route.cost is not None and route.cost.yen is None
    yen = route.cost.yen if route.cost and route.cost.yen is not None else 0
    return unpriced, len(beyond(route, limits)), yen, route.months.from_ if route.months else 0


@dataclass(frozen=True)
class Plans:
    """One item's best plans over a grid. Yen is UNKNOWN where no total is known or money is no part.

    ``best`` is the place of the best route among all the item's routes; ``over_cost`` (yen) and
    ``over_months`` are by how much it exceeds the limits, 1 yen where nobody knows the total.
    """

    gates: tuple[Gate, ...]
    gate: Integers
    ranked: Integers
    best: Integers
    yen: Integers
    starts: Integers
    over_cost: Integers
    over_months: Integers


def plans_over(
    gates: tuple[Gate, ...], gate: Integers, most_yen: Integers | None, most_months: Integers | None
) -> Plans:
    """The best plan in every cell; limits are arrays that broadcast with ``gate``, or None."""
    ranked = np.array([one.ranked for one in gates], dtype=np.int64)[gate]
    figures = _Figures(gates)
    zero = np.zeros_like(gate)
    if figures.routes == 0:
        return Plans(gates, gate, ranked, zero, zero + UNKNOWN, zero, zero, zero)
    yen, starts = figures.yen[gate], figures.starts[gate]
    over_cost = _excess(yen, most_yen)
    if most_yen is not None:
        bounded = (most_yen < BOUNDLESS)[..., None]
        over_cost = np.where(figures.unpriced[gate] & bounded, 1, over_cost)
    over_months = _excess(starts, most_months)
    count = (over_cost > 0).astype(np.int64) + (over_months > 0)
    if figures.routes == 1:
        shape = np.broadcast_shapes(gate.shape, count.shape[:-1])
        only = (np.broadcast_to(each[..., 0], shape) for each in (yen, starts, over_cost, over_months))
        return Plans(gates, gate, ranked, np.zeros(shape, dtype=np.int64), *only)
    key = figures.preference(gate, count)
    best = np.argmin(key, axis=-1)

    def of(array: Integers) -> Integers:
        wide = np.broadcast_to(array, key.shape)
        taken: Integers = np.take_along_axis(wide, best[..., None], axis=-1)[..., 0]
        return taken

    return Plans(gates, gate, ranked, best, of(yen), of(starts), of(over_cost), of(over_months))


def _excess(figures: Integers, most: Integers | None) -> Integers:
    if most is None:
        return np.zeros_like(figures)
    return np.where(figures == UNKNOWN, 0, np.maximum(0, figures - most[..., None]))


class _Figures:
    """The routes' figures by gate, as arrays of shape (gates, routes)."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        self.routes = len(gates[0].routes)
        figures = np.array([gate.figures for gate in gates], dtype=np.int64).reshape(len(gates), -1, 4)
        self.yen, self.starts, self._shut, unpriced = np.moveaxis(figures, 2, 0)
        self.unpriced = unpriced != 0

    def preference(self, gate: Integers, count: Integers) -> Integers:
        """The preference of ``best_route`` as one number per route, least first.

        Each digit is as wide as the greatest figure in its place, so that none spills over.
        """
        yen_width = int(self.yen.max(initial=0)) + 1
        starts_width = int(self.starts.max(initial=0)) + 1
        high = (self._shut * 2 + self.unpriced)[gate] * 3 + count
        low = (np.maximum(self.yen, 0) * starts_width + self.starts)[gate]
        key: Integers = high * (yen_width * starts_width) + low
        return key
