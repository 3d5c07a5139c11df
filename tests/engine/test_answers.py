"""Reading answers: what is wrong is told in few words, however much of it there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.bank.load import load_bank
from quizapp.engine.answers import read_answers, without_repeats
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import MOST_PROBLEMS, Invalid, Problem, Where, first_problems

QUESTIONS = Path(__file__).resolve().parents[2] / "questions"


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    loaded = load_bank(QUESTIONS / "personal_trainer.yaml")
    return compile_bank(loaded.bank, loaded.revision)


def problems_of(compiled: Compiled, raw: dict[str, object]) -> list[Problem]:
    with pytest.raises(Invalid) as caught:
        read_answers(compiled, raw)
    return caught.value.problems


def test_far_more_answers_than_questions_are_one_problem(compiled: Compiled) -> None:
    told = problems_of(compiled, {f"unknown_{n}": 1 for n in range(60_000)})
    assert [one.code for one in told] == ["too_many_answers"]
    assert "60,000" in told[0].what


def test_a_few_unknown_questions_are_each_told(compiled: Compiled) -> None:
    assert len(problems_of(compiled, {f"unknown_{n}": 1 for n in range(20)})) == 20


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    many = [Problem(Where("answers"), "code", str(n), "why", "fix") for n in range(MOST_PROBLEMS + 7)]
    told = first_problems(many)
    assert told[:MOST_PROBLEMS] == many[:MOST_PROBLEMS]
    assert [(one.code, "7 more" in one.what) for one in told[MOST_PROBLEMS:]] == [("more_problems", True)]
    assert first_problems(many[:MOST_PROBLEMS]) == many[:MOST_PROBLEMS]


def deep(levels: int) -> list[object]:
    nested: list[object] = []
    for _ in range(levels):
        nested = [nested]
    return nested


@pytest.mark.parametrize("value", ["x" * 100_000, 10**4_000, ["x"] * 50_000, {"x": "y" * 9_999}, deep(5_000)])
def test_what_was_given_is_said_back_shortened(compiled: Compiled, value: object) -> None:
    for question in compiled.questions:
        assert all(len(str(one)) < 1_500 for one in problems_of(compiled, {question: value}))


def test_control_characters_reach_no_terminal(compiled: Compiled) -> None:
    (told,) = problems_of(compiled, {"a\x1b[2Jb\u202e\u3000日本\n": 1})
    assert "\\x1b[2Jb\\u202e\u3000日本\\n" in str(told)
    assert not {"\x1b", "\u202e", "\n"} & set(str(told))


def test_keys_given_twice_are_named_up_to_ten() -> None:
    assert without_repeats([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match=r"^answered twice: (k\d+, ){9}k\d+ and 20 more$"):
        without_repeats([(f"k{n}", 1) for n in range(30)] * 2)
