"""The finite variables that a bank's rules stand on, and the trees that read hidden questions right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from quizapp.bank.model import Question
from quizapp.engine.table import Variable
from quizapp.rules.tree import (
    All,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Count,
    Day,
    Extreme,
    Has,
    Not,
    Number,
    OneOf,
    Ramp,
    Read,
    Some,
    Tree,
    Truth,
    nodes,
)


@dataclass(frozen=True)
class Hidden:
    """When a question is hidden, and the answer that then holds."""

    asked: Tree
    answer: bool | int | str | tuple[str, ...]


def answer_when_hidden(question: Question) -> bool | int | str | tuple[str, ...]:
    """The answer that holds while a question is hidden: the first it can have where the bank names none."""
    if question.when_hidden is not None:
        return question.when_hidden
    match question.kind:
        case "choice":
            return question.options[0].id
        case "choices":
            return ()
        case "yes_no":
            return False
    assert question.grid is not None, "a checked bank has a grid on every number question"
    return question.grid.from_


def question_variables(question: Question) -> list[Variable]:
    """One variable for a question, or one for each option where any number may be chosen."""
    match question.kind:
        case "choice":
            return [Variable(question.id, tuple(option.id for option in question.options))]
        case "choices":
            return [Variable(f"{question.id}.{option.id}", (0, 1)) for option in question.options]
        case "yes_no":
            return [Variable(question.id, (0, 1))]
    grid = question.grid
    assert grid is not None, "a checked bank has a grid on every number question"
    return [Variable(question.id, tuple(range(grid.from_, grid.to + 1, grid.step)))]


def today_variable(trees: Iterable[Tree]) -> Variable:
    """The stretches of days that no rule tells apart, each named by its first day."""
    days = {
        node.value + later
        for tree in trees
        for node in nodes(tree)
        if isinstance(node, Constant) and isinstance(node.kind, Day)
        for later in (0, 1)
    }
    return Variable("today", (date.min.toordinal(), *sorted(days)))


def seeing_hidden(tree: Tree, hidden: dict[str, Hidden]) -> Tree:
    """The same tree, reading the answer that holds while a question is hidden."""

    def again(node: Tree) -> Tree:
        match node:
            case Read(name, kind) if name in hidden:
                answer = int(hidden[name].answer)  # type: ignore[arg-type]
                shared = Truth() if isinstance(kind, Truth) else kind
                assert isinstance(shared, Number | Truth)
                return Choose(hidden[name].asked, node, Constant(answer, shared), shared)
            case OneOf(name, options) if name in hidden:
                return Choose(hidden[name].asked, node, _truth(hidden[name].answer in options), Truth())
            case Has(name, option) if name in hidden:
                held = hidden[name].answer
                return Choose(
                    hidden[name].asked, node, _truth(isinstance(held, tuple) and option in held), Truth()
                )
            case Not(part):
                return Not(again(part))
            case All(parts):
                return All(tuple(again(part) for part in parts))
            case Some(parts):
                return Some(tuple(again(part) for part in parts))
            case Choose(condition, then, otherwise, kind):
                return Choose(again(condition), again(then), again(otherwise), kind)
            case Compare(operator, left, right):
                return Compare(operator, again(left), again(right))
            case Arithmetic(operator, left, right, kind):
                return Arithmetic(operator, again(left), again(right), kind)
            case Extreme(which, parts, kind):
                return Extreme(which, tuple(again(part) for part in parts), kind)
            case Count(parts, kind):
                return Count(tuple(again(part) for part in parts), kind)
            case Ramp(part, start, end):
                return Ramp(again(part), again(start), again(end))
        return node

    return again(tree)


def _truth(holds: bool) -> Constant:
    return Constant(int(holds), Truth())
