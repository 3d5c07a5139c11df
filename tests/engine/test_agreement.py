"""Tables and arrays say exactly what the slow engine says, on random banks and answers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.model import Bank
from quizapp.engine.answers import read_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from tests.engine.oracle import Judged, Oracle, completions, every_answer
from tests.engine.random_banks import banks

ON = date(2026, 11, 22)
SLOW = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def takers(draw: st.DrawFn, bank: Bank, complete: bool) -> dict[str, object]:
    answers = {}
    for question in bank.questions:
        if complete or draw(st.booleans()):
            answers[question.id] = draw(st.sampled_from(every_answer(question)))
    return answers


def _ledger_adds_up(outcome: Recommended) -> None:
    for entry in outcome.recommendations:
        assert sum(e.points for e in entry.ledger) == entry.score
        assert 0 <= entry.score_range[0] <= entry.score_range[1] <= 10_000 + len(entry.ledger)


@SLOW
@given(st.data())
def test_it_agrees_with_the_slow_engine_on_complete_answers(data: st.DataObject) -> None:
    bank = data.draw(banks())
    answers = data.draw(takers(bank, complete=True))
    compiled = compile_bank(bank, "r")
    outcome = recommend(compiled, read_answers(compiled, answers), ON)
    judged = Oracle(bank, ON).judge(answers)
    _ledger_adds_up(outcome)
    seen = {e.item for e in outcome.recommendations} | {e.item for e in outcome.not_now}
    assert seen == set(judged)
    for entry in outcome.recommendations:
        expected = judged[entry.item]
        assert (entry.standing.value, entry.score) == (expected.standing, expected.score)
        assert tuple(e.points for e in entry.ledger) == expected.points
        assert entry.route == expected.route
        assert entry.cost is not None and entry.cost.yen == expected.yen
        assert entry.months is not None and entry.months.from_ == expected.months
        assert sum(over.by for over in entry.beyond) == expected.over
        assert entry.score_range == (entry.score, entry.score)
    for other in outcome.not_now:
        assert other.standing.value == judged[other.item].standing
    _is_in_order(outcome, judged)


def _is_in_order(outcome: Recommended, judged: dict[str, Judged]) -> None:
    def place(item: str) -> tuple[bool, int, bool, int, str]:
        j = judged[item]
        return j.over > 0, -j.score, j.yen is None, j.yen or 0, item

    order = [entry.item for entry in outcome.recommendations]
    assert order == sorted(order, key=place)
    for entry in outcome.recommendations:
        better = [
            o
            for o in outcome.recommendations
            if (bool(o.beyond), -o.score) < (bool(entry.beyond), -entry.score)
        ]
        assert entry.rank == len(better) + 1


@SLOW
@given(st.data())
def test_it_ranks_open_answers_by_the_mean_over_every_completion(data: st.DataObject) -> None:
    bank = data.draw(banks())
    answers = data.draw(takers(bank, complete=False))
    compiled = compile_bank(bank, "r")
    outcome = recommend(compiled, read_answers(compiled, answers), ON)
    _ledger_adds_up(outcome)
    oracle = Oracle(bank, ON)
    ways = [oracle.judge(way) for way in completions(bank, answers)]
    assert outcome.exact
    for entry in outcome.recommendations:
        judged = [j for way in ways if (j := way.get(entry.item))]
        counting = [j for j in judged if j.standing != "held"]
        scores = [j.score for j in counting]
        for place, points in enumerate(e.points for e in entry.ledger):
            assert abs(Fraction(sum(j.points[place] for j in counting), len(counting)) - points) < 1
        assert entry.score == floor(Fraction(sum(scores), len(counting)) + Fraction(1, 2))
        assert entry.score_range == (min(scores), max(scores))
        assert min(scores) <= entry.score <= max(scores)
        standings = {j.standing for j in judged}
        assert entry.standing.value == (standings.pop() if len(standings) == 1 else "unknown")
    for other in outcome.not_now:
        standings = {j.standing for way in ways if (j := way.get(other.item))}
        assert not standings & {"eligible_now", "eligible_after_steps"}
        assert other.standing.value == (standings.pop() if len(standings) == 1 else "unknown")


@SLOW
@given(st.data())
def test_it_never_reorders_the_others_when_an_item_is_added(data: st.DataObject) -> None:
    bank = data.draw(banks())
    answers = data.draw(takers(bank, complete=True))
    if len(bank.items) < 2:
        return
    fewer = bank.model_copy(update={"items": bank.items[:-1]})
    orders = []
    for each in (bank, fewer):
        compiled = compile_bank(each, "r")
        outcome = recommend(compiled, read_answers(compiled, answers), ON)
        orders.append([(e.item, e.score) for e in outcome.recommendations if e.item != bank.items[-1].id])
    assert orders[0] == orders[1]
