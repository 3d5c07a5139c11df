"""Checks every rule of a bank: that it can be read, yields what it must, and can ever matter."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.satisfiable import can_hold
from quizapp.bank.yaml.nodes import Path
from quizapp.bank.yaml.scalar_places import place_inside
from quizapp.errors import Problem, told
from quizapp.rules.tree import Compare, Constant, Number, Tree

_NEVER = {
    "held_if": told("nobody can be said to have it"),
    "relevant_if": told("it is never shown"),
    "unless": told("the cost is always paid"),
    "if": told("it is never said"),
}


def check_rules(inspection: Inspection) -> Iterator[Problem]:
    """Faults of rules at their exact column; weights of zero; values outside 0-100; conditions never met."""
    for path, fault in inspection.rules.faults:
        where = place_inside(inspection.positions, path, fault.column - 1)
        yield Problem(where, fault.code, fault.what, fault.why, fault.fix, path=path)
    for path, tree in inspection.rules.trees.items():
        if path[-1] == "weight":
            yield from _weight(inspection, path, tree)
        elif path[-2:-1] == ("fit",) or (path[0] == "criteria" and path[-1] == "value"):
            yield from _points(inspection, path, tree)
        elif path[-1] in _NEVER and "requires" not in path:
            yield from _never(inspection, path, tree)


def _weight(inspection: Inspection, path: Path, tree: Tree) -> Iterator[Problem]:
    if not isinstance(tree.kind, Number):
        return
    if tree.kind.high <= 0:
        yield inspection.problem(
            path,
            "zero_weight",
            told("the weight is never above %(high)s", high=tree.kind.high),
            told("the criterion would count for nothing"),
            told("give it a weight of 1 or more, or delete the criterion"),
        )
    elif tree.kind.low < 0:
        yield inspection.problem(
            path,
            "negative_weight",
            told("the weight can come to %(low)s", low=tree.kind.low),
            told("points cannot be taken away"),
            told("write max(0, …)"),
        )


def _points(inspection: Inspection, path: Path, tree: Tree) -> Iterator[Problem]:
    kind = tree.kind
    if not isinstance(kind, Number):
        return
    # The bounds of a type are wide; what counts is whether any answers go beyond.
    below = kind.low < 0 and _can_hold(inspection, Compare("<", tree, Constant(0, Number(0, 0))))
    above = kind.high > 100 and _can_hold(inspection, Compare(">", tree, Constant(100, Number(100, 100))))
    if below or above:
        less, more = told("the value can come to less than 0"), told("the value can come to more than 100")
        yield inspection.problem(
            path,
            "fit_out_of_range",
            less if below else more,
            told("values go from 0 to 100"),
            told("write ramp(…), or min(100, max(0, …))"),
        )


def _never(inspection: Inspection, path: Path, tree: Tree) -> Iterator[Problem]:
    never = tree.value == 0 if isinstance(tree, Constant) else not _can_hold(inspection, tree)
    if never:
        yield inspection.problem(
            path,
            "never_holds",
            told("no answers make this true"),
            _NEVER[str(path[-1])],
            told("check the conditions against each other"),
            warning=True,
        )


def _can_hold(inspection: Inspection, tree: Tree) -> bool:
    return can_hold([tree], inspection.questions, inspection.rules.values)
