"""Single comparisons of a rule as rows; knows the many ways to write one, nothing of joins around it."""

from __future__ import annotations

import ast
from datetime import date

from quizapp.bank.rows.scope import RuleScope
from quizapp.bank.rows.shapes import Answer, Comparison, Join, Row
from quizapp.rules.tree import ChoiceOf, Day, Number, SetOf, Truth

_ORDERED: dict[type[ast.cmpop], Comparison] = {
    ast.GtE: "at_least", ast.LtE: "at_most", ast.Gt: "more_than", ast.Lt: "less_than",
    ast.Eq: "equals", ast.NotEq: "differs",
}  # fmt: skip
_TURNED: dict[Comparison, Comparison] = {
    "at_least": "at_most", "at_most": "at_least", "more_than": "less_than", "less_than": "more_than",
    "equals": "equals", "differs": "differs",
}  # fmt: skip
_CONTRARY: dict[Comparison, Comparison] = {
    "at_least": "less_than", "at_most": "more_than", "more_than": "at_most", "less_than": "at_least",
    "equals": "differs", "differs": "equals",
}  # fmt: skip


def compared(tree: ast.expr, scope: RuleScope, negated: bool) -> tuple[Join, tuple[Row, ...]] | None:
    """The rows of one comparison, or of its contrary, with the join between them; None where it has none.

    There are two rows for the contrary of "between" alone.
    """
    match tree:
        case ast.Name(id=name):
            return _single(_truth(name, scope, not negated))
        case ast.Call(func=ast.Name(id="between"), args=[value, low, high]):
            return _between(value, low, high, scope, negated)
        case ast.Compare(left=low, ops=[ast.LtE(), ast.LtE()], comparators=[value, high]):
            return _between(value, low, high, scope, negated)
        case ast.Compare(left=high, ops=[ast.GtE(), ast.GtE()], comparators=[value, low]):
            return _between(value, low, high, scope, negated)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _single(_pair(left, op, right, scope, negated))
    return None


def constant(tree: ast.expr) -> int | None:
    """The whole number that a part is written as, or None.

    >>> constant(ast.parse("-5", mode="eval").body)
    -5
    """
    match tree:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return None if isinstance(value, bool) else -value
    return None


def is_truth(tree: ast.expr) -> bool | None:
    """The truth that a part is written as, or None."""
    match tree:
        case ast.Constant(value=bool() as value):
            return value
        case ast.Name(id="true" | "false" as word):
            return word == "true"
    return None


def _single(row: Row | None) -> tuple[Join, tuple[Row, ...]] | None:
    return None if row is None else ("and", (row,))


def _truth(name: str, scope: RuleScope, positive: bool) -> Row | None:
    subject = scope.subjects.get(name)
    if subject is None or not isinstance(subject.kind, Truth):
        return None
    if subject.asked:
        return Row(name, "yes" if positive else "no")
    return Row(name, "holds" if positive else "fails")


def _pair(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: RuleScope, negated: bool) -> Row | None:
    if isinstance(op, ast.In | ast.NotIn):
        contrary = isinstance(op, ast.NotIn) != negated
        return _chosen(left, right, contrary, scope) or _held(left, right, contrary, scope)
    if isinstance(op, ast.Eq | ast.NotEq):
        contrary = isinstance(op, ast.NotEq) != negated
        for asked, answer in ((left, right), (right, left)):
            row = _is(asked, answer, contrary, scope)
            if row is not None:
                return row
    comparison = _ORDERED[type(op)]
    return _measured(left, comparison, right, scope, negated) or _measured(
        right, _TURNED[comparison], left, scope, negated
    )


def _is(asked: ast.expr, answer: ast.expr, contrary: bool, scope: RuleScope) -> Row | None:
    """`question == option`, or a truth compared with `true` or `false`."""
    name = asked.id if isinstance(asked, ast.Name) else ""
    truth = is_truth(answer)
    if truth is not None:
        return _truth(name, scope, truth != contrary)
    options = _options(name, [answer], scope, ChoiceOf)
    return Row(name, "is_not" if contrary else "is", options) if options else None


def _chosen(left: ast.expr, right: ast.expr, contrary: bool, scope: RuleScope) -> Row | None:
    name = left.id if isinstance(left, ast.Name) else ""
    options = _options(name, right.elts if isinstance(right, ast.Tuple) else [right], scope, ChoiceOf)
    return Row(name, "none_of" if contrary else "one_of", options) if options else None


def _held(left: ast.expr, right: ast.expr, contrary: bool, scope: RuleScope) -> Row | None:
    name = right.id if isinstance(right, ast.Name) else ""
    options = _options(name, [left], scope, SetOf)
    return Row(name, "excludes" if contrary else "includes", options) if options else None


def _options(
    name: str, parts: list[ast.expr], scope: RuleScope, kind: type[ChoiceOf] | type[SetOf]
) -> tuple[Answer, ...]:
    """The options that the parts name, none where one of them is no option of that question."""
    subject = scope.subjects.get(name)
    if subject is None or not isinstance(subject.kind, kind):
        return ()
    named = tuple(part.id for part in parts if isinstance(part, ast.Name) and part.id in subject.kind.options)
    return named if len(named) == len(parts) else ()


def _measured(
    left: ast.expr, comparison: Comparison, right: ast.expr, scope: RuleScope, negated: bool
) -> Row | None:
    if negated:
        comparison = _CONTRARY[comparison]
    match left:
        case ast.Name(id=name):
            answer = _answer(name, right, scope)
            return None if answer is None else Row(name, comparison, (answer,))
        case ast.Call(func=ast.Name(id="count"), args=[ast.Name(id=name)]):
            subject, number = scope.subjects.get(name), constant(right)
            if subject is None or not isinstance(subject.kind, SetOf) or number is None:
                return None
            return _counted(name, comparison, number)
    return None


def _counted(name: str, comparison: Comparison, number: int) -> Row | None:
    match comparison:
        case "at_least":
            return Row(name, "count_at_least", (number,))
        case "more_than":
            return Row(name, "count_at_least", (number + 1,))
        case "at_most":
            return Row(name, "count_at_most", (number,))
        case "less_than":
            return Row(name, "count_at_most", (number - 1,))
        case "equals":
            return Row(name, "count_is", (number,))
    return None


def _between(
    value: ast.expr, low: ast.expr, high: ast.expr, scope: RuleScope, negated: bool
) -> tuple[Join, tuple[Row, ...]] | None:
    name = value.id if isinstance(value, ast.Name) else ""
    least, most = _answer(name, low, scope), _answer(name, high, scope)
    if least is None or most is None:
        return None
    if negated:
        return "or", (Row(name, "less_than", (least,)), Row(name, "more_than", (most,)))
    return "and", (Row(name, "between", (least, most)),)


def _answer(name: str, tree: ast.expr, scope: RuleScope) -> Answer | None:
    """The number or day that a subject of that kind is compared with."""
    subject = scope.subjects.get(name)
    if subject is not None and isinstance(subject.kind, Day):
        return _day(tree)
    return constant(tree) if subject is not None and isinstance(subject.kind, Number) else None


def _day(tree: ast.expr) -> date | None:
    match tree:
        case ast.Call(func=ast.Name(id="date"), args=[year, month, day]):
            figures = [constant(part) for part in (year, month, day)]
            try:
                return date(*(figure for figure in figures if figure is not None))
            except (TypeError, ValueError, OverflowError):
                return None
    return None
