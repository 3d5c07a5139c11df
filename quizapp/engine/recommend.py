"""The answer: which items, in which order, why, at what cost; one function for page, API and command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from quizapp.engine.answers import Answers
from quizapp.engine.compiled import Compiled, CompiledItem, Spoken
from quizapp.engine.gates import Gate, gates_on
from quizapp.engine.order import fitting, ranked
from quizapp.engine.outcome import NotNow, Recommendation, Recommended, RouteOutcome, Standing
from quizapp.engine.plan import Limits, best_route, beyond
from quizapp.engine.ranges import recommend_open
from quizapp.engine.reading import Reading
from quizapp.engine.score import ledger
from quizapp.engine.state import full_state, limits_of


def recommend(compiled: Compiled, answers: Answers, on: date) -> Recommended:
    """Every item judged and ranked for one taker on one day; the same input gives the same output.

    With unanswered questions the scores are means over every completion (see ``ranges``).
    """
    if not answers.complete:
        return recommend_open(compiled, answers, on)
    state = full_state(compiled, answers, on)
    limits = limits_of(compiled, answers)
    reading = Reading(compiled, state)
    weights = [reading.of(table) for table in compiled.weights]
    found: list[Recommendation] = []
    others: list[NotNow] = []
    for gates in gates_on(compiled, on):
        gate = gates.at(reading)
        best = best_route(gate, limits)
        if best is not None:
            found.append(_recommendation(compiled, gates.item, gate, best, limits, reading, weights))
        elif gate.relevant:
            others.append(_not_now(gates.item, gate, reading))
    recommendations = ranked(found)
    return Recommended(
        bank=compiled.bank.bank,
        revision=compiled.revision,
        on=on.isoformat(),
        recommendations=recommendations,
        not_now=tuple(others),
        fits=fitting(recommendations, compiled.has_goals),
        notes=_said(compiled.notes, reading),
        providers=_providers(compiled, reading),
    )


def _recommendation(
    compiled: Compiled,
    item: CompiledItem,
    gate: Gate,
    best: RouteOutcome,
    limits: Limits,
    reading: Reading,
    weights: Sequence[int],
) -> Recommendation:
    yen = best.cost.yen if best.cost else None
    reading.state[compiled.cost] = 0 if yen is None else compiled.variables[compiled.cost].index[yen]
    reading.state[compiled.duration] = best.months.from_ if best.months else 0
    entries = ledger(
        [criterion.id for criterion in compiled.criteria],
        weights,
        [reading.of(table) for table in item.fits],
        [criterion.if_unknown for criterion in compiled.criteria],
        item.parts,
    )
    score = sum(entry.points for entry in entries)
    return Recommendation(
        item=item.item.id,
        kind=item.item.kind,
        rank=0,
        standing=gate.standing,
        score=score,
        score_range=(score, score),
        ledger=entries,
        route=best.route,
        cost=best.cost,
        months=best.months,
        beyond=beyond(best, limits),
        routes=gate.routes,
        steps=best.steps,
        reasons=tuple((said.id, said.side) for said in item.reasons if reading.of(said.holds)),
        notes=_said(item.notes, reading),
        providers=tuple(
            p.id
            for p in compiled.providers
            if item.item.id in p.items and (p.online or reading.of(p.in_person))
        ),
    )


def _not_now(item: CompiledItem, gate: Gate, reading: Reading) -> NotNow:
    return NotNow(
        item=item.item.id,
        kind=item.item.kind,
        standing=gate.standing,
        blocked_by=gate.blocked_by,
        routes=gate.routes,
        listed_only=item.item.listed_only and gate.standing is Standing.UNKNOWN,
        notes=_said(item.notes, reading),
    )


def _said(spoken: Sequence[Spoken], reading: Reading) -> tuple[str, ...]:
    return tuple(said.id for said in spoken if reading.of(said.holds))


def _providers(compiled: Compiled, reading: Reading) -> dict[str, tuple[str, ...]]:
    return {
        "in_person": tuple(p.id for p in compiled.providers if reading.of(p.in_person)),
        "online": tuple(p.id for p in compiled.providers if p.online),
    }
