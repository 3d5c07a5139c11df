"""The single answers a taker could change: which the bank allows, how far each goes; judges none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quizapp.bank.model import Question
from quizapp.engine.answers import Answer, Answers, question_places
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.grid import Axis, axis, raw_reads, with_values
from quizapp.engine.outcome import Standing
from quizapp.engine.reading import deciding_tables
from quizapp.engine.table import Table

MILLION = 1_000_000
# How items stand that a taker cannot get now.
SHUT = (Standing.INELIGIBLE_NOW, Standing.UNKNOWN, Standing.CLOSED)


@dataclass(frozen=True)
class Single:
    """One variable moved to another index.

    ``moved`` is in millionths: of the grid's length for a number, a whole million for anything else.
    ``last`` marks wishes and things given up, which are proposed only where nothing else helps.
    """

    place: int
    index: int
    moved: int
    last: bool = False
    down: bool = False

    @property
    def tie(self) -> tuple[int, bool, int]:
        """What decides between changes of one size: the bank's order, up before down, the lower index."""
        return self.place, self.down, self.index


@dataclass(frozen=True)
class Readers:
    """Who reads each question variable, as far as what may be changed depends on it.

    ``open_or_pay`` are read by a requirement or by a cost's waiver, ``held`` by an item's `held_if`.
    ``apart`` are limits that nothing but items' values reads, so that they can be tried by themselves.
    """

    open_or_pay: frozenset[int]
    held: frozenset[int]
    limits: dict[str, int]
    apart: dict[str, int]


@lru_cache(maxsize=64)
def readers(compiled: Compiled) -> Readers:
    """The readers of a bank's question variables."""
    conditions: list[Table] = []
    for item in compiled.items:
        for route in item.routes:
            conditions += [requirement.holds for requirement in route.requires]
            conditions += [cost.waived for cost in route.costs if cost.waived is not None]
    held = [item.held for item in compiled.items]
    relevant = [item.relevant for item in compiled.items]
    named = [table for _, table in compiled.values]
    entangled = [*conditions, *held, *relevant, *named, *compiled.weights, *compiled.asked.values()]
    limits: dict[str, int] = {limit.of: compiled.places[limit.question] for limit in compiled.bank.limits}
    together = raw_reads(compiled, entangled)
    return Readers(
        open_or_pay=raw_reads(compiled, conditions),
        held=raw_reads(compiled, held),
        limits=limits,
        apart={of: place for of, place in limits.items() if place not in together},
    )


@lru_cache(maxsize=256)
def value_cells(compiled: Compiled, place: int) -> Axis:
    """The answers that rules tell apart, without regard to a limit's own comparison."""
    return axis(compiled, place, with_values(compiled, deciding_tables(compiled)))


def out_of_reach(compiled: Compiled, blocked: Iterable[int]) -> frozenset[int]:
    """The ticks that say an item is held which the taker cannot get now; ``blocked`` are rows of the bank."""
    return frozenset(raw_reads(compiled, [compiled.items[row].held for row in blocked]))


def question_of(compiled: Compiled, place: int) -> Question:
    """The question on which a variable stands."""
    return compiled.questions[compiled.variables[place].name.partition(".")[0]]


def open_to_change(compiled: Compiled, answers: Answers) -> Iterator[tuple[Question, int]]:
    """The variables of the questions asked that the bank calls changeable, with their questions."""
    for question in compiled.bank.questions:
        if question.changeable and question.id not in answers.hidden:
            for place in question_places(compiled, question):
                yield question, place


def singles(compiled: Compiled, answers: Answers, state: Sequence[int]) -> list[Single]:
    """Every single change that makes a difference to some rule, limits that stand apart left out.

    Of answers that no rule tells apart, only the nearest is given.
    """
    apart = set(readers(compiled).apart.values())
    return [
        moved(compiled, place, state[place], index)
        for _, place in open_to_change(compiled, answers)
        if place not in apart
        for index in _nearest(compiled, place, state[place])
    ]


@lru_cache(maxsize=4_096)
def _nearest(compiled: Compiled, place: int, now: int) -> tuple[int, ...]:
    """The nearest index of each other cell that the bank lets the answer go to."""
    question = question_of(compiled, place)
    up, down = _directions(compiled, question, place)
    cell_of = cells(compiled, place).cell_of
    index = np.arange(len(cell_of))
    may = np.flatnonzero((cell_of != cell_of[now]) & np.where(index > now, up, down))
    far = np.abs(may - now) if question.kind == "number" else np.ones_like(may)
    may = may[np.lexsort((may, may < now, far))]
    _, first = np.unique(cell_of[may], return_index=True)
    return tuple(int(index) for index in may[first])


def moved(compiled: Compiled, place: int, now: int, index: int) -> Single:
    """The change of one variable from index ``now`` to ``index``."""
    question = question_of(compiled, place)
    steps = len(compiled.variables[place].domain) - 1
    far = MILLION
    if question.kind == "number":
        far = (2 * MILLION * abs(index - now) + steps) // (2 * steps)
    return Single(place, index, far, _last(compiled, question, place, now, index), index < now)


def _directions(compiled: Compiled, question: Question, place: int) -> tuple[bool, bool]:
    """Whether the answer may go up, and down: `only`, limits upward, nothing held is lost."""
    read_by = readers(compiled)
    taken = question.kind in ("choices", "yes_no") and place in read_by.held
    rises = place in read_by.limits.values() or taken
    return question.only != "down", question.only != "up" and not rises


def _last(compiled: Compiled, question: Question, place: int, now: int, index: int) -> bool:
    """Wishes, and what would be given up: an option no longer chosen, a yes turned into a no."""
    if question.kind == "number" or question.only:
        return False
    if place not in readers(compiled).open_or_pay:
        return True
    return question.kind != "choice" and index < now


def apart_now(
    compiled: Compiled, answers: Answers, marks: Mapping[str, Sequence[int]]
) -> Iterator[tuple[int, Sequence[int]]]:
    """The limits apart that this taker may raise, each with the ``marks`` of what it bounds."""
    open_places = {place for question, place in open_to_change(compiled, answers) if question.only != "down"}
    for of, place in readers(compiled).apart.items():
        if place in open_places:
            yield place, marks[of]


def limit_singles(compiled: Compiled, place: int, now: int, marks: Sequence[int]) -> list[Single]:
    """The raised answers to a limit that make a difference: the least that reaches each further mark.

    Marks are the sums or months that may lie within the limit or beyond.
    """
    variable = compiled.variables[place]
    reached = np.searchsorted(np.array(marks, dtype=np.int64), variable.numbers[now:], side="right")
    told = value_cells(compiled, place).cell_of[now:] * (len(marks) + 1) + reached
    _, least = np.unique(told, return_index=True)
    return [
        moved(compiled, place, now, now + int(ahead)) for ahead in sorted(least) if told[ahead] != told[0]
    ]


def changed(compiled: Compiled, answers: Answers, changes: Sequence[Single]) -> dict[str, Answer]:
    """The taker's answers with the changes made, by question id."""
    raw = dict(answers.raw)
    chosen = {change.place: change.index for change in changes}
    for place in chosen:
        question = question_of(compiled, place)
        value = compiled.variables[place].domain[chosen[place]]
        if question.kind == "choices":
            spots = zip(question.options, question_places(compiled, question), strict=True)
            raw[question.id] = [o.id for o, spot in spots if chosen.get(spot, answers.indexes[spot])]
        else:
            raw[question.id] = bool(value) if question.kind == "yes_no" else value
    return raw
