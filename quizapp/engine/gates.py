"""What an item's own conditions decide on a day: its standing and every route's outcome, before limits.

Few combinations of truths ever occur, so each is worked out once and remembered.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from quizapp.engine.compiled import Compiled, CompiledItem, CompiledRequirement, CompiledRoute
from quizapp.engine.grid import Grid
from quizapp.engine.outcome import RouteOutcome, Span, Standing, StepToTake, Total
from quizapp.engine.table import UNKNOWN, Integers, Table

MAX_CONDITIONS = 60
_FEW = 10
OPEN = (Standing.ELIGIBLE_NOW, Standing.ELIGIBLE_AFTER_STEPS)


@dataclass(frozen=True)
class Gate:
    """An item for all takers alike in its conditions. ``blocked_by`` is empty where it is open."""

    relevant: bool
    standing: Standing
    routes: tuple[RouteOutcome, ...]
    blocked_by: tuple[str, ...]

    @cached_property
    def ranked(self) -> bool:
        """Whether such a taker sees the item in the ranking."""
        return self.relevant and self.standing in OPEN

    @cached_property
    def open_routes(self) -> tuple[RouteOutcome, ...]:
        """The routes that such a taker can go, none where the item is not ranked."""
        return tuple(r for r in self.routes if r.standing in OPEN) if self.ranked else ()

    @cached_property
    def figures(self) -> tuple[tuple[int, int, int, int], ...]:
        """Of every route: its yen (UNKNOWN where there are none), first month, whether shut, whether unpriced."""
        return tuple(
            (
                UNKNOWN if r.cost is None or r.cost.yen is None else r.cost.yen,
                r.months.from_ if r.months else 0,
                int(r.standing not in OPEN),
                int(r.cost is not None and r.cost.yen is None),
            )
            for r in self.routes
        )

    @cached_property
    def only(self) -> RouteOutcome | None:
        """The one route there is to choose from, if it is one."""
        return self.open_routes[0] if len(self.open_routes) == 1 else None


class Gates:
    """The gates of one item on one day, found by the truths of its conditions.

    Safe to share between threads: the same truths always give an equal gate.
    """

    def __init__(self, item: CompiledItem, on: date) -> None:
        self.item = item
        self._on = on
        self.tables = condition_tables(item)
        self._places = {id(table): place for place, table in enumerate(self.tables)}
        self._met: dict[int, Gate] = {}

    def coded(self, code: int) -> Gate:
        """The gate of takers for whom the conditions come to these truths, the first as highest bit."""
        return self._met.get(code) or self._remembered(code)

    def over(self, grid: Grid) -> tuple[Integers, tuple[Gate, ...]]:
        """The gates met over a grid, and the place of the one that holds in each cell."""
        codes = np.zeros((1,) * len(grid.axes), dtype=np.int64)
        for table in self.tables:
            codes = 2 * codes + grid.of(table)
        return self.met(codes)

    def met(self, codes: Integers) -> tuple[Integers, tuple[Gate, ...]]:
        """The gates of an array of truths (see ``coded``), and the place of the one that holds in each cell."""
        if len(self.tables) <= _FEW:
            # A place for every combination of truths: several times as fast as sorting.
            occurs = np.zeros(1 << len(self.tables), dtype=np.int64)
            occurs[codes] = 1
            distinct, places = np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[codes]
        else:
            distinct, places = np.unique(codes, return_inverse=True)
        return places.reshape(codes.shape), tuple(self.coded(int(code)) for code in distinct)

    def corners(self, possible: Sequence[Set[int]]) -> tuple[Gate, Gate, Gate]:
        """The best gate, the worst and the held one, for what each condition may come to by itself.

        The more requirements and waivers hold, the better an item stands, and the less its routes cost.
        """
        relevant, held = id(self.item.relevant), id(self.item.held)

        def at(others: int, has: int) -> Gate:
            code = 0
            for table, may in zip(self.tables, possible, strict=True):
                wanted = {held: has, relevant: 1}.get(id(table), others)
                code = 2 * code + (wanted if wanted in may else 1 - wanted)
            return self.coded(code)

        return at(1, 0), at(0, 0), at(1, 1)

    def _remembered(self, code: int) -> Gate:
        last = len(self.tables) - 1
        made = self._made([code >> (last - place) & 1 for place in range(last + 1)])
        return self._met.setdefault(code, made)

    def _truth(self, table: Table, truths: Sequence[int]) -> int:
        place = self._places.get(id(table))
        return table.values[0] if place is None else truths[place]

    def _made(self, truths: Sequence[int]) -> Gate:
        item = self.item
        routes = tuple(self._route(route, truths) for route in item.routes)
        if item.closes_after and self._on > item.closes_after:
            standing = Standing.CLOSED
            routes = tuple(replace(route, standing=Standing.CLOSED) for route in routes)
        elif self._truth(item.held, truths):
            standing = Standing.HELD
        elif item.item.listed_only:
            standing = Standing.UNKNOWN
        else:
            best_first = (*OPEN, Standing.UNKNOWN)
            found = {route.standing for route in routes}
            standing = next((one for one in best_first if one in found), Standing.INELIGIBLE_NOW)
        blocks = [route.blocked_by for route in routes if route.standing is standing]
        told = standing in (Standing.INELIGIBLE_NOW, Standing.UNKNOWN)
        blocked = min(blocks, key=len, default=()) if told else ()
        return Gate(bool(self._truth(item.relevant, truths)), standing, routes, blocked)

    def _route(self, route: CompiledRoute, truths: Sequence[int]) -> RouteOutcome:
        lacking = [(r, truth) for r in route.requires if (truth := self._truth(r.holds, truths)) != 1]
        untold = [r for r, truth in lacking if truth == UNKNOWN]
        blocked = [r for r, truth in lacking if truth != UNKNOWN and r.fixed]
        pending = [r for r, truth in lacking if truth != UNKNOWN and not r.fixed]
        paid = [(c.id, c.yen) for c in route.costs if c.waived is None or not self._truth(c.waived, truths)]
        due = [(r.id, r.yen) for r in pending if (r.yen is None and r.in_total) or r.yen]
        ahead = sum(r.months for r in pending if r.before)
        first = route.sittings.ready_after(self._on, route.months_from + ahead)
        to = route.months_to
        return RouteOutcome(
            route=route.id,
            standing=_route_standing(blocked, untold, pending),
            cost=total(paid + due, route.cost_kind) if self.item.item.priced else None,
            months=Span(first, None if to is None else route.sittings.ready_after(self._on, to + ahead)),
            blocked_by=tuple(r.id for r in blocked or untold),
            steps=tuple(
                StepToTake(r.id, r.yen, r.months, "before" if r.before else "after") for r in pending
            ),
            wait=first - route.months_from - ahead,
            paid=tuple(paid),
        )


def condition_tables(item: CompiledItem) -> tuple[Table, ...]:
    """Every condition of the item that some answer decides, each once."""
    tables = [item.relevant, item.held]
    for route in item.routes:
        tables += [requirement.holds for requirement in route.requires]
        tables += [cost.waived for cost in route.costs if cost.waived is not None]
    return tuple({id(table): table for table in tables if table.reads}.values())


@lru_cache(maxsize=64)
def gates_on(compiled: Compiled, on: date) -> tuple[Gates, ...]:
    """The gates of every item on a day, kept for the days asked of late."""
    return tuple(Gates(item, on) for item in compiled.items)


def _route_standing(
    blocked: Sequence[CompiledRequirement],
    untold: Sequence[CompiledRequirement],
    pending: Sequence[CompiledRequirement],
) -> Standing:
    if blocked:
        return Standing.INELIGIBLE_NOW
    if untold:
        return Standing.UNKNOWN
    return Standing.ELIGIBLE_AFTER_STEPS if any(r.before for r in pending) else Standing.ELIGIBLE_NOW


def total(parts: Sequence[tuple[str, int | None]], kind: str) -> Total:
    """The sum of the known parts; a lower bound where one is unknown, without a number where all are.

    >>> total([("exam_fee", 46000), ("membership", None)], "exact")
    Total(yen=46000, kind='lower_bound', not_included=('membership',), most=None)
    >>> total([("exam_fee", None)], "exact").yen is None
    True
    """
    known = [yen for _, yen in parts if yen is not None]
    missing = tuple(name for name, yen in parts if yen is None)
    if missing:
        return Total(sum(known) if known else None, "lower_bound", missing)
    return Total(sum(known), kind)
