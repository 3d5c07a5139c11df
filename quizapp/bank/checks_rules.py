"""Checks every rule of a bank: that it can be read, yields what it must, and can ever matter."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.inspection import Inspection
from quizapp.bank.nodes import Path
from quizapp.bank.satisfiable import can_hold
from quizapp.bank.scalar_places import place_inside
from quizapp.errors import Problem
from quizapp.rules.tree import Compare, Constant, Number, Tree

_NEVER = {
    "held_if": "nobody can be said to have it",
    "relevant_if": "it is never shown",
    "unless": "the cost is always paid",
    "if": "it is never said",
}


def check_rules(inspection: Inspection) -> Iterator[Problem]:
    """Faults of rules at their exact column; weights of zero; values outside 0-100; conditions never met."""
    for path, fault in inspection.rules.faults:
        where = place_inside(inspection.positions, path, fault.column - 1)
        yield Problem(where, fault.code, fault.what, fault.why, fault.fix)
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
            f"the weight is never above {tree.kind.high}",
            "the criterion would count for nothing",
            "give it a weight of 1 or more, or delete the criterion",
        )
    elif tree.kind.low < 0:
        yield inspection.problem(
            path,
            "negative_weight",
            f"the weight can come to {tree.kind.low}",
            "points cannot be taken away",
            "write max(0, …)",
        )


def _points(inspection: Inspection, path: Path, tree: Tree) -> Iterator[Problem]:
    kind = tree.kind
    if not isinstance(kind, Number):
        return
    # The bounds of a type are wide; what counts is whether any answers go beyond.
    below = kind.low < 0 and _can_hold(inspection, Compare("<", tree, Constant(0, Number(0, 0))))
    above = kind.high > 100 and _can_hold(inspection, Compare(">", tree, Constant(100, Number(100, 100))))
    if below or above:
        where = "less than 0" if below else "more than 100"
        yield inspection.problem(
            path,
            "fit_out_of_range",
            f"the value can come to {where}",
            "values go from 0 to 100",
            "write ramp(…), or min(100, max(0, …))",
        )


def _never(inspection: Inspection, path: Path, tree: Tree) -> Iterator[Problem]:
    never = tree.value == 0 if isinstance(tree, Constant) else not _can_hold(inspection, tree)
    if never:
        yield inspection.problem(
            path,
            "never_holds",
            "no answers make this true",
            _NEVER[str(path[-1])],
            "check the conditions against each other",
            warning=True,
        )


def _can_hold(inspection: Inspection, tree: Tree) -> bool:
    return can_hold([tree], inspection.questions, inspection.rules.values)
