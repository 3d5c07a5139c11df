"""Tables of every size: found alike one by one, over arrays and among open answers, and kept small."""

from __future__ import annotations

import time
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.load import parse_bank
from quizapp.engine import packed as packing
from quizapp.engine.answers import known_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.packed import FEW, Packed, distinct, packed
from quizapp.engine.stack import Stack
from quizapp.engine.table import Table, by_outcome, mapped
from quizapp.errors import Invalid
from tests.engine.heavy_banks import crossing, heavy, hiding

SIZES = st.lists(st.integers(1, 7), min_size=0, max_size=4)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table whose offsets may leave cells out, its values kept as few or as many are."""
    sizes = draw(SIZES)
    count = int(np.prod([1, *sizes]))
    wide = draw(st.sampled_from([1, 100, 30_000, 10**12]))
    values = draw(st.lists(st.integers(-wide, wide), min_size=count, max_size=count))
    offsets, stride = [], count
    for size in sizes:
        stride //= size
        cells = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=9))
        offsets.append(tuple(cell * stride for cell in cells))
    kept = draw(st.sampled_from([tuple, lambda many: Packed(np.array(many, dtype=np.int64))]))
    return Table(tuple(range(len(sizes))), tuple(offsets), kept(values))


@given(data=st.data(), table=tables())
@settings(max_examples=200, deadline=None)
def test_what_may_come_out_is_what_the_states_come_to_one_by_one(data: st.DataObject, table: Table) -> None:
    states = [
        tuple(data.draw(st.lists(st.integers(0, len(o) - 1), min_size=1, unique=True))) for o in table.offsets
    ]
    every = list(product(*states))
    assert table.possible(states) == {table.at(state) for state in every}
    columns = np.array(every, dtype=np.int64).reshape(len(every), len(states)).T
    over = np.broadcast_to(table.over(lambda variable: columns[variable]), len(every))
    assert over.dtype == np.int64
    assert over.tolist() == [table.at(state) for state in every]


@given(table=tables())
@settings(max_examples=100, deadline=None)
def test_a_table_by_outcome_gives_the_outcomes_back(table: Table) -> None:
    domain, numbered = by_outcome(table)
    assert domain == tuple(sorted(set(table.values)))
    assert [domain[place] for place in numbered.values] == list(table.values)
    assert list(mapped(table, lambda value: value // 2).values) == [value // 2 for value in table.values]


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=50))
def test_packed_numbers_are_the_numbers(numbers: list[int]) -> None:
    kept = Packed(np.array(numbers, dtype=np.int64))
    assert list(kept) == numbers
    assert [kept[place] for place in range(len(kept))] == numbers
    assert np.array(kept).tolist() == numbers
    assert {kept: 1}[Packed(np.array(numbers, dtype=np.int64))] == 1
    assert kept != Packed(np.array([*numbers, 0], dtype=np.int64))
    assert distinct(kept.numbers).tolist() == sorted(set(numbers))


def test_many_truths_take_a_byte_each_and_few_stay_a_tuple() -> None:
    many = packed(np.ones(FEW + 1, dtype=np.int64))
    assert isinstance(many, Packed)
    assert many.numbers.nbytes == FEW + 1
    assert packed(np.ones(FEW, dtype=np.int64)) == (1,) * FEW


def _compiled(text: str) -> Compiled:
    loaded = parse_bank(text, "heavy.yaml")
    return compile_bank(loaded.bank, "r")


def _refused(text: str) -> Any:
    with pytest.raises(Invalid) as found:
        _compiled(text)
    (problem,) = found.value.problems
    return problem


def test_rules_that_read_too_much_together_are_refused_before_they_are_built() -> None:
    before = time.process_time()
    problem = _refused(heavy(300, crossing))
    assert time.process_time() - before < 1
    assert (problem.code, problem.path) == ("rules_too_large", ("notes", 0, "if"))
    assert "4,000,000 cells in all, 386,883 of them for the rule a * 2 - b * 1 > 0" in problem.why


def test_a_rule_is_counted_once_however_often_it_stands() -> None:
    assert len(_compiled(heavy(300, lambda number: crossing(0))).notes) == 300


def test_short_rules_over_long_grids_count_with_what_they_read() -> None:
    grid = "  - {{id: q{0}, kind: number, ask: {{ja: 問{0}, en: Ask}}, grid: {{from: 0, to: 4999, unit: years}}}}\n"
    questions = "".join(grid.format(n) for n in range(8))
    rule = " or ".join(f"q{n} == %d" for n in range(8))
    problem = _refused(heavy(300, lambda number: rule % ((number,) * 8), questions))
    assert problem.code == "rules_too_large"


def test_what_a_named_value_may_come_to_counts_more_than_a_cell() -> None:
    before = time.process_time()
    problem = _refused(heavy(1, lambda number: "v > 5", values="  v: a * 1000 + b\n"))
    assert time.process_time() - before < 1
    assert (problem.code, problem.path) == ("rules_too_large", ("values", "v"))
    assert len(_compiled(heavy(1, lambda number: "v > 5", values="  v: a * 20 + b\n")).values) == 1


def test_the_tables_of_a_bank_at_the_limit_take_some_bytes_a_cell() -> None:
    compiled = _compiled(heavy(10, crossing))
    cells = sum(note.holds.cells for note in compiled.notes)
    assert cells > 2_000_000
    assert cells < compiled.bytes < 2 * cells


def test_an_open_taker_of_a_bank_at_the_limit_is_answered_at_once() -> None:
    compiled = _compiled(heavy(10, crossing))
    answers = known_answers(compiled, {"c": "x"})
    states = [tuple(range(len(v.domain))) if p < 2 else (0,) for p, v in enumerate(compiled.variables)]
    half = [states[0][1:], *states[1:]]
    before = time.process_time()
    for note in compiled.notes:
        assert note.holds.possible(states) == note.holds.possible(half) == {0, 1}
    assert time.process_time() - before < 0.5
    assert not answers.complete


def test_questions_that_hide_each_other_are_read_once_each() -> None:
    before = time.process_time()
    _compiled(heavy(1, lambda number: "h14", hiding(15)))
    assert time.process_time() - before < 2


def test_what_is_nested_too_deep_through_hidden_questions_is_told() -> None:
    deep = "a > {0} or not (" * 17 + "h{1}" + ")" * 17
    line = "  - {{id: h{0}, kind: yes_no, ask: {{ja: 問{0}, en: Ask}}{1}}}\n"
    questions = "".join(line.format(n, ", ask_if: " + deep.format(n, n - 1) if n else "") for n in range(18))
    problem = _refused(heavy(1, lambda number: "h17", questions))
    assert (problem.code, problem.why) == ("rule_too_large", "it could not be checked")


def test_a_stack_may_have_fewer_offsets_than_the_first_question_has_answers() -> None:
    stack = Stack([Table((1,), ((0, 1),), (5, 6)), Table((1, 2), ((0, 1), (0, 2)), (1, 2, 3, 4))])
    indexes = np.array([[399, 399], [0, 1], [1, 1]])
    narrowed = stack.narrowed(indexes, np.array([False, True, False]))
    assert narrowed.over(indexes).tolist() == [[5, 6], [3, 4]]


def test_a_large_stack_gives_what_a_small_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [Table((0,), ((0, 1),), (-1, 100)), Table((), (), (40_000,))]
    indexes, varying = np.array([[0, 1, 0]]), np.array([True])
    wide = Stack(made).over(indexes, varying)
    monkeypatch.setattr(packing, "FEW", 1)
    narrow = Stack(made).over(indexes, varying)
    assert narrow.tolist() == wide.tolist() == [[-1, 100, -1], [40_000] * 3]
    assert narrow.dtype == np.int64
