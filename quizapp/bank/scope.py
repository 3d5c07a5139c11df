"""Which names a bank's rules may read, and the typed trees of its named values."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Bank, Question, Value
from quizapp.bank.working_order import ROUNDS, in_working_order
from quizapp.errors import told
from quizapp.rules import RuleFaults, Scope, read
from quizapp.rules.tree import ChoiceOf, Day, Kind, Number, SetOf, Tree, Truth

MAX_COST = 1_000_000_000
MAX_MONTHS = 1_200
# To say what is wrong with a rule takes time; who has so many faulty ones mends these first.
MOST_FAULTS = 200

_ONLY_IN_FIT = told("it belongs to an item's plan, which only fit and criterion values may read")


@dataclass(frozen=True)
class NamedValues:
    """The typed trees of `values:` in the order in which they can be worked out.

    ``faults`` holds, by name, what is wrong with those that could not be read; a circle of values
    that need each other is among them as an unknown name. ``unread`` are those that were not looked at
    once ``MOST_FAULTS`` were faulty.
    """

    trees: dict[str, Tree]
    faults: dict[str, RuleFaults]
    unread: frozenset[str] = frozenset()


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
    begin = question_scope(bank)
    # One scope that grows: a new one for each of thousands of values would take longer than reading them.
    names, elsewhere = dict(begin.names), dict(begin.elsewhere)
    scope = Scope(names, elsewhere)
    texts = {name: rule_text(value) for name, value in bank.values.items()}
    trees: dict[str, Tree] = {}
    faults: dict[str, RuleFaults] = {}
    waiting = in_working_order(texts)
    for _ in range(ROUNDS):
        before = len(trees)
        faults = {}
        for name in waiting:
            try:
                trees[name] = read(texts[name], scope, "any")
            except RuleFaults as found:
                faults[name] = found
                if len(faults) == MOST_FAULTS:
                    break
                continue
            names[name] = trees[name].kind
            elsewhere.pop(name, None)
        waiting = [name for name in waiting if name not in trees]
        if len(trees) == before or not waiting:
            break
    return NamedValues(trees, faults, frozenset(waiting) - faults.keys())


def scope_of(bank: Bank) -> Scope:
    """Every name that the bank's conditions may read: questions, named values, today."""
    scope = question_scope(bank)
    return scope.with_names({name: tree.kind for name, tree in read_values(bank).trees.items()})


def plan_scope(scope: Scope) -> Scope:
    """The scope of fit and criterion values, which may also read the plan's `cost` and `duration`."""
    return scope.with_names({"cost": Number(0, MAX_COST, "yen"), "duration": Number(0, MAX_MONTHS, "months")})
