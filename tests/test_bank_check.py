"""Checking banks: what is right passes, all problems come at once, and impossible conditions are found."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.cases import cases_path, load_cases
from quizapp.bank.check import blocking, check_bank, check_file
from quizapp.bank.checks.satisfiable import can_hold
from quizapp.bank.load import load_bank, parse_bank
from quizapp.bank.rule_fields import read_rules, rule_fields
from quizapp.bank.scope import question_scope, scope_of
from quizapp.engine.compile import compile_bank
from quizapp.errors import NotFound
from quizapp.rules import read
from quizapp.rules.evaluate import Given, evaluate

SMALL = Path(__file__).parent / "banks" / "good" / "small.yaml"
SHIPPED = sorted(
    path for path in (Path(__file__).parent.parent / "questions").glob("*.yaml") if ".cases" not in path.name
)
ON = date(2026, 11, 22)
TEXT = SMALL.read_text(encoding="utf-8")
BANK = parse_bank(TEXT, "small.yaml").bank
QUESTIONS = {question.id: question for question in BANK.questions}
VALUES = read_rules(BANK).values
SCOPE = scope_of(BANK)


def test_a_good_bank_with_its_cases_has_no_problem() -> None:
    assert check_file(SMALL, date(2026, 1, 20)) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_bank_can_be_published(path: Path) -> None:
    assert [str(problem) for problem in blocking(check_file(path, ON))] == []


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        check_file(tmp_path / "none.yaml", ON)


def test_a_fact_is_told_as_stale_from_the_day_after_its_last() -> None:
    loaded = parse_bank(
        TEXT.replace("source: article, line: 9", "source: article, line: 9, until: 2026-03-31"), "f"
    )
    assert check_bank(loaded, date(2026, 3, 31)) == []
    assert [problem.code for problem in check_bank(loaded, date(2026, 4, 1))] == ["past_until"]


def test_history_of_an_item_that_ended_may_be_past_its_date() -> None:
    ended = "closing: {after: 2026-02-01, text: {ja: 終わりました。, en: It ended.}, source: article}\n    held_if"
    text = TEXT.replace("source: article, line: 9", "source: article, line: 9, until: 2026-01-31").replace(
        "held_if", ended
    )
    assert check_bank(parse_bank(text, "f"), date(2026, 2, 2)) == []


def test_problems_come_in_the_order_of_the_file_and_none_twice() -> None:
    text = TEXT.replace("weight: 60", "weight: 0").replace("works and years >= 2", "worsk and yaers >= 2")
    found = check_bank(parse_bank(text, "f"), date(2026, 1, 20))
    assert [problem.code for problem in found] == ["unknown_name", "unknown_name", "zero_weight"]
    assert found == sorted(set(found), key=lambda problem: problem.where)


def test_that_nobody_knows_an_items_value_may_be_said_of_the_whole_as_of_one_option() -> None:
    known = 'price: "min(100, ramp(cost, 100000, 0))"'
    assert known in TEXT
    loaded = parse_bank(TEXT.replace(known, "price: unknown"), "f")
    assert check_bank(loaded, date(2026, 1, 20)) == []
    price = compile_bank(loaded.bank, "r").items[0].fits[1]
    assert set(price.values) == {-1}


@pytest.mark.parametrize(
    ("copy", "alike"),
    [
        ("{ja: 通学, en: At school}", False), ("{ja: 通信, en: By mail}", True), ("{ja: 通学, en: by Web}", True),
        ("{ja: 通信(コピー), en: At school}", True), ("{ja: 通学, en: By web (copy) (copy)}", True),
    ],
)  # fmt: skip
def test_two_routes_of_one_item_are_told_where_takers_would_read_the_same_name(
    copy: str, alike: bool
) -> None:
    route = f"{{id: web_2, name: {copy}, costs: [{{id: course, label: {{ja: 講座, en: C}}, yen: unknown}}]}}"
    last = "        schedule: [{monthly: true}]\n"
    text = TEXT.replace(last, f"{last}      - {route}\n")
    found = check_bank(parse_bank(text, "f"), date(2026, 1, 20))
    assert [(one.code, one.warning) for one in found] == [("same_name", True)] * alike


def test_every_rule_of_the_model_is_visited() -> None:
    paths = {path.path[-1] for path in rule_fields(BANK)}
    assert {"ask_if", "if", "unless", "weight", "value", "held_if", "relevant_if", "price"} <= paths


def test_cases_are_read_from_beside_their_bank() -> None:
    cases = load_cases(cases_path(SMALL))
    assert [case.id for case in cases] == ["beginner"]
    assert cases[0].answers["held"] == ()
    assert cases[0].answers["works"] is False
    assert cases[0].expect.months == {}


CONDITIONS = [
    "age >= 18", "age <= 17", "age > 30 and age < 20", "works", "not works", "years >= 2", "experienced",
    "schooling == university", "schooling != university", "schooling in (high_school, university)", "card in held",
    "count(held) == 0", "count(works, age >= 60) == 2", "years * 2 > age", "20 <= age <= 29", "age + years < 16",
    "budget - 150000 > 0", "min(age, years) >= 30", "ramp(age, 20, 60) > 99", "false", "true",
]  # fmt: skip


def meets_one(rules: list[str]) -> bool:
    """Whether any of many answers makes all the rules true, tried one by one."""
    trees = [read(rule, SCOPE, "truth") for rule in rules]
    ages, years, budgets = (
        (15, 17, 18, 19, 20, 25, 29, 31, 59, 61, 80),
        (0, 1, 2, 8, 9, 30, 40),
        (0, 150_000, 200_000),
    )
    for age, year, budget, works, schooling, held in product(
        ages, years, budgets, (0, 1), ("high_school", "university"), (frozenset[str](), frozenset({"card"}))
    ):
        given: dict[str, Given] = {
            "age": age, "years": year, "budget": budget, "works": works, "schooling": schooling, "held": held,
        }  # fmt: skip
        given["experienced"] = evaluate(VALUES["experienced"], given)
        if all(evaluate(tree, given) for tree in trees):
            return True
    return False


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4))
def test_conditions_that_some_answers_meet_are_never_called_impossible(rules: list[str]) -> None:
    if not can_hold([read(rule, SCOPE, "truth") for rule in rules], QUESTIONS, VALUES):
        assert not meets_one(rules)


@pytest.mark.parametrize(
    "rules",
    [
        ["age >= 18", "age <= 17"], ["age > 30 and age < 20"], ["works", "not works"], ["experienced", "not works"],
        ["schooling == university", "schooling == high_school"], ["count(held) == 0", "card in held"],
        ["schooling not in (high_school, university)"], ["age + years < 16", "years >= 2"], ["false"],
        ["count(works, age >= 60) == 2", "20 <= age <= 29"], ["budget > 150000", "budget < 160000"],
    ],
    ids=str,
)  # fmt: skip
def test_conditions_that_contradict_each_other_are_found(rules: list[str]) -> None:
    assert not can_hold([read(rule, SCOPE, "truth") for rule in rules], QUESTIONS, VALUES)


def test_a_rule_about_days_is_never_called_impossible() -> None:
    tree = read("today >= date(2090, 1, 1)", question_scope(BANK), "truth")
    assert can_hold([tree], QUESTIONS, VALUES)


def test_loading_a_bank_does_not_check_it() -> None:
    assert load_bank(SMALL).warnings == ()
