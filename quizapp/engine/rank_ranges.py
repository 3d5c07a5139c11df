"""The places in the ranking that items can come to while questions are open; scores come from elsewhere.

Every combination of the open answers is gone through where they are few; otherwise sound bounds hold every
completion: from the scores and the limits, and from what is settled and the pairs compared to prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from quizapp.engine.answers import Answers
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import NEVER, field_on
from quizapp.engine.opening import opening, size
from quizapp.engine.settled import Pair, Proven, proven
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
        return _bounded(spans, proven(compiled, answers, on)), False
    seen = field.judge(case.every(axes))
    before = _counted_before(np.where(seen.key == NEVER, NEVER, seen.place))
    found = {}
    for row, item in enumerate(field.items):
        there = before[row][seen.key[row] != NEVER]
        if there.size:
            found[item.item.id] = int(there.min()) + 1, int(there.max()) + 1
    if any(span.item not in found for span in spans):
        found = _bounded(spans, proven(compiled, answers, on)) | found
    return found, True


def _counted_before(places: Integers) -> Integers:
    """For each item and completion, how many items stand strictly before it."""
    return np.stack([(places < row).sum(axis=0) for row in places])


def _never_behind(found: Proven) -> frozenset[Pair]:
    """Pairs of items of which what is settled tells that the first never has a worse rank than the second."""
    known = found.settled
    leaders = [] if known.first is None else [known.first, *known.equal]
    pairs = {(one, other) for one in leaders for other in found.field}
    if known.top_by != "open":
        pairs |= {(one, other) for one in known.top for other in found.field if other not in known.top}
    if known.order_by != "open":
        pairs |= set(combinations(known.top, 2))
    return found.ahead | found.level | pairs


def _bounded(spans: Sequence[Span], known: Proven) -> dict[str, Range]:
    """One more than those that surely stand before an item, and all but those that surely do not."""
    found, level = {}, _never_behind(known)
    for span in spans:
        others = [other for other in spans if other is not span]
        found[span.item] = (
            1
            + sum(
                (other.item, span.item) in known.ahead or (other.surely and _surely_before(other, span))
                for other in others
            ),
            1
            + sum(
                (span.item, other.item) not in level and not _never_before(other, span) for other in others
            ),
        )
    return found


def _surely_before(one: Span, other: Span) -> bool:
    if not one.may_exceed and other.must_exceed:
        return True
    return (not one.may_exceed or other.must_exceed) and one.low > other.high


def _never_before(one: Span, other: Span) -> bool:
    if one.must_exceed and not other.may_exceed:
        return True
    return (one.must_exceed or not other.may_exceed) and one.high <= other.low
