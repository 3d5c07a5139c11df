"""What the least and greatest outcome of a number can be, from its parts; pure interval arithmetic."""

from __future__ import annotations

from quizapp.rules.tree import ANY_UNIT, Comparison, Number


def added(left: Number, right: Number, unit: str) -> Number:
    """The bounds of a sum."""
    return Number(left.low + right.low, left.high + right.high, unit)


def subtracted(left: Number, right: Number, unit: str) -> Number:
    """The bounds of a difference."""
    return Number(left.low - right.high, left.high - right.low, unit)


def multiplied(left: Number, right: Number, unit: str) -> Number:
    """The bounds of a product."""
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Number(min(corners), max(corners), unit)


def either(left: Number, right: Number, unit: str) -> Number:
    """The bounds of one or the other."""
    return Number(min(left.low, right.low), max(left.high, right.high), unit)


def extreme(which: str, parts: list[Number], unit: str) -> Number:
    """The bounds of the least or greatest of several."""
    pick = min if which == "min" else max
    return Number(pick(p.low for p in parts), pick(p.high for p in parts), unit)


def shared_unit(units: list[str]) -> str | None:
    """The one unit of several numbers, "none" going with every other; None where they clash.

    >>> shared_unit(["yen", "none"]), shared_unit(["yen", "years"])
    ('yen', None)
    """
    named = {unit for unit in units if unit != ANY_UNIT}
    if len(named) > 1:
        return None
    return named.pop() if named else ANY_UNIT


def foregone(operator: Comparison, left: Number, right: Number) -> bool | None:
    """What a comparison always comes to, or None where both outcomes are possible.

    >>> foregone(">=", Number(15, 80), Number(10, 10))
    True
    >>> foregone("==", Number(0, 40), Number(41, 41))
    False
    """
    match operator:
        case "<":
            return True if left.high < right.low else False if left.low >= right.high else None
        case "<=":
            return True if left.high <= right.low else False if left.low > right.high else None
        case ">":
            return foregone("<", right, left)
        case ">=":
            return foregone("<=", right, left)
        case "==":
            if left.high < right.low or right.high < left.low:
                return False
            return True if left.low == left.high == right.low == right.high else None
        case "!=":
            same = foregone("==", left, right)
            return None if same is None else not same
