"""The few answers that alone decide who is first, whatever the others are; and what the lead is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from quizapp.engine.answers import Answers, question_places
from quizapp.engine.arena import Arena, masks
from quizapp.engine.compiled import Compiled
from quizapp.engine.duel import Box
from quizapp.engine.hitting import least, members, smallest_hitting
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from quizapp.engine.settled import proven
from quizapp.engine.single_change import decisive_questions

PAIR_CELLS = 40_000
ALL_CELLS = 200_000
BOUND_CELLS = 20_000
MAX_BOXES = 6
ROUNDS = 24
SAMPLES = 1_000
SEED = 20_061_122


@dataclass(frozen=True)
class Because:
    """A sufficient reason for first place: with these answers, ``item`` is first whatever the others are.

    ``questions`` are in the bank's order; ``item`` is None, and there are none, where nothing is ranked
    or where first place is not settled. ``exact`` says that every completion was gone through (of an
    item that is None: that two of them have different first items), ``irreducible`` that no question
    can be left out, ``smallest`` that no set of fewer questions would do.
    """

    item: str | None
    questions: tuple[str, ...]
    exact: bool
    irreducible: bool
    smallest: bool

    def to_json(self) -> dict[str, Any]:
        """``{"item": …, "questions": […], "exact": …, "irreducible": …, "smallest": …}``."""
        return {
            "item": self.item,
            "questions": list(self.questions),
            "exact": self.exact,
            "irreducible": self.irreducible,
            "smallest": self.smallest,
        }


@dataclass(frozen=True)
class Lead:
    """By how many points (of 10,000) the first item is ahead of the second in one criterion; below 0, behind."""

    criterion: str
    points: int

    def to_json(self) -> dict[str, Any]:
        """``{"criterion": …, "points": …}``."""
        return {"criterion": self.criterion, "points": self.points}


def against_runner_up(recommended: Recommended) -> tuple[Lead, ...]:
    """What the first item's lead over the second is made of, the greatest difference first.

    The points add up to the difference of the two scores: below 0 where a limit puts the second second,
    and while questions are open where the settled first has a lower mean.
    Empty where fewer than two items are ranked.
    """
    if len(recommended.recommendations) < 2:
        return ()
    first, second = recommended.recommendations[:2]
    leads = [
        Lead(one.criterion, one.points - other.points)
        for one, other in zip(first.ledger, second.ledger, strict=True)
    ]
    return tuple(sorted(leads, key=lambda lead: -abs(lead.points)))


def because(compiled: Compiled, answers: Answers, on: date, outcome: Recommended | None = None) -> Because:
    """The smallest set of the taker's answers that alone keeps the same item first.

    Such a set is a sufficient reason, or prime implicant (Shih, Choi & Darwiche 2018, "A Symbolic
    Approach to Explaining Bayesian Network Classifiers"). It is found as a smallest hitting set of the
    counterexamples (Ignatiev, Narodytska & Marques-Silva 2019, "Abduction-Based Explanations for Machine
    Learning Models"): any other outcome comes of some questions answered otherwise, and the set must
    hold one of them. The work is bounded by cells, not by the clock, so the same input gives the same
    output; what the bound leaves unproven is said so. ``outcome`` is the taker's own recommendation, if it
    is at hand.
    """
    outcome = outcome or recommend(compiled, answers, on)
    if not outcome.recommendations:
        return Because(None, (), True, True, True)
    if not answers.complete:
        # One proof for all that is said of first place: what is not settled, nothing here calls forced.
        known = proven(compiled, answers, on).settled
        if known.first is None:
            return Because(None, (), known.done or len(known.rivals) > 1, True, True)
    return _Search(compiled, answers, on, outcome.recommendations[0].item).found()


class _NotForced(Exception):
    """Answers still open put another item first, so no set of answers forces this one."""


class _Search:
    """One search. Sets of questions are whole numbers, a bit for each answered question of the bank."""

    def __init__(self, compiled: Compiled, answers: Answers, on: date, first: str) -> None:
        self._compiled, self._answers, self._on = compiled, answers, on
        self._first = first
        self._row = next(row for row, item in enumerate(compiled.items) if item.item.id == first)
        self._names = [q for q in compiled.questions if q not in answers.hidden | set(answers.unanswered)]
        self._bits = {
            place: 1 << number
            for number, name in enumerate(self._names)
            for place in question_places(compiled, compiled.questions[name])
        }
        self._taker = [index if index is not None else 0 for index in answers.indexes]
        self._counterexamples: list[int] = []
        self._known: dict[int | None, list[int]] = {}
        self._held = 0
        self._left = ALL_CELLS
        self._exact = True
        self._boxes: dict[int, Box] = {}

    def found(self) -> Because:
        """The answer, as far as the work allowed proves it."""
        try:
            chosen = self._without_idle(self._sufficient())
        except _NotForced:
            return Because(None, (), self._exact, True, True)
        fewest, certain = smallest_hitting(self._counterexamples)
        smallest = certain and fewest.bit_count() == chosen.bit_count()
        needed = all(any(each & chosen == 1 << k for each in self._counterexamples) for k in members(chosen))
        names = tuple(self._names[k] for k in members(chosen))
        return Because(self._first, names, self._exact, smallest or needed, smallest)

    def _sufficient(self) -> int:
        """Questions that suffice: those that every counterexample known needs, and those of ``_held``."""
        for name in decisive_questions(self._compiled, self._answers, self._on):
            self._learn([1 << self._names.index(name)])
        for _ in range(ROUNDS):
            chosen = self._hitting()
            untold = self._go_through(chosen, PAIR_CELLS)
            self._draw(chosen, untold)
            if not self._all_met(chosen):
                continue
            untold = self._unproven(chosen, untold)
            if not untold:
                return chosen
            if not self._hold(chosen, list(untold.values())):
                break
        return self._everything()

    def _everything(self) -> int:
        """All the taker's answers: they suffice by themselves unless something is open."""
        every = (1 << len(self._names)) - 1
        self._held, self._left = every, ALL_CELLS
        untold = self._go_through(every, ALL_CELLS)
        self._draw(every, untold)
        self._exact = not self._unproven(every, untold)
        return every

    def _all_met(self, chosen: int) -> bool:
        return all(each & chosen for each in self._counterexamples)

    def _hitting(self) -> int:
        return self._held | smallest_hitting([m for m in self._counterexamples if not m & self._held])[0]

    def _learn(self, found: Sequence[int]) -> None:
        """Take in counterexamples. Raises _NotForced for one that changes no answer of the taker's."""
        if 0 in found:
            raise _NotForced
        self._counterexamples = least([*self._counterexamples, *found])

    def _go_through(self, chosen: int, most: int) -> dict[int | None, Arena]:
        """Learn every counterexample that leaves the chosen answers as they are; by rival, what was too large."""
        box = self._box(chosen)
        untold = {}
        for rival in self._rivals():
            if any(known & ~chosen == 0 for known in self._known.get(rival, ())):
                continue
            if rival is not None and not box.may_rank(rival):
                self._known.setdefault(rival, []).append(chosen)
                continue
            arena = box.arena(self._row, rival)
            if arena.cells <= min(most, self._left):
                self._left -= arena.cells
                self._learn(self._losses(box, arena, rival))
                self._known.setdefault(rival, []).append(chosen)
            else:
                untold[rival] = arena
        return untold

    def _rivals(self) -> list[int | None]:
        items = self._compiled.items
        rows = [row for row, item in enumerate(items) if row != self._row and not item.item.listed_only]
        return [None, *rows]

    def _draw(self, chosen: int, untold: Mapping[int | None, Arena]) -> None:
        """Learn counterexamples by chance, where there are too many cells and none is known yet."""
        if not self._all_met(chosen):
            return
        box = self._box(chosen)
        for rival, arena in untold.items():
            grid, changed = box.drawn(arena, self._bits, SAMPLES, SEED)
            lost = np.broadcast_to(box.beaten_on(grid, self._row, rival), changed.shape)
            self._learn([int(each) for each in np.unique(changed[lost])])

    def _unproven(self, chosen: int, untold: Mapping[int | None, Arena]) -> dict[int | None, Arena]:
        """Those pairs that bounds cannot settle either. Every counterexample known must be met."""
        if self._untold_gate(chosen):
            return dict(untold)
        box = self._box(chosen)
        left = {}
        for rival, arena in untold.items():
            if rival is not None and box.surely_ahead(arena, self._row, rival, BOUND_CELLS):
                self._known.setdefault(rival, []).append(chosen)
            else:
                left[rival] = arena
        return left

    def _untold_gate(self, chosen: int) -> bool:
        """Whether it is still open that the item itself is ranked in every completion."""
        return not any(known & ~chosen == 0 for known in self._known.get(None, ()))

    def _losses(self, box: Box, arena: Arena, rival: int | None) -> list[int]:
        lost, changed = np.broadcast_arrays(box.beaten(arena, self._row, rival), masks(arena, self._bits))
        return [int(each) for each in np.unique(changed[lost])]

    def _box(self, chosen: int) -> Box:
        if chosen not in self._boxes:
            still_open = frozenset(
                place for place in range(self._compiled.today) if not self._bits.get(place, 0) & chosen
            )
            self._boxes[chosen] = Box(self._compiled, self._on, self._taker, still_open)
        return self._boxes[chosen]

    def _hold(self, chosen: int, untold: Sequence[Arena]) -> bool:
        """Keep further answers, those with most cells first, until every pair can be gone through.

        False where no answer is left to keep.
        """
        before = self._held
        for arena in untold:
            cells = arena.cells
            widths: dict[int, int] = {}
            for each in arena.axes:
                bit = self._bits.get(each.variable, 0)
                if bit & ~(chosen | self._held):
                    widths[bit] = widths.get(bit, 1) * len(each.chosen)
                elif bit & self._held & ~chosen:
                    cells //= len(each.chosen)
            for bit, width in sorted(widths.items(), key=lambda pair: -pair[1]):
                if cells <= PAIR_CELLS:
                    break
                self._held |= bit
                cells //= width
        return self._held != before

    def _without_idle(self, chosen: int) -> int:
        """Drop what was held only to keep the work small, where that can be proven."""
        for place in members(chosen & self._held):
            without = chosen & ~(1 << place)
            if len(self._boxes) >= MAX_BOXES:
                break
            untold = self._go_through(without, ALL_CELLS) if self._all_met(without) else {}
            self._draw(without, untold)
            if self._all_met(without) and not self._unproven(without, untold):
                chosen = without
        return chosen
