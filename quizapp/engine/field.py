"""The field: every item that can be ranked on a day, side by side, for many completions at once.

The same judgement as ``cohort``, laid out so that a few array operations serve all items together.
Rows are items of the field, columns are completions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.gatehouse import Gatehouse
from quizapp.engine.gates import gates_on
from quizapp.engine.stack import Stack
from quizapp.engine.state import today_index
from quizapp.engine.table import UNKNOWN, Integers, Table

NEVER = int(np.iinfo(np.int64).max)
BOUNDLESS = 10**12
_STRETCH = 384


@dataclass(frozen=True)
class Standings:
    """The field over some completions. ``key`` orders each column, least first; NEVER is not ranked."""

    gate: Integers
    key: Integers
    over: Integers
    score: Integers

    @cached_property
    def first(self) -> Integers:
        """The row that stands first in each column; UNKNOWN where nothing is ranked."""
        best = self.key.argmin(axis=0)
        return np.where(self.key.min(axis=0) == NEVER, UNKNOWN, best)

    @property
    def place(self) -> Integers:
        """What ranks each item, least first: beyond a limit, then score. Equal ones share a rank."""
        place: Integers = self.over * 100_000 - self.score
        return place

    def top(self, count: int) -> Integers:
        """The first rows of each column, shape (count or fewer, columns); UNKNOWN where there are fewer."""
        order = np.argsort(self.key, axis=0)[:count]
        return np.where(np.take_along_axis(self.key, order, axis=0) == NEVER, UNKNOWN, order)


@dataclass(frozen=True)
class Bounds:
    """The limits of each completion: most yen and most months, BOUNDLESS where there is none."""

    yen: Integers
    months: Integers


class Field:
    """Some of a bank's items (``rows`` of the bank), judged together on one day. Shared by threads."""

    def __init__(self, compiled: Compiled, on: date, rows: tuple[int, ...]) -> None:
        self.compiled, self.on, self.rows = compiled, on, rows
        self.gates = tuple(gates_on(compiled, on)[row] for row in rows)
        self.items = tuple(gates.item for gates in self.gates)
        self.gatehouse = Gatehouse(compiled, self.gates)
        self._today = today_index(compiled, on)
        self._values = _in_layers(compiled)
        self._places: dict[int, int] = {}
        self._once = self._tables()
        self._stack = Stack(self._once)
        self._weights = self._rows_of(compiled.weights)
        self._conditions = self._rows_of([t for gates in self.gates for t in gates.tables])
        self.plan = (compiled.cost, compiled.duration)
        self._fits = self._fit_rows()
        self._by_plan = [
            (place, row, table)
            for place in range(len(compiled.criteria))
            for row, item in enumerate(self.items)
            if set(self.plan) & set((table := item.fits[place]).reads)
        ]
        self._plan_stack = Stack(
            [table for _, _, table in self._by_plan],
            [self.renamed(row) for _, row, _ in self._by_plan],
        )
        self._plan_places = (
            np.array([place for place, _, _ in self._by_plan], dtype=np.int64),
            np.array([row for _, row, _ in self._by_plan], dtype=np.int64),
        )
        self._instead = np.array([c.if_unknown for c in compiled.criteria], dtype=np.int64)
        self.alphabet: Integers = np.argsort(np.argsort([item.item.id for item in self.items]))

    @cached_property
    def height(self) -> int:
        """How many rows an array of indexes has: the bank's variables and each item's cost and months."""
        return len(self.compiled.variables) + 2 * len(self.rows)

    def renamed(self, row: int) -> dict[int, int]:
        """Where an item's own cost and months stand among the indexes."""
        at = len(self.compiled.variables) + 2 * row
        return {self.plan[0]: at, self.plan[1]: at + 1}

    def filled(self, answers: Integers) -> tuple[Integers, npt.NDArray[np.bool_]]:
        """Indexes of every variable for answers of shape (question variables, columns), and what varies."""
        indexes = np.zeros((self.height, answers.shape[1]), dtype=np.int64)
        indexes[: self.compiled.today] = answers
        indexes[self.compiled.today] = self._today
        varying = (indexes != indexes[:, :1]).any(axis=1)
        for places, stack in self._values:
            indexes[places] = stack.over(indexes, varying)
            varying[places] = (indexes[places] != indexes[places, :1]).any(axis=1)
        return indexes, varying

    def judge(self, answers: Integers) -> Standings:
        """The standings over completions of shape (question variables, columns)."""
        indexes, varying = self.filled(answers)
        found = self._stack.over(indexes, varying)
        gate = self._gates(found)
        return self._judged(gate, self._everyone, indexes, found, lambda: self._plan_values(indexes, varying))

    def firsts(self, answers: Integers) -> Integers:
        """The row that stands first in each of many completions."""
        indexes, varying = self.filled(answers)
        varying[len(self.compiled.variables) :] = True
        told, back = self._told_apart(indexes, varying)
        stack, by_plan = (each.narrowed(indexes, varying) for each in (self._stack, self._plan_stack))

        def stretch(part: Integers) -> Integers:
            found = stack.over(part)
            gate = self._gates(found)
            # Late in a quiz few items are still open to the taker.
            rows = np.flatnonzero(self.gatehouse.ranked(gate).any(axis=1))
            if not len(rows):
                return np.full(part.shape[1], UNKNOWN)
            first = self._judged(gate[rows], rows, part, found, lambda: by_plan.over(part)).first
            return np.append(rows, UNKNOWN)[first]

        # A stretch at a time stays in the processor's cache.
        parts = [indexes[:, told[at : at + _STRETCH]] for at in range(0, len(told), _STRETCH)]
        return np.concatenate([stretch(part) for part in parts])[back]

    def _told_apart(self, indexes: Integers, varying: npt.NDArray[np.bool_]) -> tuple[Integers, Integers]:
        """One column of each kind that something of the field tells apart, and every column's kind."""
        code = np.zeros(indexes.shape[1], dtype=np.int64)
        room = 1
        for place, cell_of in self._cells:
            if varying[place]:
                cells = int(cell_of.max()) + 1
                room *= cells
                if room > NEVER:
                    return (every := np.arange(indexes.shape[1])), every
                code = code * cells + cell_of.take(indexes[place])
        _, told, back = np.unique(code, return_index=True, return_inverse=True)
        return told, back.reshape(-1)

    def _gates(self, found: Integers) -> Integers:
        return self.gatehouse.gates(found.take(self._conditions, axis=0))

    @cached_property
    def _everyone(self) -> Integers:
        return np.arange(len(self.rows))

    def _judged(
        self,
        gate: Integers,
        rows: Integers,
        indexes: Integers,
        found: Integers,
        by_plan: Callable[[], Integers],
    ) -> Standings:
        """The standings of some rows, whose gates are given; their plans are set among the indexes."""
        bounds = self._bounds(indexes, found)
        plan = self.gatehouse.best(gate, bounds.yen, bounds.months)
        at = len(self.compiled.variables) + 2 * rows
        indexes[at], indexes[at + 1] = plan.cost, plan.months
        score = self._score(rows, found, by_plan)
        # Within limits, score, lower cost, id: one number that sorts as ``order`` does.
        key = (
            standing(self.compiled, plan.over, score, plan.dear) * len(self.rows) + self.alphabet[rows, None]
        )
        return Standings(gate, np.where(plan.ranked != 0, key, NEVER), plan.over, score)

    def _plan_values(self, indexes: Integers, varying: npt.NDArray[np.bool_]) -> Integers:
        start = len(self.compiled.variables)
        varying[start:] = (indexes[start:] != indexes[start:, :1]).any(axis=1)
        return self._plan_stack.over(indexes, varying)

    def _score(self, rows: Integers, found: Integers, by_plan: Callable[[], Integers]) -> Integers:
        values = found.take(self._fits[:, rows], axis=0)
        if self._by_plan:
            places, of = self._plan_places
            line = np.full(len(self.rows), UNKNOWN)
            line[rows] = np.arange(len(rows))
            there = np.flatnonzero(line[of] != UNKNOWN)
            values[places[there], line[of[there]]] = by_plan()[there]
        unknown = values == UNKNOWN
        if unknown.any():
            values = np.where(unknown, self._instead[:, None, None], values)
        score: Integers = points(found.take(self._weights, axis=0), values).sum(axis=0)
        return score

    def _bounds(self, indexes: Integers, found: Integers) -> Bounds:
        """The taker's limits; a limit whose question is hidden does not bound."""
        most = {"cost": np.full(indexes.shape[1], BOUNDLESS), "months": np.full(indexes.shape[1], BOUNDLESS)}
        for limit in self.compiled.bank.limits:
            place = self.compiled.places[limit.question]
            numbers = self.compiled.variables[place].numbers[indexes[place]]
            asked = self.compiled.asked.get(limit.question)
            if asked is not None:
                numbers = np.where(found[self._places[id(asked)]] != 0, numbers, BOUNDLESS)
            most[limit.of] = numbers
        return Bounds(most["cost"], most["months"])

    @cached_property
    def _cells(self) -> list[tuple[int, Integers]]:
        """Of every variable that the field reads, the cell of each index."""
        compiled, limits = self.compiled, self.compiled.bank.limits
        plain = [t for limit in limits if (t := compiled.asked.get(limit.question)) is not None]
        by_plan = [table for _, _, table in self._by_plan]
        every = {place for table in (*self._once, *by_plan) for place in table.reads}
        every |= {compiled.places[limit.question] for limit in limits}
        # What hides a limit is read by nothing else that decides, so its answers are merged nowhere.
        whole = {place for table in plain for place in table.reads}
        return [
            (place, cells(compiled, place).cell_of)
            if place < compiled.today and place not in whole
            else (place, np.arange(len(compiled.variables[place].domain)))
            for place in sorted(every - {*self.plan, compiled.today})
        ]

    def _tables(self) -> list[Table]:
        """The tables that do not wait for a plan, each once."""
        compiled = self.compiled
        tables = [*compiled.weights]
        tables += [
            compiled.asked[limit.question]
            for limit in compiled.bank.limits
            if limit.question in compiled.asked
        ]
        for gates in self.gates:
            tables += [*gates.tables, *gates.item.fits]
        plan = {compiled.cost, compiled.duration}
        once = list({id(table): table for table in tables if not plan & set(table.reads)}.values())
        self._places = {id(table): place for place, table in enumerate(once)}
        return once

    def _rows_of(self, tables: list[Table] | tuple[Table, ...]) -> Integers:
        return np.array([self._places[id(table)] for table in tables], dtype=np.int64)

    def _fit_rows(self) -> Integers:
        """Where each fit stands, shape (criteria, items); those that wait for a plan stand at 0."""
        return np.array(
            [
                [self._places.get(id(item.fits[place]), 0) for item in self.items]
                for place in range(len(self.compiled.criteria))
            ],
            dtype=np.int64,
        ).reshape(len(self.compiled.criteria), len(self.items))


def standing(compiled: Compiled, over: Integers, score: Integers, dear: Integers) -> Integers:
    """One number that sorts as ``order`` does, least first, ids aside.

    Each digit is as wide as its greatest figure.
    """
    most = 10_000 + len(compiled.criteria)
    costs = len(compiled.variables[compiled.cost].domain) + 1
    return (over * (most + 1) + most - score) * costs + dear


def _in_layers(compiled: Compiled) -> list[tuple[Integers, Stack]]:
    """The named values, those first that rest on no other."""
    depth: dict[int, int] = {}
    for place, table in compiled.values:
        depth[place] = 1 + max((depth.get(read, 0) for read in table.reads), default=0)
    layers = []
    for level in sorted(set(depth.values())):
        members = [(place, table) for place, table in compiled.values if depth[place] == level]
        places = np.array([place for place, _ in members], dtype=np.int64)
        layers.append((places, Stack([table for _, table in members])))
    return layers


def points(weights: Integers, values: Integers) -> Integers:
    """Points of shape (criteria, items, columns) for weights of (criteria, columns); see ``score``."""
    whole = weights.sum(axis=0)
    given: Integers = (200 * weights[:, None, :] * values + whole) // np.maximum(2 * whole, 1)
    return given


@lru_cache(maxsize=64)
def field_on(compiled: Compiled, on: date) -> Field:
    """The whole field of a day: items that are merely listed or have ended are never ranked."""
    rows = tuple(
        row
        for row, item in enumerate(compiled.items)
        if not item.item.listed_only and not (item.closes_after and on > item.closes_after)
    )
    return Field(compiled, on, rows)


@lru_cache(maxsize=512)
def pair_on(compiled: Compiled, on: date, rows: tuple[int, int]) -> Field:
    """Two items of a bank by themselves."""
    return Field(compiled, on, rows)
