"""What one item means for one taker on one day: the standing of every route, and the best route.

Works on a full state. The same rules over unanswered questions are in ``ranges``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.engine.compiled import CompiledItem, CompiledRequirement, CompiledRoute
from quizapp.engine.outcome import Beyond, RouteOutcome, Span, Standing, StepToTake, Total
from quizapp.engine.table import UNKNOWN

OPEN = (Standing.ELIGIBLE_NOW, Standing.ELIGIBLE_AFTER_STEPS)


@dataclass(frozen=True)
class Limits:
    """What the taker accepts, by limit: (limit id, most), None where it is not bounded."""

    cost: tuple[str, int] | None = None
    months: tuple[str, int] | None = None


@dataclass(frozen=True)
class Plan:
    """An item's standing, its routes, and the route that serves this taker best."""

    standing: Standing
    routes: tuple[RouteOutcome, ...]
    best: RouteOutcome | None
    beyond: tuple[Beyond, ...]
    blocked_by: tuple[str, ...]


def plan_item(item: CompiledItem, state: Sequence[int], on: date, limits: Limits) -> Plan:
    """The plan for one item. Closed and held items have routes for the record, and no best one."""
    routes = tuple(plan_route(route, state, on, item.item.priced) for route in item.routes)
    standing = _standing(item, routes, state, on)
    if standing not in OPEN:
        blocked = () if standing in (Standing.CLOSED, Standing.HELD) else _nearest_block(routes, standing)
        return Plan(standing, routes, None, (), blocked)
    open_routes = [route for route in routes if route.standing in OPEN]
    best = min(open_routes, key=lambda route: _preference(route, limits))
    return Plan(standing, routes, best, beyond(best, limits), ())


def plan_route(route: CompiledRoute, state: Sequence[int], on: date, priced: bool) -> RouteOutcome:
    """One route: what blocks it, the steps still to take, its total and its months."""
    blocked: list[CompiledRequirement] = []
    pending: list[CompiledRequirement] = []
    untold: list[CompiledRequirement] = []
    for requirement in route.requires:
        holds = requirement.holds.at(state)
        if holds == UNKNOWN:
            untold.append(requirement)
        elif not holds:
            (blocked if requirement.fixed else pending).append(requirement)
    steps = tuple(StepToTake(p.id, p.yen, p.months, "before" if p.before else "after") for p in pending)
    if blocked:
        standing = Standing.INELIGIBLE_NOW
    elif untold:
        standing = Standing.UNKNOWN
    elif any(step.when == "before" for step in steps):
        standing = Standing.ELIGIBLE_AFTER_STEPS
    else:
        standing = Standing.ELIGIBLE_NOW
    paid = [(c.id, c.yen) for c in route.costs if c.waived is None or not c.waived.at(state)]
    due = [(p.id, p.yen) for p in pending if (p.yen is None and p.in_total) or p.yen]
    ahead = sum(p.months for p in pending if p.before)
    first = route.sittings.ready_after(on, route.months_from + ahead)
    last = None if route.months_to is None else route.sittings.ready_after(on, route.months_to + ahead)
    return RouteOutcome(
        route=route.id,
        standing=standing,
        cost=total(paid + due, route.cost_kind) if priced else None,
        months=Span(first, last),
        blocked_by=tuple(requirement.id for requirement in blocked or untold),
        steps=steps,
        wait=first - route.months_from - ahead,
        paid=tuple(paid),
    )


def total(parts: Sequence[tuple[str, int | None]], kind: str) -> Total:
    """The sum of the known parts; a lower bound where one is unknown, without a number where all are.

    >>> total([("exam_fee", 46000), ("membership", None)], "exact")
    Total(yen=46000, kind='lower_bound', not_included=('membership',))
    >>> total([("exam_fee", None)], "exact").yen is None
    True
    """
    known = [yen for _, yen in parts if yen is not None]
    missing = tuple(name for name, yen in parts if yen is None)
    if missing:
        return Total(sum(known) if known else None, "lower_bound", missing)
    return Total(sum(known), kind)


def beyond(route: RouteOutcome, limits: Limits) -> tuple[Beyond, ...]:
    """By how much a route exceeds each limit."""
    found = []
    if limits.cost and route.cost and route.cost.yen is not None and route.cost.yen > limits.cost[1]:
        found.append(Beyond(limits.cost[0], route.cost.yen - limits.cost[1]))
    if limits.months and route.months and route.months.from_ > limits.months[1]:
        found.append(Beyond(limits.months[0], route.months.from_ - limits.months[1]))
    return tuple(found)


def _preference(route: RouteOutcome, limits: Limits) -> tuple[bool, int, int, int]:
    """A total nobody knows comes last: it must not pass for an affordable one."""
    unpriced = route.cost is not None and route.cost.yen is None
    yen = route.cost.yen if route.cost and route.cost.yen is not None else 0
    return unpriced, len(beyond(route, limits)), yen, route.months.from_ if route.months else 0


def _standing(item: CompiledItem, routes: Sequence[RouteOutcome], state: Sequence[int], on: date) -> Standing:
    if item.closes_after and on > item.closes_after:
        return Standing.CLOSED
    if item.held.at(state):
        return Standing.HELD
    if item.item.listed_only:
        return Standing.UNKNOWN
    best_first = (*OPEN, Standing.UNKNOWN)
    return next((s for s in best_first if any(r.standing is s for r in routes)), Standing.INELIGIBLE_NOW)


def _nearest_block(routes: Sequence[RouteOutcome], standing: Standing) -> tuple[str, ...]:
    return min((route.blocked_by for route in routes if route.standing is standing), key=len, default=())
