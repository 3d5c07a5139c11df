"""Every total in yen that a route can come to, whoever takes it."""

from __future__ import annotations

from quizapp.engine.compiled import CompiledRoute

MAX_TOTALS = 4_096


def possible_totals(route: CompiledRoute) -> frozenset[int]:
    """The sums of its known prices, with and without those that some takers need not pay.

    Raises OverflowError as soon as there are more than MAX_TOTALS.
    """
    prices = [(cost.yen, cost.waived is None) for cost in route.costs if cost.yen]
    prices += [(r.yen, False) for r in route.requires if r.yen and not r.fixed]
    sums = {0}
    for yen, always in prices:
        sums = {total + yen for total in sums} | (set() if always else sums)
        if len(sums) > MAX_TOTALS:
            raise OverflowError(f"route {route.id} has more than {MAX_TOTALS} possible totals")
    return frozenset(sums)
