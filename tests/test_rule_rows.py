"""Rules and rows of menus say the same, both ways; what a draft's rules may read survives broken parts."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.rows.rows import (
    Group,
    Ladder,
    Row,
    Rows,
    comparisons_for,
    ladder_of,
    rows_of,
    rule_of,
    rule_of_ladder,
)
from quizapp.bank.rows.scope import RuleScope, lenient_scope, written
from quizapp.bank.rows.shapes import OF_VALUE, OF_YES_NO, SEVERAL
from quizapp.bank.rule_fields import rule_fields
from quizapp.bank.scope import plan_scope, rule_text, scope_of
from quizapp.bank.yaml.nodes import plain
from quizapp.bank.yaml.reader import read_yaml
from quizapp.rules import read
from quizapp.rules.evaluate import Given, evaluate
from quizapp.rules.tree import ChoiceOf, Day, Number, SetOf, Truth

BANKS = sorted(
    path
    for path in (Path(__file__).resolve().parent.parent / "questions").glob("*.yaml")
    if ".cases." not in path.name
)


def question(name: str, kind: str, *options: str, **more: Any) -> dict[str, Any]:
    listed = [{"id": option, "label": {"ja": option, "en": option}} for option in options]
    return {"id": name, "kind": kind, "ask": {"ja": f"{name}?", "en": f"{name}?"}, "options": listed, **more}


DRAFT = {
    "questions": [
        question("area", "choice", "tokyo", "osaka", "chiba"),
        question("held", "choices", "nsca", "jati", "nesta"),
        question("cards", "choices", "nsca", "cpr"),
        question("age", "number", grid={"from": 15, "to": 80, "unit": "years"}),
        question("works", "yes_no"),
    ],
    "values": {
        "adult": {"rule": "age >= 20", "label": {"ja": "成人", "en": "An adult"}},
        "points": "50 if adult else 10",
    },
}
SCOPE = lenient_scope(DRAFT, plan=True)
NUMBERS = st.integers(16, 79)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def rows_about(name: str) -> st.SearchStrategy[Row]:
    subject = SCOPE.subjects[name]
    comparison = st.sampled_from(comparisons_for(subject))
    return comparison.flatmap(lambda one: st.builds(Row, st.just(name), st.just(one), answers_to(name, one)))


def answers_to(name: str, comparison: str) -> st.SearchStrategy[tuple[Any, ...]]:
    kind = SCOPE.subjects[name].kind
    if comparison in OF_YES_NO or comparison in OF_VALUE:
        return st.just(())
    one: st.SearchStrategy[Any] = DAYS if isinstance(kind, Day) else st.integers(-9, 10**9)
    if isinstance(kind, ChoiceOf | SetOf) and not comparison.startswith("count"):
        one = st.sampled_from(kind.options)
    least, most = (1, 4) if comparison in SEVERAL else (2, 2) if comparison == "between" else (1, 1)
    return st.lists(one, min_size=least, max_size=most).map(tuple)


JOINS = st.sampled_from(["and", "or"])
ROW = st.sampled_from(sorted(SCOPE.subjects)).flatmap(rows_about)
GROUP = st.builds(Group, JOINS, st.lists(ROW, min_size=1, max_size=3).map(tuple))
ROWS = st.builds(Rows, JOINS, st.lists(GROUP, max_size=4).map(tuple))

ATOMS = st.one_of(
    st.builds(
        "{} {} {}".format, st.just("age"), st.sampled_from([">=", "<=", ">", "<", "==", "!="]), NUMBERS
    ),
    st.builds("{1} {0} age".format, st.sampled_from([">=", "<=", ">", "<", "==", "!="]), NUMBERS),
    st.builds("{} <= age <= {}".format, st.integers(16, 40), st.integers(41, 79)),
    st.builds("between(age, {}, {})".format, st.integers(16, 40), st.integers(41, 79)),
    st.builds("area {} {}".format, st.sampled_from(["==", "!="]), st.sampled_from(["tokyo", "osaka"])),
    st.sampled_from(
        [
            "area in (tokyo, osaka)", "area not in (chiba,)", "chiba == area", "area in chiba",
            "nsca in held", "jati in held", "nesta not in held", "nsca in cards", "cpr not in cards",
            "count(held) >= 2", "count(held) < 2", "count(cards) == 1", "count(held) > 1",
            "works", "adult", "today <= date(2026, 1, 2)", "date(2025, 3, 4) < today", "points >= 20",
            "age * 2 > 60", "count(works, adult) >= 1", "budget == 3",
        ]
    ),
)  # fmt: skip
RULES = st.recursive(
    ATOMS,
    lambda part: st.one_of(
        st.lists(part, min_size=2, max_size=3).map(lambda parts: f"({' and '.join(parts)})"),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})"),
        part.map("not ({})".format),
    ),
    max_leaves=7,
)


def answers(seed: int) -> dict[str, Given]:
    """Answers at random, some of them missing."""
    draw = Random(seed)
    every: dict[str, Given] = {
        "area": draw.choice(["tokyo", "osaka", "chiba"]),
        "held": frozenset(o for o in ("nsca", "jati", "nesta") if draw.random() < 0.5),
        "cards": frozenset(o for o in ("nsca", "cpr") if draw.random() < 0.5),
        "age": draw.randint(15, 80),
        "works": draw.randint(0, 1),
        "adult": draw.randint(0, 1),
        "points": draw.choice([10, 50]),
        "today": draw.randint(date(2025, 1, 1).toordinal(), date(2027, 1, 1).toordinal()),
    }
    return {name: answer for name, answer in every.items() if draw.random() < 0.8}


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_rows_written_as_a_rule_and_read_again_are_the_same_rows(rows: Rows) -> None:
    assert rows_of(rule_of(rows), SCOPE) == rows


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ROWS, st.integers(-5, 100)), max_size=3), st.integers(-5, 100))
def test_a_ladder_written_and_read_again_is_the_same_ladder(
    steps: list[tuple[Rows, int]], otherwise: int
) -> None:
    ladder = Ladder(tuple(steps), otherwise)
    text = rule_of_ladder(ladder)
    if len(text) <= 1_000:
        assert ladder_of(text, SCOPE) == ladder


@settings(max_examples=150, deadline=None)
@given(RULES, st.integers(0, 10**6))
def test_a_rule_shown_as_rows_means_what_it_meant(rule: str, seed: int) -> None:
    rows = rows_of(rule, SCOPE)
    if rows is None or "budget" in rule:
        return
    before, after = read(rule, SCOPE.typed, "truth"), read(rule_of(rows), SCOPE.typed, "truth")
    for more in range(8):
        given_answers = answers(seed + more)
        assert evaluate(before, given_answers) == evaluate(after, given_answers)
    assert rows_of(rule_of(rows), SCOPE) == rows


@pytest.mark.parametrize(
    ("rule", "canonical"),
    [
        ("age>=18", "age >= 18"),
        ("18 <= age", "age >= 18"),
        ("not age >= 18", "age < 18"),
        ("not (20 <= age <= 29)", "age < 20 or age > 29"),
        ("between(age, 20, 29)", "20 <= age <= 29"),
        ("29 >= age >= 20", "20 <= age <= 29"),
        ("not (area in (tokyo, osaka))", "area not in (tokyo, osaka)"),
        ("area in (tokyo,)", "area == tokyo"),
        ("not (nsca in held and jati in held)", "nsca not in held or jati not in held"),
        ("works == false", "not works"),
        ("count(held) > 1", "count(held) >= 2"),
        ("adult and (works and age > 20)", "adult and works and age > 20"),
        ("works or (nsca in held and jati in held)", "works or (nsca in held and jati in held)"),
        (
            "works and (adult or nsca in held and jati in held)",
            "works and (adult or (nsca in held and jati in held))",
        ),
        ("not (works or adult) and (age < 20 or age > 60)", "not works and not adult and (age < 20 or age > 60)"),
        ("true", "true"),
        ("today\n<= date(2025, 12, 14)", "today <= date(2025, 12, 14)"),
    ],
)  # fmt: skip
def test_spellings_of_one_thing_become_one(rule: str, canonical: str) -> None:
    rows = rows_of(rule, SCOPE)
    assert rows is not None
    assert rule_of(rows) == canonical


@pytest.mark.parametrize(
    "rule",
    [
        "unknown", "age +", "agee >= 18", "area == kobe", "age * 2 >= 50", "age >= points", "works if adult else adult",
        "count(works, adult) >= 1", "count(held) != 2", "works == adult", "15 < age <= 29", "age", "40",
        "works and (adult or (age > 20 and (area == tokyo or nsca in held)))",
    ],
)  # fmt: skip
def test_what_menus_cannot_show_stays_an_expression(rule: str) -> None:
    assert rows_of(rule, SCOPE) is None


def test_a_rule_that_can_only_come_out_one_way_still_shows_its_rows() -> None:
    assert rows_of("age >= 10", SCOPE) == Rows("and", (Group("or", (Row("age", "at_least", (10,)),)),))


def test_a_value_by_cases_is_read_in_order() -> None:
    ladder = ladder_of("80 if age == 20 else (60 if works or adult else -5)", SCOPE)
    assert ladder is not None
    assert [number for _, number in ladder.steps] == [80, 60]
    assert ladder.otherwise == -5
    assert rule_of_ladder(ladder) == "80 if age == 20 else 60 if works or adult else -5"
    assert ladder_of("40", SCOPE) == Ladder((), 40)


@pytest.mark.parametrize(
    "rule",
    ["age", "ramp(age, 20, 30)", "80 if works else age", "(8 if works else 7) if adult else 6", "", "true"],
)
def test_other_values_are_no_ladder(rule: str) -> None:
    assert ladder_of(rule, SCOPE) is None


@pytest.mark.parametrize(
    ("comparison", "many"),
    [("is", ()), ("is", ("a", "b")), ("one_of", ()), ("yes", ("a",)), ("between", (1,))],
)
def test_a_row_wants_the_answers_that_its_comparison_needs(comparison: Any, many: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=comparison):
        Row("age", comparison, many)


def test_every_kind_of_question_offers_comparisons() -> None:
    offered = {name: comparisons_for(subject)[0] for name, subject in SCOPE.subjects.items()}
    assert offered == {
        "area": "is", "held": "includes", "cards": "includes", "age": "at_least", "works": "yes",
        "today": "at_least", "adult": "holds", "points": "at_least", "cost": "at_least", "duration": "at_least",
    }  # fmt: skip


@cache
def shipped(path: Path) -> tuple[RuleScope, list[tuple[str, str]]]:
    """The scope of a shipped bank and its rules with what they must yield."""
    data = plain(read_yaml(path.read_text(encoding="utf-8"), path.name).root)
    bank = load_bank(path).bank
    scope = lenient_scope(data, plan=True)
    rules = [(field.text, field.expect) for field in rule_fields(bank)]
    for value in bank.values.values():
        kind = read(rule_text(value), scope.typed).kind
        rules.append((rule_text(value), "truth" if isinstance(kind, Truth) else "number"))
    return scope, list(dict.fromkeys(rules))


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_nearly_all_conditions_of_the_shipped_banks_show_as_menus(path: Path) -> None:
    scope, rules = shipped(path)
    conditions = [text for text, expect in rules if expect == "truth"]
    shown = [text for text in conditions if rows_of(text, scope) is not None]
    assert len(shown) >= 0.95 * len(conditions)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_rules_of_the_shipped_banks_mean_the_same_after_their_menus(path: Path) -> None:
    scope, rules = shipped(path)
    draw = Random(4)
    for text, expect in rules:
        rows, ladder = rows_of(text, scope), ladder_of(text, scope)
        if expect == "truth" and rows:
            again = rule_of(rows)
        elif expect == "number" and ladder:
            again = rule_of_ladder(ladder)
        else:
            continue
        before, after = read(text, scope.typed), read(again, scope.typed)
        for _ in range(30 if before != after else 0):
            given_answers = {name: anything(scope, name, draw) for name in scope.subjects}
            assert evaluate(before, given_answers) == evaluate(after, given_answers), text


def anything(scope: RuleScope, name: str, draw: Random) -> Given:
    kind = scope.subjects[name].kind
    if draw.random() < 0.2:
        return None
    match kind:
        case ChoiceOf(_, options):
            return draw.choice(options)
        case SetOf(_, options):
            return frozenset(option for option in options if draw.random() < 0.5)
        case Number(low, high):
            return draw.randint(low, min(high, low + 40))
        case Day():
            return date(2025, 12, draw.randint(10, 20)).toordinal()
    return draw.randint(0, 1)


def test_what_is_broken_in_a_draft_is_left_out_of_its_scope() -> None:
    scope = lenient_scope(
        {
            "questions": [
                {
                    "id": "kounin",
                    "kind": "yes_no",
                    "ask": {"ja": "高卒認定に合格?"},
                    "why": 3,
                    "effort": "lots",
                },
                {"id": "Bad Id", "kind": "yes_no"},
                {"id": "age", "kind": "number", "grid": {"from": 80, "to": 15}},
                {"id": "months", "kind": "number", "grid": {"from": 0, "to": 9, "unit": "moons"}},
                {
                    "id": "area",
                    "kind": "choice",
                    "options": [{"id": "tokyo"}, "x", {"id": 5}, {"id": "tokyo"}],
                },
                {"id": "kounin", "kind": "choice"},
                "no question",
                None,
            ],
            "values": {
                "later": "sooner",
                "sooner": {"rule": "kounin", "label": {"en": "Soon"}},
                "broken": "agee >= 18",
                "needs_broken": "broken or kounin",
                "circle": "circle",
                "kounin": "true",
                "number": 40,
                "empty": None,
                7: "kounin",
            },
            "items": "gone",
        }
    )
    assert list(scope.subjects) == ["kounin", "area", "today", "later", "sooner", "number"]
    assert scope.subjects["kounin"].label.en == "高卒認定に合格?"
    assert scope.subjects["area"].kind == ChoiceOf("area", ("tokyo",))
    assert scope.subjects["sooner"].label.ja == "Soon"
    assert scope.subjects["number"].kind == Number(40, 40)


@pytest.mark.parametrize("data", [None, 3, [], {}, {"questions": {}, "values": []}, {"questions": None}])
def test_any_data_at_all_has_a_scope(data: object) -> None:
    assert list(lenient_scope(data).subjects) == ["today"]


def test_the_scope_of_a_sound_bank_is_the_one_its_check_uses() -> None:
    for path in BANKS:
        scope, _ = shipped(path)
        assert scope.typed.names == plan_scope(scope_of(load_bank(path).bank)).names


def test_rules_that_yaml_reads_as_something_else_are_text_again() -> None:
    assert [written(value) for value in (True, False, 40, "x", None, [])] == [
        "true",
        "false",
        "40",
        "x",
        None,
        None,
    ]
