"""Banks at the edge: great weights, many totals, hidden questions in tables, more completions than can be tried."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from quizapp.bank.model import Bank
from quizapp.engine.acceptability import acceptability
from quizapp.engine.answers import read_answers
from quizapp.engine.cohort import judge
from quizapp.engine.compile import MAX_WEIGHT, compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.firmness import firmness
from quizapp.engine.outcome import Recommendation
from quizapp.engine.recommend import recommend
from quizapp.engine.settled import settled
from quizapp.engine.whatif import what_if
from quizapp.errors import Invalid

ON = date(2026, 11, 22)
TEXT = {"ja": "文", "en": "text"}
SOURCE = {"source": "made", "line": 1}
HALF = [{"id": "c", "label": TEXT, "weight": 1, "value": 50}]


def _compiled(questions: list[Any], criteria: list[Any], items: list[Any]) -> Compiled:
    bank = Bank.model_validate(
        {
            "bank": "made", "title": TEXT, "summary": TEXT,
            "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
            "questions": questions, "criteria": criteria, "items": items,
        }
    )  # fmt: skip
    return compile_bank(bank, "r")


def _yes_no(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "yes_no", "ask": TEXT, **more}


def _choice(name: str, *options: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "kind": "choice", "ask": TEXT, "options": [{"id": o, "label": TEXT} for o in options], **more
    }  # fmt: skip


def _item(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "certification", "name": TEXT, "routes": [{"id": "w", "name": TEXT}], **more}


def _cost(name: str, yen: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "label": TEXT, "yen": yen, **SOURCE, **more}


def _ranked(compiled: Compiled, answers: dict[str, Any]) -> dict[str, Recommendation]:
    return {r.item: r for r in recommend(compiled, read_answers(compiled, answers), ON).recommendations}


def _weighted(weight: int) -> Compiled:
    criteria = [
        {"id": "a", "label": TEXT, "weight": f"{weight} if q else {weight // 2}", "value": 40},
        {"id": "b", "label": TEXT, "weight": weight, "value": 30},
    ]
    return _compiled([_yes_no("q")], criteria, [_item("good", fit={"a": "90", "b": "70"}), _item("poor")])


def test_the_greatest_weight_is_counted_as_a_small_one_is() -> None:
    great, small = (_ranked(_weighted(weight), {"q": True}) for weight in (MAX_WEIGHT, 10))
    assert list(great) == list(small) == ["good", "poor"]
    assert [r.score for r in great.values()] == [r.score for r in small.values()] == [8000, 3500]


def test_a_weight_beyond_the_greatest_is_refused() -> None:
    with pytest.raises(Invalid) as found:
        _weighted(MAX_WEIGHT + 1)
    assert {problem.code for problem in found.value.problems} == {"weight_too_large"}


def test_a_route_of_too_many_totals_is_refused_without_counting_them_all() -> None:
    costs = [_cost(f"k{n}", 2**n, unless="q") for n in range(26)]
    with pytest.raises(Invalid) as found:
        _compiled([_yes_no("q")], HALF, [_item("dear", costs=costs)])
    assert [problem.code for problem in found.value.problems] == ["too_many_totals"]


def test_a_table_of_options_reads_the_answer_that_holds_while_its_question_is_hidden() -> None:
    style = _choice("style", "home", "class", ask_if="studies", when_hidden="class")
    criteria = [{"id": "c", "label": TEXT, "weight": 1, "question": "style"}]
    items = [
        _item("a", fit={"c": {"home": 100, "class": 20}}),
        _item("b", fit={"c": {"home": 0, "class": 60}}),
    ]
    compiled = _compiled([_yes_no("studies"), style], criteria, items)
    # Not studying (two of four completions) is class; studying is either.
    assert {name: (r.score, r.score_range) for name, r in _ranked(compiled, {}).items()} == {
        "a": (4000, (2000, 10_000)),
        "b": (4500, (0, 6000)),
    }
    turns = firmness(compiled, read_answers(compiled, {"studies": True, "style": "home"}), ON).turns
    assert [(turn.question, turn.first) for turn in turns] == [("studies", "b"), ("style", "b")]


def test_a_question_hidden_without_an_answer_stands_at_its_first_everywhere() -> None:
    compiled = _compiled(
        [_yes_no("works"), _yes_no("leads", ask_if="works")],
        HALF,
        [_item("a", fit={"c": "90 if leads else 10"}), _item("b")],
    )
    found = settled(compiled, read_answers(compiled, {"leads": True}), ON)
    assert found.first is None
    assert set(found.rivals) == {"a", "b"}
    assert settled(compiled, read_answers(compiled, {"works": False}), ON).first == "b"


def test_what_has_no_price_ties_with_nothing_that_costs() -> None:
    items = [_item("z_free", priced=False, costs=[_cost("k", 500)]), _item("a_paid", costs=[_cost("k", 500)])]
    compiled = _compiled([_yes_no("q")], HALF, items)
    answers = read_answers(compiled, {"q": True})
    assert next(iter(_ranked(compiled, {"q": True}))) == "z_free"
    assert (
        settled(compiled, answers, ON).first
        == settled(compiled, read_answers(compiled, {}), ON).first
        == "z_free"
    )
    takers = np.array([[index] for index in answers.indexes], dtype=np.int64)
    assert judge(compiled, ON, takers).first.tolist() == [0]


def test_a_bank_in_which_nothing_has_a_value_is_answered_all_the_same() -> None:
    compiled = _compiled(
        [_yes_no("q"), _yes_no("p")],
        [{"id": "c", "label": TEXT, "weight": 1}],
        [_item("a", held_if="q"), _item("b")],
    )
    assert settled(compiled, read_answers(compiled, {"q": True}), ON).first == "b"
    assert firmness(compiled, read_answers(compiled, {"q": False, "p": True}), ON).survives is False


def test_means_add_up_to_a_score_that_completions_come_to() -> None:
    criteria = [{"id": f"c{n}", "label": TEXT, "weight": "1 if q else 2", "value": 50} for n in range(3)]
    criteria[0]["weight"] = "2 if q else 1"
    item = _item("a", fit={"c0": "100", "c1": "100", "c2": "100"})
    compiled = _compiled([_yes_no("q")], criteria, [item])
    (found,) = _ranked(compiled, {}).values()
    assert found.score_range[0] <= found.score <= found.score_range[1]
    assert sum(entry.points for entry in found.ledger) == found.score


def test_it_calls_nothing_closed_that_some_rare_completion_opens() -> None:
    count = 25
    requires = [
        {"id": f"r{n}", "label": TEXT, "if": f"q{n}", "fixed": True, "otherwise": TEXT, **SOURCE}
        for n in range(count)
    ]
    compiled = _compiled(
        [_yes_no(f"q{n}") for n in range(count)], HALF, [_item("rare", requires=requires), _item("common")]
    )
    outcome = recommend(compiled, read_answers(compiled, {}), ON)
    rare = next(r for r in outcome.recommendations if r.item == "rare")
    assert rare.standing == "unknown"
    assert rare.score_range == (0, 5000)
    assert not outcome.exact
    assert outcome.not_now == ()


def test_a_yes_that_means_having_an_item_is_never_taken_back() -> None:
    barred = [{"id": "r", "label": TEXT, "if": "not has_old", "fixed": True, "otherwise": TEXT, **SOURCE}]
    compiled = _compiled(
        [_yes_no("has_old")],
        HALF,
        [_item("old", held_if="has_old"), _item("new", requires=barred), _item("c")],
    )
    assert what_if(compiled, read_answers(compiled, {"has_old": True}), ON).eligible == ()


def test_an_item_worse_by_a_criterion_of_hardly_any_weight_is_never_first() -> None:
    criteria = [
        {"id": "a", "label": TEXT, "weight": 100_000, "value": 50},
        {"id": "b", "label": TEXT, "weight": 1, "value": 50},
    ]
    compiled = _compiled([_yes_no("q")], criteria, [_item("worse", fit={"b": "40"}), _item("better")])
    shares = {
        s.item: s for s in acceptability(recommend(compiled, read_answers(compiled, {"q": True}), ON)).shares
    }
    assert shares["better"].first == 1
    assert shares["worse"].first == 0
