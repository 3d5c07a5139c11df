"""A foreign engine, CEL's, makes of every rule what the interpreter and the compiled tables make of it.

Every function of the rule language is covered. Left out is the unknown, which CEL does not have: all
answers are complete, and a plan's cost is known.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank, Note, Reason
from quizapp.bank.rule_fields import rule_fields
from quizapp.bank.scope import kind_of, plan_scope, rule_text, scope_of
from quizapp.engine.answers import Answers, question_places
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.state import full_state
from quizapp.engine.table import Table
from quizapp.rules import read
from quizapp.rules.evaluate import Given, evaluate
from quizapp.rules.tree import Truth, names_read
from tests.conftest import ROOT
from tests.engine.oracle import Oracle
from tests.engine.random_banks import banks
from tests.rules.cel_words import Words, work_out
from tests.rules.random_rules import rule_banks

ON = date(2026, 11, 22)
# What fails names the rule and the answers; to shrink them through a compiler would take minutes.
SLOW = settings(
    max_examples=100,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(frozen=True)
class Taker:
    """One complete taker on one day: the same answers for CEL, the interpreter and the tables."""

    facts: dict[str, Any]
    given: dict[str, Given]
    state: list[int]


class Trial:
    """One bank, its rules by their text, and how each is said in CEL."""

    def __init__(self, bank: Bank) -> None:
        self.bank, self.compiled = bank, compile_bank(bank, "r")
        self.words = Words({question.id: kind_of(question) for question in bank.questions})
        wide = scope_of(bank)
        self.scopes = {False: wide, True: plan_scope(wide)}
        self.values = {name: rule_text(value) for name, value in bank.values.items()}
        self.texts = {(text, False) for text in self.values.values()}
        self.texts |= {(field.text, field.reads_plan) for field in rule_fields(bank)}
        self.trees = {(text, plan): read(text, self.scopes[plan]) for text, plan in self.texts}
        self.said = {text: self.words.say(text) for text, _ in self.texts}
        self.tables = {(text, plan): table for text, plan, table in _tables(self.compiled)}
        self.priced = len(self.compiled.variables[self.compiled.cost].domain) > 1

    def taker(self, indexes: list[int], cost: int, duration: int, on: date) -> Taker:
        """The taker that these indexes of variables stand for."""
        compiled = self.compiled
        state = full_state(compiled, Answers({}, tuple(indexes), frozenset(), ()), on)
        state[compiled.cost], state[compiled.duration] = cost, duration
        answers = {question.id: _answer(compiled, question.id, indexes) for question in self.bank.questions}
        plan = {
            name: int(compiled.variables[place].domain[index])
            for name, place, index in (
                ("cost", compiled.cost, cost),
                ("duration", compiled.duration, duration),
            )
        }
        facts = {**self._facts(answers, on), **plan}
        return Taker(facts, {**Oracle(self.bank, on).given(answers), **plan}, state)

    def _facts(self, answers: dict[str, Any], on: date) -> dict[str, Any]:
        """What CEL is told; hidden questions and named values it works out itself."""
        facts: dict[str, Any] = {"today": on}
        for question in self.bank.questions:
            facts[question.id] = answers[question.id]
            if question.ask_if is None or question.when_hidden is None:
                continue
            if not work_out(self.said[question.ask_if], facts):
                hidden = question.when_hidden
                facts[question.id] = list(hidden) if isinstance(hidden, tuple) else hidden
        for name in Oracle(self.bank, on).values:
            facts[name] = work_out(self.said[self.values[name]], facts)
        return facts

    def agrees(self, taker: Taker) -> int:
        """How many rules were compared; each came out alike, and of the right kind."""
        for (text, plan), tree in self.trees.items():
            foreign = work_out(self.said[text], taker.facts)
            said = f"{text}, for {taker.facts}"
            assert isinstance(foreign, bool) == isinstance(tree.kind, Truth), said
            assert evaluate(tree, taker.given) == foreign, said
            if (text, plan) in self.tables and (self.priced or "cost" not in names_read(tree)):
                assert self.tables[text, plan].at(taker.state) == foreign, said
        for place, table in self.compiled.values:
            variable = self.compiled.variables[place]
            assert variable.domain[table.at(taker.state)] == taker.facts[variable.name], variable.name
        return len(self.trees)


def _answer(compiled: Compiled, name: str, indexes: list[int]) -> Any:
    question = compiled.questions[name]
    places = question_places(compiled, question)
    if question.kind == "choices":
        return [o.id for o, place in zip(question.options, places, strict=True) if indexes[place]]
    value = compiled.variables[places[0]].domain[indexes[places[0]]]
    return bool(value) if question.kind == "yes_no" else value


def _tables(compiled: Compiled) -> Iterator[tuple[str, bool, Table]]:
    """The compiled tables with the text that each was made from, and whether it reads the plan."""
    for question in compiled.bank.questions:
        if question.ask_if is not None:
            yield question.ask_if, False, compiled.asked[question.id]
    for criterion, weight in zip(compiled.criteria, compiled.weights, strict=True):
        yield criterion.weight, False, weight
    for spoken, note in zip(compiled.notes, compiled.bank.notes, strict=True):
        yield note.if_, False, spoken.holds
    providers = {provider.id: provider for provider in compiled.bank.providers}
    for reached in compiled.providers:
        if (text := providers[reached.id].if_) is not None:
            yield text, False, reached.in_person
    for entry in compiled.items:
        item = entry.item
        for text, table in ((item.relevant_if, entry.relevant), (item.held_if, entry.held)):
            if text is not None:
                yield text, False, table
        saying: tuple[Reason | Note, ...] = (*item.reasons, *item.notes)
        for said, spoken in zip(saying, (*entry.reasons, *entry.notes), strict=True):
            yield said.if_, False, spoken.holds
        for criterion, table in zip(compiled.criteria, entry.fits, strict=False):
            fit = item.fit.get(criterion.id, criterion.value)
            if isinstance(fit, str) and fit != "unknown":
                yield fit, True, table
        for route, done in zip(item.routes, entry.routes, strict=False):
            for need, met in zip((*item.requires, *route.requires), done.requires, strict=True):
                if need.if_ != "unknown":
                    yield need.if_, False, met.holds
            for cost, paid in zip((*item.costs, *route.costs), done.costs, strict=True):
                if cost.unless is not None and paid.waived is not None:
                    yield cost.unless, False, paid.waived


def _random_taker(trial: Trial, rng: random.Random) -> Taker:
    compiled = trial.compiled
    sizes = [len(variable.domain) for variable in compiled.variables]
    # The first cost is the unknown one; where no other is possible, no table that reads it is compared.
    cost = rng.randrange(1, sizes[compiled.cost]) if trial.priced else 0
    days = [day for day in compiled.variables[compiled.today].domain[1:] if isinstance(day, int)]
    on = date.fromordinal(rng.choice([ON.toordinal(), *days])) + timedelta(rng.randint(-1, 1))
    indexes = [rng.randrange(size) for size in sizes[: compiled.today]]
    return trial.taker(indexes, cost, rng.randrange(sizes[compiled.duration]), on)


@SLOW
@given(rule_banks(), st.randoms(use_true_random=False))
def test_it_agrees_with_cel_on_random_rules(bank: Bank, rng: random.Random) -> None:
    trial = Trial(bank)
    for _ in range(6):
        trial.agrees(_random_taker(trial, rng))


@SLOW
@given(banks(), st.randoms(use_true_random=False))
def test_it_agrees_with_cel_on_every_rule_of_random_banks(bank: Bank, rng: random.Random) -> None:
    trial = Trial(bank)
    for _ in range(3):
        trial.agrees(_random_taker(trial, rng))


@pytest.mark.parametrize(
    ("slug", "floor"),
    [("first_step", 48), ("medical_office", 100), ("msl", 78), ("one_on_one", 84), ("personal_trainer", 86)],
)
def test_it_agrees_with_cel_on_every_rule_of_the_shipped_banks(slug: str, floor: int) -> None:
    trial = Trial(load_bank(ROOT / "questions" / f"{slug}.yaml").bank)
    rng = random.Random(7)
    assert {trial.agrees(_random_taker(trial, rng)) for _ in range(100)} == {len(trial.trees)}
    # A floor on different rules, so that the comparison cannot grow empty unnoticed.
    assert len(trial.trees) >= floor
    named = {(text, False) for text in trial.values.values()}
    assert trial.trees.keys() == trial.tables.keys() | named, "a rule was not compared with its table"
