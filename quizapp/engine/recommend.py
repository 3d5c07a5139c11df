"""The answer: which items, in which order, why, at what cost; one function for page, API and command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from quizapp.engine.answers import Answers
from quizapp.engine.compiled import Compiled, CompiledItem, Spoken
from quizapp.engine.gates import Gate
from quizapp.engine.judgement import Judgement, panel
from quizapp.engine.order import fitting, ranks
from quizapp.engine.outcome import LedgerEntry, NotNow, Recommendation, Recommended, Standing
from quizapp.engine.plan import Limits, beyond
from quizapp.engine.ranges import recommend_open
from quizapp.engine.reading import Reading
from quizapp.engine.state import full_state, limits_of


def recommend(compiled: Compiled, answers: Answers, on: date) -> Recommended:
    """Every item judged and ranked for one taker on one day; the same input gives the same output.

    With unanswered questions the scores are means over every completion (see ``ranges``).
    """
    if not answers.complete:
        return recommend_open(compiled, answers, on)
    limits = limits_of(compiled, answers)
    here = panel(compiled, on)
    judged = here.judge(full_state(compiled, answers, on), limits)
    reading = here.reading(judged)
    places = ranks([(judged.roster.over[line], int(judged.scores[line])) for line in judged.order])
    recommendations = tuple(
        _recommendation(compiled, judged, reading, line, rank, limits)
        for line, rank in zip(judged.order, places, strict=True)
    )
    return Recommended(
        bank=compiled.bank.bank,
        revision=compiled.revision,
        on=on.isoformat(),
        recommendations=recommendations,
        not_now=tuple(
            _not_now(item, gate, reading)
            for item, gate in zip(compiled.items, judged.roster.gates, strict=True)
            if gate.relevant and not gate.ranked
        ),
        fits=fitting(recommendations, compiled.has_goals),
        notes=_said(compiled.notes, reading),
        providers={
            "in_person": tuple(p.id for p in compiled.providers if reading.of(p.in_person)),
            "online": tuple(p.id for p in compiled.providers if p.online),
        },
    )


def _recommendation(
    compiled: Compiled, judged: Judgement, reading: Reading, line: int, rank: int, limits: Limits
) -> Recommendation:
    roster = judged.roster
    item, gate, best = compiled.items[roster.rows[line]], roster.gates[roster.rows[line]], roster.best[line]
    score = int(judged.scores[line])
    return Recommendation(
        item=item.item.id,
        kind=item.item.kind,
        rank=rank,
        rank_range=(rank, rank),
        standing=gate.standing,
        score=score,
        score_range=(score, score),
        ledger=_ledger(compiled, item, judged, line),
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


def _ledger(compiled: Compiled, item: CompiledItem, judged: Judgement, line: int) -> tuple[LedgerEntry, ...]:
    columns = zip(
        compiled.criteria,
        judged.weights.tolist(),
        judged.values[line].tolist(),
        judged.points[line].tolist(),
        judged.known[line].tolist(),
        item.parts,
        strict=True,
    )
    return tuple(
        LedgerEntry(criterion.id, weight, value, points, known, parts)
        for criterion, weight, value, points, known, parts in columns
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
