"""Rules ↔ rows of menus, both ways without loss; what has no rows stays an expression.

``rows_of`` reads what was written, not what was typed: a rule whose number is out of range still
shows its rows, with its fault told beside them by whoever checks it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from quizapp.bank.fields import UNTOLD
from quizapp.bank.rows.atoms import compared, constant, is_truth
from quizapp.bank.rows.scope import RuleScope
from quizapp.bank.rows.shapes import (
    Answer,
    Comparison,
    Group,
    Join,
    Ladder,
    Row,
    Rows,
    comparisons_for,
    merged,
    other,
)
from quizapp.rules import RuleFaults
from quizapp.rules.syntax import parse

__all__ = [
    "Answer", "Comparison", "Group", "Join", "Ladder", "Row", "Rows",
    "comparisons_for", "ladder_of", "rows_of", "rule_of", "rule_of_ladder",
]  # fmt: skip

_SYMBOLS: dict[Comparison, str] = {
    "is": "==", "is_not": "!=", "equals": "==", "differs": "!=",
    "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<",
    "count_at_least": ">=", "count_at_most": "<=", "count_is": "==",
}  # fmt: skip


@dataclass(frozen=True)
class _Joined:
    """Parts under one join, none of them under the same."""

    join: Join
    parts: tuple[_Node, ...]


_Node: TypeAlias = Row | _Joined


def rows_of(rule: str, scope: RuleScope) -> Rows | None:
    """The rule as rows of menus, or None where menus cannot show it.

    Shown are `true`, `false`, and simple comparisons, some of them negated, under "and" and "or"
    nested once. Reading ``rule_of`` of the outcome gives the same rows and means the same as the rule.
    """
    tree = _tree(rule)
    rows = None if tree is None else _rows(tree, scope)
    # A rule near the greatest length can be too long once its negations are carried down.
    return rows if rows is not None and _tree(rule_of(rows)) is not None else None


def ladder_of(rule: str, scope: RuleScope) -> Ladder | None:
    """The rule as a value by cases, or None where it is none: `80 if a else 60 if b else 40`, or `40`."""
    tree = _tree(rule)
    steps: list[tuple[Rows, int]] = []
    while isinstance(tree, ast.IfExp):
        rows, number = _rows(tree.test, scope), constant(tree.body)
        if rows is None or number is None:
            return None
        steps.append((rows, number))
        tree = tree.orelse
    last = constant(tree) if tree is not None else None
    ladder = None if last is None else Ladder(tuple(steps), last)
    return ladder if ladder is not None and _tree(rule_of_ladder(ladder)) is not None else None


def rule_of(rows: Rows) -> str:
    """The rule that the rows are, as it is written into a bank.

    >>> age = Group("or", (Row("age", "at_least", (18,)),))
    >>> rule_of(Rows("and", (age, Group("or", (Row("held", "includes", ("nsca",)), Row("member", "holds"))))))
    'age >= 18 and (nsca in held or member)'
    """
    if not rows.groups:
        return "true" if rows.join == "and" else "false"
    several = len(rows.groups) > 1
    return f" {rows.join} ".join(_group_text(group, rows.join, several) for group in rows.groups)


def rule_of_ladder(ladder: Ladder) -> str:
    """The value by cases as a rule.

    >>> rule_of_ladder(Ladder(((Rows("and", (Group("or", (Row("ready", "holds"),)),)), 80),), 40))
    '80 if ready else 40'
    """
    steps = [f"{number} if {rule_of(rows)} else " for rows, number in ladder.steps]
    return "".join([*steps, str(ladder.otherwise)])


def _group_text(group: Group, around: Join, several: bool) -> str:
    if len(group.rows) == 1:
        text, join = _row_text(group.rows[0])
        return f"({text})" if several and join not in (None, around) else text
    parts = []
    for text, join in map(_row_text, group.rows):
        parts.append(f"({text})" if join not in (None, group.join) else text)
    return f"({f' {group.join} '.join(parts)})"


def _row_text(row: Row) -> tuple[str, Join | None]:
    """A row as text, and the join that it uses inside."""
    subject, answers = row.subject, [_answer_text(answer) for answer in row.answers]
    match row.comparison:
        case "yes" | "holds":
            return subject, None
        case "no" | "fails":
            return f"not {subject}", None
        case "one_of":
            return f"{subject} in ({', '.join(answers)})", None
        case "none_of":
            return f"{subject} not in ({', '.join(answers)})", None
        case "includes" | "includes_all":
            return " and ".join(f"{answer} in {subject}" for answer in answers), _inside(answers, "and")
        case "includes_any":
            return " or ".join(f"{answer} in {subject}" for answer in answers), "or"
        case "excludes" | "includes_none":
            return " and ".join(f"{answer} not in {subject}" for answer in answers), _inside(answers, "and")
        case "between":
            return f"{answers[0]} <= {subject} <= {answers[1]}", None
        case "count_at_least" | "count_at_most" | "count_is":
            return f"count({subject}) {_SYMBOLS[row.comparison]} {answers[0]}", None
    return f"{subject} {_SYMBOLS[row.comparison]} {answers[0]}", None


def _inside(answers: list[str], join: Join) -> Join | None:
    return join if len(answers) > 1 else None


def _answer_text(answer: Answer) -> str:
    if isinstance(answer, date):
        return f"date({answer.year}, {answer.month}, {answer.day})"
    return str(answer)


def _tree(rule: str) -> ast.expr | None:
    if rule.strip() == UNTOLD:
        return None
    try:
        return parse(rule)
    except RuleFaults:
        return None


def _rows(tree: ast.expr, scope: RuleScope) -> Rows | None:
    truth = is_truth(tree)
    if truth is not None:
        return Rows("and" if truth else "or")
    node = _node(tree, scope, False)
    if node is None:
        return None
    if isinstance(node, Row):
        return Rows("and", (Group("or", (node,)),))
    inner = other(node.join)
    groups: list[Group] = []
    for part in node.parts:
        rows = (part,) if isinstance(part, Row) else part.parts
        if not all(isinstance(row, Row) for row in rows):
            return None
        groups.append(Group(inner, tuple(row for row in rows if isinstance(row, Row))))
    return Rows(node.join, tuple(groups))


def _node(tree: ast.expr, scope: RuleScope, negated: bool) -> _Node | None:
    """The comparisons of a tree under their joins, a negation carried down to each of them."""
    match tree:
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return _node(part, scope, not negated)
        case ast.BoolOp(op=op, values=values):
            written: Join = "and" if isinstance(op, ast.And) else "or"
            return _joined(other(written) if negated else written, [_node(v, scope, negated) for v in values])
    found = compared(tree, scope, negated)
    if found is None:
        return None
    join, rows = found
    return rows[0] if len(rows) == 1 else _joined(join, list(rows))


def _joined(join: Join, parts: list[_Node | None] | list[Row]) -> _Node | None:
    flat: list[_Node] = []
    for part in parts:
        if part is None:
            return None
        flat += part.parts if isinstance(part, _Joined) and part.join == join else (part,)
    tidy: list[_Node] = []
    for part in flat:
        row = tidy[-1] if tidy else None
        pair = merged((row, part), join) if isinstance(row, Row) and isinstance(part, Row) else ()
        tidy[-1 if len(pair) == 1 else len(tidy) :] = pair if len(pair) == 1 else (part,)
    return tidy[0] if len(tidy) == 1 else _Joined(join, tuple(tidy))
