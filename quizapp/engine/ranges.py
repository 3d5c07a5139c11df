"""Recommending while questions are open: standings, costs and scores over every completion.

A completion in which an item cannot be ranked gives it no points. Standings are exact wherever the
questions that an item's plan reads can be gone through; scores as ``means`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from quizapp.engine.answers import Answers, possible_states
from quizapp.engine.compiled import Compiled, CompiledItem, Spoken
from quizapp.engine.means import OpenCase, mean_score, open_grid, sample_grid
from quizapp.engine.open_plan import (
    OpenPlan,
    common_standing,
    least_beyond,
    plan_over,
    plan_tables,
    route_outcome,
)
from quizapp.engine.order import fitting, ranked
from quizapp.engine.outcome import NotNow, Recommendation, Recommended, RouteOutcome, Standing, Total
from quizapp.engine.state import limits_of, today_index
from quizapp.engine.table import Table

MAX_PLAN_CELLS = 1_500_000


def open_case(compiled: Compiled, answers: Answers, on: date) -> OpenCase:
    """One taker's fixed and open variables on one day."""
    fixed = [index if index is not None else 0 for index in answers.indexes]
    fixed += [0] * (len(compiled.variables) - len(fixed))
    fixed[compiled.today] = today_index(compiled, on)
    still_open = frozenset(place for place, index in enumerate(answers.indexes) if index is None)
    wide = (*still_open, compiled.cost, compiled.duration)
    states = [
        tuple(range(len(variable.domain))) if place in wide else (fixed[place],)
        for place, variable in enumerate(compiled.variables)
    ]
    narrowed = tuple(possible_states(compiled, states))
    return OpenCase(compiled, tuple(fixed), still_open, narrowed, on, limits_of(compiled, answers))


def recommend_open(compiled: Compiled, answers: Answers, on: date) -> Recommended:
    """The ranking by mean score while something asked is unanswered."""
    case = open_case(compiled, answers, on)
    recommendations: list[Recommendation] = []
    others: list[NotNow] = []
    exact = True
    for item in compiled.items:
        plan, plan_exact = _plan(case, item)
        exact &= plan_exact
        if plan.ranked.any():
            entry, entry_exact = _recommendation(case, plan)
            exact &= entry_exact
            recommendations.append(entry)
        elif plan.relevant.any():
            others.append(_not_now(case, plan))
    in_order = ranked(recommendations)
    return Recommended(
        bank=compiled.bank.bank,
        revision=compiled.revision,
        on=on.isoformat(),
        recommendations=in_order,
        not_now=tuple(others),
        fits=fitting(in_order, compiled.has_goals),
        notes=_may_be_said(case, compiled.notes),
        providers={
            "in_person": tuple(p.id for p in compiled.providers if _surely(case, p.in_person)),
            "online": tuple(p.id for p in compiled.providers if p.online),
        },
        unanswered=answers.unanswered,
        exact=exact,
    )


def _surely(case: OpenCase, table: Table) -> bool:
    return table.possible(case.states) == {1}


def _may_be_said(case: OpenCase, notes: Sequence[Spoken]) -> tuple[str, ...]:
    """The cautions that may apply: better one too many than one too few."""
    return tuple(note.id for note in notes if 1 in note.holds.possible(case.states))


def _plan(case: OpenCase, item: CompiledItem) -> tuple[OpenPlan, bool]:
    grid = open_grid(case, plan_tables(item), MAX_PLAN_CELLS)
    plan = plan_over(case.compiled, item, grid or sample_grid(case), case.on, case.limits)
    return plan, grid is not None


def _recommendation(case: OpenCase, plan: OpenPlan) -> tuple[Recommendation, bool]:
    item = plan.item
    mean = mean_score(case, item)
    leading, certain = _leading_route(plan)
    cost = leading.cost
    if cost is not None and not certain:
        cost = Total(cost.yen, "lower_bound", cost.not_included)
    recommendation = Recommendation(
        item=item.item.id,
        kind=item.item.kind,
        rank=0,
        standing=common_standing(plan.standing, plan.relevant),
        score=sum(entry.points for entry in mean.entries),
        score_range=(mean.low, mean.high),
        ledger=mean.entries,
        route=leading.route if certain else None,
        cost=cost,
        months=leading.months,
        beyond=least_beyond(plan),
        routes=tuple(route_outcome(route, plan.relevant, item.item.priced) for route in plan.routes),
        steps=leading.steps,
        reasons=tuple((said.id, said.side) for said in item.reasons if _surely(case, said.holds)),
        notes=_may_be_said(case, item.notes),
        providers=tuple(
            p.id
            for p in case.compiled.providers
            if item.item.id in p.items and (p.online or _surely(case, p.in_person))
        ),
    )
    return recommendation, mean.exact


def _leading_route(plan: OpenPlan) -> tuple[RouteOutcome, bool]:
    """The cheapest of the routes that may turn out best, and whether it is the only one."""
    best, where = np.broadcast_arrays(plan.best, plan.ranked)
    places = np.unique(best[where != 0])
    outcomes = [
        route_outcome(plan.routes[place], plan.ranked * (plan.best == place), plan.item.item.priced)
        for place in places
    ]
    return min(outcomes, key=_cheapness), len(outcomes) == 1


def _cheapness(route: RouteOutcome) -> tuple[bool, int]:
    yen = route.cost.yen if route.cost else 0
    return yen is None, yen or 0


def _not_now(case: OpenCase, plan: OpenPlan) -> NotNow:
    item = plan.item
    standing = common_standing(plan.standing, plan.relevant)
    routes = tuple(route_outcome(route, plan.relevant, item.item.priced) for route in plan.routes)
    told = standing in (Standing.INELIGIBLE_NOW, Standing.UNKNOWN)
    return NotNow(
        item=item.item.id,
        kind=item.item.kind,
        standing=standing,
        blocked_by=min((route.blocked_by for route in routes), key=len, default=()) if told else (),
        routes=routes,
        listed_only=item.item.listed_only and standing is Standing.UNKNOWN,
        notes=_may_be_said(case, item.notes),
    )
