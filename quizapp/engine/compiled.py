"""A bank turned into integer tables: immutable, shared by threads, built once per revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from quizapp.bank.model import Bank, Criterion, Item, Question
from quizapp.engine.schedule import Sittings
from quizapp.engine.table import Table, Variable


@dataclass(frozen=True)
class CompiledRequirement:
    """A condition with its step; ``yen`` is None where the step's price is unknown."""

    id: str
    holds: Table
    fixed: bool
    before: bool
    yen: int | None
    in_total: bool
    months: int


@dataclass(frozen=True)
class CompiledCost:
    """One part of a price; ``yen`` is None where unknown, ``waived`` None where always paid."""

    id: str
    yen: int | None
    waived: Table | None


@dataclass(frozen=True)
class CompiledRoute:
    """A route with the item's own requirements and costs folded in."""

    id: str
    requires: tuple[CompiledRequirement, ...]
    costs: tuple[CompiledCost, ...]
    cost_kind: str
    months_from: int
    months_to: int | None
    sittings: Sittings


@dataclass(frozen=True)
class Spoken:
    """A reason or note: said when its table holds. ``side`` is empty for notes."""

    id: str
    holds: Table
    side: str = ""


@dataclass(frozen=True, eq=False)
class CompiledItem:
    """An item's tables. ``fits`` has one table per criterion, 0-100 or UNKNOWN."""

    item: Item
    relevant: Table
    held: Table
    closes_after: date | None
    routes: tuple[CompiledRoute, ...]
    fits: tuple[Table, ...]
    parts: tuple[tuple[tuple[str, int | None], ...], ...]
    reasons: tuple[Spoken, ...]
    notes: tuple[Spoken, ...]


@dataclass(frozen=True)
class CompiledProvider:
    """A provider and where it can be reached in person."""

    id: str
    items: frozenset[str]
    online: bool
    in_person: Table


@dataclass(frozen=True, eq=False)
class Compiled:
    """Everything that answering needs; nothing here parses or evaluates text.

    ``variables`` are, in order: the questions (one per option for choices questions), today, the
    named values (in working order), cost and duration of a plan.
    """

    bank: Bank
    revision: str
    variables: tuple[Variable, ...]
    places: dict[str, int]
    values: tuple[tuple[int, Table], ...]
    asked: dict[str, Table]
    weights: tuple[Table, ...]
    items: tuple[CompiledItem, ...]
    providers: tuple[CompiledProvider, ...]
    notes: tuple[Spoken, ...]
    counted: tuple[int, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions by id, in the bank's order."""
        return {question.id: question for question in self.bank.questions}

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that count: those whose value is known for at least one item."""
        return tuple(self.bank.criteria[place] for place in self.counted)

    @cached_property
    def by_id(self) -> dict[str, CompiledItem]:
        """The items by id."""
        return {compiled.item.id: compiled for compiled in self.items}

    @cached_property
    def bytes(self) -> int:
        """About how much memory its tables and the outcomes of its named values take."""
        tables = {id(table): table.bytes for table in self._tables()}
        return sum(tables.values()) + 100 * sum(len(self.variables[place].domain) for place, _ in self.values)

    def _tables(self) -> Iterator[Table]:
        yield from (table for _, table in self.values)
        yield from (*self.asked.values(), *self.weights)
        yield from (said.holds for said in self.notes)
        yield from (provider.in_person for provider in self.providers)
        for item in self.items:
            yield from (item.relevant, item.held, *item.fits)
            yield from (said.holds for said in (*item.reasons, *item.notes))
            for route in item.routes:
                yield from (requirement.holds for requirement in route.requires)
                yield from (cost.waived for cost in route.costs if cost.waived)

    @cached_property
    def has_goals(self) -> bool:
        """Whether the bank has more than actions to recommend."""
        return any(c.item.kind != "action" and not c.item.listed_only for c in self.items)

    @cached_property
    def today(self) -> int:
        """The place of today among the variables; the raw questions stand before it."""
        return self.places["today"]

    @cached_property
    def cost(self) -> int:
        """The place of the plan's cost."""
        return self.places["cost"]

    @cached_property
    def duration(self) -> int:
        """The place of the plan's duration."""
        return self.places["duration"]
