"""What an edit changes for takers, before it is live: two banks over everybody who may answer them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import ceil, gcd, prod, sqrt
from operator import add

import numpy as np

from quizapp.audit.both_banks import BothBanks, Ways
from quizapp.audit.examples import CHOSEN, examples
from quizapp.audit.impact_record import KINDS, NONE, Change, Impact, ItemShares, Share
from quizapp.audit.influence import influence, unread
from quizapp.audit.reach import reached
from quizapp.audit.sheets import Sheets
from quizapp.audit.tally import Standings, Tally, tally
from quizapp.audit.turnover import Marks, Roll, Seed, roll_of, seeds, turnover
from quizapp.engine.compiled import Compiled
from quizapp.engine.table import Integers

MAX_CELLS = 1_000_000
MAX_WORK = 12_000_000
DRAWN = 131_072
VARIED = 16_384
SEED = 20_261_122
BLOCK = 8_192
BLOCKS = 24
CORES = os.cpu_count() or 1

Progress = Callable[[float], None]


def impact(
    before: Compiled,
    after: Compiled,
    on: date,
    progress: Progress = lambda done: None,
    *,
    most: int = MAX_CELLS,
    drawn: int = DRAWN,
) -> Impact:
    """What becomes of takers on a day if one bank takes the other's place; the same input, the same output.

    A taker is one way of answering every question of the new bank; each way counts alike. Both banks are
    given the same answers as far as both can read them. An answer to a question that one bank does not
    ask is dropped there; what only the old bank asks is answered there in every way, each as likely, and
    so is an answer that the old bank does not have (with those answers that it alone has, if there are
    any; a number that is off its grid is the nearest on it). A question of another kind is another
    question. Hidden questions stand at their `when_hidden`, or at their first answer, as in the quiz:
    whatever was answered there makes no difference.

    Answers that no rule or limit of either bank tells apart are merged. Where at most ``most``
    combinations are left, every share is exact; elsewhere ``drawn`` takers are drawn with a fixed seed,
    and shares come with their standard error. Examples are asked again by ``recommend``. ``progress`` is
    called with the share of work done, 0-1, from the calling thread, never backwards; last with 1.
    """
    sheets = Sheets(BothBanks(before, after), on)
    if sheets.same:
        progress(1.0)
        changes = tuple(Change(kind, NONE) for kind in KINDS)
        idle = unread(sheets.pair)
        return Impact(True, True, 0, _answer_sets(after), Share(1.0), changes, idle=idle)
    return _Work(sheets, progress, most, drawn).impact()


def _answer_sets(compiled: Compiled) -> int:
    return prod(len(compiled.variables[place].domain) for place in range(compiled.today))


@dataclass(frozen=True, eq=False)
class _Block:
    """What one block of takers came to."""

    tally: Tally
    seeds: list[Seed]
    marks: tuple[Marks, Marks] | None


class _Work:
    """One impact in the making."""

    def __init__(self, sheets: Sheets, progress: Progress, most: int, drawn: int) -> None:
        self._sheets, self._progress, self._drawn = sheets, progress, drawn
        self._pair: BothBanks = sheets.pair
        self._roll: Roll = roll_of(self._pair)
        self._counts = _reduced([cells.counts for cells in self._pair.cells])
        items = max(len(bank.items) for bank in self._pair.banks)
        size = self._pair.size
        whole = prod(int(counts.sum()) for counts in self._counts)
        self._exact = size <= most and size * items <= MAX_WORK and whole < 2**53

    def impact(self) -> Impact:
        """All of it."""
        total = self._pair.size if self._exact else self._drawn
        blocks = self._gone_through(total, self._exact, 0.02, 0.7)
        varied = [] if self._exact else self._gone_through(VARIED, False, 0.7, 0.78, varied=True)
        whole = reduce(add, (block.tally for block in blocks))
        counted = whole.counted
        met = reduce(add, (block.tally.met for block in varied), whole.met)
        marks = _joined(blocks) if self._exact else None
        matter = influence(self._sheets, marks)
        self._progress(0.86)
        reach = reached(self._sheets, self._roll, met, self._exact)
        self._progress(0.9)
        shown = examples(
            self._sheets,
            self._roll,
            [seed for block in (*varied, *blocks) for seed in block.seeds],
            _steps(self._progress, 0.9, 0.99, CHOSEN),
        )
        self._progress(1.0)
        shares = [self._share(int(count), counted.total) for count in whole.kinds]
        return Impact(
            same=False,
            exact=self._exact,
            tried=total,
            answer_sets=_answer_sets(self._pair.banks[1]),
            unchanged=self._share(counted.total - int(whole.kinds[-1]), counted.total),
            changes=tuple(Change(k, s, shown[k]) for k, s in zip(KINDS, shares, strict=False)),
            items=tuple(self._items(counted)),
            no_longer_matter=matter.no_longer,
            newly_matter=matter.newly,
            idle=matter.idle,
            no_longer_reached=reach.no_longer,
            newly_reached=reach.newly,
            unreached=reach.unreached,
            nothing_first=(self._nothing(counted, 0), self._nothing(counted, 1)),
        )

    def _gone_through(
        self, total: int, exact: bool, start: float, end: float, varied: bool = False
    ) -> list[_Block]:
        size = max(1, min(BLOCK, ceil(total / BLOCKS)))
        starts = range(0, total, size)
        step = _steps(self._progress, start, end, len(starts))
        blocks = []
        # numpy lets go of the interpreter while it works, so that blocks go through every core at once.
        with ThreadPoolExecutor(CORES) as pool:
            for block in pool.map(lambda at: self._block(at, min(total, at + size), exact, varied), starts):
                blocks.append(block)
                step()
        return blocks

    def _block(self, start: int, stop: int, exact: bool, varied: bool) -> _Block:
        ways, counts = self._takers(start, stop, exact, varied)
        sheets = self._sheets.of(ways)
        found = turnover(self._roll, sheets)
        return _Block(
            tally(self._roll, sheets, found, counts),
            seeds(self._pair, ways, found),
            (sheets[0].mark, sheets[1].mark) if exact else None,
        )

    def _takers(self, start: int, stop: int, exact: bool, varied: bool) -> tuple[Ways, Integers | None]:
        if not exact:
            draw = self._pair.varied if varied else self._pair.sampled
            return draw(stop - start, SEED + start), None
        shape = tuple(len(cells.chosen) for cells in self._pair.cells)
        places = np.unravel_index(np.arange(start, stop), shape)
        ways = np.empty((len(shape), stop - start), dtype=np.int32)
        counts = np.ones(stop - start, dtype=np.int64)
        for row, (place, cells) in enumerate(zip(places, self._pair.cells, strict=True)):
            ways[row] = cells.chosen[place]
            counts *= self._counts[row][place]
        return ways, counts

    def _share(self, count: int, total: int) -> Share:
        if self._exact:
            return Share(count / total)
        # Of what was never met, or always, nobody knows that it never, or always, is (Wilson 1927).
        likely = (count + 1) / (total + 2)
        return Share(count / total, sqrt(likely * (1 - likely) / total))

    def _nothing(self, counted: Standings, side: int) -> Share:
        return self._share(counted.total - int(counted.first[side].sum()), counted.total)

    def _items(self, counted: Standings) -> Iterator[ItemShares]:
        for number, item in enumerate(self._roll.items):
            there = [bool(rows[number] >= 0) for rows in self._roll.rows]
            first, ranked = (
                [
                    self._share(int(counts[side][number]), counted.total) if there[side] else None
                    for side in (0, 1)
                ]
                for counts in (counted.first, counted.ranked)
            )
            yield ItemShares(item, first[0], first[1], ranked[0], ranked[1])


def _joined(blocks: list[_Block]) -> tuple[Marks, Marks]:
    before, after = (
        np.concatenate([block.marks[side] for block in blocks if block.marks is not None]) for side in (0, 1)
    )
    return before, after


def _reduced(counts: list[Integers]) -> list[Integers]:
    """The same proportions in the smallest whole numbers."""
    return [each // gcd(*each.tolist()) for each in counts]


def _steps(progress: Progress, start: float, end: float, count: int) -> Callable[[], None]:
    """A function to call ``count`` times on the way from ``start`` to ``end``."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(start + (end - start) * done / count)

    return step
