"""Recommending while questions are open: standings, costs and scores over every completion.

A completion in which an item cannot be ranked gives it no points. Standings are exact wherever the
questions that an item's plan reads can be gone through; scores as ``means`` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from quizapp.bank.model import Limit
from quizapp.engine.answers import Answers, possible_states
from quizapp.engine.compiled import Compiled, CompiledItem, Spoken
from quizapp.engine.gates import Gate, Gates, gates_on
from quizapp.engine.means import MeanScore, OpenCase, in_question, mean_score, open_grid, sample_grid
from quizapp.engine.open_plan import common_standing, shared_route, shared_routes
from quizapp.engine.order import fitting, ranked
from quizapp.engine.outcome import Beyond, NotNow, Recommendation, Recommended, RouteOutcome, Standing
from quizapp.engine.plan import BOUNDLESS, Limits, best_route, beyond
from quizapp.engine.rank_ranges import Span, rank_ranges
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
    spans: list[Span] = []
    exact = True
    for gates in gates_on(compiled, on):
        met, all_met = _gates_met(case, gates)
        exact &= all_met
        if any(gate.ranked for gate in met):
            mean = mean_score(case, gates)
            exact &= mean.exact
            recommendations.append(_recommendation(case, gates.item, met, all_met, mean))
            spans.append(_span(case, recommendations[-1], met, all_met))
        elif any(gate.relevant for gate in met):
            others.append(_not_now(case, gates.item, [gate for gate in met if gate.relevant]))
    places, places_exact = rank_ranges(compiled, answers, on, spans)
    in_order = ranked([replace(entry, rank_range=places[entry.item]) for entry in recommendations])
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


def _recommendation(
    case: OpenCase, item: CompiledItem, met: Sequence[Gate], all_met: bool, mean: MeanScore
) -> Recommendation:
    asked = [gate for gate in met if in_question(gate)]
    open_gates = [gate for gate in asked if gate.ranked]
    best = [route for gate in open_gates for route in _plans(case, gate)]
    if not all_met:
        best += open_gates[0].open_routes
    shared = shared_route(best)
    if not all_met and shared.cost is not None:
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
            min((ways[limit] for ways in over), key=_excess)
            for limit in over[0]
            if all(limit in ways for ways in over)
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


def _plans(case: OpenCase, gate: Gate) -> Iterator[RouteOutcome]:
    """Every route that may be the best one, whatever the limits that are still open."""
    still_open = {limit.of for limit in case.compiled.bank.limits if _place(case, limit) in case.open}
    if gate.only or not still_open:
        yield from (route for route in [best_route(gate, case.limits)] if route is not None)
        return
    # More than the lowest total can only matter as far as each further total.
    yen = {route.cost.yen for route in gate.open_routes if route.cost and route.cost.yen is not None}
    months = {route.months.from_ for route in gate.open_routes if route.months}
    costs = [("", most) for most in {-1, *yen}] if "cost" in still_open else [case.limits.cost]
    times = [("", most) for most in {-1, *months}] if "months" in still_open else [case.limits.months]
    ways = [best_route(gate, Limits(cost, time)) for cost, time in product(costs, times)]
    yield from (route for route in gate.open_routes if route in ways)


def _place(case: OpenCase, limit: Limit) -> int:
    return case.compiled.places[limit.question]


def _span(case: OpenCase, entry: Recommendation, met: Sequence[Gate], all_met: bool) -> Span:
    """What bounds an item's places in the ranking."""
    routes = {route for gate in met if gate.ranked for route in _plans(case, gate)}
    limited = any(_place(case, limit) in case.open for limit in case.compiled.bank.limits)
    return Span(
        item=entry.item,
        surely=all_met and all(gate.ranked for gate in met),
        may_exceed=not all_met or limited or any(beyond(route, case.limits) for route in routes),
        must_exceed=all_met and all(beyond(route, case.limits) for route in routes),
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
