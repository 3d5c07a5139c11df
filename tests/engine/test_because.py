"""Reasons suffice, hold nothing idle, and are the fewest where they say so: checked by going through it all."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine import because as reasons
from quizapp.engine.answers import question_places, read_answers
from quizapp.engine.because import against_runner_up, because
from quizapp.engine.cohort import judge, random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.hitting import least, smallest_hitting
from quizapp.engine.recommend import recommend
from tests.conftest import ROOT
from tests.engine.oracle import completions
from tests.engine.random_banks import banks
from tests.engine.test_agreement import takers
from tests.engine.test_firmness import someone

ON = date(2026, 11, 22)
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]


def _firsts(bank: Bank, compiled: Compiled, fixed: dict[str, Any]) -> set[str | None]:
    """Whatever comes first in some completion of these answers."""
    found = set()
    for way in completions(bank, fixed):
        ranked = recommend(compiled, read_answers(compiled, way), ON).recommendations
        found.add(ranked[0].item if ranked else None)
    return found


def _checked(bank: Bank, raw: dict[str, Any]) -> None:
    compiled = compile_bank(bank, "r")
    answers = read_answers(compiled, raw)
    found = because(compiled, answers, ON)
    ranked = recommend(compiled, answers, ON).recommendations
    given = {name: raw[name] for name in raw if name not in answers.hidden}
    if found.item is None:
        assert not ranked or _firsts(bank, compiled, given) != {ranked[0].item}
        return
    assert found.item == ranked[0].item
    assert set(found.questions) <= set(given)
    told = {name: raw[name] for name in found.questions}
    if found.exact:
        assert _firsts(bank, compiled, told) == {found.item}
    if found.irreducible:
        for name in told:
            fewer = {other: answer for other, answer in told.items() if other != name}
            assert _firsts(bank, compiled, fewer) != {found.item}
    if found.smallest:
        for names in combinations(given, max(len(told) - 1, 0)):
            if len(names) < len(told):
                assert _firsts(bank, compiled, {name: raw[name] for name in names}) != {found.item}


@SLOW
@given(st.data())
def test_the_reason_suffices_and_nothing_in_it_is_idle(data: st.DataObject) -> None:
    bank = data.draw(banks())
    raw = data.draw(takers(bank, complete=True))
    found = because(compile_bank(bank, "r"), read_answers(compile_bank(bank, "r"), raw), ON)
    assert found.exact and found.irreducible and found.smallest
    _checked(bank, raw)


@SLOW
@given(st.data())
def test_it_holds_for_open_answers_too(data: st.DataObject) -> None:
    bank = data.draw(banks())
    _checked(bank, data.draw(takers(bank, complete=False)))


@settings(SLOW, max_examples=100)
@given(st.data(), st.integers(1, 60))
def test_it_claims_no_more_than_it_proved_when_the_work_is_cut_short(data: st.DataObject, most: int) -> None:
    bank = data.draw(banks())
    raw = data.draw(takers(bank, complete=data.draw(st.booleans())))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reasons, "PAIR_CELLS", max(most // 6, 1))
        patch.setattr(reasons, "ALL_CELLS", most)
        patch.setattr(reasons, "BOUND_CELLS", most)
        patch.setattr(reasons, "MAX_BOXES", 50)
        patch.setattr(reasons, "SAMPLES", 20)
        compiled = compile_bank(bank, "r")
        answers = read_answers(compiled, raw)
        found = because(compiled, answers, ON)
        if answers.complete:
            assert found.exact
        if found.exact:
            _checked(bank, raw)


@pytest.mark.parametrize("slug", SLUGS)
def test_on_the_shipped_banks_no_taker_with_the_same_answers_gets_another_first(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    for seed in range(12):
        raw = someone(compiled, seed)
        answers = read_answers(compiled, raw)
        found = because(compiled, answers, ON)
        if found.item is None:
            assert not recommend(compiled, answers, ON).recommendations
            continue
        assert found.exact
        others = random_takers(compiled, 1_500, seed)
        for name in found.questions:
            for place in question_places(compiled, compiled.questions[name]):
                others[place] = answers.indexes[place] or 0
        row = next(k for k, item in enumerate(compiled.items) if item.item.id == found.item)
        assert (judge(compiled, ON, others).first == row).all()


def test_it_is_the_same_each_time() -> None:
    loaded = load_bank(ROOT / "questions" / "personal_trainer.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    answers = read_answers(compiled, someone(compiled, 3))
    assert because(compiled, answers, ON) == because(compiled, answers, ON)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_lead_adds_up_to_the_difference_of_the_scores(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    outcome = recommend(compiled, read_answers(compiled, {}), ON)
    leads = against_runner_up(outcome)
    first, second = outcome.recommendations[:2]
    assert sum(lead.points for lead in leads) == first.score - second.score
    assert [abs(lead.points) for lead in leads] == sorted((abs(lead.points) for lead in leads), reverse=True)
    assert {lead.criterion for lead in leads} == {entry.criterion for entry in first.ledger}


def test_there_is_no_lead_over_nobody() -> None:
    loaded = load_bank(ROOT / "questions" / "msl.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    outcome = recommend(compiled, read_answers(compiled, {}), ON)
    alone = outcome.__class__(**{**outcome.__dict__, "recommendations": outcome.recommendations[:1]})
    assert against_runner_up(alone) == ()


SETS = st.lists(st.integers(1, 255), max_size=12)


@given(SETS)
def test_the_smallest_hitting_set_is_the_smallest(sets: list[int]) -> None:
    found, certain = smallest_hitting(sets)
    assert certain and all(each & found for each in sets)
    fewer = [bits for bits in range(256) if bits.bit_count() < found.bit_count()]
    assert not any(all(each & bits for each in sets) for bits in fewer)


@given(SETS)
def test_the_least_sets_are_within_all_others_and_not_within_each_other(sets: list[int]) -> None:
    kept = least(sets)
    assert all(any(one & each == one for one in kept) for each in sets)
    assert not any(one & other == one for one in kept for other in kept if one != other)
