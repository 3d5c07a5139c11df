"""The reference meaning of a rule: a slow, obvious interpreter with three truth values.

``None`` is unknown: the answer it needs is missing. Everything faster is tested against this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from quizapp.rules.tree import (
    All,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Count,
    Extreme,
    Has,
    Not,
    OneOf,
    Ramp,
    Read,
    Some,
    Tree,
)

Given: TypeAlias = int | str | frozenset[str] | None

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def ramp(value: int, start: int, end: int) -> int:
    """0 at ``start``, 100 at ``end``, straight between and rounded half up, flat outside.

    >>> ramp(5, 0, 10), ramp(-1, 0, 10), ramp(3, 10, 0), ramp(1, 0, 3)
    (50, 0, 70, 33)
    """
    if start == end:
        return 100 if value >= end else 0
    share = (value - start, end - start) if end > start else (start - value, start - end)
    return max(0, min(100, (200 * share[0] + share[1]) // (2 * share[1])))


def evaluate(tree: Tree, given: Mapping[str, Given]) -> int | None:
    """What a rule comes to: a number, a truth as 0 or 1, a day's ordinal, or None for unknown.

    ``given`` maps question ids to answers (option id, set of option ids, number, 0/1) and named
    values to theirs; what is missing is unknown. Sound, not complete: ``x or not x`` is unknown
    while x is.

    >>> from quizapp.rules.tree import Constant, Truth
    >>> evaluate(Some((Has("held", "nsca"), Constant(1, Truth()))), {})
    1
    """
    match tree:
        case Constant(value):
            return value
        case Read(name):
            number = given.get(name)
            return number if isinstance(number, int) else None
        case OneOf(name, options):
            answer = given.get(name)
            return None if answer is None else int(answer in options)
        case Has(name, option):
            held = given.get(name)
            return int(option in held) if isinstance(held, frozenset) else None
        case Not(part):
            truth = evaluate(part, given)
            return None if truth is None else 1 - truth
        case All(parts):
            return _all([evaluate(part, given) for part in parts])
        case Some(parts):
            contrary = [evaluate(part, given) for part in parts]
            none_holds = _all([None if truth is None else 1 - truth for truth in contrary])
            return None if none_holds is None else 1 - none_holds
        case Choose():
            return _choose(tree, given)
        case Compare(operator, left, right):
            return _strict(lambda a, b: int(_COMPARE[operator](a, b)), given, left, right)
        case Arithmetic("+", left, right):
            return _strict(lambda a, b: a + b, given, left, right)
        case Arithmetic("-", left, right):
            return _strict(lambda a, b: a - b, given, left, right)
        case Arithmetic(_, left, right):
            return _strict(lambda a, b: a * b, given, left, right)
        case Extreme(which, parts):
            return _strict(min if which == "min" else max, given, *parts, parts[0])
        case Count(parts):
            return _strict(lambda *truths: sum(truths), given, *parts)
        case Ramp(part, start, end):
            return _strict(ramp, given, part, start, end)


def _all(truths: list[int | None]) -> int | None:
    if 0 in truths:
        return 0
    return None if None in truths else 1


def _choose(tree: Choose, given: Mapping[str, Given]) -> int | None:
    condition = evaluate(tree.condition, given)
    if condition is not None:
        return evaluate(tree.then if condition else tree.otherwise, given)
    then, otherwise = evaluate(tree.then, given), evaluate(tree.otherwise, given)
    return then if then == otherwise else None


def _strict(work: Callable[..., int], given: Mapping[str, Given], *parts: Tree) -> int | None:
    numbers = [evaluate(part, given) for part in parts]
    return None if None in numbers else work(*numbers)
