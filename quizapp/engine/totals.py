"""Every total in yen that a route can come to, whoever takes it."""

from __future__ import annotations

from quizapp.engine.compiled import CompiledRoute

MAX_TOTALS = 4_096


def possible_totals(route: CompiledRoute) -> frozenset[int]:
    """The sums of its known prices, with and without those that some takers need not pay."""
    sums = {0}
    for cost in route.costs:
        if cost.yen:
            always = cost.waived is None
            sums = {total + cost.yen for total in sums} | (set() if always else sums)
    for requirement in route.requires:
        if requirement.yen and not requirement.fixed:
            sums |= {total + requirement.yen for total in sums}
    if len(sums) > MAX_TOTALS:
        raise OverflowError(f"route {route.id} has {len(sums)} possible totals")
    return frozenset(sums)
