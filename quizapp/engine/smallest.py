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
    out_of_reach,
    question_of,
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
    """The items (rows in the bank) to be opened, to be put first, to be brought within the limits.

    ``shut`` are those that the taker cannot get now, whatever else would follow from holding them.
    """

    open: tuple[int, ...]
    first: tuple[int, ...]
    within: tuple[int, ...]
    shut: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """The smallest change by item for each aim, and how many answers were changed together at most.

    ``also_…`` are the smallest that have no question in common with those, and no wish.
    """

    open: dict[int, Changes]
    first: dict[int, Changes]
    within: dict[int, Changes]
    also_open: dict[int, Changes]
    also_first: dict[int, Changes]
    also_within: dict[int, Changes]
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
    # That something opens once another item is held helps nobody who cannot have that item.
    shut = out_of_reach(compiled, aims.shut)
    every = [
        single for single in singles(compiled, answers, state) if single.down or single.place not in shut
    ]
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
    keep = _Keeper(compiled, aims, state, variations, settings)
    keep.opened(trials)
    keep.led(
        trials,
        _crossed(len(variations), alone if fits else 1, len(raised), len(settings)),
        _leading(compiled, variations),
    )
    tried = 2 if fits and len(pairs) <= MAX_PAIRS else 1
    return Found(keep.open, keep.first, keep.within, keep.also_open, keep.also_first, keep.also_within, tried)


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
        self,
        compiled: Compiled,
        aims: Aims,
        state: Sequence[int],
        variations: Sequence[Changes],
        settings: Sequence[Changes],
    ) -> None:
        self._asked = {
            single.place: question_of(compiled, single.place).id
            for changes in (*variations, *settings)
            for single in changes
        }
        self._aims = aims
        self._variations = variations
        self._settings = settings
        self._variation_sizes, self._setting_sizes = _sizes(variations), _sizes(settings)
        places = sorted({change.place for changes in settings for change in changes})
        self._limits = {place: _columns(state, settings)[place] for place in places}
        self.open: dict[int, Changes] = {}
        self.first: dict[int, Changes] = {}
        self.within: dict[int, Changes] = {}
        self.also_open: dict[int, Changes] = {}
        self.also_first: dict[int, Changes] = {}
        self.also_within: dict[int, Changes] = {}
        self._touching: dict[str, tuple[Truths, Truths]] = {}

    def opened(self, trials: Trials) -> None:
        """Keep what opens items; limits have no part in it."""
        every = np.arange(len(self._variations))
        tried = every, np.zeros_like(every)
        for row in self._aims.open:
            self._keep(row, trials.ranked(row), tried, self.open, self.also_open)

    def led(self, trials: Trials, tried: tuple[Integers, Integers], leading: Truths) -> None:
        """Keep what puts items first and what brings them within the limits."""
        if not (self._aims.first or self._aims.within):
            return
        variations, settings = tried
        limits = {place: indexes[settings] for place, indexes in self._limits.items()}
        outcomes = trials.outcomes(variations, limits, self._aims.within)
        led = np.where(leading[variations], outcomes.first, UNKNOWN)
        for row in self._aims.first:
            self._keep(row, led == row, tried, self.first, self.also_first)
        for row, truth in outcomes.within.items():
            self._keep(row, truth, tried, self.within, self.also_within)

    def _keep(
        self,
        row: int,
        truth: Truths,
        tried: tuple[Integers, Integers],
        kept: dict[int, Changes],
        also: dict[int, Changes],
    ) -> None:
        """Keep the smallest of the trials where it holds, and the smallest that has nothing in common with it."""
        smallest = self._smallest(truth, tried)
        if smallest is None:
            return
        kept[row] = smallest
        apart = truth.copy()
        for name in {self._asked[single.place] for single in smallest}:
            by_variation, by_setting = self._touches(name)
            apart &= ~(by_variation[tried[0]] | by_setting[tried[1]])
        second = self._smallest(apart, tried)
        if second is not None and not any(single.last for single in second):
            also[row] = second

    def _smallest(self, truth: Truths, tried: tuple[Integers, Integers]) -> Changes | None:
        where = np.flatnonzero(truth)
        if not where.size:
            return None
        variations, settings = tried[0][where], tried[1][where]
        sizes = self._variation_sizes[variations] + self._setting_sizes[settings]
        least = np.flatnonzero(sizes == sizes.min())
        every: list[Changes] = [
            self._variations[variations[t]] + self._settings[settings[t]] for t in least.tolist()
        ]
        return min(every, key=size)

    def _touches(self, name: str) -> tuple[Truths, Truths]:
        """Which variations and which settings change a question's answer."""
        if name not in self._touching:
            variations, settings = (
                np.array([any(self._asked[one.place] == name for one in changes) for changes in many])
                for many in (self._variations, self._settings)
            )
            self._touching[name] = variations, settings
        return self._touching[name]


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
