"""What the rule language takes, what it refuses, and in which words."""

from __future__ import annotations

import time

import pytest

from quizapp.rules import RuleFaults, Scope, read
from quizapp.rules.evaluate import evaluate
from quizapp.rules.syntax import parse
from quizapp.rules.tree import ChoiceOf, Day, Number, SetOf, Truth

SCOPE = Scope(
    {
        "age": Number(15, 80, "years"),
        "years": Number(0, 40, "years"),
        "budget": Number(0, 1_000_000, "yen"),
        "cost": Number(0, 10**9, "yen"),
        "schooling": ChoiceOf("schooling", ("junior_high", "high_school", "university")),
        "held": SetOf("held", ("nsca", "jati")),
        "works": Truth(),
        "today": Day(),
    },
    {"duration": "it belongs to an item's plan"},
)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("age >= 18 and years < 3", {"age": 18, "years": 2}, 1),
        ("20 <= age <= 29", {"age": 30}, 0),
        ("between(age, 20, 29)", {"age": 20}, 1),
        ("schooling in (high_school, university)", {"schooling": "university"}, 1),
        ("schooling != junior_high", {"schooling": "junior_high"}, 0),
        ("schooling not in (junior_high, university)", {"schooling": "high_school"}, 1),
        ("nsca in held or jati not in held", {"held": frozenset({"jati"})}, 0),
        ("count(held) >= 2", {"held": frozenset({"nsca", "jati"})}, 1),
        ("count(works, age >= 20, nsca in held)", {"works": 1, "age": 19, "held": frozenset({"nsca"})}, 2),
        ("ramp(budget - cost, -50000, 0)", {"budget": 100_000, "cost": 125_000}, 50),
        ("max(0, min(100, years * 10 - 5))", {"years": 3}, 25),
        ("-(years) + 40", {"years": 15}, 25),
        ("30 if works else 60", {"works": 0}, 60),
        ("today > date(2025, 12, 14)", {"today": 739_600}, 1),
        ("false and works", {}, 0),
        ("works or true", {}, 1),
        ("works and true", {}, None),
        ("50 if works else 50", {}, 50),
        ("works == (age >= 20)", {"works": 1, "age": 25}, 1),
    ],
)
def test_it_means_what_it_says(text: str, given: dict[str, object], expected: int | None) -> None:
    assert evaluate(read(text, SCOPE), given) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("agee >= 18", "unknown_name", 'did you mean "age"?'),
        ("schooling == hihg_school", "unknown_option", 'did you mean "high_school"?'),
        ("nsac in held", "unknown_option", 'did you mean "nsca"?'),
        ("schooling", "bare_question", "schooling =="),
        ("high_school", "bare_option", "schooling == high_school"),
        ("held", "bare_question", "in held"),
        ("held == nsca", "bad_in", "nsca in held"),
        ("schooling < university", "kinds_mixed", "no order"),
        ("age >= 10", "always_true", "15 to 80 years"),
        ("age > 80", "never_true", "15 to 80 years"),
        ("budget > age", "units_mixed", "years and yen"),
        ("budget * age", "units_mixed", "plain number"),
        ("age and works", "not_a_truth", "compare"),
        ("works + 1", "not_a_number", "100 if"),
        ("age if works else works", "kinds_mixed", "one kind"),
        ("today > 5", "kinds_mixed", "like with like"),
        ("date(2025, 13, 1) < today", "bad_date", "date(2025, 12, 14)"),
        ("ramp(age, 3)", "bad_arguments", "3 values"),
        ("ramp(age, 3, 3)", "bad_arguments", "two different ends"),
        ("mx(age, 3)", "unknown_function", 'did you mean "max"?'),
        ("count(x=works)", "not_in_language", "no named arguments"),
        ("budget * 9999999999 * 9999999999", "number_too_large", "10^15"),
        ("duration > 3", "name_not_here", "plan"),
        ("age in (18, 19)", "bad_in", "options"),
        ("", "syntax", "empty"),
        ("age >=", "syntax", "complete"),
    ],
)
def test_it_says_what_is_wrong_and_how_to_mend_it(text: str, code: str, words: str) -> None:
    with pytest.raises(RuleFaults) as found:
        read(text, SCOPE)
    assert code in [fault.code for fault in found.value.faults]
    assert any(words in f"{fault.what}; {fault.why}; {fault.fix}" for fault in found.value.faults)


def test_it_reports_every_fault_with_its_column() -> None:
    with pytest.raises(RuleFaults) as found:
        read("agee >= 18 and schooling == colege and age > 99", SCOPE)
    assert [(fault.code, fault.column) for fault in found.value.faults] == [
        ("unknown_name", 1),
        ("unknown_option", 29),
        ("never_true", 40),
    ]


HOSTILE = [
    "age.__class__.__mro__", "().__class__", "age[0]", "[a for a in held]", "(lambda: 1)()", "__import__('os')",
    "9**9**9", "9999999999999999999999", "10**1000", "(x := 5)", "f'{age}'", "'a' * 10**9", "age if", "{1: 2}",
    "(" * 500 + "age" + ")" * 500, "not " * 240 + "works", "-" * 900 + "1", "age " * 249, "1 + " * 240 + "1",
    "аge >= 18", "age\u200b >= 18", "ａge >= 18", "age >= １８", "works or *held", "await works", "age@age",
    "0x10 < age", "1e9 < age", "1.5 < age", "`age`", "age; works", "works\\\n", "works\x00", "a" * 100_000,
    "min(" * 60 + "age" + ")" * 60, "eval(age)", "open(works)", "...", "None", "yield", "print(age)",
    "((" * 24 + "works" + "))" * 24, "works if works else " * 40 + "works",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_it_refuses_hostile_text_within_a_moment(text: str) -> None:
    began = time.thread_time()
    with pytest.raises(RuleFaults):
        read(text, SCOPE)
    # 50 ms of this thread's own time, whatever else the machine does, with room for a slow one.
    assert time.thread_time() - began < 0.05 * 4


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("weekday = i_can and (holdings", 'a single = stands after "weekday"'),
        ("weekday == i_can and (holdings", 'brackets and operators around "(holdings"'),
        ("age >= 18 and", 'brackets and operators around "age >= 18 and"'),
    ],
)
def test_an_unfinished_rule_says_where_reading_it_broke_off(rule: str, said: str) -> None:
    with pytest.raises(RuleFaults) as found:
        parse(rule)
    assert said in f"{found.value.faults[0].what}; {found.value.faults[0].fix}"
