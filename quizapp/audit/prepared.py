"""Two banks made ready to be judged over blocks of takers: items numbered by likeness, one scale of keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from quizapp.audit.likeness import Likeness
from quizapp.engine.compiled import Compiled
from quizapp.engine.gates import Gates, gates_on
from quizapp.engine.outcome import Standing
from quizapp.engine.table import UNKNOWN, Integers, Table, mapped

STANDINGS = tuple(Standing)
IRRELEVANT = len(STANDINGS)
UNRANKED = -2


@dataclass(frozen=True, eq=False)
class Line:
    """One item: ``fits`` with what counts where a value is unknown, its letter, and its numbers by likeness.

    ``gated`` is that of its standing and plan, ``number`` that of its score too.
    """

    gates: Gates
    fits: tuple[Table, ...]
    gated: int
    number: int
    letter: int

    @property
    def priced(self) -> bool:
        """Whether money is part of it."""
        return self.gates.item.item.priced


@dataclass(frozen=True)
class Scale:
    """How wide the digits of a key are, the same for both banks; ``alphabet`` is each item's place in it."""

    criteria: int
    dearest: int
    alphabet: dict[str, int]

    def key(self, over: Integers, score: Integers, dear: Integers, letter: int) -> Integers:
        """One number that sorts as ``order`` does: within limits, score, lower cost, id."""
        most = 10_000 + self.criteria
        key: Integers = (over * (most + 1) + most - score) * (self.dearest + 2) + dear
        return key * len(self.alphabet) + letter


@dataclass(frozen=True, eq=False)
class Prepared:
    """One bank on one day. ``hiding`` are the questions that, while hidden, stand at their first answer."""

    compiled: Compiled
    on: date
    likeness: Likeness
    scale: Scale
    lines: tuple[Line, ...]
    hiding: tuple[tuple[Table, tuple[int, ...]], ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """An item's standing for each taker; whether it is ranked, its best plan, and whether that exceeds a limit.

    Where nobody can have it, only ``standing`` means anything, and ``never`` is true.
    """

    standing: Integers
    never: bool
    ranked: Integers
    yen: Integers
    starts: Integers
    over: Integers


@dataclass(frozen=True, eq=False)
class Shared:
    """What was worked out for one block, by likeness: tables, standings and plans, whole items."""

    tables: dict[int, Integers] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    items: dict[int, tuple[Integers, Integers, Integers]] = field(default_factory=dict)


def prepared(banks: tuple[Compiled, Compiled], on: date) -> tuple[Prepared, Prepared]:
    """Both banks; whatever a reader looks up has its number already, so that threads only read."""
    likeness, scale = Likeness(on), _scale(banks)
    before, after = (
        Prepared(each, on, likeness, scale, _lines(each, on, likeness, scale), _hiding(each))
        for each in banks
    )
    return before, after


def _scale(banks: tuple[Compiled, Compiled]) -> Scale:
    ids = sorted({each.item.id for bank in banks for each in bank.items})
    return Scale(
        max(len(bank.criteria) for bank in banks),
        max(int(bank.variables[bank.cost].numbers.max()) for bank in banks),
        {name: letter for letter, name in enumerate(ids)},
    )


def _lines(compiled: Compiled, on: date, likeness: Likeness, scale: Scale) -> tuple[Line, ...]:
    for table in (*compiled.weights, *(table for _, table in compiled.values)):
        likeness.of(compiled, table)
    return tuple(
        _line(compiled, likeness, row, gates, scale) for row, gates in enumerate(gates_on(compiled, on))
    )


def _line(compiled: Compiled, likeness: Likeness, row: int, gates: Gates, scale: Scale) -> Line:
    instead = [criterion.if_unknown for criterion in compiled.criteria]
    fits = tuple(_known(table, unknown) for table, unknown in zip(gates.item.fits, instead, strict=False))
    for table in (*gates.tables, *fits):
        likeness.of(compiled, table)
    number = likeness.of_item(compiled, row, fits)
    return Line(gates, fits, likeness.of_gates(compiled, row), number, scale.alphabet[gates.item.item.id])


def _known(table: Table, unknown: int) -> Table:
    if UNKNOWN not in table.values:
        return table
    return mapped(table, lambda value: unknown if value == UNKNOWN else value)


def _hiding(compiled: Compiled) -> tuple[tuple[Table, tuple[int, ...]], ...]:
    """In the order of asking: when each is asked, and its variables."""
    names = [variable.name.partition(".")[0] for variable in compiled.variables[: compiled.today]]
    return tuple(
        (table, tuple(place for place, each in enumerate(names) if each == name))
        for name, table in compiled.asked.items()
        if compiled.questions[name].when_hidden is None
    )
