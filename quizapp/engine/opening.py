"""What is still open for one taker: fixed answers, open variables, sampled and enumerated completions.

A completion gives every question an answer; what a hidden question holds is the rules' own business.
Matrices have a row per question variable and a column per completion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from quizapp.engine.answers import Answers
from quizapp.engine.cohort import cells, random_takers
from quizapp.engine.compiled import Compiled
from quizapp.engine.grid import Axis, raw_reads
from quizapp.engine.table import Integers

SAMPLES = 2_048
SEED = 20_061_122


@dataclass(frozen=True, eq=False)
class Opening:
    """One taker's answers as arrays. ``fixed`` holds an index per question variable, 0 where open."""

    compiled: Compiled
    fixed: Integers
    open: frozenset[int]

    def sampled(self, start: int, stop: int) -> Integers:
        """Seeded completions, each answer as likely; the same columns are the same completions."""
        return self.with_answers(_whole(self.compiled)[:, start:stop])

    def varied(self, start: int, stop: int) -> Integers:
        """Seeded completions in which answers that nothing else is like come up as often as all others.

        They meet rare outcomes sooner, and tell nothing about how likely those are.
        """
        return self.with_answers(_by_cell(self.compiled)[:, start:stop])

    def with_answers(self, columns: Integers) -> Integers:
        """The same columns with this taker's own answers."""
        completed = columns.copy()
        given = self._given
        completed[given] = self.fixed[given, None]
        return completed

    @cached_property
    def _given(self) -> Integers:
        return np.array([place for place in range(len(self.fixed)) if place not in self.open], dtype=np.int64)

    def every(self, axes: Sequence[Axis]) -> Integers:
        """Every combination of the axes' cells; what is open besides stands at its first answer."""
        shape = tuple(len(axis.chosen) for axis in axes)
        columns = np.repeat(self.fixed[:, None], int(np.prod(shape, dtype=np.int64)), axis=1)
        for position, axis in enumerate(axes):
            around = axis.chosen.reshape([-1 if k == position else 1 for k in range(len(shape))])
            columns[axis.variable] = np.broadcast_to(around, shape).ravel()
        return columns


def opening(compiled: Compiled, answers: Answers) -> Opening:
    """What is open for a taker."""
    fixed = np.array([0 if index is None else index for index in answers.indexes], dtype=np.int64)
    still_open = frozenset(place for place, index in enumerate(answers.indexes) if index is None)
    return Opening(compiled, fixed, still_open)


def merged(compiled: Compiled, answers: Answers) -> Answers:
    """Answers in the place of which these may stand wherever only standing, score and order are asked for.

    Of answers that nothing which decides tells apart, each is the first: takers who differ in nothing else
    have the same, and what was worked out for one of them holds for all.
    """
    alike = [
        None if index is None else first[index]
        for index, first in zip(answers.indexes, _first_alike(compiled), strict=True)
    ]
    return Answers({}, tuple(alike), frozenset(), ())


@lru_cache(maxsize=32)
def _first_alike(compiled: Compiled) -> tuple[tuple[int, ...], ...]:
    """For each question variable and index the first index that is alike."""
    hidden = [t for limit in compiled.bank.limits if (t := compiled.asked.get(limit.question)) is not None]
    # What hides a limit decides too, and is no part of the cells.
    whole = raw_reads(compiled, hidden)
    return tuple(
        tuple(range(len(compiled.variables[place].domain)))
        if place in whole
        else tuple((axis := cells(compiled, place)).chosen[axis.cell_of].tolist())
        for place in range(compiled.today)
    )


def size(axes: Iterable[Axis]) -> int:
    """How many combinations of cells there are."""
    product = 1
    for axis in axes:
        product *= len(axis.chosen)
    return product


@lru_cache(maxsize=32)
def _whole(compiled: Compiled) -> Integers:
    return random_takers(compiled, SAMPLES, SEED)


@lru_cache(maxsize=32)
def _by_cell(compiled: Compiled) -> Integers:
    random = np.random.default_rng(SEED)
    answers = [cells(compiled, place).chosen for place in range(compiled.today)]
    return np.stack([chosen[random.integers(0, len(chosen), SAMPLES)] for chosen in answers])
