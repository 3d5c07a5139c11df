"""One item against another over every completion of some answers, in as few cells as tell them apart.

Who is first is settled pair by pair: an item is first in every completion when it is ranked in each and
no other stands before it in any. A pair reads few answers, so its cells are far fewer than the bank's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from quizapp.engine.answers import possible_states
from quizapp.engine.arena import Arena, Marks, Truths, axis_of, numbered, slices
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import Gate, Gates, condition_tables, gates_on
from quizapp.engine.grid import Axis, Grid, raw_reads
from quizapp.engine.outcome import RouteOutcome
from quizapp.engine.plan import Plans, plans_over
from quizapp.engine.state import today_index
from quizapp.engine.table import UNKNOWN, Integers, Table

MAX_GATE_CELLS = 20_000
_NO_PRICE = 10**12
_BEYOND = 1 << 60
_POINT = 1 << 41
_MOST_KEPT = 4_096


@dataclass(frozen=True)
class _Known:
    """What tells answers apart for an item's gate, its values, and both; and whether it may be ranked."""

    gate: Marks
    value: Marks
    plan: Marks
    ranks: bool


@lru_cache(maxsize=64)
def _kept(compiled: Compiled, on: date) -> dict[tuple[object, ...], _Known]:
    """What was found of a bank's items on a day, by item and states; shared by threads."""
    return {}


@lru_cache(maxsize=2_048)
def _item_reads(compiled: Compiled, row: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The question variables behind an item, those of the limits among them; and those of the limits."""
    item = compiled.items[row]
    limits = {compiled.places[limit.question] for limit in compiled.bank.limits}
    reads = raw_reads(compiled, [*condition_tables(item), *item.fits]) | limits
    return tuple(sorted(reads)), tuple(sorted(limits))


class Box:
    """Every completion of the open question variables of one taker on one day, the others fixed.

    ``taker`` holds an index for every question variable; those in ``still_open`` may be anything.
    """

    def __init__(
        self, compiled: Compiled, on: date, taker: Sequence[int], still_open: frozenset[int]
    ) -> None:
        self._compiled = compiled
        self._gates = gates_on(compiled, on)
        self._behind = dict(compiled.values)
        self._fixed = [*taker, *[0] * (len(compiled.variables) - len(taker))]
        self._fixed[compiled.today] = today_index(compiled, on)
        states = [
            tuple(range(len(variable.domain))) if place > compiled.today else (self._fixed[place],)
            for place, variable in enumerate(compiled.variables)
        ]
        for place in still_open:
            states[place] = tuple(int(index) for index in cells(compiled, place).chosen)
        self._open = still_open
        self._states = possible_states(compiled, states)
        self._by_item: dict[int, _Known] = {}
        self._kept = _kept(compiled, on)

    def may_rank(self, row: int) -> bool:
        """Whether some completion may rank the item; False is certain."""
        return self._item(row).ranks

    def arena(self, row: int, rival: int | None) -> Arena:
        """The cells that tell completions apart for an item, or for a pair of items."""
        if rival is None:
            parts = [self._item(row).gate]
        else:
            parts = [self._item(row).plan, self._item(rival).plan, self._weights]
        axes, own = [], []
        for variable in sorted({variable for part in parts for variable in part}):
            marks = [part[variable] for part in parts if variable in part]
            alike = marks[0] if len(marks) == 1 else numbered(zip(*marks, strict=True))
            if any(alike):
                axes.append(axis_of(variable, self._states[variable], alike))
                own.append(alike[self._home(variable)])
        return Arena(tuple(axes), tuple(own))

    def beaten(self, arena: Arena, row: int, rival: int | None) -> Truths:
        """Where the item is not ranked, or stands after its rival; an array over the arena's axes."""
        return self.beaten_on(Grid(self._compiled, self._fixed, arena.axes), row, rival)

    def beaten_on(self, grid: Grid, row: int, rival: int | None) -> Truths:
        """The same over any grid of this box."""
        ranked, key = self._standing(grid, row, rival is not None)
        lost: Truths = ranked == 0
        if rival is None:
            return lost
        there, other = self._standing(grid, rival, True)
        names = [self._compiled.items[each].item.id for each in (row, rival)]
        before = other <= key if names[1] < names[0] else other < key
        either: Truths = np.logical_or(lost, (there != 0) & before)
        return either

    def drawn(self, arena: Arena, bits: Mapping[int, int], count: int, seed: int) -> tuple[Grid, Integers]:
        """Seeded completions as a grid of one axis, and which questions each answers otherwise (see ``masks``).

        They keep many or few of the taker's own answers; what has no bit is anything, equally likely.
        """
        random = np.random.default_rng(seed)
        whole = np.arange(count, dtype=np.int64)
        grid = Grid(self._compiled, self._fixed, [Axis(len(self._fixed), whole, np.ones_like(whole), whole)])
        kept = random.random(count)
        changes = {0: np.ones(count, dtype=bool)}
        changed = np.zeros(count, dtype=np.int64)
        for each, own in zip(arena.axes, arena.own, strict=True):
            bit = bits.get(each.variable, 0)
            if bit not in changes:
                changes[bit] = random.random(count) > kept
            pick = np.where(changes[bit], random.integers(0, len(each.chosen), count), own)
            changed |= bit * (pick != own)
            grid.give(each.variable, each.chosen[pick])
        return grid, changed

    def surely_ahead(self, arena: Arena, row: int, rival: int, most: int) -> bool:
        """Whether bounds alone show the item before its rival wherever it is ranked; False proves nothing.

        Some axes are gone through cell by cell; over the others each criterion counts at its worst for
        the item and at its best for the rival. ``most`` bounds the cells of any array.
        """
        grid = Grid(self._compiled, self._fixed, arena.axes)
        loose = self._loose(arena, row, rival, most)
        if loose is None:
            return False
        plans = self._plans_over(grid, row)
        low = self._score(grid, row, plans, lambda points: points.min(axis=loose, keepdims=True))
        last = _over(plans).max(axis=loose, keepdims=True)
        plans = self._plans_over(grid, rival)
        high = self._score(grid, rival, plans, lambda points: points.max(axis=loose, keepdims=True))
        there = plans.ranked.max(axis=loose, keepdims=True) != 0
        soonest = np.where(plans.ranked != 0, _over(plans), True).min(axis=loose, keepdims=True)
        ahead = (last < soonest) | ((last <= soonest) & (low > high))
        return bool((ahead | ~there).all())

    def _loose(self, arena: Arena, row: int, rival: int, most: int) -> tuple[int, ...] | None:
        """The axes to bound over: those that gates alone read, then those that the fewest tables read.

        None where a gate or a table by itself has more than ``most`` cells.
        """
        limits = {self._compiled.places[limit.question] for limit in self._compiled.bank.limits}
        widths = {each.variable: len(each.chosen) for each in arena.axes}
        gates = [self._item(each).gate.keys() | limits for each in (row, rival)]
        reading = [part.keys() for part in (self._item(row).value, self._item(rival).value, self._weights)]
        for gate in gates:
            for table in reading[:2]:
                if _product(widths, gate) > most or _product(widths, table) > most:
                    return None
        worth = {
            variable: (variable in limits) + sum(variable in table for table in reading)
            for variable in widths
        }
        kept: set[int] = set()
        for variable in sorted(widths, key=lambda variable: (-worth[variable], widths[variable])):
            if worth[variable] and _product(widths, kept | {variable}) <= most:
                kept.add(variable)
        return tuple(k for k, each in enumerate(arena.axes) if each.variable not in kept)

    def _standing(self, grid: Grid, row: int, scored: bool) -> tuple[Integers, Integers]:
        """Whether the item is ranked, and a number that sorts as ``order`` does up to the id."""
        plans = self._plans_over(grid, row)
        if not scored or not plans.ranked.any():
            return plans.ranked, np.zeros((), dtype=np.int64)
        score = self._score(grid, row, plans, lambda points: points)
        priced = self._compiled.items[row].item.priced
        dear = np.where(plans.yen == UNKNOWN, _NO_PRICE if priced else 0, plans.yen)
        return plans.ranked, _over(plans) * _BEYOND - score * _POINT + dear

    def _plans_over(self, grid: Grid, row: int) -> Plans:
        places, met = self._gates[row].over(grid)
        bounds = {limit.of: self._numbers(grid, limit.question) for limit in self._compiled.bank.limits}
        return plans_over(met, places, bounds.get("cost"), bounds.get("months"))

    def _score(self, grid: Grid, row: int, plans: Plans, bounded: Callable[[Integers], Integers]) -> Integers:
        """The sum of every criterion's points, each as ``bounded`` gives it."""
        compiled = self._compiled
        grid.give(compiled.cost, np.searchsorted(compiled.variables[compiled.cost].numbers, plans.yen))
        grid.give(compiled.duration, plans.starts)
        weights = [grid.of(table) for table in compiled.weights]
        whole = np.maximum(sum(weights, np.int64(0)), 1)
        score = np.zeros((), dtype=np.int64)
        fits = compiled.items[row].fits
        for weight, table, criterion in zip(weights, fits, compiled.criteria, strict=True):
            value = grid.of(table)
            value = np.where(value == UNKNOWN, criterion.if_unknown, value)
            score = score + bounded(_wide((200 * weight * value + whole) // (2 * whole), grid))
        return score

    def _numbers(self, grid: Grid, question: str) -> Integers:
        place = self._compiled.places[question]
        numbers: Integers = self._compiled.variables[place].numbers[grid.indexes(place)]
        return numbers

    def _home(self, variable: int) -> int:
        """Where the taker's own cell stands among the states of an open variable."""
        merged = cells(self._compiled, variable)
        return int(merged.cell_of[self._fixed[variable]])

    @cached_property
    def _weights(self) -> Marks:
        return self._marks(self._compiled.weights)

    def _item(self, row: int) -> _Known:
        if row not in self._by_item:
            self._by_item[row] = self._remembered(row)
        return self._by_item[row]

    def _remembered(self, row: int) -> _Known:
        """An item reads few answers, so other boxes and other takers have met the same."""
        reads, limits = _item_reads(self._compiled, row)
        key = (row, *[self._states[place] for place in reads], *[place in self._open for place in limits])
        found = self._kept.get(key)
        if found is None:
            found = self._looked_into(row)
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    def _looked_into(self, row: int) -> _Known:
        gates = self._gates[row]
        met = self._met(gates)
        open_routes = None if met is None else [r for gate in met if gate.ranked for r in gate.routes]
        gate = self._marks(gates.tables)
        if open_routes is not None and not open_routes:
            return _Known(gate, {}, gate, False)
        value = self._marks(gates.item.fits, self._plans(open_routes))
        plan = _joined(gate, value)
        return _Known(gate, value, _joined(plan, self._cuts(open_routes)), True)

    def _met(self, gates: Gates) -> tuple[Gate, ...] | None:
        """The gates that some completion meets; None where there are too many cells to tell."""
        marks = self._marks(gates.tables)
        axes = [axis_of(variable, self._states[variable], mark) for variable, mark in sorted(marks.items())]
        if Arena(tuple(axes), ()).cells > MAX_GATE_CELLS:
            return None
        return gates.over(Grid(self._compiled, self._fixed, axes))[1]

    def _plans(self, routes: Sequence[RouteOutcome] | None) -> dict[int, tuple[int, ...]]:
        """The states that cost and duration can take in the plans of an item."""
        if routes is None:
            return {}
        index = self._compiled.variables[self._compiled.cost].index
        yens = {index[UNKNOWN if r.cost is None or r.cost.yen is None else r.cost.yen] for r in routes}
        months = {r.months.from_ if r.months else 0 for r in routes}
        return {
            self._compiled.cost: tuple(sorted(yens)),
            self._compiled.duration: tuple(sorted(months)),
        }

    def _cuts(self, routes: Sequence[RouteOutcome] | None) -> Marks:
        """How the taker's open limits tell the plans of an item apart."""
        found: dict[int, tuple[int, ...]] = {}
        for limit in self._compiled.bank.limits:
            variable = self._compiled.places[limit.question]
            if variable not in self._open:
                continue
            numbers = self._compiled.variables[variable].numbers[list(self._states[variable])]
            if routes is None:
                found[variable] = numbered(numbers.tolist())
                continue
            if limit.of == "cost":
                figures = {r.cost.yen for r in routes if r.cost and r.cost.yen is not None}
            else:
                figures = {r.months.from_ for r in routes if r.months}
            cut = np.searchsorted(np.array(sorted(figures), dtype=np.int64), numbers, side="right")
            if cut.min() < cut.max():
                found[variable] = numbered(cut.tolist())
        return found

    def _marks(self, tables: Sequence[Table], plans: Mapping[int, tuple[int, ...]] | None = None) -> Marks:
        """For each open variable that decides a table: a mark for each of its states, equal where alike.

        ``plans`` narrows what cost and duration may be.
        """
        found: dict[int, list[tuple[int, ...]]] = {}
        waiting, seen = list(tables), set()
        for table in waiting:
            if id(table) in seen:
                continue
            seen.add(id(table))
            for variable, mark in self._slices(table, plans or {}).items():
                if variable in self._behind:
                    waiting.append(self._behind[variable])
                elif variable < self._compiled.today:
                    found.setdefault(variable, []).append(mark)
        return {
            variable: marks[0] if len(marks) == 1 else numbered(zip(*marks, strict=True))
            for variable, marks in found.items()
        }

    def _slices(self, table: Table, plans: Mapping[int, tuple[int, ...]]) -> Marks:
        """What the table comes to for each state of a variable, whatever the others; only where it varies."""
        narrowed = [(variable, plans[variable]) for variable in table.reads if variable in plans]
        if not narrowed:
            return slices(table, self._states)
        states = list(self._states)
        for variable, ways in narrowed:
            states[variable] = ways
        return slices(table, states)


def _joined(one: Marks, other: Marks) -> Marks:
    both = {v: numbered(zip(one[v], other[v], strict=True)) for v in one.keys() & other.keys()}
    return {**one, **other, **both}


def _over(plans: Plans) -> Truths:
    return (plans.over_cost > 0) | (plans.over_months > 0)


def _wide(array: Integers, grid: Grid) -> Integers:
    """The same with a dimension for every axis, so that it can be bounded along any."""
    return array.reshape((1,) * len(grid.axes)) if array.ndim == 0 else array


def _product(widths: Mapping[int, int], variables: Iterable[int]) -> int:
    count = 1
    for variable in variables:
        count *= widths.get(variable, 1)
    return count
