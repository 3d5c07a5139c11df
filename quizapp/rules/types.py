"""Types a rule against the questions it may read, and says every fault with its mend.

A rule that passes has a value for every answer: nothing can fail later.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from quizapp.rules import bounds
from quizapp.rules.faults import RuleFault, RuleFaults, nearest
from quizapp.rules.syntax import parse
from quizapp.rules.tree import (
    All,
    Arithmetic,
    ChoiceOf,
    Choose,
    Compare,
    Comparison,
    Constant,
    Count,
    Day,
    Extreme,
    Has,
    Kind,
    Not,
    Number,
    OneOf,
    Ramp,
    Read,
    SetOf,
    Some,
    Tree,
    Truth,
)

Expect: TypeAlias = Literal["truth", "number", "any"]
FUNCTIONS = ("between", "count", "date", "max", "min", "ramp")
_LARGEST = 10**15
_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """The names that a rule may read, with their kinds.

    ``elsewhere`` holds names that exist but not here, with the reason.
    """

    names: Mapping[str, Kind]
    elsewhere: Mapping[str, str] = field(default_factory=dict)

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


def read(text: str, scope: Scope, expect: Expect = "any") -> Tree:
    """The typed tree of a rule.

    Raises RuleFaults with every fault found: names and options that are not there (with the nearest
    spelling), units mixed, comparisons that can only come out one way.

    >>> scope = Scope({"age": Number(15, 80, "years")})
    >>> read("age >= 18", scope, "truth").operator
    '>='
    >>> read("agee >= 18", scope)
    Traceback (most recent call last):
    quizapp.rules.faults.RuleFaults: nothing is called "agee"
    """
    typing = _Typing(scope)
    tree = typing.of(parse(text))
    if tree is not None and not typing.faults:
        typing.expect(tree, expect, 1)
    if tree is None or typing.faults:
        raise RuleFaults(typing.faults)
    return tree


class _Typing:
    """One pass over one rule; collects faults and yields None where a part has one."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.faults: list[RuleFault] = []

    def fault(self, node: ast.AST | int, code: str, what: str, why: str, fix: str) -> None:
        column = node if isinstance(node, int) else getattr(node, "col_offset", 0) + 1
        self.faults.append(RuleFault(code, what, why, fix, column))

    def of(self, node: ast.expr) -> Tree | None:
        match node:
            case ast.Constant(value=bool() as value):
                return Constant(int(value), Truth())
            case ast.Constant(value=int() as value):
                return Constant(value, Number(value, value))
            case ast.Name():
                return self.name(node)
            case ast.BoolOp():
                return self.junction(node)
            case ast.UnaryOp():
                return self.unary(node)
            case ast.Compare():
                return self.comparison(node)
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.IfExp():
                return self.choice(node)
            case ast.Call():
                return self.call(node)
        self.fault(
            node, "not_in_language", "this cannot stand here", "a list goes after in", "write x in (a, b)"
        )
        return None

    def expect(self, tree: Tree, expect: Expect, node: ast.AST | int) -> bool:
        kind = tree.kind
        if expect == "truth" and not isinstance(kind, Truth):
            self.fault(
                node,
                "not_a_truth",
                "this is a number, not a condition",
                "only conditions are true or false",
                "compare it: x >= 1",
            )
            return False
        if expect == "number" and not isinstance(kind, Number):
            word = "a day" if isinstance(kind, Day) else "a condition"
            self.fault(
                node,
                "not_a_number",
                f"this is {word}, not a number",
                "a number is needed here",
                "write: 100 if … else 0",
            )
            return False
        return True

    def name(self, node: ast.Name) -> Tree | None:
        if node.id in ("true", "false"):
            return Constant(int(node.id == "true"), Truth())
        kind = self.scope.names.get(node.id)
        match kind:
            case Number() | Truth() | Day():
                return Read(node.id, kind)
            case ChoiceOf():
                example = kind.options[0] if kind.options else "option"
                self.fault(
                    node,
                    "bare_question",
                    f'"{node.id}" is a question with options',
                    "its answer must be compared with them",
                    f"write {node.id} == {example} or {node.id} in (…)",
                )
                return None
            case SetOf():
                example = kind.options[0] if kind.options else "option"
                self.fault(
                    node,
                    "bare_question",
                    f'"{node.id}" is a set of options',
                    "ask whether it holds one",
                    f"write {example} in {node.id}",
                )
                return None
        self.unknown_name(node)
        return None

    def unknown_name(self, node: ast.Name) -> None:
        if node.id in self.scope.elsewhere:
            self.fault(
                node,
                "name_not_here",
                f'"{node.id}" cannot be read here',
                self.scope.elsewhere[node.id],
                "use another name",
            )
        elif owners := self.scope.options().get(node.id):
            self.fault(
                node,
                "bare_option",
                f'"{node.id}" is an option of "{owners[0]}"',
                "an option alone is not a condition",
                f"write {owners[0]} == {node.id}",
            )
        else:
            known = [*self.scope.names, "true", "false"]
            self.fault(
                node,
                "unknown_name",
                f'nothing is called "{node.id}"',
                "no question or named value has this id",
                nearest(node.id, known),
            )

    def truths(self, parts: list[ast.expr]) -> tuple[Tree, ...] | None:
        trees = [(part, self.of(part)) for part in parts]
        good = [tree for part, tree in trees if tree is not None and self.expect(tree, "truth", part)]
        return tuple(good) if len(good) == len(parts) else None

    def numbers(self, parts: list[ast.expr]) -> tuple[Tree, ...] | None:
        trees = [(part, self.of(part)) for part in parts]
        good = [tree for part, tree in trees if tree is not None and self.expect(tree, "number", part)]
        return tuple(good) if len(good) == len(parts) else None

    def unit(self, node: ast.AST, trees: tuple[Tree, ...]) -> str | None:
        units = [tree.kind.unit for tree in trees if isinstance(tree.kind, Number)]
        unit = bounds.shared_unit(units)
        if unit is None:
            mixed = " and ".join(sorted(set(units) - {"none"}))
            self.fault(
                node,
                "units_mixed",
                f"{mixed} are mixed",
                "they do not count the same thing",
                "compare and add like with like",
            )
        return unit

    def junction(self, node: ast.BoolOp) -> Tree | None:
        parts = self.truths(node.values)
        if parts is None:
            return None
        return All(parts) if isinstance(node.op, ast.And) else Some(parts)

    def unary(self, node: ast.UnaryOp) -> Tree | None:
        if isinstance(node.op, ast.Not):
            parts = self.truths([node.operand])
            return Not(parts[0]) if parts else None
        numbers = self.numbers([node.operand])
        if not numbers:
            return None
        if isinstance(numbers[0], Constant):
            value = -numbers[0].value
            return Constant(value, Number(value, value))
        zero = Constant(0, Number(0, 0))
        return self.bounded(node, "-", zero, numbers[0])

    def arithmetic(self, node: ast.BinOp) -> Tree | None:
        parts = self.numbers([node.left, node.right])
        if parts is None:
            return None
        symbol: Literal["+", "-", "*"] = (
            "+" if isinstance(node.op, ast.Add) else "-" if isinstance(node.op, ast.Sub) else "*"
        )
        return self.bounded(node, symbol, parts[0], parts[1])

    def bounded(self, node: ast.AST, symbol: Literal["+", "-", "*"], left: Tree, right: Tree) -> Tree | None:
        assert isinstance(left.kind, Number) and isinstance(right.kind, Number)
        if symbol == "*" and "none" not in (left.kind.unit, right.kind.unit):
            self.fault(
                node,
                "units_mixed",
                f"{left.kind.unit} times {right.kind.unit} is not a quantity",
                "only a plain number can multiply",
                "multiply by a plain number",
            )
            return None
        unit = self.unit(node, (left, right))
        if unit is None:
            return None
        work = {"+": bounds.added, "-": bounds.subtracted, "*": bounds.multiplied}[symbol]
        kind = work(left.kind, right.kind, unit)
        if max(abs(kind.low), abs(kind.high)) > _LARGEST:
            self.fault(
                node,
                "number_too_large",
                "this can grow too large",
                "totals are kept within 10^15",
                "use smaller numbers",
            )
            return None
        return Arithmetic(symbol, left, right, kind)

    def choice(self, node: ast.IfExp) -> Tree | None:
        condition = self.truths([node.test])
        then, otherwise = self.of(node.body), self.of(node.orelse)
        if condition is None or then is None or otherwise is None:
            return None
        if isinstance(then.kind, Truth) and isinstance(otherwise.kind, Truth):
            return Choose(condition[0], then, otherwise, Truth())
        if isinstance(then.kind, Number) and isinstance(otherwise.kind, Number):
            unit = self.unit(node, (then, otherwise))
            if unit is None:
                return None
            return Choose(condition[0], then, otherwise, bounds.either(then.kind, otherwise.kind, unit))
        self.fault(
            node,
            "kinds_mixed",
            "one branch is a number, the other is not",
            "both must be of one kind",
            "make both numbers or both conditions",
        )
        return None

    def call(self, node: ast.Call) -> Tree | None:
        function = node.func.id if isinstance(node.func, ast.Name) else ""
        if function not in FUNCTIONS:
            self.fault(
                node,
                "unknown_function",
                f'there is no function "{function or "…"}"',
                "only the listed functions exist",
                nearest(function, FUNCTIONS),
            )
            return None
        if node.keywords:
            self.fault(
                node,
                "bad_arguments",
                f"{function} takes no named arguments",
                "order alone says what each is",
                "drop the names",
            )
            return None
        makers: dict[str, Callable[[ast.Call], Tree | None]] = {
            "min": self.extreme, "max": self.extreme, "count": self.count, "ramp": self.ramp,
            "between": self.between, "date": self.day,
        }  # fmt: skip
        return makers[function](node)

    def arity(self, node: ast.Call, function: str, wanted: int) -> bool:
        if len(node.args) == wanted:
            return True
        self.fault(
            node,
            "bad_arguments",
            f"{function} takes {wanted} values, not {len(node.args)}",
            "each has its meaning",
            f"give {wanted} values",
        )
        return False

    def extreme(self, node: ast.Call) -> Tree | None:
        assert isinstance(node.func, ast.Name)
        which: Literal["min", "max"] = "min" if node.func.id == "min" else "max"
        if not node.args:
            self.arity(node, which, 2)
            return None
        parts = self.numbers(node.args)
        unit = self.unit(node, parts) if parts else None
        if parts is None or unit is None:
            return None
        kinds = [part.kind for part in parts if isinstance(part.kind, Number)]
        return Extreme(which, parts, bounds.extreme(which, kinds, unit))

    def count(self, node: ast.Call) -> Tree | None:
        if len(node.args) == 1 and isinstance(node.args[0], ast.Name):
            kind = self.scope.names.get(node.args[0].id)
            if isinstance(kind, SetOf):
                held = tuple(Has(kind.question, option) for option in kind.options)
                return Count(held, Number(0, len(held)))
        if not node.args:
            self.arity(node, "count", 1)
            return None
        parts = self.truths(node.args)
        return Count(parts, Number(0, len(parts))) if parts else None

    def ramp(self, node: ast.Call) -> Tree | None:
        if not self.arity(node, "ramp", 3):
            return None
        parts = self.numbers(node.args)
        if parts is None or self.unit(node, parts) is None:
            return None
        start, end = parts[1], parts[2]
        if isinstance(start, Constant) and isinstance(end, Constant) and start.value == end.value:
            self.fault(
                node,
                "bad_arguments",
                "ramp needs two different ends",
                "between equal ends there is no slope",
                "change one end",
            )
            return None
        return Ramp(parts[0], start, end)

    def between(self, node: ast.Call) -> Tree | None:
        if not self.arity(node, "between", 3):
            return None
        value, low, high = node.args
        return self.chain(node, [low, value, high], ["<=", "<="])

    def day(self, node: ast.Call) -> Tree | None:
        if not self.arity(node, "date", 3):
            return None
        parts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and type(arg.value) is int]
        try:
            year, month, day = parts
            return Constant(date(year, month, day).toordinal(), Day())
        except (ValueError, OverflowError):
            self.fault(
                node,
                "bad_date",
                "this is not a day",
                "a day is year, month, day in figures",
                "write date(2025, 12, 14)",
            )
            return None

    def comparison(self, node: ast.Compare) -> Tree | None:
        if len(node.ops) == 1 and (matched := self.option_test(node)) is not _NOT_OPTIONS:
            return matched  # type: ignore[return-value]
        symbols = [_COMPARISONS.get(type(op)) for op in node.ops]
        if None in symbols:
            self.fault(
                node,
                "bad_in",
                "in needs a question with options",
                "only options can be in a list or a set",
                "write question in (a, b)",
            )
            return None
        return self.chain(node, [node.left, *node.comparators], [s for s in symbols if s])

    def chain(self, node: ast.expr, parts: list[ast.expr], symbols: list[Comparison]) -> Tree | None:
        trees = [self.of(part) for part in parts]
        links: list[Tree] = []
        for symbol, left, right in zip(symbols, trees, trees[1:], strict=False):
            link = self.link(node, symbol, left, right) if left and right else None
            if link is None:
                return None
            links.append(link)
        return links[0] if len(links) == 1 else All(tuple(links))

    def link(self, node: ast.expr, symbol: Comparison, left: Tree, right: Tree) -> Tree | None:
        if isinstance(left.kind, Day) and isinstance(right.kind, Day):
            return Compare(symbol, left, right)
        if isinstance(left.kind, Truth) and isinstance(right.kind, Truth) and symbol in ("==", "!="):
            same = Some((All((left, right)), All((Not(left), Not(right)))))
            return same if symbol == "==" else Not(same)
        if not (isinstance(left.kind, Number) and isinstance(right.kind, Number)):
            self.fault(
                node,
                "kinds_mixed",
                "two different kinds are compared",
                "a number goes with a number, a day with a day",
                "compare like with like",
            )
            return None
        if self.unit(node, (left, right)) is None:
            return None
        certain = bounds.foregone(symbol, left.kind, right.kind)
        if certain is not None and not (isinstance(left, Constant) and isinstance(right, Constant)):
            code, what = (
                ("always_true", "this always holds") if certain else ("never_true", "this can never hold")
            )
            said = f"the left side is {_span(left.kind)}, the right side {_span(right.kind)}"
            self.fault(node, code, what, said, "check the number and the question's grid")
            return None
        return Compare(symbol, left, right)

    def option_test(self, node: ast.Compare) -> Tree | None | object:
        left, right, op = node.left, node.comparators[0], node.ops[0]
        for asked, other in ((left, right), (right, left)):
            kind = self.scope.names.get(asked.id) if isinstance(asked, ast.Name) else None
            if isinstance(kind, ChoiceOf) and (asked is left or isinstance(op, ast.Eq | ast.NotEq)):
                return self.one_of(node, kind, other, op)
            if isinstance(kind, SetOf):
                return self.has(node, kind, left, op, asked is right)
        return _NOT_OPTIONS

    def one_of(self, node: ast.Compare, kind: ChoiceOf, other: ast.expr, op: ast.cmpop) -> Tree | None:
        if isinstance(op, ast.In | ast.NotIn):
            listed = other.elts if isinstance(other, ast.Tuple) else [other]
        elif isinstance(op, ast.Eq | ast.NotEq):
            listed = [other]
        else:
            self.fault(
                node,
                "kinds_mixed",
                f'options of "{kind.question}" have no order',
                "they cannot be less or greater",
                "write == or in",
            )
            return None
        found = [self.option(kind.question, kind.options, part) for part in listed]
        if not all(found):
            return None
        tree = OneOf(kind.question, frozenset(option for option in found if option))
        return Not(tree) if isinstance(op, ast.NotEq | ast.NotIn) else tree

    def has(
        self, node: ast.Compare, kind: SetOf, left: ast.expr, op: ast.cmpop, right_place: bool
    ) -> Tree | None:
        if not right_place or not isinstance(op, ast.In | ast.NotIn):
            example = kind.options[0] if kind.options else "option"
            self.fault(
                node,
                "bad_in",
                f'"{kind.question}" is a set of options',
                "ask whether it holds one",
                f"write {example} in {kind.question}",
            )
            return None
        option = self.option(kind.question, kind.options, left)
        if not option:
            return None
        return Not(Has(kind.question, option)) if isinstance(op, ast.NotIn) else Has(kind.question, option)

    def option(self, question: str, options: tuple[str, ...], node: ast.expr) -> str | None:
        if isinstance(node, ast.Name) and node.id in options:
            return node.id
        word = node.id if isinstance(node, ast.Name) else ast.unparse(node)[:40]
        self.fault(
            node,
            "unknown_option",
            f'the question "{question}" has no option "{word}"',
            "the condition could never hold",
            nearest(word, options),
        )
        return None


_NOT_OPTIONS = object()


def _span(kind: Number) -> str:
    unit = "" if kind.unit == "none" else f" {kind.unit}"
    return f"{kind.low}{unit}" if kind.low == kind.high else f"{kind.low} to {kind.high}{unit}"
