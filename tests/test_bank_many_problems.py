"""A text with thousands of faults, or of values that build on one another, is checked in good time."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from quizapp.bank.check import check_bank
from quizapp.bank.load import parse_bank
from quizapp.bank.scope import MOST_FAULTS, read_values
from quizapp.bank.structure import MOST_FAULTS as MOST_MISFITS
from quizapp.editing.problem_places import MOST_PROBLEMS, all_placed
from quizapp.errors import Invalid, how_many_left_out

BANK = (Path(__file__).resolve().parent.parent / "questions/one_on_one.yaml").read_text(encoding="utf-8")
ON = date(2026, 11, 22)
# Each finishes in a tenth of it; what is guarded against took half a minute and more.
SECONDS = 6.0


def with_values(lines: list[str]) -> str:
    """The bank with more named values."""
    assert "\nvalues:\n" in BANK
    return BANK.replace("\nvalues:\n", "\nvalues:\n" + "".join(f"  {line}\n" for line in lines), 1)


@pytest.mark.parametrize("step", [1, -1])
def test_a_long_chain_of_values_is_read_in_any_order(step: int) -> None:
    lines = ["v0: 1 > 0", *(f"v{n + 1}: v{n}" for n in range(600))][::step]
    loaded = parse_bank(with_values(lines), "one_on_one.yaml")
    begun = time.monotonic()
    found = read_values(loaded.bank)
    assert time.monotonic() - begun < SECONDS
    assert not found.faults and len(found.trees) == len(loaded.bank.values)


def test_values_whose_names_are_options_too_are_still_read() -> None:
    options = parse_bank(BANK, "one_on_one.yaml").bank.questions
    question = next(one for one in options if one.kind == "choice" and len(one.options) > 1)
    first, second = (option.id for option in question.options[:2])
    lines = [f"{first}: {question.id} == {second}", f"{second}: {first}"]
    found = read_values(parse_bank(with_values(lines), "one_on_one.yaml").bank)
    assert not found.faults and {first, second} <= found.trees.keys()


def test_of_very_many_faulty_rules_the_first_are_told_and_how_many_were_not_read() -> None:
    more = 300
    text = with_values([f"v{n}: nothing_{n} > 1" for n in range(MOST_FAULTS + more)])
    found = [one for one in check_bank(parse_bank(text, "one_on_one.yaml"), ON) if not one.warning]
    assert sum(one.code == "unknown_name" for one in found) == MOST_FAULTS
    [left] = [one for one in found if one.code == "more_rules"]
    assert int(left.what.split()[0]) > more


def test_fewer_are_all_told() -> None:
    text = with_values([f"v{n}: nothing_{n} > 1" for n in range(MOST_FAULTS - 1)])
    found = [one.code for one in check_bank(parse_bank(text, "one_on_one.yaml"), ON)]
    assert found.count("unknown_name") == MOST_FAULTS - 1 and "more_rules" not in found


def test_of_very_many_fields_that_do_not_fit_it_says_how_many_are_left_out() -> None:
    more = 50
    text = BANK + "".join(f"zz{n}: 1\n" for n in range(MOST_MISFITS + more))
    with pytest.raises(Invalid) as caught:
        parse_bank(text, "one_on_one.yaml")
    problems = caught.value.problems
    assert [how_many_left_out(one) for one in problems] == [0] * MOST_MISFITS + [more]
    placed = all_placed(problems, "one_on_one", "bank", text)
    assert len(placed) == MOST_PROBLEMS + 1
    assert how_many_left_out(placed[-1].problem) == MOST_MISFITS + more - MOST_PROBLEMS
