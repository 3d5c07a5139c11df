"""Every rule of a bank, answered for one taker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from quizapp.engine.compiled import Compiled
from quizapp.engine.flat import Flat, flat
from quizapp.engine.table import Integers, Table


class Reading:
    """What each table comes to for one state; those that read the plan wait until it is set."""

    def __init__(self, places: dict[int, int], state: list[int], found: Integers) -> None:
        self._places = places
        self._values = found.tolist()
        self.state = state

    def of(self, table: Table) -> int:
        """What a table comes to."""
        place = self._places.get(id(table))
        return table.at(self.state) if place is None else self._values[place]


@lru_cache(maxsize=64)
def together(compiled: Compiled) -> tuple[Flat, dict[int, int]]:
    """The tables that do not read a plan, laid flat, and where each stands."""
    plan = {compiled.cost, compiled.duration}
    tables = [table for table in every_table(compiled) if not plan.intersection(table.reads)]
    return flat(tables), {id(table): place for place, table in enumerate(tables)}


def every_table(compiled: Compiled) -> Sequence[Table]:
    """Every table of the bank, each once."""
    tables = [*deciding_tables(compiled), *(note.holds for note in compiled.notes)]
    tables += [provider.in_person for provider in compiled.providers]
    for item in compiled.items:
        tables += [said.holds for said in (*item.reasons, *item.notes)]
    return _each_once(tables)


def deciding_tables(compiled: Compiled) -> Sequence[Table]:
    """Every table on which standing, cost, score or order rest."""
    tables = [*compiled.weights]
    for item in compiled.items:
        tables += [item.relevant, item.held, *item.fits]
        for route in item.routes:
            tables += [requirement.holds for requirement in route.requires]
            tables += [cost.waived for cost in route.costs if cost.waived is not None]
    return _each_once(tables)


def _each_once(tables: Sequence[Table]) -> list[Table]:
    return list({id(table): table for table in tables}.values())
