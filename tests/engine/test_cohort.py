"""A whole cohort is judged exactly as each of its takers is."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from quizapp.bank.load import load_bank
from quizapp.engine.answers import Answers
from quizapp.engine.cohort import NEVER, cells, judge, random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.recommend import recommend
from tests.conftest import ROOT
from tests.engine.random_banks import banks

ON = date(2026, 11, 22)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]


def _agrees(compiled: Compiled, count: int, seed: int) -> None:
    takers = random_takers(compiled, count, seed)
    verdicts = judge(compiled, ON, takers)
    rows = {item.item.id: row for row, item in enumerate(compiled.items)}
    for column in range(count):
        # Every variable is given as it is: what a hidden question holds is the rules' own business.
        answers = Answers({}, tuple(int(i) for i in takers[:, column]), frozenset(), ())
        outcome = recommend(compiled, answers, ON)
        order = [rows[entry.item] for entry in outcome.recommendations]
        ranked = [row for row in np.argsort(verdicts.key[:, column]) if verdicts.key[row, column] != NEVER]
        assert order == ranked
        for entry in outcome.recommendations:
            row = rows[entry.item]
            assert verdicts.score[row, column] == entry.score
            assert verdicts.beyond[row, column] == bool(entry.beyond)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(banks())
def test_it_agrees_with_one_by_one_on_random_banks(bank: object) -> None:
    _agrees(compile_bank(bank, "r"), 20, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("slug", SLUGS)
def test_it_agrees_with_one_by_one_on_the_shipped_banks(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    _agrees(compile_bank(loaded.bank, loaded.revision), 150, 2)


@pytest.mark.parametrize("slug", SLUGS)
def test_it_merges_only_answers_that_make_no_difference(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    takers = random_takers(compiled, 300, 3)
    merged = np.stack(
        [cells(compiled, v).chosen[cells(compiled, v).cell_of[takers[v]]] for v in range(compiled.today)]
    )
    full, few = judge(compiled, ON, takers), judge(compiled, ON, merged)
    assert (full.score == few.score).all()
    assert (full.key == few.key).all()
