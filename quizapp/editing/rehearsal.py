"""A draft as takers would meet it: compiled where that can be done, and what there is to say of it.

What only forbids publishing (a price without source, a fact past its date) does not keep anybody from
trying a draft out; what would make its answers wrong or its pages fail does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from quizapp.bank.load import revision_of
from quizapp.bank.model import Bank
from quizapp.bank.structure import build
from quizapp.editing.problem_places import PlacedProblem, all_placed
from quizapp.editing.proposal import Judged, Proposal, judged
from quizapp.editing.workshop import file_of, read
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, Problem

# Problems of what is told of a bank, not of what it asks, weighs or works out.
BEARABLE = frozenset({"no_source", "line_without_source", "past_until", "source_without_place", "fact_value"})


@dataclass(frozen=True)
class Rehearsal:
    """A draft on a day. ``compiled`` is None where it cannot be taken; ``problems`` then say why."""

    compiled: Compiled | None
    problems: tuple[PlacedProblem, ...]

    @property
    def in_the_way(self) -> tuple[PlacedProblem, ...]:
        """What has to be mended before it can be taken; empty where it can."""
        return () if self.compiled else tuple(one for one in self.problems if _hinders(one.problem))

    @property
    def bearable(self) -> tuple[PlacedProblem, ...]:
        """What there is to say of it all the same, what forbids publishing first."""
        told = (one for one in self.problems if self.compiled or not _hinders(one.problem))
        return tuple(sorted(told, key=lambda one: one.problem.warning))


def rehearsal(work: Proposal, on: date) -> Rehearsal:
    """The draft as it can be taken on a day; never raises for what is written in it."""
    said = judged(work, on)
    compiled, more = (said.compiled, ()) if said.compiled else _tried(work, said)
    # Of very many only the first are told: those that keep it from being taken before the others.
    problems = sorted(dict.fromkeys((*said.problems, *more)), key=lambda one: not _hinders(one))
    return Rehearsal(compiled, tuple(all_placed(problems, work.bank, "bank", work.text)))


def _hinders(problem: Problem) -> bool:
    return not problem.warning and problem.code not in BEARABLE


def _tried(work: Proposal, said: Judged) -> tuple[Compiled | None, tuple[Problem, ...]]:
    if said.loaded is None or any(map(_hinders, said.problems)):
        return None, ()
    try:
        return _compiled(work.text, work.bank), ()
    except Invalid as error:
        return None, tuple(error.problems)


@lru_cache(maxsize=8)
def _compiled(text: str, slug: str) -> Compiled:
    """A bank whose shape is sound, compiled: the same on every day."""
    positions = read(text, file_of(slug, "bank")).positions
    assert positions is not None, "judged before"
    bank = build(Bank, positions)
    return compile_bank(bank, revision_of(bank))
