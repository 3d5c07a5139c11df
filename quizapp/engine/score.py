"""Points and their ledger: integers that add up to the score by construction."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.engine.outcome import LedgerEntry
from quizapp.engine.table import UNKNOWN


def points(weight: int, value: int, weights: int) -> int:
    """round(10,000 * weight * value / (100 * weights)), half up, for a value of 0-100.

    >>> points(30, 90, 100), points(1, 50, 3)
    (2700, 1667)
    """
    return (200 * weight * value + weights) // (2 * weights) if weights else 0


def ledger(
    criteria: Sequence[str],
    weights: Sequence[int],
    values: Sequence[int],
    unknown: Sequence[int],
    parts: Sequence[tuple[tuple[str, int | None], ...]],
) -> tuple[LedgerEntry, ...]:
    """One entry per criterion; an unknown value counts as that criterion says it does."""
    whole = sum(weights)
    entries = []
    for name, weight, value, instead, seen in zip(criteria, weights, values, unknown, parts, strict=True):
        known = value != UNKNOWN
        counted = value if known else instead
        entries.append(LedgerEntry(name, weight, counted, points(weight, counted, whole), known, seen))
    return tuple(entries)
