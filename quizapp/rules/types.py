"""Types a rule against the questions it may read, and says every fault with its mend.

A rule that passes has a value for every answer: nothing can fail later.
"""

from __future__ import annotations

import ast
from typing import Literal

from quizapp.errors import told
from quizapp.rules import bounds
from quizapp.rules.calls import typed_call
from quizapp.rules.comparisons import typed_comparison
from quizapp.rules.faults import RuleFaults, nearest
from quizapp.rules.scope import Expect, Scope, TypingPass
from quizapp.rules.syntax import parse
from quizapp.rules.tree import (
    All,
    Arithmetic,
    ChoiceOf,
    Choose,
    Constant,
    Day,
    Not,
    Number,
    Read,
    SetOf,
    Some,
    Tree,
    Truth,
)

_LARGEST = 10**15


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
    typing = TypingPass(scope, _typed)
    tree = typing.of(parse(text))
    if tree is not None and not typing.faults:
        typing.expect(tree, expect, 1)
    if tree is None or typing.faults:
        raise RuleFaults(typing.faults)
    return tree


def _typed(typing: TypingPass, node: ast.expr) -> Tree | None:
    match node:
        case ast.Constant(value=bool() as value):
            return Constant(int(value), Truth())
        case ast.Constant(value=int() as value):
            return Constant(value, Number(value, value))
        case ast.Name():
            return _name(typing, node)
        case ast.BoolOp():
            return _junction(typing, node)
        case ast.UnaryOp():
            return _unary(typing, node)
        case ast.Compare():
            return typed_comparison(typing, node)
        case ast.BinOp():
            return _arithmetic(typing, node)
        case ast.IfExp():
            return _choice(typing, node)
        case ast.Call():
            return typed_call(typing, node)
    typing.fault(
        node,
        "not_in_language",
        told("this cannot stand here"),
        told("a list goes after in"),
        told("write x in (a, b)"),
    )
    return None


def _name(typing: TypingPass, node: ast.Name) -> Tree | None:
    if node.id in ("true", "false"):
        return Constant(int(node.id == "true"), Truth())
    kind = typing.scope.names.get(node.id)
    match kind:
        case Number() | Truth() | Day():
            return Read(node.id, kind)
        case ChoiceOf():
            example = kind.options[0] if kind.options else "option"
            typing.fault(
                node,
                "bare_question",
                told('"%(name)s" is a question with options', name=node.id),
                told("its answer must be compared with them"),
                told("write %(name)s == %(example)s or %(name)s in (…)", name=node.id, example=example),
            )
            return None
        case SetOf():
            example = kind.options[0] if kind.options else "option"
            typing.fault(
                node,
                "bare_question",
                told('"%(name)s" is a set of options', name=node.id),
                told("ask whether it holds one"),
                told("write %(example)s in %(name)s", example=example, name=node.id),
            )
            return None
    _unknown_name(typing, node)
    return None


def _unknown_name(typing: TypingPass, node: ast.Name) -> None:
    if node.id in typing.scope.elsewhere:
        typing.fault(
            node,
            "name_not_here",
            told('"%(name)s" cannot be read here', name=node.id),
            typing.scope.elsewhere[node.id],
            told("use another name"),
        )
    elif owners := typing.scope.options.get(node.id):
        typing.fault(
            node,
            "bare_option",
            told('"%(name)s" is an option of "%(question)s"', name=node.id, question=owners[0]),
            told("an option alone is not a condition"),
            told("write %(question)s == %(name)s", question=owners[0], name=node.id),
        )
    else:
        known = [*typing.scope.names, "true", "false"]
        typing.fault(
            node,
            "unknown_name",
            told('nothing is called "%(name)s"', name=node.id),
            told("no question or named value has this id"),
            nearest(node.id, known),
        )


def _junction(typing: TypingPass, node: ast.BoolOp) -> Tree | None:
    parts = typing.truths(node.values)
    if parts is None:
        return None
    return All(parts) if isinstance(node.op, ast.And) else Some(parts)


def _unary(typing: TypingPass, node: ast.UnaryOp) -> Tree | None:
    if isinstance(node.op, ast.Not):
        parts = typing.truths([node.operand])
        return Not(parts[0]) if parts else None
    numbers = typing.numbers([node.operand])
    if not numbers:
        return None
    if isinstance(numbers[0], Constant):
        value = -numbers[0].value
        return Constant(value, Number(value, value))
    zero = Constant(0, Number(0, 0))
    return _bounded(typing, node, "-", zero, numbers[0])


def _arithmetic(typing: TypingPass, node: ast.BinOp) -> Tree | None:
    parts = typing.numbers([node.left, node.right])
    if parts is None:
        return None
    symbol: Literal["+", "-", "*"] = (
        "+" if isinstance(node.op, ast.Add) else "-" if isinstance(node.op, ast.Sub) else "*"
    )
    return _bounded(typing, node, symbol, parts[0], parts[1])


def _bounded(
    typing: TypingPass, node: ast.AST, symbol: Literal["+", "-", "*"], left: Tree, right: Tree
) -> Tree | None:
    assert isinstance(left.kind, Number) and isinstance(right.kind, Number)
    if symbol == "*" and "none" not in (left.kind.unit, right.kind.unit):
        typing.fault(
            node,
            "units_mixed",
            told("%(left)s times %(right)s is not a quantity", left=left.kind.unit, right=right.kind.unit),
            told("only a plain number can multiply"),
            told("multiply by a plain number"),
        )
        return None
    unit = typing.unit(node, (left, right))
    if unit is None:
        return None
    work = {"+": bounds.added, "-": bounds.subtracted, "*": bounds.multiplied}[symbol]
    kind = work(left.kind, right.kind, unit)
    if max(abs(kind.low), abs(kind.high)) > _LARGEST:
        typing.fault(
            node,
            "number_too_large",
            told("this can grow too large"),
            told("totals are kept within 10^15"),
            told("use smaller numbers"),
        )
        return None
    return Arithmetic(symbol, left, right, kind)


def _choice(typing: TypingPass, node: ast.IfExp) -> Tree | None:
    condition = typing.truths([node.test])
    then, otherwise = typing.of(node.body), typing.of(node.orelse)
    if condition is None or then is None or otherwise is None:
        return None
    if isinstance(then.kind, Truth) and isinstance(otherwise.kind, Truth):
        return Choose(condition[0], then, otherwise, Truth())
    if isinstance(then.kind, Number) and isinstance(otherwise.kind, Number):
        unit = typing.unit(node, (then, otherwise))
        if unit is None:
            return None
        return Choose(condition[0], then, otherwise, bounds.either(then.kind, otherwise.kind, unit))
    typing.fault(
        node,
        "kinds_mixed",
        told("one branch is a number, the other is not"),
        told("both must be of one kind"),
        told("make both numbers or both conditions"),
    )
    return None
