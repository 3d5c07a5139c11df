"""A settled first place is first in every completion, and what every completion shares is found."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine.answers import Answers, read_answers
from quizapp.engine.cohort import judge, random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import field_on
from quizapp.engine.opening import merged, opening
from quizapp.engine.settled import TOP, settled, settled_first
from quizapp.engine.table import UNKNOWN
from tests.conftest import ROOT
from tests.engine.oracle import Judged, Oracle, completions, every_answer
from tests.engine.random_banks import banks

ON = date(2026, 11, 22)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def openings(draw: st.DrawFn) -> tuple[Bank, dict[str, object]]:
    bank = draw(banks())
    open_questions = draw(st.sets(st.sampled_from([q.id for q in bank.questions])))
    answers = {
        question.id: draw(st.sampled_from(every_answer(question)))
        for question in bank.questions
        if question.id not in open_questions
    }
    return bank, answers


def _in_order(judged: dict[str, Judged]) -> list[str]:
    ranked = {name: j for name, j in judged.items() if j.standing in ("eligible_now", "eligible_after_steps")}
    return sorted(
        ranked,
        key=lambda i: (ranked[i].over > 0, -ranked[i].score, ranked[i].yen is None, ranked[i].yen or 0, i),
    )


@SLOW
@given(openings())
def test_it_is_settled_exactly_where_every_completion_agrees(case: tuple[Bank, dict[str, object]]) -> None:
    bank, answers = case
    compiled = compile_bank(bank, "r")
    found = settled(compiled, read_answers(compiled, answers), ON)
    oracle = Oracle(bank, ON)
    ways = [oracle.judge(way) for way in completions(bank, answers)]
    orders = [_in_order(way) for way in ways]
    firsts = {tuple(order[:1]) for order in orders}
    sets = {frozenset(order[:TOP]) for order in orders}
    tops = {tuple(order[:TOP]) for order in orders}
    assert found.done == (len(firsts) == 1)
    assert (found.top_by != "open") == (len(sets) == 1)
    assert (found.order_by != "open") == (len(tops) == 1)
    assert {(name,) for name in found.rivals} <= firsts
    if found.done:
        assert (found.first,) == (firsts.pop() or (None,))
        assert found.could_change == ()
    if found.top_by != "open":
        assert set(found.top) == sets.pop()
    if found.order_by != "open":
        assert found.top == tops.pop()
    if found.first is not None:
        leader = found.first
        assert set(found.equal) == {
            name
            for name in orders[0]
            if name != leader
            and all(
                name in order
                and (way[name].score, way[name].over > 0) == (way[leader].score, way[leader].over > 0)
                for way, order in zip(ways, orders, strict=True)
            )
        }


@SLOW
@given(openings())
def test_it_leaves_out_only_questions_that_cannot_change_first_place(
    case: tuple[Bank, dict[str, object]],
) -> None:
    bank, answers = case
    compiled = compile_bank(bank, "r")
    found = settled(compiled, read_answers(compiled, answers), ON)
    oracle = Oracle(bank, ON)
    harmless = [q.id for q in bank.questions if q.id not in answers and q.id not in found.could_change]
    firsts: dict[str, set[str | None]] = {}
    for way in completions(bank, answers):
        rest = {name: answer for name, answer in way.items() if name not in harmless}
        firsts.setdefault(repr(rest), set()).add(next(iter(_in_order(oracle.judge(way))), None))
    assert all(len(met) == 1 for met in firsts.values())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(banks())
def test_the_field_agrees_with_the_cohort_on_random_banks(bank: Bank) -> None:
    _field_agrees(compile_bank(bank, "r"), 40)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_field_agrees_with_the_cohort_on_the_shipped_banks(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    _field_agrees(compile_bank(loaded.bank, loaded.revision), 1_500)


@SLOW
@given(openings())
def test_first_place_alone_is_what_the_whole_answer_says_of_it(case: tuple[Bank, dict[str, object]]) -> None:
    bank, given_answers = case
    compiled = compile_bank(bank, "r")
    answers = read_answers(compiled, given_answers)
    assert settled_first(compiled, answers, ON) == settled(compiled, answers, ON).first


@SLOW
@given(openings())
def test_many_completions_at_once_have_the_firsts_that_each_has(case: tuple[Bank, dict[str, object]]) -> None:
    bank, given_answers = case
    compiled = compile_bank(bank, "r")
    field = field_on(compiled, ON)
    sample = opening(compiled, read_answers(compiled, given_answers)).sampled(0, 500)
    if field.rows:
        assert field.firsts(sample).tolist() == field.judge(sample).first.tolist()


@pytest.mark.parametrize("slug", SLUGS)
def test_answers_that_stand_for_others_come_to_the_same(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    _alike(compile_bank(loaded.bank, loaded.revision), 300)


@SLOW
@given(banks())
def test_answers_that_stand_for_others_come_to_the_same_in_random_banks(bank: Bank) -> None:
    _alike(compile_bank(bank, "r"), 40)


def _alike(compiled: Compiled, count: int) -> None:
    takers = random_takers(compiled, count, 9)
    stand_in = [
        merged(compiled, Answers({}, tuple(taker), frozenset(), ())).indexes for taker in takers.T.tolist()
    ]
    field = field_on(compiled, ON)
    if field.rows:
        assert (field.judge(takers).key == field.judge(np.array(stand_in).T).key).all()


def _field_agrees(compiled: Compiled, count: int) -> None:
    takers = random_takers(compiled, count, 5)
    field = field_on(compiled, ON)
    expected = judge(compiled, ON, takers)
    if not field.rows:
        assert (expected.first == UNKNOWN).all()
        return
    found = field.judge(takers)
    shown = [-1 if row == UNKNOWN else field.rows[row] for row in found.first.tolist()]
    assert shown == expected.first.tolist()
    ranked = expected.ranked[list(field.rows)] != 0
    assert (found.score[ranked] == expected.score[list(field.rows)][ranked]).all()
    assert (found.over[ranked] == expected.beyond[list(field.rows)][ranked]).all()
