"""Which names a bank's rules may read, and the typed trees of its named values."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Bank, Question, Value
from quizapp.errors import told
from quizapp.rules import RuleFaults, Scope, read
from quizapp.rules.tree import ChoiceOf, Day, Kind, Number, SetOf, Tree, Truth

MAX_COST = 1_000_000_000
MAX_MONTHS = 1_200

_ONLY_IN_FIT = told("it belongs to an item's plan, which only fit and criterion values may read")


@dataclass(frozen=True)
class NamedValues:
    """The typed trees of `values:` in the order in which they can be worked out.

    ``faults`` holds, by name, what is wrong with those that could not be read; a circle of values
    that need each other is among them as an unknown name.
    """

    trees: dict[str, Tree]
    faults: dict[str, RuleFaults]


def kind_of(question: Question) -> Kind:
    """What the answers of a question are, to a rule."""
    options = tuple(option.id for option in question.options)
    match question.kind:
        case "choice":
            return ChoiceOf(question.id, options)
        case "choices":
            return SetOf(question.id, options)
        case "yes_no":
            return Truth()
    grid = question.grid
    if grid is None:
        return Number(0, 0)
    return Number(grid.from_, grid.to, grid.unit.value)


def rule_text(value: str | Value) -> str:
    """The rule of a named value, however it was written."""
    return value if isinstance(value, str) else value.rule


def question_scope(bank: Bank) -> Scope:
    """The questions and today, without named values."""
    names: dict[str, Kind] = {question.id: kind_of(question) for question in bank.questions}
    return Scope({**names, "today": Day()}, {"cost": _ONLY_IN_FIT, "duration": _ONLY_IN_FIT})


def read_values(bank: Bank) -> NamedValues:
    """The named values, each typed with those it may build on.

    >>> from quizapp.bank.scope import read_values
    """
    scope = question_scope(bank)
    waiting = {name: rule_text(value) for name, value in bank.values.items()}
    trees: dict[str, Tree] = {}
    faults: dict[str, RuleFaults] = {}
    while waiting:
        faults = {}
        for name, text in list(waiting.items()):
            try:
                trees[name] = read(text, scope, "any")
            except RuleFaults as found:
                faults[name] = found
                continue
            del waiting[name]
            scope = scope.with_names({name: trees[name].kind})
        if len(faults) == len(waiting) and faults.keys() == waiting.keys():
            break
    return NamedValues(trees, faults)


def scope_of(bank: Bank) -> Scope:
    """Every name that the bank's conditions may read: questions, named values, today."""
    scope = question_scope(bank)
    return scope.with_names({name: tree.kind for name, tree in read_values(bank).trees.items()})


def plan_scope(scope: Scope) -> Scope:
    """The scope of fit and criterion values, which may also read the plan's `cost` and `duration`."""
    return scope.with_names({"cost": Number(0, MAX_COST, "yen"), "duration": Number(0, MAX_MONTHS, "months")})
