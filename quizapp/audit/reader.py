"""One bank's tables read over one block of takers, item by item; see ``sheets``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from quizapp.audit.prepared import IRRELEVANT, STANDINGS, UNRANKED, Line, Plan, Prepared, Shared
from quizapp.engine.cohort import NEVER
from quizapp.engine.gates import Gate, Gates
from quizapp.engine.plan import plans_over
from quizapp.engine.state import today_index
from quizapp.engine.table import UNKNOWN, Integers, Table

_DIRECT = 14
_NONE = np.zeros((), dtype=np.int64)
Told = tuple[Integers, Integers, Integers]
Floats = npt.NDArray[np.float64]


class Reader:
    """One bank over one block of takers. What another reader of the block has worked out is taken over."""

    def __init__(self, bank: Prepared, answers: Integers, shared: Shared) -> None:
        self._bank, self._compiled, self._shared = bank, bank.compiled, shared
        self._count = answers.shape[1]
        self._values = dict(self._compiled.values)
        self._indexes: dict[int, Integers] = dict(enumerate(answers))
        self._indexes[self._compiled.today] = np.array(today_index(self._compiled, bank.on))
        for table, places in bank.hiding:
            asked = table.over(self._fresh)
            for place in places:
                self._indexes[place] = np.where(asked != 0, self._indexes[place], 0)

    def _fresh(self, variable: int) -> Integers:
        behind = self._values.get(variable)
        return self._indexes[variable] if behind is None else behind.over(self._fresh)

    def _index(self, variable: int) -> Integers:
        if variable not in self._indexes:
            self._indexes[variable] = self._of(self._values[variable])
        return self._indexes[variable]

    def _of(self, table: Table) -> Integers:
        number = self._bank.likeness.of(self._compiled, table)
        if number not in self._shared.tables:
            self._shared.tables[number] = table.over(self._index)
        return self._shared.tables[number]

    def told(self) -> tuple[npt.NDArray[np.int8], Integers, Integers]:
        """Standing, total and key of every item, shape (items, takers) each; see ``Sheet``."""
        shape = (len(self._bank.lines), self._count)
        standing = np.empty(shape, dtype=np.int8)
        yen, key = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
        for row, line in enumerate(self._bank.lines):
            if line.number not in self._shared.items:
                self._shared.items[line.number] = self._line(line)
            standing[row], yen[row], key[row] = self._shared.items[line.number]
        return standing, yen, key

    def _line(self, line: Line) -> Told:
        if line.gated not in self._shared.plans:
            self._shared.plans[line.gated] = self._plan(*self._met(line.gates))
        plan = self._shared.plans[line.gated]
        if plan.never:
            return plan.standing, np.array(UNRANKED), np.array(NEVER)
        score = self._score(line.fits, plan.yen, plan.starts)
        dear = np.where(plan.yen == UNKNOWN, self._bank.scale.dearest + 1, plan.yen)
        key = self._bank.scale.key(plan.over, score, dear if line.priced else 0 * dear, line.letter)
        ranked = plan.ranked != 0
        return plan.standing, np.where(ranked, plan.yen, UNRANKED), np.where(ranked, key, NEVER)

    def _met(self, gates: Gates) -> tuple[Integers, tuple[Gate, ...]]:
        """The gates that these takers meet, and the place of each taker's."""
        codes = np.zeros(self._count, dtype=np.int64)
        for table in gates.tables:
            codes = 2 * codes + self._of(table)
        if len(gates.tables) > _DIRECT:
            distinct, places = np.unique(codes, return_inverse=True)
        else:
            seen = np.zeros(1 << len(gates.tables), dtype=np.int64)
            seen[codes] = 1
            distinct, places = np.flatnonzero(seen), (np.cumsum(seen) - 1).take(codes)
        return places, tuple(gates.coded(int(code)) for code in distinct)

    def _plan(self, place: Integers, met: tuple[Gate, ...]) -> Plan:
        standing = np.array([_standing(gate) for gate in met])[place]
        if not any(gate.ranked for gate in met):
            return Plan(standing, True, _NONE, _NONE, _NONE, _NONE)
        if any(len(gate.open_routes) > 1 for gate in met):
            best = plans_over(met, place, self._bounds.get("cost"), self._bounds.get("months"))
            over = ((best.over_cost > 0) | (best.over_months > 0)).astype(np.int64)
            return Plan(standing, False, best.ranked, best.yen, best.starts, over)
        ranked = np.array([int(gate.ranked) for gate in met])[place]
        yen = np.array([_yen(gate) for gate in met])[place]
        starts = np.array([_starts(gate) for gate in met])[place]
        over = np.zeros(self._count, dtype=np.int64)
        if "cost" in self._bounds:
            over |= yen > self._bounds["cost"]
        if "months" in self._bounds:
            over |= starts > self._bounds["months"]
        return Plan(standing, False, ranked, yen, starts, over)

    @cached_property
    def _bounds(self) -> dict[str, Integers]:
        """The limits of every taker; a checked bank never hides a limit's question."""
        found: dict[str, Integers] = {}
        for limit in self._compiled.bank.limits:
            place = self._compiled.places[limit.question]
            found[limit.of] = self._compiled.variables[place].numbers[self._indexes[place]]
        return found

    @cached_property
    def _weights(self) -> tuple[list[Floats], Floats]:
        """Each criterion's weight, 200 times, and the sum of all."""
        every = [np.broadcast_to(self._of(table), (self._count,)) for table in self._compiled.weights]
        whole = np.maximum(sum(every, np.zeros(self._count, dtype=np.int64)), 1)
        return [(200 * weight).astype(np.float64) for weight in every], whole.astype(np.float64)

    def _score(self, fits: Sequence[Table], yen: Integers, starts: Integers) -> Integers:
        plan = {self._compiled.cost, self._compiled.duration}
        planned = self._planned(yen, starts)
        weights, whole = self._weights
        score = np.zeros(self._count)
        for weight, table in zip(weights, fits, strict=True):
            value = table.over(planned) if plan.intersection(table.reads) else self._of(table)
            # Both are whole numbers far below 2**26, so that the quotient of doubles has the same floor.
            points = weight * value
            points += whole
            points /= 2 * whole
            score += np.floor(points, out=points)
        return score.astype(np.int64)

    def _planned(self, yen: Integers, starts: Integers) -> Callable[[int], Integers]:
        """The indexes of every variable, with the cost and months of one item's plan."""
        compiled = self._compiled
        costs = compiled.variables[compiled.cost].numbers
        given = {compiled.cost: np.searchsorted(costs, yen), compiled.duration: starts}
        return lambda variable: given[variable] if variable in given else self._index(variable)


def _standing(gate: Gate) -> int:
    return STANDINGS.index(gate.standing) if gate.relevant else IRRELEVANT


def _yen(gate: Gate) -> int:
    cost = gate.open_routes[0].cost if gate.open_routes else None
    return UNKNOWN if cost is None or cost.yen is None else cost.yen


def _starts(gate: Gate) -> int:
    months = gate.open_routes[0].months if gate.open_routes else None
    return months.from_ if months else 0
