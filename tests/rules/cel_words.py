"""Says a rule of ours in CEL, straight from its text, so that a foreign engine can work it out.

It shares nothing with the rule reader: neither its typing nor its trees. Only what CEL has itself is
used; no function of ours is lent to it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import cel

from quizapp.rules.tree import ChoiceOf, Kind, SetOf

_SIGNS: dict[type[ast.AST], str] = {
    ast.And: "&&", ast.Or: "||", ast.Not: "!", ast.USub: "-", ast.Add: "+", ast.Sub: "-", ast.Mult: "*",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
# CEL has no min, max or ramp of its own; its lists can say all three. Between its ends a ramp is
# positive, so that CEL's division, which cuts towards zero, rounds half up.
_EXTREME = "[[{0}]].map(all, all.filter(one, all.all(other, one {1} other))[0])[0]"
_RAMP = (
    "[[{0}]].map(r, r[1] == r[2] ? (r[0] >= r[2] ? 100 : 0)"
    " : r[1] < r[2] ? (r[0] <= r[1] ? 0 : r[0] >= r[2] ? 100"
    " : (200 * (r[0] - r[1]) + (r[2] - r[1])) / (2 * (r[2] - r[1])))"
    " : (r[0] >= r[1] ? 0 : r[0] <= r[2] ? 100"
    " : (200 * (r[1] - r[0]) + (r[1] - r[2])) / (2 * (r[1] - r[2]))))[0]"
)


@dataclass(frozen=True)
class Words:
    """How one bank's rules are said in CEL; ``kinds`` are those of its questions, by name."""

    kinds: Mapping[str, Kind]

    def say(self, text: str) -> str:
        """The CEL text of a rule."""
        return self._said(ast.parse(text.replace("\n", " ").strip(), mode="eval").body)

    def _said(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=int() as value):
                return str(value).lower()
            case ast.Name(id="true" | "false" as name):
                return name
            case ast.Name(id=name):
                return _variable(name)
            case ast.BoolOp(op, values):
                return "(" + f" {_SIGNS[type(op)]} ".join(self._said(part) for part in values) + ")"
            case ast.UnaryOp(op, operand):
                return f"({_SIGNS[type(op)]}({self._said(operand)}))"
            case ast.BinOp(left, op, right):
                return f"({self._said(left)} {_SIGNS[type(op)]} {self._said(right)})"
            case ast.IfExp(test, body, orelse):
                return f"({self._said(test)} ? {self._said(body)} : {self._said(orelse)})"
            case ast.Compare(left, ops, comparators):
                links = zip([left, *comparators], ops, comparators, strict=False)
                return "(" + " && ".join(self._compared(*link) for link in links) + ")"
            case ast.Call(func=ast.Name(id=function), args=args):
                return self._called(function, args)
        raise AssertionError(f"CEL has no word for {ast.unparse(node)}")

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        if isinstance(op, ast.In | ast.NotIn):
            if self._is(right, SetOf):
                held = f"{_option(left)} in {self._said(right)}"
            else:
                listed = right.elts if isinstance(right, ast.Tuple) else [right]
                held = f"{self._said(left)} in [{', '.join(_option(part) for part in listed)}]"
            return f"({held})" if isinstance(op, ast.In) else f"!({held})"
        if self._is(left, ChoiceOf):
            return f"({self._said(left)} {_SIGNS[type(op)]} {_option(right)})"
        if self._is(right, ChoiceOf):
            return f"({_option(left)} {_SIGNS[type(op)]} {self._said(right)})"
        return f"({self._said(left)} {_SIGNS[type(op)]} {self._said(right)})"

    def _called(self, function: str, args: list[ast.expr]) -> str:
        if function == "date":
            return f'timestamp("{_day(*[int(ast.unparse(part)) for part in args])}")'
        parts = [self._said(part) for part in args]
        match function:
            case "min":
                return _EXTREME.format(", ".join(parts), "<=")
            case "max":
                return _EXTREME.format(", ".join(parts), ">=")
            case "between":
                return f"({parts[1]} <= {parts[0]} && {parts[0]} <= {parts[2]})"
            case "count" if self._is(args[0], SetOf):
                return f"size({parts[0]})"
            case "count":
                return f"size([{', '.join(parts)}].filter(one, one))"
            case "ramp":
                return _RAMP.format(", ".join(parts))
        raise AssertionError(f"CEL has no word for {function}")

    def _is(self, node: ast.expr, kind: type[ChoiceOf] | type[SetOf]) -> bool:
        return isinstance(node, ast.Name) and isinstance(self.kinds.get(node.id), kind)


def work_out(words: str, facts: Mapping[str, Any]) -> bool | int:
    """What CEL makes of an expression; ``facts`` are answers and days by the names that rules use."""
    result = _program(words).execute({_variable(name): _fact(value) for name, value in facts.items()})
    assert isinstance(result, bool | int)
    return result


@cache
def _program(words: str) -> cel.Program:
    return cel.compile(words)


def _variable(name: str) -> str:
    # CEL keeps words for itself that may name a question here.
    return f"the_{name}"


def _option(node: ast.expr) -> str:
    assert isinstance(node, ast.Name)
    return f'"{node.id}"'


def _day(year: int, month: int, day: int) -> str:
    return f"{date(year, month, day).isoformat()}T00:00:00Z"


def _fact(value: Any) -> Any:
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else value
