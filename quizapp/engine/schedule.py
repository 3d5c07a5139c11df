"""When one can sit next: whole months from a day to the first sitting on or after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.bank.model import Schedule


@dataclass(frozen=True)
class Sittings:
    """The months of the year with a sitting, 1-12; all twelve for any day, every month, or unknown."""

    months: frozenset[int]

    def ready_after(self, on: date, months: int) -> int:
        """Months from ``on`` to the first month with a sitting, ``months`` or more ahead.

        A sitting in the month itself counts as reachable: its day is not known.

        >>> Sittings(frozenset({4, 9, 1})).ready_after(date(2026, 11, 22), 0)
        2
        >>> Sittings(frozenset({11})).ready_after(date(2026, 11, 22), 1)
        12
        """
        return next(
            months + wait for wait in range(13) if (on.month - 1 + months + wait) % 12 + 1 in self.months
        )


def sittings(rows: Sequence[Schedule]) -> Sittings:
    """The sittings of several rows together; without rows nothing is known and nothing waits."""
    if not rows or any(row.any_day or row.monthly for row in rows):
        return Sittings(frozenset(range(1, 13)))
    return Sittings(frozenset(month for row in rows for month in row.months) or frozenset(range(1, 13)))
