"""Comparisons: numbers with numbers, days with days, a question with its options."""

from __future__ import annotations

import ast

from quizapp.errors import told
from quizapp.rules import bounds
from quizapp.rules.faults import nearest
from quizapp.rules.scope import TypingPass
from quizapp.rules.tree import (
    All,
    ChoiceOf,
    Compare,
    Comparison,
    Constant,
    Day,
    Has,
    Not,
    Number,
    OneOf,
    SetOf,
    Some,
    Tree,
    Truth,
)

_COMPARISONS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


def typed_comparison(typing: TypingPass, node: ast.Compare) -> Tree | None:
    """A comparison, or several in a chain (`20 <= age <= 29`)."""
    if len(node.ops) == 1:
        left, right, op = node.left, node.comparators[0], node.ops[0]
        for asked, other in ((left, right), (right, left)):
            kind = typing.scope.names.get(asked.id) if isinstance(asked, ast.Name) else None
            if isinstance(kind, ChoiceOf) and (asked is left or isinstance(op, ast.Eq | ast.NotEq)):
                return _one_of(typing, node, kind, other, op)
            if isinstance(kind, SetOf):
                return _has(typing, node, kind, left, op, asked is right)
    if unknown := [part for part in (node.left, *node.comparators) if typing.unknown(part)]:
        # What stands beside a mistyped name would be judged without it, and wrongly.
        for part in unknown:
            typing.of(part)
        return None
    symbols = [_COMPARISONS.get(type(op)) for op in node.ops]
    if None in symbols:
        typing.fault(
            node,
            "bad_in",
            told("in needs a question with options"),
            told("only options can be in a list or a set"),
            told("write question in (a, b)"),
        )
        return None
    return chain(typing, node, [node.left, *node.comparators], [s for s in symbols if s])


def chain(
    typing: TypingPass, node: ast.expr, parts: list[ast.expr], symbols: list[Comparison]
) -> Tree | None:
    """Every neighbouring pair compared; all must hold."""
    trees = [typing.of(part) for part in parts]
    links: list[Tree] = []
    for symbol, left, right in zip(symbols, trees, trees[1:], strict=False):
        link = _link(typing, node, symbol, left, right) if left and right else None
        if link is None:
            return None
        links.append(link)
    return links[0] if len(links) == 1 else All(tuple(links))


def _link(typing: TypingPass, node: ast.expr, symbol: Comparison, left: Tree, right: Tree) -> Tree | None:
    if isinstance(left.kind, Day) and isinstance(right.kind, Day):
        return Compare(symbol, left, right)
    if isinstance(left.kind, Truth) and isinstance(right.kind, Truth) and symbol in ("==", "!="):
        same = Some((All((left, right)), All((Not(left), Not(right)))))
        return same if symbol == "==" else Not(same)
    if not (isinstance(left.kind, Number) and isinstance(right.kind, Number)):
        typing.fault(
            node,
            "kinds_mixed",
            told("two different kinds are compared"),
            told("a number goes with a number, a day with a day"),
            told("compare like with like"),
        )
        return None
    if typing.unit(node, (left, right)) is None:
        return None
    certain = bounds.foregone(symbol, left.kind, right.kind)
    if certain is not None and not (isinstance(left, Constant) and isinstance(right, Constant)):
        always, never = told("this always holds"), told("this can never hold")
        code, what = ("always_true", always) if certain else ("never_true", never)
        said = told(
            "the left side is %(left)s, the right side %(right)s",
            left=_span(left.kind),
            right=_span(right.kind),
        )
        typing.fault(node, code, what, said, told("check the number and the question's grid"))
        return None
    return Compare(symbol, left, right)


def _one_of(
    typing: TypingPass, node: ast.Compare, kind: ChoiceOf, other: ast.expr, op: ast.cmpop
) -> Tree | None:
    if isinstance(op, ast.In | ast.NotIn):
        listed = other.elts if isinstance(other, ast.Tuple) else [other]
    elif isinstance(op, ast.Eq | ast.NotEq):
        listed = [other]
    else:
        typing.fault(
            node,
            "kinds_mixed",
            told('options of "%(question)s" have no order', question=kind.question),
            told("they cannot be less or greater"),
            told("write == or in"),
        )
        return None
    found = [_option(typing, kind.question, kind.options, part) for part in listed]
    if not all(found):
        return None
    tree = OneOf(kind.question, frozenset(option for option in found if option))
    return Not(tree) if isinstance(op, ast.NotEq | ast.NotIn) else tree


def _has(
    typing: TypingPass, node: ast.Compare, kind: SetOf, left: ast.expr, op: ast.cmpop, right_place: bool
) -> Tree | None:
    if not right_place or not isinstance(op, ast.In | ast.NotIn):
        example = kind.options[0] if kind.options else "option"
        typing.fault(
            node,
            "bad_in",
            told('"%(question)s" is a set of options', question=kind.question),
            told("ask whether it holds one"),
            told("write %(example)s in %(question)s", example=example, question=kind.question),
        )
        return None
    option = _option(typing, kind.question, kind.options, left)
    if not option:
        return None
    return Not(Has(kind.question, option)) if isinstance(op, ast.NotIn) else Has(kind.question, option)


def _option(typing: TypingPass, question: str, options: tuple[str, ...], node: ast.expr) -> str | None:
    if isinstance(node, ast.Name) and node.id in options:
        return node.id
    word = node.id if isinstance(node, ast.Name) else ast.unparse(node)[:40]
    typing.fault(
        node,
        "unknown_option",
        told('the question "%(question)s" has no option "%(word)s"', question=question, word=word),
        told("the condition could never hold"),
        nearest(word, options),
    )
    return None


def _span(kind: Number) -> str:
    if kind.low == kind.high:
        return _counted(str(kind.low), kind.unit)
    return _counted(told("%(low)s to %(high)s", low=kind.low, high=kind.high), kind.unit)


def _counted(amount: str, unit: str) -> str:
    # What units are called stands where editors choose among them.
    return amount if unit == "none" else told("%(amount)s %(unit)s", amount=amount, unit=told(unit))
