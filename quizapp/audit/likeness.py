"""Which tables of two banks are the same function of the same answers, so that both are worked out once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

import numpy as np

from quizapp.engine.compiled import Compiled, CompiledItem, CompiledRoute
from quizapp.engine.grid import raw_reads
from quizapp.engine.state import today_index
from quizapp.engine.table import UNKNOWN, Table
from quizapp.engine.totals import possible_totals


class Likeness:
    """Numbers for tables: equal numbers are equal functions, whichever of the banks they stand in."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[tuple[int, int], int] = {}
        self._kept: list[Table] = []

    def of(self, compiled: Compiled, table: Table) -> int:
        """The number of a table."""
        key = id(compiled), id(table)
        if key not in self._known:
            reads = tuple(self._variable(compiled, variable) for variable in table.reads)
            self._kept.append(table)
            self._known[key] = self.number((reads, table.offsets, table.values))
        return self._known[key]

    def number(self, mark: Hashable) -> int:
        """The number of anything that can be compared."""
        return self._numbers.setdefault(mark, len(self._numbers))

    def _variable(self, compiled: Compiled, place: int) -> Hashable:
        variable = compiled.variables[place]
        if place < compiled.today:
            question = compiled.questions[variable.name.partition(".")[0]]
            # Hidden with no answer of its own, it stands at its first answer: when, is the bank's matter.
            unsaid = question.ask_if is not None and question.when_hidden is None
            asked = self.of(compiled, compiled.asked[question.id]) if unsaid else None
            return self.number((question.kind, variable.name, variable.domain, asked))
        if place == compiled.today:
            return self.number(("today", variable.domain, today_index(compiled, self._on)))
        if place in (compiled.cost, compiled.duration):
            return self.number(("plan", variable.name, variable.domain))
        behind = dict(compiled.values).get(place)
        return self.number(("value", variable.domain, behind and self.of(compiled, behind)))

    def of_gates(self, compiled: Compiled, row: int) -> int:
        """The number of an item's standing and plan."""
        each = compiled.items[row]
        item, relevant = each.item, self.of(compiled, each.relevant)
        if each.closes_after and self._on > each.closes_after:
            return self.number((item.id, "ended", relevant))
        if item.listed_only:
            return self.number((item.id, "listed", relevant, self.of(compiled, each.held)))
        routes = tuple(self._route(compiled, route) for route in each.routes)
        limits = tuple(
            (limit.of, self._variable(compiled, compiled.places[limit.question]))
            for limit in compiled.bank.limits
        )
        return self.number((item.id, item.priced, routes, relevant, self.of(compiled, each.held), limits))

    def of_item(self, compiled: Compiled, row: int, fits: Sequence[Table]) -> int:
        """The number of an item's standing, plan and score; ``fits`` are its values as they count.

        What the values come to for totals and months that no plan of the item has is left out.
        """
        each, gated = compiled.items[row], self.of_gates(compiled, row)
        if each.item.listed_only or (each.closes_after and self._on > each.closes_after):
            return gated
        weights = tuple(self.of(compiled, table) for table in compiled.weights)
        plans = _plans(compiled, each)
        values = tuple(self._narrowed(compiled, table, plans) for table in fits)
        return self.number((gated, weights, values))

    def _narrowed(self, compiled: Compiled, table: Table, plans: Mapping[int, Sequence[int]]) -> int:
        if not plans.keys() & set(table.reads):
            return self.of(compiled, table)
        axes, cells = [], []
        for variable, offset in zip(table.reads, table.offsets, strict=True):
            moves = np.array(offset, dtype=np.int64)[list(plans.get(variable, range(len(offset))))]
            distinct, cell = np.unique(moves, return_inverse=True)
            axes.append(distinct)
            cells.append(tuple(cell.tolist()))
        places = sum(np.ix_(*axes), np.zeros((), dtype=np.int64))
        values = np.array(table.values)[places]
        reads = tuple(
            self.number(("plan", compiled.variables[v].name, _figures(compiled, v, plans[v])))
            if v in plans
            else self._variable(compiled, v)
            for v in table.reads
        )
        return self.number((reads, tuple(cells), values.tobytes()))

    def _route(self, compiled: Compiled, route: CompiledRoute) -> Hashable:
        requires = tuple(
            (self.of(compiled, r.holds), r.fixed, r.before, r.yen, r.in_total, r.months)
            for r in route.requires
        )
        costs = tuple((c.yen, None if c.waived is None else self.of(compiled, c.waived)) for c in route.costs)
        return requires, costs, route.months_from, tuple(sorted(route.sittings.months))


def _plans(compiled: Compiled, each: CompiledItem) -> dict[int, Sequence[int]]:
    """The indexes of cost and duration that some plan of an item may come to."""
    index = compiled.variables[compiled.cost].index
    totals = {total for route in each.routes for total in possible_totals(route)} | {UNKNOWN}
    longest = max((sum(r.months for r in x.requires) + x.months_from + 12 for x in each.routes), default=0)
    return {compiled.cost: sorted(index[total] for total in totals), compiled.duration: range(longest + 1)}


def _figures(compiled: Compiled, variable: int, indexes: Sequence[int]) -> Hashable:
    return tuple(compiled.variables[variable].domain[index] for index in indexes)


def read_by(compiled: Compiled, tables: list[Table]) -> frozenset[int]:
    """The question variables behind tables, and those that decide whether they are asked."""
    found = raw_reads(compiled, tables)
    hiding = [
        table
        for name, table in compiled.asked.items()
        if any(compiled.variables[place].name.partition(".")[0] == name for place in found)
        and compiled.questions[name].when_hidden is None
    ]
    return found | raw_reads(compiled, hiding)
