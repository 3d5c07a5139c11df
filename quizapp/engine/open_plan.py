"""What can be said of an item while questions are open: what every completion shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from quizapp.engine.gates import Gate
from quizapp.engine.outcome import RouteOutcome, Span, Standing, StepToTake, Total

T = TypeVar("T")


def common_standing(standings: Iterable[Standing]) -> Standing:
    """The standing that holds in every completion; unknown where they differ."""
    seen = set(standings)
    return seen.pop() if len(seen) == 1 else Standing.UNKNOWN


def shared_routes(gates: Sequence[Gate]) -> tuple[RouteOutcome, ...]:
    """Every route of an item, each as far as the gates agree on it."""
    return tuple(
        shared_route([gate.routes[place] for gate in gates]) for place in range(len(gates[0].routes))
    )


def shared_route(ways: Sequence[RouteOutcome]) -> RouteOutcome:
    """One route in all the ways it may turn out.

    The least cost and time stand, as a lower bound where the ways differ; steps and missing prices
    are all that may come up.
    """
    first = ways[0]
    standing = common_standing(way.standing for way in ways)
    blocked = (
        ()
        if standing not in (Standing.INELIGIBLE_NOW, Standing.UNKNOWN)
        else _union(ways, lambda w: w.blocked_by)
    )
    return RouteOutcome(
        route=first.route,
        standing=standing,
        cost=shared_total([way.cost for way in ways if way.cost is not None]),
        months=_shared_span([way.months for way in ways if way.months is not None]),
        blocked_by=blocked,
        steps=_union(ways, lambda way: way.steps),
        wait=first.wait if len({way.wait for way in ways}) == 1 else None,
        paid=first.paid if len({way.paid for way in ways}) == 1 else (),
    )


def shared_total(totals: Sequence[Total]) -> Total | None:
    """The least of several totals, with the greatest where it is known; exact only where all are the same."""
    if not totals:
        return None
    if len(set(totals)) == 1:
        return totals[0]
    known = [total.yen for total in totals if total.yen is not None]
    missing = _union(totals, lambda total: total.not_included)
    bounded = len(known) == len(totals) and all(total.kind != "lower_bound" for total in totals)
    return Total(min(known, default=None), "lower_bound", missing, max(known) if bounded else None)


def _shared_span(spans: Sequence[Span]) -> Span | None:
    if not spans:
        return None
    last = [span.to for span in spans]
    return Span(
        min(span.from_ for span in spans), None if None in last else max(to for to in last if to is not None)
    )


def _union(ways: Sequence[T], part: Callable[[T], Sequence[StepToTake] | Sequence[str]]) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys(each for way in ways for each in part(way)))
