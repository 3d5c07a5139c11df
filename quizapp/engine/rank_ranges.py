"""The places in the ranking that items can come to while questions are open; scores come from elsewhere.

Every combination of the open answers is gone through where they are few; otherwise sound bounds, from the
scores and the limits, hold every completion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from quizapp.engine.answers import Answers
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import NEVER, field_on
from quizapp.engine.opening import opening, size
from quizapp.engine.table import Integers

MAX_RANK_CELLS = 2_048

Range = tuple[int, int]


@dataclass(frozen=True)
class Span:
    """What bounds one item's places.

    Whether it is surely ranked and, wherever it is, may and must be beyond a limit, and its scores.
    """

    item: str
    surely: bool
    may_exceed: bool
    must_exceed: bool
    low: int
    high: int


def rank_ranges(
    compiled: Compiled, answers: Answers, on: date, spans: Sequence[Span]
) -> tuple[dict[str, Range], bool]:
    """The best and worst rank of each item wherever it is ranked, and whether these are exact."""
    case = opening(compiled, answers)
    axes = [axis for place in sorted(case.open) if len((axis := cells(compiled, place)).chosen) > 1]
    field = field_on(compiled, on)
    if not spans or not field.rows:
        return {}, True
    if size(axes) > MAX_RANK_CELLS:
        return {span.item: _bounded(span, spans) for span in spans}, False
    seen = field.judge(case.every(axes))
    before = _counted_before(np.where(seen.key == NEVER, NEVER, seen.over * 100_000 - seen.score))
    found = {}
    for row, item in enumerate(field.items):
        there = before[row][seen.key[row] != NEVER]
        if there.size:
            found[item.item.id] = int(there.min()) + 1, int(there.max()) + 1
    return {span.item: found.get(span.item) or _bounded(span, spans) for span in spans}, True


def _counted_before(places: Integers) -> Integers:
    """For each item and completion, how many items stand strictly before it."""
    return np.stack([(places < row).sum(axis=0) for row in places])


def _bounded(span: Span, spans: Sequence[Span]) -> Range:
    """One more than those that surely stand before it, and all but those that surely do not."""
    others = [other for other in spans if other is not span]
    return (
        1 + sum(other.surely and _surely_before(other, span) for other in others),
        1 + sum(not _never_before(other, span) for other in others),
    )


def _surely_before(one: Span, other: Span) -> bool:
    if not one.may_exceed and other.must_exceed:
        return True
    return (not one.may_exceed or other.must_exceed) and one.low > other.high


def _never_before(one: Span, other: Span) -> bool:
    if one.must_exceed and not other.may_exceed:
        return True
    return (one.must_exceed or not other.may_exceed) and one.high <= other.low
