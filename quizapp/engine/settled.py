"""When a quiz is settled: no answer still open can change first place, or the top three.

A claim is always proven; that nothing is claimed means that it could not be proven, or that two
completions were found which differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from quizapp.engine.answers import Answers, question_places
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import NEVER, Field, field_on
from quizapp.engine.field_reads import reads_of
from quizapp.engine.opening import Opening, merged, opening
from quizapp.engine.precedence import Precedence
from quizapp.engine.table import UNKNOWN, Integers

TOP = 3
_FEW, _MANY = 24, 256
_KEPT, _FEW_KEPT = 4_096, 64

Method = Literal["enumerated", "bounds", "open"]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Settled:
    """What no remaining answer can change. Items are ids.

    ``first_by``, ``top_by`` and ``order_by`` say what proves that first place, the top three as a set,
    and the top three in order are the same in every completion: every combination of the answers that
    matter was gone through (``enumerated``), sound bounds do not overlap (``bounds``), or nothing proves
    it (``open``).

    ``first`` is the settled first item; None while open, and where surely nothing can be ranked.
    ``equal`` are items that have the same score as it in every completion. ``top`` are the settled top
    three (fewer if surely fewer are ranked), in order if ``order_by`` says so, else in the bank's order.
    ``rivals`` are the items met at first place: two or more prove that it is open.
    ``could_change`` are the open questions that could still change first place: one that is left out
    surely cannot, one that is listed may.
    """

    first: str | None
    first_by: Method
    top: tuple[str, ...]
    top_by: Method
    order_by: Method
    equal: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    could_change: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether first place is settled."""
        return self.first_by != "open"

    def to_json(self) -> dict[str, Any]:
        """The settled object of the contract."""
        return {
            "first": {"item": self.first, "by": self.first_by, "equal": list(self.equal)},
            "top": {"items": list(self.top), "by": self.top_by, "order_by": self.order_by},
            "rivals": list(self.rivals),
            "could_change": list(self.could_change),
        }


@dataclass(frozen=True)
class Proven:
    """What is settled but for ``could_change``, and what else came of proving it.

    ``matters`` are the places of the variables that may still change first place. ``ahead`` are pairs of
    items of which the first is ranked always and has the better rank, never one that the two share;
    ``level`` those of which it has, wherever both are ranked, at least as good a one. They are looked for
    only where something is settled. ``field`` are the items that can be ranked at all.
    """

    settled: Settled
    matters: frozenset[int]
    ahead: frozenset[Pair]
    level: frozenset[Pair]
    field: tuple[str, ...]


def settled(compiled: Compiled, answers: Answers, on: date) -> Settled:
    """What is settled for one taker on one day; the same input gives the same output."""
    found = proven(compiled, answers, on)
    could_change = tuple(
        name
        for name in answers.unanswered
        if found.matters.intersection(question_places(compiled, compiled.questions[name]))
    )
    return replace(found.settled, could_change=could_change)


def proven(compiled: Compiled, answers: Answers, on: date) -> Proven:
    """What ``settled`` rests on; kept for the takers asked of late."""
    return _proven_of_merged(compiled, merged(compiled, answers).indexes, on)


# Asked several times for one taker, seldom for two; what is proven of every two items takes up to 100 KB.
@lru_cache(maxsize=_FEW_KEPT)
def _proven_of_merged(compiled: Compiled, indexes: tuple[int | None, ...], on: date) -> Proven:
    field = field_on(compiled, on)
    if not field.rows:
        nothing = Settled(None, "bounds", (), "bounds", "bounds")
        return Proven(nothing, frozenset(), frozenset(), frozenset(), ())
    case = opening(compiled, Answers({}, indexes, frozenset(), ()))
    if not case.open:
        return _Findings(field, case, case.fixed[:, None], thorough=True).proven()
    quick = _Findings(field, case, case.varied(0, _FEW), thorough=False)
    found = quick.proven()
    if not quick.in_doubt(found.settled):
        return found
    return _Findings(field, case, case.varied(0, _MANY), thorough=True).proven(found)


def settled_first(compiled: Compiled, answers: Answers, on: date) -> str | None:
    """The item of ``settled`` that stays first; the rest of what that tells is not looked into."""
    return first_of_merged(compiled, merged(compiled, answers).indexes, on)


@lru_cache(maxsize=_KEPT)
def first_of_merged(compiled: Compiled, indexes: tuple[int | None, ...], on: date) -> str | None:
    """The same for the indexes of merged answers (see ``opening.merged``)."""
    field = field_on(compiled, on)
    if not field.rows:
        return None
    case = opening(compiled, Answers({}, indexes, frozenset(), ()))
    if not case.open:
        return _Findings(field, case, case.fixed[:, None], thorough=True).first()
    quick = _Findings(field, case, case.varied(0, _FEW), thorough=False)
    if not quick.agree:
        # Two completions that differ: looking at more of them changes nothing.
        return None
    return quick.first() or _Findings(field, case, case.varied(0, _MANY), thorough=True).first()


def _same(columns: Integers) -> bool:
    return bool((columns == columns[:, :1]).all())


class _Findings:
    """The sample of one taker, and what can be proven of what it shows."""

    def __init__(self, field: Field, case: Opening, sample: Integers, thorough: bool) -> None:
        self._field, self._case, self._thorough = field, case, thorough
        self._seen = field.judge(sample)
        self._precedence = Precedence(field, case, sample, self._seen)
        self._everyone = range(len(field.rows))

    @property
    def agree(self) -> bool:
        """Whether the same stands first in every completion of the sample."""
        return _same(self._seen.first[None])

    def first(self) -> str | None:
        """What surely stands first; None while that is not proven, or where nothing does."""
        leader = int(self._seen.first[0])
        return self._id(leader) if self._first_by() != "open" and leader != UNKNOWN else None

    def in_doubt(self, found: Settled) -> bool:
        """Whether something is not proven that no two completions of the sample speak against."""
        tops = self._seen.top(TOP)
        return (
            (found.first_by == "open" and self.agree)
            or (found.top_by == "open" and _same(np.sort(tops, axis=0)))
            or (found.order_by == "open" and _same(tops))
        )

    def proven(self, before: Proven | None = None) -> Proven:
        """The whole answer; ``before`` is what a quick look proved."""
        first_by = before.settled.first_by if before else "open"
        if first_by == "open":
            first_by = self._first_by()
        top, top_by, order_by = self._top(first_by)
        leader = int(self._seen.first[0])
        known = first_by != "open" and leader != UNKNOWN
        found = Settled(
            first=self._id(leader) if known else None,
            first_by=first_by,
            top=self._ids(top) if order_by != "open" else self._ids(sorted(top)),
            top_by=top_by,
            order_by=order_by,
            equal=self._equal(leader) if known else (),
            rivals=self._rivals(),
        )
        ahead, level = self._compared() if known or top_by != "open" else (set(), set())
        return Proven(
            settled=found,
            matters=frozenset() if first_by != "open" else self._matters(),
            ahead=self._pairs(ahead | self._precedence.proven_ahead) | (before.ahead if before else set()),
            level=self._pairs(level),
            field=self._ids(self._everyone),
        )

    def _compared(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """What bounds tell of the ranks of every two items: see ``Proven``."""
        ahead, level = set[tuple[int, int]](), set[tuple[int, int]]()
        for row in self._everyone:
            before = self._precedence.before(row)
            if before is None:
                continue
            level |= {(row, int(other)) for other in np.flatnonzero(before.level)}
            if self._precedence.always_ranked(row):
                ahead |= {(row, int(other)) for other in np.flatnonzero(before.ahead)}
        return ahead, level

    def _pairs(self, rows: Iterable[tuple[int, int]]) -> frozenset[Pair]:
        return frozenset((self._id(row), self._id(other)) for row, other in rows)

    def _first_by(self) -> Method:
        if not self.agree:
            return "open"
        leader = int(self._seen.first[0])
        if leader == UNKNOWN:
            return "bounds" if self._precedence.never_ranked(self._everyone) else "open"
        return self._proof([(leader, self._everyone)])

    def _top(self, first_by: Method) -> tuple[list[int], Method, Method]:
        """The top three where they are settled, how that is proven, and how their order is."""
        tops = self._seen.top(TOP)
        if not _same(np.sort(tops, axis=0)):
            return [], "open", "open"
        members = [int(row) for row in tops[:, 0] if row != UNKNOWN]
        others = [row for row in self._everyone if row not in members]
        if len(members) < TOP and not self._precedence.never_ranked(others):
            return [], "open", "open"
        in_order: Method = "open"
        if first_by != "open" and _same(tops):
            in_order = self._chain(members, others)
        if in_order != "open":
            return members, in_order, in_order
        as_set = self._proof([(row, others) for row in members])
        return (members if as_set != "open" else []), as_set, "open"

    def _chain(self, members: Sequence[int], others: Sequence[int]) -> Method:
        """Each before the next, and the last before all others: that settles everything between."""
        behind = [[after] for after in members[1:]] + [others]
        return self._proof(list(zip(members, behind, strict=False)))

    def _proof(self, claims: Sequence[tuple[int, Sequence[int]]]) -> Method:
        """How it is proven that each item is before its others."""
        method: Method = "bounds" if self._case.open else "enumerated"
        for row, others in claims:
            found = self._precedence.always_before(row, others, self._thorough)
            if found is None:
                return "open"
            if found == "enumerated":
                method = "enumerated"
        return method

    def _equal(self, leader: int) -> tuple[str, ...]:
        seen = self._seen
        same = (seen.score == seen.score[leader]) & (seen.over == seen.over[leader]) & (seen.key != NEVER)
        rows = [row for row in np.flatnonzero(same.all(axis=1)).tolist() if row != leader]
        return self._ids([row for row in rows if self._precedence.always_equal(leader, row)])

    def _rivals(self) -> tuple[str, ...]:
        rows, counts = np.unique(self._seen.first[self._seen.first != UNKNOWN], return_counts=True)
        return self._ids([int(rows[place]) for place in np.argsort(-counts, kind="stable")])

    def _matters(self) -> frozenset[int]:
        reads = reads_of(self._field)
        within = reads.weights | reads.limits
        for row in self._everyone:
            if not self._surely_unranked(row):
                within = within | reads.items[row]
        return within

    def _surely_unranked(self, row: int) -> bool:
        """Whether the item's conditions are decided and against it."""
        undecided = reads_of(self._field).gates[row] & self._case.open
        return not undecided and not self._field.gatehouse.ranked(self._seen.gate[row][:1])[0]

    def _id(self, row: int) -> str:
        return self._field.items[row].item.id

    def _ids(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._id(row) for row in rows)
