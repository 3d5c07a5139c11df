"""A draft as takers would meet it: compiled where that can be done, and what there is to say of it.

What only forbids publishing (a price without source, a fact past its date, a text that is not translated
yet) does not keep anybody from trying a draft out; what would make its answers wrong or its pages fail does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quizapp.bank.check import located
from quizapp.bank.load import revision_of
from quizapp.bank.model import Bank
from quizapp.bank.structure import build
from quizapp.editing.lent_texts import lent
from quizapp.editing.problem_places import PlacedProblem, all_placed
from quizapp.editing.proposal import Judged, Proposal, data_of, judged, judged_at
from quizapp.editing.weighed import Weighed
from quizapp.editing.workshop import file_of, read
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, Problem

# Problems of what is told of a bank, not of what it asks, weighs or works out.
BEARABLE = frozenset({"no_source", "line_without_source", "past_until", "source_without_place", "fact_value"})
# Borne where the words of the other language can stand in for it.
UNTRANSLATED = frozenset({"missing_text"})
# Said of words that were lent, which is known already.
_OF_LENT_WORDS = frozenset({"not_translated", "long_text"})


@dataclass(frozen=True)
class Rehearsal:
    """A draft on a day. ``compiled`` is None where it cannot be taken; ``problems`` then say why.

    ``borne`` are the codes of those that are in nobody's way; ``data`` is the bank's plain data.
    """

    compiled: Compiled | None
    problems: tuple[PlacedProblem, ...]
    borne: frozenset[str] = BEARABLE
    data: Any = field(default=None, compare=False, repr=False)

    @property
    def bytes(self) -> int:
        """About how much memory its tables take."""
        return self.compiled.bytes if self.compiled else 0

    @property
    def in_the_way(self) -> tuple[PlacedProblem, ...]:
        """What has to be mended before it can be taken; empty where it can."""
        return () if self.compiled else tuple(one for one in self.problems if self._hinders(one))

    @property
    def bearable(self) -> tuple[PlacedProblem, ...]:
        """What there is to say of it all the same, what forbids publishing first."""
        told = (one for one in self.problems if self.compiled or not self._hinders(one))
        return tuple(sorted(told, key=lambda one: one.problem.warning))

    def _hinders(self, one: PlacedProblem) -> bool:
        return _hinders(one.problem, self.borne)


def rehearsal(work: Proposal, on: date) -> Rehearsal:
    """The draft as it can be taken on a day; never raises for what is written in it.

    A text that one language lacks is shown in the other's words, marked.
    """
    said = judged(work, on)
    key = work.text, work.bank, on
    helped = _HELPED.get(key, lambda: _helped(*key)).judged if said.loaded is None else None
    borne = BEARABLE | UNTRANSLATED if helped else BEARABLE
    if helped:
        own = [one for one in helped.problems if one.code not in _OF_LENT_WORDS]
        said = Judged(helped.loaded, helped.compiled, (*said.problems, *own))
    compiled, more = (said.compiled, ()) if said.compiled else _tried(work, said, borne)
    # Of very many only the first are told: those that keep it from being taken before the others.
    problems = sorted(dict.fromkeys((*said.problems, *more)), key=lambda one: not _hinders(one, borne))
    return Rehearsal(
        compiled, tuple(all_placed(problems, work.bank, "bank", work.text)), borne, data_of(work, "bank")
    )


def _hinders(problem: Problem, borne: frozenset[str]) -> bool:
    return not problem.warning and problem.code not in borne


@dataclass(frozen=True)
class _Helped:
    """What came of lending a bank words; None where its shape is broken all the same."""

    judged: Judged | None

    @property
    def bytes(self) -> int:
        """About how much memory its tables take."""
        return self.judged.bytes if self.judged else 0


_HELPED: Weighed[_Helped] = Weighed(8)
_COMPILED: Weighed[Compiled] = Weighed(8)


def _helped(text: str, slug: str, on: date) -> _Helped:
    """The bank with every text in both languages."""
    positions = read(text, file_of(slug, "bank")).positions
    filled = lent(positions) if positions else None
    found = judged_at(filled, slug, on) if filled else None
    return _Helped(found if found and found.loaded else None)


def _tried(
    work: Proposal, said: Judged, borne: frozenset[str]
) -> tuple[Compiled | None, tuple[Problem, ...]]:
    if said.loaded is None or any(_hinders(one, borne) for one in said.problems):
        return None, ()
    try:
        return _COMPILED.get((work.text, work.bank), lambda: _compiled(work.text, work.bank)), ()
    except Invalid as error:
        return None, tuple(located(error.problems, said.loaded.positions))


def _compiled(text: str, slug: str) -> Compiled:
    """A bank whose shape is sound, or can be made so, compiled: the same on every day."""
    positions = read(text, file_of(slug, "bank")).positions
    assert positions is not None, "judged before"
    bank = build(Bank, lent(positions) or positions)
    return compile_bank(bank, revision_of(bank))
