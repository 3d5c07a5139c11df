"""What would change the outcome: the smallest change of answers per item, checked by recommending again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from quizapp.bank.model import Question
from quizapp.engine.answers import Answer, Answers, question_places, read_answers
from quizapp.engine.changes import SHUT, changed, question_of
from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.judgement import panel
from quizapp.engine.outcome import Beyond, Recommended, Standing
from quizapp.engine.plan import BOUNDLESS, beyond
from quizapp.engine.recommend import recommend
from quizapp.engine.smallest import Aims, Changes, size, smallest_changes
from quizapp.engine.state import full_state, limits_of


@dataclass(frozen=True)
class Change:
    """One answer and what it would be instead."""

    question: str
    from_: Answer
    to: Answer

    def to_json(self) -> dict[str, Any]:
        """``{"question": …, "from": …, "to": …}``."""
        return {"question": self.question, "from": self.from_, "to": self.to}


@dataclass(frozen=True)
class Way:
    """The smallest change that does it for an item: one entry per question, in the bank's order.

    ``beyond`` is by how much the item then exceeds the taker's limits.
    """

    item: str
    changes: tuple[Change, ...]
    beyond: tuple[Beyond, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """``{"item": …, "changes": […], "beyond": […]}``."""
        return {
            "item": self.item,
            "changes": [change.to_json() for change in self.changes],
            "beyond": [over.to_json() for over in self.beyond],
        }


@dataclass(frozen=True)
class Otherwise:
    """A second way for items that have one, by what it brings."""

    eligible: tuple[Way, ...] = ()
    first: tuple[Way, ...] = ()
    within: tuple[Way, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """``{"eligible": […], "first": […], "within": […]}``."""
        return {
            "eligible": [way.to_json() for way in self.eligible],
            "first": [way.to_json() for way in self.first],
            "within": [way.to_json() for way in self.within],
        }


@dataclass(frozen=True)
class WhatIf:
    """The ways to open items, to put them first, to bring them within the limits; smallest changes first.

    ``otherwise`` holds for each of the three a second way where there is one: the smallest for the same
    item that changes none of the questions of the first way, and no wish. ``needs`` lists the questions
    still to be answered, until when nothing is told. ``tried`` is how many answers were changed together
    at most: 2, or 1 where a bank leaves too many pairs.
    """

    eligible: tuple[Way, ...] = ()
    first: tuple[Way, ...] = ()
    within: tuple[Way, ...] = ()
    otherwise: Otherwise = field(default_factory=Otherwise)
    needs: tuple[str, ...] = ()
    tried: int = 2

    def to_json(self) -> dict[str, Any]:
        """The what-if object of the contract."""
        return {
            "eligible": [way.to_json() for way in self.eligible],
            "first": [way.to_json() for way in self.first],
            "within": [way.to_json() for way in self.within],
            "otherwise": self.otherwise.to_json(),
            "needs": list(self.needs),
            "tried": self.tried,
        }


def what_if(compiled: Compiled, answers: Answers, on: date, baseline: Recommended | None = None) -> WhatIf:
    """What would change the outcome, for every item for which one changed answer does it, or two.

    ``baseline`` is the taker's own recommendation, if it is at hand. Nothing is told that recommending
    again does not bear out. Answers that are not complete give an empty result that says what it needs.
    """
    if not answers.complete:
        return WhatIf(needs=answers.unanswered)
    aims = _aims(compiled, baseline or recommend(compiled, answers, on))
    found = smallest_changes(compiled, answers, on, aims)
    proof = _Proof(compiled, answers, on)
    return WhatIf(
        eligible=proof.ways(found.open, _Again.ranks),
        first=proof.ways(found.first, _Again.leads_with),
        within=proof.ways(found.within, _Again.affords),
        otherwise=Otherwise(
            eligible=proof.ways(found.also_open, _Again.ranks),
            first=proof.ways(found.also_first, _Again.leads_with),
            within=proof.ways(found.also_within, _Again.affords),
        ),
        tried=found.tried,
    )


def _aims(compiled: Compiled, outcome: Recommended) -> Aims:
    """What could be better: neither what is closed or held already, nor what is beside the point."""
    rows = {compiled_item.item.id: row for row, compiled_item in enumerate(compiled.items)}
    blocked = tuple(
        rows[entry.item]
        for entry in outcome.not_now
        if entry.standing in (Standing.INELIGIBLE_NOW, Standing.UNKNOWN) and not entry.listed_only
    )
    later = tuple(rows[entry.item] for entry in outcome.recommendations if entry.rank > 1)
    over = tuple(rows[entry.item] for entry in outcome.recommendations if entry.beyond)
    shut = tuple(rows[entry.item] for entry in outcome.not_now if entry.standing in SHUT)
    return Aims(open=blocked, first=later + blocked, within=over, shut=shut)


@dataclass(frozen=True)
class _Again:
    """A recommendation once more, down to its numbers: the ranked items, best first, with what they exceed."""

    beyond: dict[str, tuple[Beyond, ...]]

    def ranks(self, item: str) -> bool:
        """Whether the item is ranked at all."""
        return item in self.beyond

    def leads_with(self, item: str) -> bool:
        """Whether the item is the first."""
        return next(iter(self.beyond), None) == item

    def affords(self, item: str) -> bool:
        """Whether the item is ranked and within every limit."""
        return self.beyond.get(item) == ()


class _Proof:
    """Recommends again for changed answers, once for each change."""

    def __init__(self, compiled: Compiled, answers: Answers, on: date) -> None:
        self._compiled = compiled
        self._answers = answers
        self._on = on
        self._known: dict[Changes, tuple[_Again, ...]] = {}

    def ways(self, found: Mapping[int, Changes], holds: Callable[[_Again, str], bool]) -> tuple[Way, ...]:
        """The changes that hold when recommending again, the smallest first."""
        return tuple(
            Way(item, self._said(changes), _most_beyond(self._outcomes(changes), item))
            for row, changes in sorted(found.items(), key=lambda pair: (size(pair[1]), pair[0]))
            for item in [self._compiled.items[row].item.id]
            if all(holds(again, item) for again in self._outcomes(changes))
        )

    def _outcomes(self, changes: Changes) -> tuple[_Again, ...]:
        """What is recommended then, for every answer to what is newly asked."""
        if changes not in self._known:
            raw = changed(self._compiled, self._answers, changes)
            self._known[changes] = tuple(
                self._again(answers)
                for answers in _completions(self._compiled, read_answers(self._compiled, raw))
            )
        return self._known[changes]

    def _again(self, answers: Answers) -> _Again:
        """What ``recommend`` decides, by the same judgement, without putting it into words."""
        compiled = self._compiled
        state = full_state(compiled, answers, self._on)
        limits = limits_of(compiled, answers)
        judged = panel(compiled, self._on).judge(state, limits)
        roster = judged.roster
        return _Again(
            {
                compiled.items[roster.rows[line]].item.id: beyond(roster.best[line], limits)
                for line in judged.order
            }
        )

    def _said(self, changes: Changes) -> tuple[Change, ...]:
        raw = changed(self._compiled, self._answers, changes)
        places = {question_of(self._compiled, change.place).id for change in changes}
        return tuple(
            Change(name, self._answers.raw[name], raw[name])
            for name in self._compiled.questions
            if name in places
        )


def _most_beyond(outcomes: Sequence[_Again], item: str) -> tuple[Beyond, ...]:
    """What the item exceeds in the worst of these outcomes."""

    def excess(over: tuple[Beyond, ...]) -> tuple[int, int]:
        return len(over), max((BOUNDLESS if one.by is None else one.by for one in over), default=0)

    return max((again.beyond[item] for again in outcomes), key=excess)


def _completions(compiled: Compiled, answers: Answers) -> Iterator[Answers]:
    """The answers with every answer, as far as rules tell them apart, to what is not answered yet."""
    if answers.complete:
        yield answers
        return
    question = compiled.questions[answers.unanswered[0]]
    for answer in _distinct_answers(compiled, question):
        yield from _completions(compiled, read_answers(compiled, {**answers.raw, question.id: answer}))


def _distinct_answers(compiled: Compiled, question: Question) -> list[Answer]:
    """One answer of each kind that some rule tells apart."""
    places = question_places(compiled, question)
    if question.kind == "choices":
        ways = product(*(cells(compiled, place).chosen.tolist() for place in places))
        return [[o.id for o, held in zip(question.options, way, strict=True) if held] for way in ways]
    domain = compiled.variables[places[0]].domain
    chosen = [domain[index] for index in cells(compiled, places[0]).chosen.tolist()]
    return [bool(value) for value in chosen] if question.kind == "yes_no" else list(chosen)
