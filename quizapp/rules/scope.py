"""The names that a rule may read, and one pass of typing over one rule."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Literal, TypeAlias

from quizapp.errors import told
from quizapp.rules import bounds
from quizapp.rules.faults import RuleFault
from quizapp.rules.tree import ChoiceOf, Day, Kind, Number, SetOf, Tree, Truth

Expect: TypeAlias = Literal["truth", "number", "any"]


@dataclass(frozen=True)
class Scope:
    """The names that a rule may read, with their kinds.

    ``elsewhere`` holds names that exist but not here, with the reason.
    """

    names: Mapping[str, Kind]
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """Which questions have an option of each id."""
        found: dict[str, list[str]] = {}
        for name, kind in self.names.items():
            if isinstance(kind, ChoiceOf | SetOf):
                for option in kind.options:
                    found.setdefault(option, []).append(name)
        return found

    def with_names(self, more: Mapping[str, Kind]) -> Scope:
        """A wider scope."""
        return Scope({**self.names, **more}, {k: v for k, v in self.elsewhere.items() if k not in more})


class TypingPass:
    """One pass over one rule: collects faults; a part that has one yields None.

    ``of`` types any node; the modules that know one kind of node call it for the parts.
    """

    def __init__(self, scope: Scope, typed: Callable[[TypingPass, ast.expr], Tree | None]) -> None:
        self.scope = scope
        self.faults: list[RuleFault] = []
        self._typed = typed

    def of(self, node: ast.expr) -> Tree | None:
        """The typed tree of a node."""
        return self._typed(self, node)

    def unknown(self, node: ast.expr) -> bool:
        """Whether a node is a name that nothing goes by: no question, no named value, no option."""
        if not isinstance(node, ast.Name) or node.id in ("true", "false"):
            return False
        known = node.id in self.scope.names or node.id in self.scope.elsewhere
        return not known and node.id not in self.scope.options

    def fault(self, node: ast.AST | int, code: str, what: str, why: str, fix: str) -> None:
        """Note one fault at a node or column."""
        column = node if isinstance(node, int) else getattr(node, "col_offset", 0) + 1
        self.faults.append(RuleFault(code, what, why, fix, column))

    def expect(self, tree: Tree, expect: Expect, node: ast.AST | int) -> bool:
        """Whether the tree is of the kind expected; a fault is noted where it is not."""
        kind = tree.kind
        if expect == "truth" and not isinstance(kind, Truth):
            self.fault(
                node,
                "not_a_truth",
                told("this is a number, not a condition"),
                told("only conditions are true or false"),
                told("compare it: x >= 1"),
            )
            return False
        if expect == "number" and not isinstance(kind, Number):
            day, condition = told("this is a day, not a number"), told("this is a condition, not a number")
            self.fault(
                node,
                "not_a_number",
                day if isinstance(kind, Day) else condition,
                told("a number is needed here"),
                told("write: 100 if … else 0"),
            )
            return False
        return True

    def truths(self, parts: list[ast.expr]) -> tuple[Tree, ...] | None:
        """The parts as conditions, or None where one is not."""
        trees = [(part, self.of(part)) for part in parts]
        good = [tree for part, tree in trees if tree is not None and self.expect(tree, "truth", part)]
        return tuple(good) if len(good) == len(parts) else None

    def numbers(self, parts: list[ast.expr]) -> tuple[Tree, ...] | None:
        """The parts as numbers, or None where one is not."""
        trees = [(part, self.of(part)) for part in parts]
        good = [tree for part, tree in trees if tree is not None and self.expect(tree, "number", part)]
        return tuple(good) if len(good) == len(parts) else None

    def unit(self, node: ast.AST, trees: tuple[Tree, ...]) -> str | None:
        """The one unit of the numbers, or None with a fault where they clash."""
        units = [tree.kind.unit for tree in trees if isinstance(tree.kind, Number)]
        unit = bounds.shared_unit(units)
        if unit is None:
            first, *others = sorted(set(units) - {"none"})
            mixed = reduce(
                lambda one, other: told("%(one)s and %(other)s", one=one, other=other), others, first
            )
            self.fault(
                node,
                "units_mixed",
                told("%(mixed)s are mixed", mixed=mixed),
                told("they do not count the same thing"),
                told("compare and add like with like"),
            )
        return unit
