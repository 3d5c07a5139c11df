"""Points: integers that add up to the score by construction."""

from __future__ import annotations


def points(weight: int, value: int, weights: int) -> int:
    """round(10,000 * weight * value / (100 * weights)), half up, for a value of 0-100.

    >>> points(30, 90, 100), points(1, 50, 3)
    (2700, 1667)
    """
    return (200 * weight * value + weights) // (2 * weights) if weights else 0
