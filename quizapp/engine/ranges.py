"""Recommending while questions are open: standings, costs and scores over every completion.

A completion in which an item cannot be ranked gives it no points. Standings are exact wherever the
questions that an item's plan reads can be gone through; scores as ``means`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from quizapp.engine.answers import Answers
from quizapp.engine.compiled import Compiled, CompiledItem, Spoken
from quizapp.engine.gates import Gate, Gates, gates_on
from quizapp.engine.means import MeanScore, mean_score
from quizapp.engine.on_top import settled_on_top
from quizapp.engine.open_case import (
    Contest,
    OpenCase,
    contenders,
    contest,
    open_case,
    open_grid,
    plans_on,
    sample_grid,
)
from quizapp.engine.open_plan import common_standing, shared_route, shared_routes
from quizapp.engine.order import fitting, ranked
from quizapp.engine.outcome import Beyond, NotNow, Recommendation, Recommended, RouteOutcome, Standing
from quizapp.engine.plan import BOUNDLESS, Plans, best_route, beyond
from quizapp.engine.rank_ranges import Span, rank_ranges
from quizapp.engine.settled import settled
from quizapp.engine.table import Table

MAX_PLAN_CELLS = 1_500_000


def recommend_open(compiled: Compiled, answers: Answers, on: date) -> Recommended:
    """The ranking by mean score while something asked is unanswered; what is settled stands on top."""
    case = open_case(compiled, answers, on)
    recommendations: list[Recommendation] = []
    others: list[NotNow] = []
    spans: list[Span] = []
    exact = totals_exact = True
    for gates in gates_on(compiled, on):
        met, all_met = _gates_met(case, gates)
        exact &= all_met
        if any(gate.ranked for gate in met):
            contested = contest(case, met)
            mean = mean_score(case, gates, contested)
            ways = _ways(case, gates, met, all_met, contested)
            exact &= mean.exact
            totals_exact &= ways.exact
            recommendations.append(_recommendation(case, gates.item, ways, mean))
            spans.append(_span(case, recommendations[-1], ways))
        elif any(gate.relevant for gate in met):
            others.append(_not_now(case, gates.item, [gate for gate in met if gate.relevant]))
    places, places_exact = rank_ranges(compiled, answers, on, spans)
    by_mean = ranked([replace(entry, rank_range=places[entry.item]) for entry in recommendations])
    in_order = settled_on_top(by_mean, settled(compiled, answers, on))
    return Recommended(
        bank=compiled.bank.bank,
        revision=compiled.revision,
        on=on.isoformat(),
        recommendations=in_order,
        not_now=tuple(others),
        fits=fitting(in_order, compiled.has_goals),
        notes=_said(case, compiled.notes),
        providers={
            "in_person": tuple(p.id for p in compiled.providers if _surely(case, p.in_person)),
            "online": tuple(p.id for p in compiled.providers if p.online),
        },
        unanswered=answers.unanswered,
        exact=exact,
        ranks_exact=places_exact,
        totals_exact=totals_exact,
    )


def _surely(case: OpenCase, table: Table) -> bool:
    return table.possible(case.states) == {1}


def _said(case: OpenCase, notes: Sequence[Spoken]) -> tuple[str, ...]:
    """The notes that surely apply: one that may not would tell takers what they never said."""
    return tuple(note.id for note in notes if _surely(case, note.holds))


def _gates_met(case: OpenCase, gates: Gates) -> tuple[Sequence[Gate], bool]:
    """The gates that some completion meets, and whether surely all of them were found.

    Where there are too many completions, those of a sample, after the best, the worst and the held that
    the conditions one by one allow: between them lies every other, so that nothing is claimed too soon.
    """
    grid = open_grid(case, gates.tables, MAX_PLAN_CELLS)
    met = gates.over(grid or sample_grid(case))[1]
    if grid is not None:
        return met, True
    may = [table.possible(case.states) for table in gates.tables]
    return tuple(dict.fromkeys([*gates.corners(may), *met])), False


@dataclass(frozen=True)
class _Ways:
    """The gates that some completion meets, and the routes that are the best one in some completion.

    ``all_met`` says that these are all the gates, ``exact`` that the routes are exactly those.
    """

    gates: Sequence[Gate]
    best: Sequence[RouteOutcome]
    all_met: bool
    exact: bool


def _ways(
    case: OpenCase, gates: Gates, met: Sequence[Gate], all_met: bool, contested: Contest | None
) -> _Ways:
    """How the item's plan may turn out.

    Where too many completions would have to be gone through, every route that no other beats at any limit.
    """
    grid = open_grid(case, gates.tables, MAX_PLAN_CELLS, contested) if contested and all_met else None
    if grid is not None:
        return _Ways(met, _best_over(plans_on(case, gates, grid, contested), met), all_met, True)
    best = [route for gate in met if gate.ranked for route in _may_be_best(case, gate, contested)]
    return _Ways(met, best, all_met, all_met and not contested)


def _best_over(plans: Plans, met: Sequence[Gate]) -> list[RouteOutcome]:
    """The best routes over a grid, each as its gate has it."""
    routes = len(plans.gates[0].routes)
    seen = np.zeros(len(plans.gates) * routes, dtype=np.bool_)
    seen[plans.gate * routes + plans.best] = True
    start = {id(gate): number * routes for number, gate in enumerate(plans.gates)}
    return [
        route
        for gate in met
        if gate.ranked
        for place, route in enumerate(gate.routes)
        if seen[start[id(gate)] + place]
    ]


def _may_be_best(case: OpenCase, gate: Gate, contested: Contest | None) -> list[RouteOutcome]:
    if contested:
        return contenders(gate)
    best = best_route(gate, case.limits)
    return [] if best is None else [best]


def _recommendation(case: OpenCase, item: CompiledItem, ways: _Ways, mean: MeanScore) -> Recommendation:
    met, best = ways.gates, list(ways.best)
    if not ways.all_met:
        best += next(gate for gate in met if gate.ranked).open_routes
    shared = shared_route(best)
    if not ways.all_met and shared.cost is not None:
        # A completion that was not looked at may cost more.
        shared = replace(shared, cost=replace(shared.cost, most=None))
    certain = len({route.route for route in best}) == 1
    over = [{each.limit: each for each in beyond(route, case.limits)} for route in best]
    return Recommendation(
        item=item.item.id,
        kind=item.item.kind,
        rank=0,
        standing=common_standing(gate.standing for gate in met if gate.relevant),
        score=sum(entry.points for entry in mean.entries),
        score_range=(mean.low, mean.high),
        ledger=mean.entries,
        route=shared.route if certain else None,
        cost=shared.cost,
        months=shared.months,
        beyond=tuple(
            min((each[limit] for each in over), key=_excess)
            for limit in over[0]
            if all(limit in each for each in over)
        ),
        routes=shared_routes([gate for gate in met if gate.relevant]),
        steps=shared.steps,
        reasons=tuple((said.id, said.side) for said in item.reasons if _surely(case, said.holds)),
        notes=_said(case, item.notes),
        providers=tuple(
            p.id
            for p in case.compiled.providers
            if item.item.id in p.items and (p.online or _surely(case, p.in_person))
        ),
    )


def _span(case: OpenCase, entry: Recommendation, ways: _Ways) -> Span:
    """What bounds an item's places in the ranking."""
    return Span(
        item=entry.item,
        surely=ways.all_met and all(gate.ranked for gate in ways.gates),
        may_exceed=not ways.all_met
        or bool(case.open_limits)
        or any(beyond(route, case.limits) for route in ways.best),
        must_exceed=ways.all_met and all(beyond(route, case.limits) for route in ways.best),
        low=entry.score_range[0],
        high=entry.score_range[1],
    )


def _excess(over: Beyond) -> int:
    """The least excess is told; a total that nobody knows only where no other way is known."""
    return BOUNDLESS if over.by is None else over.by


def _not_now(case: OpenCase, item: CompiledItem, met: Sequence[Gate]) -> NotNow:
    standing = common_standing(gate.standing for gate in met)
    told = standing in (Standing.INELIGIBLE_NOW, Standing.UNKNOWN)
    routes = shared_routes(met)
    return NotNow(
        item=item.item.id,
        kind=item.item.kind,
        standing=standing,
        blocked_by=min((route.blocked_by for route in routes), key=len, default=()) if told else (),
        routes=routes,
        listed_only=item.item.listed_only and standing is Standing.UNKNOWN,
        notes=_said(case, item.notes),
    )
