"""The least and the most points that each criterion can give each item, while questions are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quizapp.engine.field import Field
from quizapp.engine.field_reads import FieldReads, reads_of
from quizapp.engine.grid import Axis
from quizapp.engine.opening import Opening, size
from quizapp.engine.stack import Stack
from quizapp.engine.table import UNKNOWN, Integers

MAX_CHOICES = 2_048
MAX_TOGETHER = 4_096
MAX_POINTS = 400_000
MAX_BY_ITEM = 16_384


@dataclass(frozen=True)
class PossiblePlans:
    """The plans that each item may come to: a row per item, equal plans repeated to fill it."""

    cost: Integers
    months: Integers


@dataclass(frozen=True)
class Extent:
    """Least and most points of one criterion, shape (items, choices, answers).

    ``together`` says that the same place is the same answers for every item.
    """

    low: Integers
    high: Integers
    together: bool = True


def spread(field: Field, case: Opening, plans: PossiblePlans, chosen: frozenset[int]) -> list[Extent] | None:
    """The extents by criterion, for each choice of answers to the variables ``chosen``.

    ``chosen`` holds at least what the weights read. Within a criterion the answers are the same for all
    items, so that differences between items are met together, unless there are too many of them. None
    where even those of one item, or the choices, are too many.
    """
    return _Spread(field, case, plans, chosen).extents()


class _Spread:
    """One spread in the making."""

    def __init__(self, field: Field, case: Opening, plans: PossiblePlans, chosen: frozenset[int]) -> None:
        self._field, self._case, self._plans = field, case, plans
        self._reads: FieldReads = reads_of(field)
        self._choices = self._reads.value_axes(chosen & case.open)
        self._rest = case.open - chosen
        self._count = size(self._choices)
        self._start = len(field.compiled.variables)

    def extents(self) -> list[Extent] | None:
        """Every criterion's extent."""
        if self._count > MAX_CHOICES:
            return None
        indexes, varying = self._field.filled(self._case.every(self._choices))
        weights = self._reads.weight_stack.over(indexes, varying)[:, None, :, None]
        whole = weights.sum(axis=0)
        still = self._values(self._reads.whole_stack, indexes, varying)
        found = []
        for place in range(len(self._reads.criteria)):
            together = True
            if self._reads.criteria[place] & self._rest:
                values = self._moving(place)
                if values is None:
                    together, values = False, self._by_item(place)
                if values is None:
                    return None
            else:
                part = slice(place * len(self._field.rows), (place + 1) * len(self._field.rows))
                values = still[0][part, :, None], still[1][part, :, None]
            low, high = ((200 * weights[place] * each + whole) // np.maximum(2 * whole, 1) for each in values)
            found.append(Extent(low, high, together))
        return found

    def _moving(self, place: int) -> tuple[Integers, Integers] | None:
        """A criterion that rests on more than the choices, all items over the same answers; None if too many."""
        axes = self._reads.criterion_axes(place, self._rest)
        own = [axis for axis in self._choices if axis.variable in self._reads.criteria[place]]
        width = size(axes)
        if size(own) * width > MAX_TOGETHER or len(self._field.rows) * self._count * width > MAX_POINTS:
            return None
        indexes, varying = self._field.filled(self._case.every([*own, *axes]))
        values = self._values(self._reads.criterion_stacks[place], indexes, varying, place)
        places = self._own_places(own)
        low, high = (each.reshape(-1, size(own), width)[:, places] for each in values)
        return low, high

    def _own_places(self, own: Sequence[Axis]) -> Integers:
        """Which combination of some of the choices each combination of all of them holds."""
        shape = tuple(len(axis.chosen) for axis in self._choices)
        places = np.zeros(shape, dtype=np.int64)
        for position, axis in enumerate(self._choices):
            if any(axis is each for each in own):
                along = [-1 if k == position else 1 for k in range(len(shape))]
                places = places * len(axis.chosen) + np.arange(len(axis.chosen)).reshape(along)
        return places.ravel()

    def _by_item(self, place: int) -> tuple[Integers, Integers] | None:
        """Each item over the answers that it reads itself."""
        axes = [self._reads.fit_axes(row, place, self._rest) for row in range(len(self._field.rows))]
        widths = [self._count * size(each) for each in axes]
        if sum(widths) > MAX_BY_ITEM:
            return None
        blocks = [self._case.every([*self._choices, *each]) for each in axes]
        indexes, varying = self._field.filled(np.concatenate(blocks, axis=1))
        low, high, start = [], [], 0
        for row, width in enumerate(widths):
            stack = self._reads.fit_stack(row, place)
            values = self._values(stack, indexes[:, start : start + width], varying, place)
            start += width
            low.append(values[0].reshape(self._count, -1).min(axis=1))
            high.append(values[1].reshape(self._count, -1).max(axis=1))
        return np.array(low)[..., None], np.array(high)[..., None]

    def _values(
        self, stack: Stack, indexes: Integers, varying: npt.NDArray[np.bool_], place: int | None = None
    ) -> tuple[Integers, Integers]:
        """The least and the greatest value over the items' plans; an unknown one as the criterion says."""
        slots = self._plans.cost.shape[1] if place is None or self._reads.by_plan[place] else 1
        low = high = None
        for slot in range(slots):
            indexes[self._start :: 2] = self._plans.cost[:, slot, None]
            indexes[self._start + 1 :: 2] = self._plans.months[:, slot, None]
            found = stack.over(indexes, varying)
            found = np.where(found == UNKNOWN, self._instead(place), found)
            low = found if low is None else np.minimum(low, found)
            high = found if high is None else np.maximum(high, found)
        assert low is not None and high is not None
        return low, high

    def _instead(self, place: int | None) -> Integers | int:
        criteria: Sequence[int] = [c.if_unknown for c in self._field.compiled.criteria]
        if place is not None:
            return criteria[place]
        return np.repeat(np.array(criteria, dtype=np.int64), len(self._field.rows))[:, None]


def least_lead(extents: Sequence[Extent], row: int, count: int) -> Integers:
    """The least by which one item's score can exceed each of ``count`` items': no completion has less."""
    lead = np.zeros((count, 1), dtype=np.int64)
    for each in extents:
        lead = lead + (each.low[row] - each.high).min(axis=2)
    least: Integers = lead.min(axis=1)
    return least
