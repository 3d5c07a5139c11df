"""The census counts exactly what going through every answer set would count."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from quizapp.audit.census import Census, TooWide
from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine.cohort import cells, judge, random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from tests.conftest import ROOT
from tests.engine.random_banks import banks

ON = date(2026, 11, 22)


def _loaded(slug: str) -> Compiled:
    loaded = load_bank(Path(ROOT / "questions" / f"{slug}.yaml"))
    return compile_bank(loaded.bank, loaded.revision)


def _every_taker(compiled: Compiled) -> np.ndarray:
    sizes = [len(compiled.variables[place].domain) for place in range(compiled.today)]
    return np.indices(sizes).reshape(len(sizes), -1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(banks())
def test_it_counts_first_places_as_going_through_all_does(bank: Bank) -> None:
    compiled = compile_bank(bank, "r")
    census = Census(compiled, ON)
    takers = _every_taker(compiled)
    first = judge(compiled, ON, takers).first
    assert (census.winners(takers) == first).all()
    names = [None if row < 0 else compiled.items[row].item.id for row in first.tolist()]
    # Answers that nothing reads are not multiplied in, so that counts are compared as shares.
    counted = census.first_places()
    total = sum(counted.values())
    assert {name: count * len(names) for name, count in counted.items() if count} == {
        name: count * total for name, count in Counter(names).items()
    }


@pytest.mark.parametrize("slug", ["first_step", "msl", "one_on_one"])
def test_it_finds_the_winners_of_the_shipped_banks(slug: str) -> None:
    compiled = _loaded(slug)
    takers = random_takers(compiled, 2_000, 4)
    assert (Census(compiled, ON).winners(takers) == judge(compiled, ON, takers).first).all()


def test_it_says_when_the_answers_are_too_many() -> None:
    with pytest.raises(TooWide) as found:
        Census(_loaded("medical_office"), ON)
    assert found.value.cells > 2_000_000


def test_it_counts_every_answer_set_of_a_shipped_bank() -> None:
    compiled = _loaded("msl")
    census = Census(compiled, ON)
    counted = census.first_places()
    assert sum(counted.values()) == np.prod([int(axis.counts.sum()) for axis in census.axes])
    assert counted[None] == 0
    assert all(len(cells(compiled, axis.variable).chosen) > 1 for axis in census.axes)
