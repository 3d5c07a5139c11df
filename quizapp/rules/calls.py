"""The functions of the rule language, each total: what they take and what they give."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from typing import Literal

from quizapp.errors import told
from quizapp.rules import bounds
from quizapp.rules.comparisons import chain
from quizapp.rules.faults import nearest
from quizapp.rules.scope import TypingPass
from quizapp.rules.tree import Constant, Count, Day, Extreme, Has, Number, Ramp, SetOf, Tree

FUNCTIONS = ("between", "count", "date", "max", "min", "ramp")


def typed_call(typing: TypingPass, node: ast.Call) -> Tree | None:
    """The typed tree of a function's call."""
    function = node.func.id if isinstance(node.func, ast.Name) else ""
    if function not in FUNCTIONS:
        typing.fault(
            node,
            "unknown_function",
            told('there is no function "%(name)s"', name=function or "…"),
            told("only the listed functions exist"),
            nearest(function, FUNCTIONS),
        )
        return None
    makers: dict[str, Callable[[TypingPass, ast.Call], Tree | None]] = {
        "min": _extreme, "max": _extreme, "count": _count, "ramp": _ramp,
        "between": _between, "date": _day,
    }  # fmt: skip
    return makers[function](typing, node)


def _arity(typing: TypingPass, node: ast.Call, function: str, wanted: int) -> bool:
    if len(node.args) == wanted:
        return True
    typing.fault(
        node,
        "bad_arguments",
        told(
            "%(function)s takes %(wanted)s values, not %(count)s",
            function=function,
            wanted=wanted,
            count=len(node.args),
        ),
        told("each has its meaning"),
        told("give %(wanted)s values", wanted=wanted),
    )
    return False


def _extreme(typing: TypingPass, node: ast.Call) -> Tree | None:
    assert isinstance(node.func, ast.Name)
    which: Literal["min", "max"] = "min" if node.func.id == "min" else "max"
    if not node.args:
        _arity(typing, node, which, 2)
        return None
    parts = typing.numbers(node.args)
    unit = typing.unit(node, parts) if parts else None
    if parts is None or unit is None:
        return None
    kinds = [part.kind for part in parts if isinstance(part.kind, Number)]
    return Extreme(which, parts, bounds.extreme(which, kinds, unit))


def _count(typing: TypingPass, node: ast.Call) -> Tree | None:
    if len(node.args) == 1 and isinstance(node.args[0], ast.Name):
        kind = typing.scope.names.get(node.args[0].id)
        if isinstance(kind, SetOf):
            held = tuple(Has(kind.question, option) for option in kind.options)
            return Count(held, Number(0, len(held)))
    if not node.args:
        _arity(typing, node, "count", 1)
        return None
    parts = typing.truths(node.args)
    return Count(parts, Number(0, len(parts))) if parts else None


def _ramp(typing: TypingPass, node: ast.Call) -> Tree | None:
    if not _arity(typing, node, "ramp", 3):
        return None
    parts = typing.numbers(node.args)
    if parts is None or typing.unit(node, parts) is None:
        return None
    start, end = parts[1], parts[2]
    if isinstance(start, Constant) and isinstance(end, Constant) and start.value == end.value:
        typing.fault(
            node,
            "bad_arguments",
            told("ramp needs two different ends"),
            told("between equal ends there is no slope"),
            told("change one end"),
        )
        return None
    return Ramp(parts[0], start, end)


def _between(typing: TypingPass, node: ast.Call) -> Tree | None:
    if not _arity(typing, node, "between", 3):
        return None
    value, low, high = node.args
    return chain(typing, node, [low, value, high], ["<=", "<="])


def _day(typing: TypingPass, node: ast.Call) -> Tree | None:
    if not _arity(typing, node, "date", 3):
        return None
    parts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and type(arg.value) is int]
    try:
        year, month, day = parts
        return Constant(date(year, month, day).toordinal(), Day())
    except (ValueError, OverflowError):
        typing.fault(
            node,
            "bad_date",
            told("this is not a day"),
            told("a day is year, month, day in figures"),
            told("write date(2025, 12, 14)"),
        )
        return None
