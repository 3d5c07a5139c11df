"""From a rule's tree to what it says: negations carried down, neighbours about one thing joined.

A saying means what the tree means, for every answer and for missing ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from quizapp.bank.rows.scope import RuleScope
from quizapp.bank.sentences.sayings import (
    Always,
    Answered,
    Both,
    Cases,
    Chosen,
    Either,
    Equal,
    Held,
    How,
    Limit,
    Measured,
    Saying,
)
from quizapp.rules.tree import (
    All,
    Arithmetic,
    Choose,
    Compare,
    Comparison,
    Constant,
    Count,
    Extreme,
    Has,
    Not,
    Number,
    OneOf,
    Ramp,
    Read,
    Some,
    Tree,
)

Reach: TypeAlias = Literal["", "below", "above"]

_CONTRARY: dict[Comparison, Comparison] = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_TURNED: dict[Comparison, Comparison] = {
    "==": "==", "!=": "!=", "<": ">", ">=": "<=", ">": "<", "<=": ">=",
}  # fmt: skip


def said(tree: Tree, scope: RuleScope, positive: bool = True) -> Saying:
    """What a condition says, or what its contrary says. The tree must be a truth."""
    match tree:
        case Constant(value):
            return Always(bool(value) == positive)
        case Not(part):
            return said(part, scope, not positive)
        case All(parts) | Some(parts):
            each = [said(part, scope, positive) for part in parts]
            return _joined(each, isinstance(tree, All) == positive)
        case OneOf(name, options):
            subject = scope.subjects[name]
            return Chosen(name, tuple(o for o in subject.options if o in options), positive)
        case Has(name, option):
            return Held(name, (option,), "all" if positive else "none")
        case Read(name):
            if scope.subjects[name].asked:
                return Answered(name, positive)
            return Held(None, (name,), "all" if positive else "none")
        case Compare(operator, left, right):
            return _compared(operator if positive else _CONTRARY[operator], left, right)
        case Choose(condition, then, otherwise):
            return Cases(
                said(condition, scope), said(then, scope, positive), said(otherwise, scope, positive)
            )
    raise ValueError("only conditions say something that can hold")


def counted_set(tree: Count, scope: RuleScope) -> str | None:
    """The choices question whose chosen options a count counts, None for a count of conditions."""
    first = tree.parts[0] if tree.parts else None
    if not isinstance(first, Has):
        return None
    every = tuple(Has(first.name, option) for option in scope.subjects[first.name].options)
    return first.name if tree.parts == every else None


def whole_limits(saying: Measured) -> tuple[int | None, int | None] | None:
    """The least and greatest whole numbers within limits that are written as figures, else None."""
    if not all(isinstance(end.value, Constant) for end in (saying.low, saying.high) if end):
        return None
    low, high = (
        end.value.value if end and isinstance(end.value, Constant) else None
        for end in (saying.low, saying.high)
    )
    if saying.low and saying.low.strict and low is not None:
        low += 1
    if saying.high and saying.high.strict and high is not None:
        high -= 1
    return low, high


def goes_on(first: Saying, second: Saying) -> bool:
    """Whether a second case goes on about what the first was about, so that it need not be named again."""
    match first, second:
        case Chosen(positive=True), Chosen(positive=True):
            return first.name == second.name and not set(first.options) & set(second.options)
        case Measured(), Measured():
            alike = (first.low is None) == (second.low is None) and (first.high is None) == (
                second.high is None
            )
            return first.what == second.what and alike
        case Equal(positive=True), Equal(positive=True):
            return first.what == second.what
    return False


def ramp_ends(tree: Ramp) -> tuple[Reach, Reach]:
    """Whether each end of a ramp goes on "below" or "above" it, or stops there as nothing lies beyond."""
    inner, start, end = tree.part.kind, tree.start, tree.end
    if not (isinstance(inner, Number) and isinstance(start, Constant) and isinstance(end, Constant)):
        return "", ""
    rising = start.value < end.value
    low, high = (start.value, end.value) if rising else (end.value, start.value)
    below: Reach = "below" if inner.low < low else ""
    above: Reach = "above" if inner.high > high else ""
    return (below, above) if rising else (above, below)


def stands_apart(part: Tree, operator: str, on_right: bool) -> bool:
    """Whether an operand of a sum, difference or product needs brackets to be read right."""
    if isinstance(part, Arithmetic):
        closer, looser = part.operator == "*", operator != "*"
        return not (closer and looser) and (on_right or not (closer or looser))
    return isinstance(part, Choose | Ramp | Extreme)


def unit_of(*trees: Tree) -> str:
    """The unit that numbers compared or added have between them."""
    units = [tree.kind.unit for tree in trees if isinstance(tree.kind, Number)]
    return next((unit for unit in units if unit != "none"), "none")


def _compared(operator: Comparison, left: Tree, right: Tree) -> Saying:
    if isinstance(left, Constant) and not isinstance(right, Constant):
        operator, left, right = _TURNED[operator], right, left
    match operator:
        case "==" if isinstance(left, Count) and isinstance(right, Constant):
            return Measured(left, Limit(right, False), Limit(right, False))
        case "==" | "!=":
            return Equal(left, right, operator == "==")
        case ">=" | ">":
            return Measured(left, Limit(right, operator == ">"), None)
    return Measured(left, None, Limit(right, operator == "<"))


def _joined(parts: Iterable[Saying], every: bool) -> Saying:
    like = Both if every else Either
    found: list[Saying] = []
    for part in parts:
        for single in part.parts if isinstance(part, like) else (part,):
            one = _as_one(found[-1], single, every) if found else None
            found[-1 if one else len(found) :] = [one or single]
    return found[0] if len(found) == 1 else like(tuple(found))


def _as_one(first: Saying, second: Saying, every: bool) -> Saying | None:
    """Two neighbours about one thing as one saying, or None."""
    match first, second:
        case Chosen(), Chosen():
            if first.name == second.name and first.positive == second.positive != every:
                return Chosen(first.name, _union(first.options, second.options), first.positive)
        case Held(), Held():
            how = _how(first, second, every)
            if first.name == second.name and how:
                return Held(first.name, _union(first.parts, second.parts), how)
        case Measured(what=what, low=low, high=None), Measured(what=other, low=None, high=high):
            if every and what == other:
                return Measured(what, low, high)
        case Measured(what=what, low=None, high=high), Measured(what=other, low=low, high=None):
            if every and what == other:
                return Measured(what, low, high)
    return None


def _how(first: Held, second: Held, every: bool) -> How | None:
    """How the parts of both hold together, or None where they cannot be said as one."""

    def reads_as(one: Held, how: How) -> bool:
        alike: dict[How, How] = {"any": "all", "lacking": "none"}
        return one.how == how or (len(one.parts) == 1 and one.how == alike.get(how))

    wanted: tuple[How, ...] = ("all", "none") if every else ("any", "lacking")
    return next((how for how in wanted if reads_as(first, how) and reads_as(second, how)), None)


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
