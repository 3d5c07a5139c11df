"""The next screen is always one that can be asked, and the quiz ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.bank.scope import scope_of
from quizapp.engine.answers import Answers, read_answers, shown_screens
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.next_question import FindOut, next_screen, worth_finding_out
from quizapp.engine.settled import settled
from quizapp.rules import read
from quizapp.rules.tree import names_read
from tests.conftest import ROOT
from tests.engine.oracle import every_answer
from tests.engine.random_banks import TEXT, banks

ON = date(2026, 11, 22)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]
SLOW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _screens(compiled: Compiled, answers: Answers) -> dict[str, tuple[str, ...]]:
    return {screen.id: screen.questions for screen in shown_screens(compiled, answers)}


@st.composite
def banks_with_screens(draw: st.DrawFn) -> Bank:
    bank = draw(banks())
    names = {q.id: draw(st.sampled_from([None, "page_a", "page_b"])) for q in bank.questions}
    changed = tuple(q.model_copy(update={"screen": names[q.id]}) for q in bank.questions)
    return bank.model_copy(update={"questions": changed})


@SLOW
@given(st.data())
def test_it_asks_only_what_is_left_to_ask_and_ends(data: st.DataObject) -> None:
    bank = data.draw(banks_with_screens())
    compiled = compile_bank(bank, "r")
    raw: dict[str, Any] = {}
    seen: set[str] = set()
    for _ in range(len(bank.questions) + 1):
        answers = read_answers(compiled, raw)
        screen = next_screen(compiled, answers, ON, frozenset(seen))
        if screen is None:
            break
        shown = _screens(compiled, answers)[screen]
        left = [name for name in shown if name in answers.unanswered and name not in seen]
        assert left
        for name in left:
            seen.add(name)
            if data.draw(st.booleans()):
                raw[name] = data.draw(st.sampled_from(every_answer(compiled.questions[name])))
    else:
        pytest.fail("it went on asking")
    assert seen.issuperset(answers.unanswered)


@SLOW
@given(banks())
def test_a_question_comes_after_those_that_decide_whether_it_is_asked(bank: Bank) -> None:
    compiled, scope = compile_bank(bank, "r"), scope_of(bank)
    raw: dict[str, Any] = {}
    while (screen := next_screen(compiled, read_answers(compiled, raw), ON)) is not None:
        question = compiled.questions[screen]
        if question.ask_if:
            deciding = names_read(read(question.ask_if, scope)) & set(compiled.questions)
            # One that no answer of which matters to the condition need not come first.
            reads = {compiled.variables[v].name.split(".")[0] for v in compiled.asked[screen].reads}
            assert deciding & reads <= set(raw)
        raw[screen] = every_answer(question)[0]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_answers_lead_to_the_same_screen(slug: str) -> None:
    bank = load_bank(ROOT / "questions" / f"{slug}.yaml").bank
    again = [
        next_screen(compile_bank(bank, "r"), read_answers(compile_bank(bank, "r"), {}), ON) for _ in "ab"
    ]
    assert again[0] == again[1]


def test_a_bank_may_keep_its_own_order() -> None:
    bank = load_bank(ROOT / "questions" / "personal_trainer.yaml").bank
    compiled = compile_bank(bank.model_copy(update={"order": "fixed"}), "r")
    answers = read_answers(compiled, {"age": 30})
    assert next_screen(compiled, answers, ON) == compiled.bank.questions[0].id


def _bank(weights: tuple[int, int], efforts: tuple[int, int] = (1, 1)) -> Compiled:
    raw = {
        "bank": "made", "title": TEXT, "summary": TEXT,
        "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
        "questions": [
            {"id": f"q{n}", "kind": "yes_no", "ask": TEXT, "effort": effort} for n, effort in enumerate(efforts)
        ],
        "criteria": [
            {"id": f"c{n}", "label": TEXT, "weight": weight, "value": "0"} for n, weight in enumerate(weights)
        ],
        "items": [
            {"id": "one", "kind": "action", "name": TEXT, "fit": {f"c{n}": f"80 if q{n} else 20" for n in (0, 1)}},
            {"id": "other", "kind": "action", "name": TEXT, "fit": {f"c{n}": f"20 if q{n} else 80" for n in (0, 1)}},
        ],
    }  # fmt: skip
    return compile_bank(Bank.model_validate(raw), "r")


def test_it_asks_first_what_decides_first_place() -> None:
    compiled = _bank((1, 9))
    assert next_screen(compiled, read_answers(compiled, {}), ON) == "q1"
    assert worth_finding_out(compiled, read_answers(compiled, {}), ON) == FindOut("q1", "first")
    assert settled(compiled, read_answers(compiled, {"q1": True}), ON).first == "one"


def test_among_equals_the_banks_order_holds() -> None:
    compiled = _bank((5, 5))
    assert next_screen(compiled, read_answers(compiled, {}), ON) == "q0"


def test_what_is_hard_to_answer_must_tell_more() -> None:
    easy_last = _bank((5, 5), (10, 1))
    assert next_screen(easy_last, read_answers(easy_last, {}), ON) == "q1"


def test_nothing_is_worth_finding_out_once_first_place_is_settled() -> None:
    compiled = _bank((1, 9))
    assert worth_finding_out(compiled, read_answers(compiled, {"q1": True}), ON) is None
    assert worth_finding_out(compiled, read_answers(compiled, {"q0": True, "q1": True}), ON) is None


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_bank_is_settled_before_its_last_screen_is_asked_or_with_it(slug: str) -> None:
    compiled = compile_bank(load_bank(ROOT / "questions" / f"{slug}.yaml").bank, "r")
    raw: dict[str, Any] = {}
    while (screen := next_screen(compiled, read_answers(compiled, raw), ON)) is not None:
        for name in _screens(compiled, read_answers(compiled, raw))[screen]:
            raw.setdefault(name, every_answer_of(compiled, name))
    assert settled(compiled, read_answers(compiled, raw), ON).done


def every_answer_of(compiled: Compiled, name: str) -> Any:
    question = compiled.questions[name]
    match question.kind:
        case "choice":
            return question.options[-1].id
        case "choices":
            return [question.options[0].id]
        case "yes_no":
            return True
    assert question.grid
    return question.grid.from_


def test_it_is_about_first_place_where_one_completion_of_a_thousand_has_another() -> None:
    names = ["q0", "q1", "q2"]
    rare = " and ".join(f"{name} == 11" for name in names)
    fits = {"a": "60", "b": f"100 if {rare} else 10", **{f"c{n}": f"ramp({n}, 0, 40)" for n in names}}
    raw = {
        "bank": "made", "title": TEXT, "summary": TEXT,
        "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
        "questions": [
            {"id": name, "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 11, "unit": "none"}} for name in names
        ],
        "criteria": [{"id": "c", "label": TEXT, "weight": 1, "value": "0"}],
        "items": [{"id": name, "kind": "action", "name": TEXT, "fit": {"c": fit}} for name, fit in fits.items()],
    }  # fmt: skip
    compiled = compile_bank(Bank.model_validate(raw), "r")
    found = worth_finding_out(compiled, read_answers(compiled, {}), ON)
    assert found is not None and found.about == "first"
