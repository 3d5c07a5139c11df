"""The search for the smallest change per item, over single answers and pairs; says nothing in words.

Limits that stand apart are tried on an axis of their own, since a budget has many answers that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import numpy as np

from quizapp.engine.answers import Answers, question_places
from quizapp.engine.changes import (
    MILLION,
    Single,
    apart_now,
    limit_singles,
    readers,
    singles,
)
from quizapp.engine.compiled import Compiled
from quizapp.engine.table import UNKNOWN, Integers
from quizapp.engine.trials import Trials, Truths

MAX_PAIRS = 2_000
MAX_TRIALS = 60_000

Changes = tuple[Single, ...]
_NONE: Changes = ()


@dataclass(frozen=True)
class Aims:
    """The items (rows in the bank) to be opened, to be put first, to be brought within the limits."""

    open: tuple[int, ...]
    first: tuple[int, ...]
    within: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """The smallest change by item for each aim, and how many answers were changed together at most."""

    open: dict[int, Changes]
    first: dict[int, Changes]
    within: dict[int, Changes]
    tried: int


def size(changes: Iterable[Single]) -> tuple[int, int, int, tuple[tuple[int, bool, int], ...]]:
    """How great a change is: wishes last, then how many answers, how far, then the bank's order."""
    every = sorted(changes, key=lambda change: change.place)
    return (
        int(any(change.last for change in every)),
        len(every),
        sum(change.moved for change in every),
        tuple(change.tie for change in every),
    )


def smallest_changes(compiled: Compiled, answers: Answers, on: date, aims: Aims) -> Found:
    """The smallest change for every aim that one changed answer reaches, or two together.

    Wishes and what would be given up are changed alone, never in a pair. The answers must be complete.
    """
    state = own_state(compiled, answers)
    every = singles(compiled, answers, state)
    ordinary = [(single,) for single in every if not single.last]
    last = [(single,) for single in every if single.last]
    pairs = [(a, b) for (a,), (b,) in combinations(ordinary, 2) if a.place != b.place]
    alone = 1 + len(ordinary)
    variations: list[Changes] = [_NONE, *ordinary, *last, *(pairs if len(pairs) <= MAX_PAIRS else [])]
    trials = Trials(compiled, answers, on, _columns(state, variations))
    limits = [
        [(single,) for single in limit_singles(compiled, place, state[place], marks)]
        for place, marks in apart_now(compiled, answers, {"cost": trials.totals(), "months": trials.starts()})
    ]
    raised = [change for limit in limits for change in limit]
    both = [a + b for some, others in combinations(limits, 2) for a, b in product(some, others)]
    fits = trials.columns(alone) * len(raised) + len(both) <= MAX_TRIALS
    settings: list[Changes] = [_NONE, *raised, *(both if fits else [])]
    keep = _Keeper(aims, state, variations, settings)
    keep.opened(trials)
    keep.led(
        trials,
        _crossed(len(variations), alone if fits else 1, len(raised), len(settings)),
        _leading(compiled, variations),
    )
    return Found(keep.open, keep.first, keep.within, 2 if fits and len(pairs) <= MAX_PAIRS else 1)


def _crossed(variations: int, alone: int, raised: int, settings: int) -> tuple[Integers, Integers]:
    """The trials, as places of variations and of settings: everything by itself, every two together.

    The first ``alone`` variations meet every limit ``raised``; pairs of limits meet the taker as they are.
    """
    each = np.arange(1, 1 + raised)
    both = np.arange(1 + raised, settings)
    return (
        np.concatenate([np.arange(variations), np.repeat(np.arange(alone), raised), np.zeros_like(both)]),
        np.concatenate([np.zeros(variations, dtype=np.int64), np.tile(each, alone), both]),
    )


def _leading(compiled: Compiled, variations: Sequence[Changes]) -> Truths:
    """The variations that may put an item first.

    That an item is first once another is held says in which order to take them, not what to change.
    """
    held = readers(compiled).held
    return np.array([not any(change.place in held for change in changes) for changes in variations])


def own_state(compiled: Compiled, answers: Answers) -> list[int]:
    """The indexes of a complete taker; a hidden question stands where it was answered before it was hidden."""
    state = [index or 0 for index in answers.indexes]
    for name in answers.hidden & answers.raw.keys():
        question, value = compiled.questions[name], answers.raw[name]
        for place in question_places(compiled, question):
            if isinstance(value, list | tuple):
                state[place] = int(compiled.variables[place].name.rpartition(".")[2] in value)
            else:
                state[place] = compiled.variables[place].index[value]
    return state


def _columns(state: Sequence[int], variations: Sequence[Changes]) -> Integers:
    """One column a variation: the state with its changes made."""
    columns = np.repeat(np.array(state, dtype=np.int64)[:, None], len(variations), axis=1)
    for column, changes in enumerate(variations):
        for change in changes:
            columns[change.place, column] = change.index
    return columns


class _Keeper:
    """Keeps the smallest change for every aim, among variations and settings of the limits apart."""

    def __init__(
        self, aims: Aims, state: Sequence[int], variations: Sequence[Changes], settings: Sequence[Changes]
    ) -> None:
        self._aims = aims
        self._variations = variations
        self._settings = settings
        places = sorted({change.place for changes in settings for change in changes})
        self._limits = {place: _columns(state, settings)[place] for place in places}
        self.open: dict[int, Changes] = {}
        self.first: dict[int, Changes] = {}
        self.within: dict[int, Changes] = {}

    def opened(self, trials: Trials) -> None:
        """Keep what opens items; limits have no part in it."""
        sizes = _sizes(self._variations)
        for row in self._aims.open:
            if (chosen := _least(trials.ranked(row), sizes)).size:
                self.open[row] = min((self._variations[place] for place in chosen), key=size)

    def led(self, trials: Trials, tried: tuple[Integers, Integers], leading: Truths) -> None:
        """Keep what puts items first and what brings them within the limits."""
        if not (self._aims.first or self._aims.within):
            return
        variations, settings = tried
        limits = {place: indexes[settings] for place, indexes in self._limits.items()}
        outcomes = trials.outcomes(variations, limits, self._aims.within)
        sizes = _sizes(self._variations)[variations] + _sizes(self._settings)[settings]
        led = np.where(leading[variations], outcomes.first, UNKNOWN)

        def smallest(chosen: Integers) -> Changes:
            every = [self._variations[variations[t]] + self._settings[settings[t]] for t in chosen]
            return min(every, key=size)

        for row in self._aims.first:
            if (chosen := _least(led == row, sizes)).size:
                self.first[row] = smallest(chosen)
        for row, truth in outcomes.within.items():
            if (chosen := _least(truth, sizes)).size:
                self.within[row] = smallest(chosen)


def _least(truth: Truths, sizes: Integers) -> Integers:
    """Where it holds at the least size."""
    where = np.flatnonzero(truth)
    return where[sizes[where] == sizes[where].min()] if where.size else where


def _sizes(variations: Sequence[Changes]) -> Integers:
    """The sizes of changes as numbers that add up, ties aside."""
    whole = 10 * MILLION
    return np.array(
        [
            (10 * any(c.last for c in changes) + len(changes)) * whole + sum(c.moved for c in changes)
            for changes in variations
        ],
        dtype=np.int64,
    )
