"""Proofs that one item stands before another whatever is still answered.

Two items' order rests only on the questions that these two read, the weights and the limits: bounds
first, criterion by criterion; where they do not decide, every combination of those answers, if few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from quizapp.engine.field import BOUNDLESS, NEVER, Field, Standings, pair_on
from quizapp.engine.field_reads import reads_of
from quizapp.engine.opening import Opening, size
from quizapp.engine.spread import Extent, PossiblePlans, least_lead, spread
from quizapp.engine.table import Integers

MAX_GATE_CELLS = 4_096
MAX_LIMIT_CELLS = 100_000
MAX_PAIR_CELLS = 50_000
FEW_PAIR_CELLS = 1_024
_SEEN_CELLS = 16


@dataclass(frozen=True)
class _Ways:
    """How each item's plan may turn out over the gates it can meet and the limits that can hold.

    ``over_any`` and ``over_all`` have a column per combination of limits.
    """

    over_any: npt.NDArray[np.bool_]
    over_all: npt.NDArray[np.bool_]
    least_dear: Integers
    most_dear: Integers
    plans: PossiblePlans


@dataclass(frozen=True)
class Before:
    """The others whom one item, wherever both are ranked, surely stands before (``won``), and how.

    ``ahead``: with a better place in the ranking; ``level``: with one that is at least as good.
    """

    won: npt.NDArray[np.bool_]
    ahead: npt.NDArray[np.bool_]
    level: npt.NDArray[np.bool_]


class Precedence:
    """Who surely stands before whom in one field, for one taker.

    ``sample`` are completions and ``seen`` their standings.
    """

    def __init__(
        self, field: Field, case: Opening, sample: Integers, seen: Standings, apart: bool = False
    ) -> None:
        """With ``apart``, bounds go through every answer that more than one criterion rests on."""
        self._field, self._case, self._sample, self._seen, self._apart = field, case, sample, seen, apart
        self._reads = reads_of(field)
        self._count = len(field.rows)
        self._proven_ahead: set[tuple[int, int]] = set()

    @property
    def proven_ahead(self) -> frozenset[tuple[int, int]]:
        """Of what was proven by ``always_before``: who has the better place, never only the better tie."""
        return frozenset(self._proven_ahead)

    def always_before(self, row: int, others: Sequence[int], thorough: bool = True) -> str | None:
        """How it is proven that ``row`` is ranked and before all ``others``: bounds, enumerated or None.

        Unless ``thorough``, only the bounds over the whole field are tried.
        """
        contested = [other for other in others if other != row and self._may_be_ranked(other)]
        if self._gates(row) is not None:
            if not self.always_ranked(row):
                return None
            before = self.before(row)
            if before is not None:
                self._proven_ahead |= {(row, other) for other in contested if before.ahead[other]}
                contested = [other for other in contested if not before.won[other]]
            if not contested:
                return "bounds"
        if not thorough:
            return None
        # Those that come closest in the sample are the likeliest to refute it.
        margin = (np.minimum(self._seen.key, NEVER // 2) - self._seen.key[row]).min(axis=1)
        contested.sort(key=lambda other: int(margin[other]))
        methods = []
        for other in contested or [self._anyone_but(row)]:
            methods.append(self._duel(row, other))
            if methods[-1] is None:
                return None
        return "enumerated" if "enumerated" in methods else "bounds"

    def _duel(self, row: int, other: int) -> str | None:
        """How it is proven that ``row`` is before the other, the two by themselves."""
        cells = self._pair_cells((row, other))
        if cells > FEW_PAIR_CELLS:
            pair = self._pair_field((row, other))
            alone = Precedence(pair, self._case, self._sample, pair.judge(self._sample), apart=True)
            if alone.always_before(0, [1], thorough=False):
                if alone.proven_ahead:
                    self._proven_ahead.add((row, other))
                return "bounds"
            if alone._exact or cells > MAX_PAIR_CELLS:
                return None
        return "enumerated" if self._wins((row, other)) else None

    @property
    def _exact(self) -> bool:
        """Whether bounds that fail refute: plans are decided, and each answer enters one criterion only."""
        ways, extents = self._ways, self._extents
        if not self._apart or ways is None or extents is None:
            return False
        decided = all(
            (gates := self._gates(row)) is not None and len(gates) == 1 for row in range(self._count)
        )
        one_way = ways.plans.cost.shape[1] == 1 and bool((ways.over_any == ways.over_all).all())
        settled_limits = bool((ways.over_any == ways.over_any[:, :1]).all())
        return decided and one_way and settled_limits and all(extent.together for extent in extents)

    def never_ranked(self, rows: Sequence[int]) -> bool:
        """Whether surely none of these is ranked."""
        return not any(self._may_be_ranked(row) for row in rows)

    def always_equal(self, row: int, other: int) -> bool:
        """Whether both are surely ranked with the same score on the same side of the limits."""
        if self._pair_cells((row, other)) > MAX_PAIR_CELLS:
            return False
        found = self._pair((row, other))
        same = (found.score[0] == found.score[1]) & (found.over[0] == found.over[1])
        return bool((same & (found.key != NEVER).all(axis=0)).all())

    def _may_be_ranked(self, row: int) -> bool:
        gate = self._gates(row)
        return gate is None or bool(self._field.gatehouse.ranked(gate).any())

    def always_ranked(self, row: int) -> bool:
        """Whether the item is ranked in every completion."""
        gate = self._gates(row)
        return gate is not None and bool(self._field.gatehouse.ranked(gate).all())

    def _anyone_but(self, row: int) -> int:
        """Somebody to stand beside an item that has no rival, when only its own conditions are in doubt."""
        return (row + 1) % self._count

    def _gates(self, row: int) -> Integers | None:
        """Every gate that the item can meet; None where there are too many answers to go through."""
        if row not in self._met:
            self._met[row] = self._gates_found(row)
        return self._met[row]

    @cached_property
    def _met(self) -> dict[int, Integers | None]:
        return {}

    def _gates_found(self, row: int) -> Integers | None:
        seen: Integers = self._seen.gate[row]
        if not self._reads.gates[row] & self._case.open:
            return seen[:1]
        axes = self._reads.gate_axes(row, self._case.open)
        cells = size(axes)
        if cells <= _SEEN_CELLS:
            place = np.zeros(self._sample.shape[1], dtype=np.int64)
            for axis in axes:
                place = place * len(axis.chosen) + axis.cell_of[self._sample[axis.variable]]
            if len(np.unique(place)) == cells:
                return np.unique(seen)
        if cells > MAX_GATE_CELLS:
            return None
        indexes, _ = self._field.filled(self._case.every(axes))
        code = np.zeros(cells, dtype=np.int64)
        for table in self._field.gates[row].tables:
            code = 2 * code + table.over(indexes.__getitem__)
        return np.array([self._field.gatehouse.number(row, int(each)) for each in np.unique(code)])

    def before(self, row: int) -> Before | None:
        """Whom ``row`` surely stands before wherever both are ranked, as far as bounds tell; None if they cannot."""
        if self._gates(row) is None:
            return None
        ways, extents = self._ways, self._extents
        if ways is None or extents is None:
            return None
        least = least_lead(extents, row, self._count)
        kept = (~ways.over_any[row] | ways.over_all).all(axis=1)
        apart = ~ways.over_any[row].any() & ways.over_all.all(axis=1)
        alphabet = self._field.alphabet
        dearer = (ways.least_dear > ways.most_dear[row]) | (
            (ways.least_dear == ways.most_dear[row]) & (alphabet > alphabet[row])
        )
        told = kept & self._told
        ahead, level = told & (apart | (least > 0)), told & (apart | (least >= 0))
        return Before(ahead | (level & dearer), ahead, level)

    @cached_property
    def _told(self) -> npt.NDArray[np.bool_]:
        """Whose gates are known."""
        return np.array([self._gates(row) is not None for row in range(self._count)])

    @cached_property
    def _ways(self) -> _Ways | None:
        house, met = self._field.gatehouse, []
        for row in range(self._count):
            gates = self._gates(row)
            if gates is None:
                gates = self._seen.gate[row][:1]
            ranked = gates[house.ranked(gates) != 0]
            met.append(ranked if len(ranked) else gates[:1])
        every = np.concatenate(met)
        ends = np.cumsum([len(gates) for gates in met])
        yen, months = self._limit_cells(every)
        if len(yen) * len(every) > MAX_LIMIT_CELLS:
            return None
        plan = house.best(every[:, None], yen[None, :], months[None, :])
        starts = np.array([0, *ends[:-1]])
        over = plan.over != 0
        width = len(self._field.compiled.variables[self._field.plan[1]].domain)
        both = plan.cost * width + plan.months
        different = [np.unique(both[a:b]) for a, b in pairwise([0, *ends])]
        most = max(len(each) for each in different)
        slots = np.stack([np.append(each, np.repeat(each[-1:], most - len(each))) for each in different])
        return _Ways(
            over_any=np.logical_or.reduceat(over, starts),
            over_all=np.logical_and.reduceat(over, starts),
            least_dear=np.minimum.reduceat(plan.dear, starts).min(axis=1),
            most_dear=np.maximum.reduceat(plan.dear, starts).max(axis=1),
            plans=PossiblePlans(slots // width, slots % width),
        )

    def _limit_cells(self, gates: Integers) -> tuple[Integers, Integers]:
        """Limits that the taker may still come to have, one for each that these gates tell apart."""
        totals, starts = self._field.gatehouse.totals(gates)
        yen = self._limit_values("cost", totals)
        months = self._limit_values("months", starts)
        return np.repeat(yen, len(months)), np.tile(months, len(yen))

    def _limit_values(self, of: str, figures: Integers) -> Integers:
        compiled = self._field.compiled
        limit = next((limit for limit in compiled.bank.limits if limit.of == of), None)
        if limit is None:
            return np.array([BOUNDLESS])
        place = compiled.places[limit.question]
        numbers = compiled.variables[place].numbers
        if place not in self._case.open:
            numbers = numbers[self._case.fixed[place]][None]
        if limit.question in compiled.asked:
            numbers = np.append(numbers, BOUNDLESS)
        _, first = np.unique(np.searchsorted(figures, numbers, side="right"), return_index=True)
        return numbers[first]

    @cached_property
    def _extents(self) -> list[Extent] | None:
        """The points by criterion, for every choice of weights."""
        ways, reads = self._ways, self._reads
        if ways is None:
            return None
        return spread(self._field, self._case, ways.plans, reads.shared if self._apart else reads.weights)

    def _pair_cells(self, rows: tuple[int, int]) -> int:
        return size(self._reads.pair_axes(rows, self._case.open))

    def _pair_field(self, rows: tuple[int, int]) -> Field:
        field = self._field
        return pair_on(field.compiled, field.on, (field.rows[rows[0]], field.rows[rows[1]]))

    def _pair(self, rows: tuple[int, int]) -> Standings:
        axes = self._reads.pair_axes(rows, self._case.open)
        return self._pair_field(rows).judge(self._case.every(axes))

    def _wins(self, rows: tuple[int, int]) -> bool:
        found = self._pair(rows)
        if not (found.key[0] < found.key[1]).all():
            return False
        lower, higher = found.place
        if ((lower < higher) | (found.key[1] == NEVER)).all():
            self._proven_ahead.add(rows)
        return True
