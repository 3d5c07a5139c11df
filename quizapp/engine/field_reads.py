"""Which questions each part of a field rests on, and which of their answers it tells apart; kept per field."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache

from quizapp.engine.compiled import Compiled
from quizapp.engine.field import Field
from quizapp.engine.grid import Axis, Cut, axis, raw_reads, with_values
from quizapp.engine.stack import Stack
from quizapp.engine.table import Table
from quizapp.engine.totals import possible_totals


class FieldReads:
    """The question variables behind a field's conditions, values, weights and limits."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._compiled: Compiled = field.compiled
        self._axes: dict[tuple[object, int], Axis] = {}
        self._single: dict[tuple[int, int], Stack] = {}

    @cached_property
    def weights(self) -> frozenset[int]:
        """What the weights read."""
        return raw_reads(self._compiled, self._compiled.weights)

    @cached_property
    def limits(self) -> frozenset[int]:
        """The limits' own questions and what hides them."""
        bank = self._compiled.bank
        asked = [t for limit in bank.limits if (t := self._compiled.asked.get(limit.question)) is not None]
        own = {self._compiled.places[limit.question] for limit in bank.limits}
        return raw_reads(self._compiled, asked) | own

    @cached_property
    def gates(self) -> tuple[frozenset[int], ...]:
        """What each item's conditions read."""
        return tuple(raw_reads(self._compiled, gates.tables) for gates in self._field.gates)

    @cached_property
    def items(self) -> tuple[frozenset[int], ...]:
        """What each item reads in all, weights and limits aside."""
        return tuple(
            reads | raw_reads(self._compiled, item.fits)
            for reads, item in zip(self.gates, self._field.items, strict=True)
        )

    @cached_property
    def criteria(self) -> tuple[frozenset[int], ...]:
        """What each criterion's values read, over all items."""
        return tuple(raw_reads(self._compiled, tables) for tables in self._fits)

    @cached_property
    def by_plan(self) -> tuple[bool, ...]:
        """Whether some value of each criterion reads the plan's cost or months."""
        plan = set(self._field.plan)
        return tuple(any(plan & set(table.reads) for table in tables) for tables in self._fits)

    @cached_property
    def criterion_stacks(self) -> tuple[Stack, ...]:
        """Each criterion's values of all items, for indexes as the field fills them."""
        renamed = [self._field.renamed(row) for row in range(len(self._field.items))]
        return tuple(Stack(tables, renamed) for tables in self._fits)

    @cached_property
    def whole_stack(self) -> Stack:
        """All values of all items, criterion by criterion."""
        renamed = [self._field.renamed(row) for row in range(len(self._field.items))]
        return Stack([table for tables in self._fits for table in tables], renamed * len(self._fits))

    def fit_stack(self, row: int, place: int) -> Stack:
        """One item's value for one criterion."""
        if (row, place) not in self._single:
            self._single[row, place] = Stack([self._fits[place][row]], [self._field.renamed(row)])
        return self._single[row, place]

    @cached_property
    def weight_stack(self) -> Stack:
        """The weights."""
        return Stack(self._compiled.weights)

    @cached_property
    def _fits(self) -> list[list[Table]]:
        return [
            [item.fits[place] for item in self._field.items] for place in range(len(self._compiled.criteria))
        ]

    def gate_axes(self, row: int, open_places: frozenset[int]) -> list[Axis]:
        """The answers that one item's conditions tell apart, of the open variables among them."""
        tables = self._field.gates[row].tables
        return [self._axis(("gate", row), v, tables) for v in sorted(self.gates[row] & open_places)]

    def criterion_axes(self, place: int, open_places: frozenset[int]) -> list[Axis]:
        """The answers that one criterion's values tell apart."""
        tables = self._fits[place]
        return [self._axis(("fit", place), v, tables) for v in sorted(self.criteria[place] & open_places)]

    def fit_axes(self, row: int, place: int, open_places: frozenset[int]) -> list[Axis]:
        """The answers that one item's value for one criterion tells apart."""
        table = self._fits[place][row]
        reads = raw_reads(self._compiled, [table])
        return [self._axis(("fit", place, row), v, [table]) for v in sorted(reads & open_places)]

    @cached_property
    def shared(self) -> frozenset[int]:
        """What the weights, or the values of more than one criterion, read."""
        met: set[int] = set()
        twice = set(self.weights)
        for reads in self.criteria:
            twice |= met & reads
            met |= reads
        return frozenset(twice)

    def value_axes(self, places: frozenset[int]) -> list[Axis]:
        """The answers that any weight or value tells apart."""
        tables = [*self._compiled.weights, *(table for tables in self._fits for table in tables)]
        return [self._axis("value", v, tables) for v in sorted(places)]

    def pair_axes(self, rows: tuple[int, int], open_places: frozenset[int]) -> list[Axis]:
        """The answers that anything about two items, the weights or the limits tells apart."""
        reads = self.items[rows[0]] | self.items[rows[1]] | self.weights | self.limits
        tables: list[Table] = [*self._compiled.weights, *self._compiled.asked.values()]
        for row in rows:
            tables += [*self._field.gates[row].tables, *self._field.items[row].fits]
        return [self._axis(rows, v, tables) for v in sorted(reads & open_places)]

    def _axis(self, use: object, variable: int, tables: Sequence[Table]) -> Axis:
        found = self._axes.get((use, variable))
        if found is None:
            cuts = self._cuts(use, variable) if isinstance(use, tuple) and isinstance(use[0], int) else []
            found = axis(self._compiled, variable, with_values(self._compiled, tables), cuts)
            self._axes[use, variable] = found
        return found

    def _cuts(self, rows: tuple[int, ...], variable: int) -> list[Cut]:
        """Where a limit changes what is beyond it: at the totals and months that the items can come to."""
        cuts: list[Cut] = []
        numbers = self._compiled.variables[variable].numbers
        for limit in self._compiled.bank.limits:
            if self._compiled.places[limit.question] != variable:
                continue
            if limit.of == "months":
                cuts.append(lambda index: int(numbers[index]))
                continue
            totals = sorted(
                {
                    total
                    for row in rows
                    for route in self._field.items[row].routes
                    for total in possible_totals(route)
                }
            )
            cuts.append(lambda index, totals=totals: bisect_left(totals, int(numbers[index]) + 1))  # type: ignore[misc]
        return cuts


@lru_cache(maxsize=64)
def reads_of(field: Field) -> FieldReads:
    """The reads of a field, found once."""
    return FieldReads(field)
