"""Blocks, left-out items and small keys change nothing: two ways to the same counts and the same order."""

from __future__ import annotations

from datetime import date
from math import prod

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.audit import sweep
from quizapp.audit.places import Own, numbered, reads, standings
from quizapp.audit.sweep import Sweep
from quizapp.bank.model import Bank
from quizapp.engine.cohort import cells
from quizapp.engine.compile import compile_bank
from quizapp.engine.field import NEVER, Field
from quizapp.engine.grid import Axis
from tests.engine.random_banks import banks

ON = date(2026, 11, 22)


@pytest.fixture(params=[1, 6, 64, 8_192])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    size = int(request.param)
    monkeypatch.setattr(sweep, "BLOCK", size)
    return size


def _axis(number: int, counts: list[int]) -> Axis:
    chosen = np.arange(len(counts), dtype=np.int64)
    return Axis(number, chosen, np.array(counts, dtype=np.int64), chosen)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_sweep_counts_as_one_least_over_the_whole_space_does(block: int, data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    axes = [
        _axis(n, random.integers(1, 4, random.integers(2, 5)).tolist()) for n in range(random.integers(5))
    ]
    items = int(random.integers(0, 6))
    keys, reading = [], []
    for row in range(items):
        read = tuple(n for n in range(len(axes)) if random.random() < 0.6)
        shape = tuple(len(axes[n].chosen) for n in read)
        found = random.integers(0, 9, shape) * items + row
        keys.append(np.where(random.random(shape) < 0.2, NEVER, found))
        reading.append(read)
    levels, met = numbered(keys)
    owns = [Own(row, read, level) for row, (read, level) in enumerate(zip(reading, levels, strict=True))]
    winner_of = np.array([*(key % items for key in met.tolist()), items], dtype=np.int64)
    counted = Sweep(owns, axes, winner_of, items + 1).counts()

    whole = np.full(tuple(len(axis.chosen) for axis in axes), NEVER)
    for key, read in zip(keys, reading, strict=True):
        wide = [len(axes[n].chosen) if n in read else 1 for n in range(len(axes))]
        whole = np.minimum(whole, key.reshape(wide))
    volume = np.ones((), dtype=np.int64)
    for axis in axes:
        volume = volume[..., None] * axis.counts
    first = np.where(whole == NEVER, items, whole % max(items, 1))
    assert counted.tolist() == [int(volume[first == one].sum()) for one in range(items + 1)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(banks())
def test_an_item_composed_from_its_tables_stands_as_when_judged_answer_by_answer(bank: Bank) -> None:
    compiled = compile_bank(bank, "r")
    for row, item in enumerate(compiled.items):
        if item.item.listed_only:
            continue
        axes = [cells(compiled, place) for place in sorted(reads(compiled, ON, row))]
        shape = tuple(len(axis.chosen) for axis in axes)
        places = np.indices(shape).reshape(len(axes), prod(shape))
        answers = np.zeros((compiled.today, places.shape[1]), dtype=np.int64)
        for axis, place in zip(axes, places, strict=True):
            answers[axis.variable] = axis.chosen[place]
        # A field of one item has no ids to tell apart: its key is the standing itself.
        judged = Field(compiled, ON, (row,)).judge(answers).key[0]
        assert (standings(compiled, ON, row, axes).reshape(-1) == judged).all()


@pytest.mark.parametrize("distinct", [255, 256, 65_535, 65_536])
def test_keys_are_as_narrow_as_the_keys_that_occur_allow_and_never_tie_with_nothing(distinct: int) -> None:
    given_keys = np.append(np.arange(distinct, dtype=np.int64) * 1_000_003, NEVER)
    (levels,), met = numbered([given_keys])
    assert levels.tolist() == [*range(distinct), distinct]
    assert len(met) == distinct and np.iinfo(levels.dtype).max >= distinct
    assert levels.dtype.itemsize == {255: 1, 256: 2, 65_535: 2, 65_536: 4}[distinct]
