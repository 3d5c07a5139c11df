"""What open answers can still change holds every completion: places and totals; and what has no known total."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine import rank_ranges
from quizapp.engine.answers import read_answers
from quizapp.engine.cohort import judge, random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import field_on
from quizapp.engine.next_question import worth_finding_out
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from quizapp.engine.table import UNKNOWN
from tests.conftest import ROOT
from tests.engine.oracle import completions
from tests.engine.random_banks import banks
from tests.engine.test_agreement import takers
from tests.engine.test_whatif import RACE, RACER

ON = date(2026, 11, 22)
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _places(outcomes: list[Recommended], item: str) -> set[int]:
    return {entry.rank for outcome in outcomes for entry in outcome.recommendations if entry.item == item}


@SLOW
@given(st.data(), st.sampled_from([0, 2_048]))
def test_a_range_of_ranks_holds_every_completion_and_is_exact_where_it_says_so(
    data: st.DataObject, most: int
) -> None:
    bank = data.draw(banks())
    compiled = compile_bank(bank, "r")
    answers = data.draw(takers(bank, complete=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rank_ranges, "MAX_RANK_CELLS", most)
        open_now = recommend(compiled, read_answers(compiled, answers), ON)
    every = [recommend(compiled, read_answers(compiled, way), ON) for way in completions(bank, answers)]
    for entry in open_now.recommendations:
        places = _places(every, entry.item)
        if not places:
            continue
        least, last = entry.rank_range
        assert least <= min(places) and max(places) <= last
        if open_now.ranks_exact:
            assert (least, last) == (min(places), max(places))


def _race(bank: Bank, left_out: set[str]) -> tuple[Recommended, list[Recommended]]:
    compiled = compile_bank(bank, "r")
    answers: dict[str, Any] = {name: value for name, value in RACER.items() if name not in left_out}
    full = {"posting": False, "team": 0, **answers}
    every = [recommend(compiled, read_answers(compiled, way), ON) for way in completions(bank, full)]
    return recommend(compiled, read_answers(compiled, answers), ON), every


@pytest.mark.parametrize("left_out", [{"budget"}, {"months"}, {"budget", "months"}, {"years", "budget"}])
def test_a_total_holds_every_completion_open_limits_included(left_out: set[str]) -> None:
    open_now, every = _race(RACE, left_out)
    for entry in open_now.recommendations:
        totals = {
            found.cost.yen
            for outcome in every
            for found in outcome.recommendations
            if found.item == entry.item and found.cost is not None
        }
        if entry.cost is None or not totals:
            continue
        most = entry.cost.yen if entry.cost.most is None else entry.cost.most
        assert (entry.cost.yen, most) == (min(totals), max(totals))


@pytest.fixture(scope="module")
def medical() -> Compiled:
    return compile_bank(load_bank(ROOT / "questions" / "medical_office.yaml").bank, "r")


def test_a_total_that_nobody_knows_is_within_no_budget(medical: Compiled) -> None:
    given = {
        "age": 33, "medical_office_years": 0, "physician_assist_months": 0, "medical_goal": "get_hired_soon",
        "wants_job_on_site": False, "uneasy_with_pc": False, "medical_held": [], "medical_courses_done": [],
        "budget": 0, "months": 6, "study_style": "self_study", "medical_matters": "balance",
    }  # fmt: skip
    outcome = recommend(medical, read_answers(medical, given), ON)
    entry = next(entry for entry in outcome.recommendations if entry.item == "kiso_kentei")
    assert [(over.limit, over.by) for over in entry.beyond] == [("budget", None)]
    assert all(not better.beyond or better.score >= entry.score for better in outcome.recommendations[:2])
    assert outcome.recommendations[0].item == "work_first"


def test_many_takers_at_once_are_ordered_alike_where_totals_are_unknown(medical: Compiled) -> None:
    takers = random_takers(medical, 400, 7)
    crowd, field = judge(medical, ON, takers), field_on(medical, ON)
    rows = [UNKNOWN if row == UNKNOWN else field.rows[row] for row in field.judge(takers).first.tolist()]
    assert rows == crowd.first.tolist()


def test_once_first_place_is_settled_it_asks_for_what_moves_the_next(medical: Compiled) -> None:
    given = {
        "medical_goal": "get_hired_soon", "age": 24, "medical_office_years": 0, "physician_assist_months": 0,
        "uneasy_with_pc": False, "medical_held": [], "medical_matters": "balance",
    }  # fmt: skip
    found = worth_finding_out(medical, read_answers(medical, given), ON)
    assert found is not None and found.about in ("first", "top_three")
