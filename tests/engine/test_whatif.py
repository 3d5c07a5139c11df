"""The smallest change is the smallest: held against going through every change one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank, Question
from quizapp.engine.answers import Answers, question_places, read_answers
from quizapp.engine.changes import readers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.grid import raw_reads
from quizapp.engine.outcome import Beyond, Recommended
from quizapp.engine.recommend import recommend
from quizapp.engine.whatif import Change, Otherwise, Way, WhatIf, what_if
from tests.conftest import ROOT
from tests.engine.oracle import every_answer
from tests.engine.random_banks import TEXT, banks, condition

ON = date(2026, 11, 22)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]
SLOW = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def changing_banks(draw: st.DrawFn) -> Bank:
    """Random banks that say what can change and how, mostly with a budget."""
    bank = draw(banks()).model_dump(by_alias=True, exclude_none=True, mode="json")
    for question in bank["questions"]:
        question["changeable"] = draw(st.integers(0, 5)) > 0
        if only := draw(st.sampled_from([None, None, None, "up", "down"])):
            question["only"] = only
    if draw(st.integers(0, 3)):
        grid = {"from": 0, "to": draw(st.sampled_from([3000, 8000])), "step": 500, "unit": "yen"}
        bank["questions"].append({"id": "budget", "kind": "number", "ask": TEXT, "grid": grid})
        bank["limits"].append({"id": "budget", "question": "budget", "of": "cost"})
        if draw(st.booleans()):
            bank["items"][0]["fit"][bank["criteria"][0]["id"]] = "ramp(budget - cost, -3000, 2000)"
        if draw(st.integers(0, 3)) == 0:
            bank["criteria"][0]["weight"] = "3 if budget >= 2000 else 20"
    for place, item in enumerate(bank["items"]):
        if draw(st.booleans()):
            item["requires"] += _conditions(draw, bank["questions"][:-1], f"x{place}")
    bank = _asked_only_then(draw, bank)
    return Bank.model_validate(bank)


def _conditions(draw: st.DrawFn, questions: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Up to two conditions that block, so that one change is often not enough."""
    return [
        {"id": f"{name}{n}", "label": TEXT, "if": condition(draw, questions, 0), "fixed": True,
         "otherwise": TEXT, "source": "made", "line": 1}
        for n in range(draw(st.integers(1, 2)))
    ]  # fmt: skip


def _asked_only_then(draw: st.DrawFn, bank: dict[str, Any]) -> dict[str, Any]:
    """Sometimes one more question, which comes up by one answer to the first and bears on an item."""
    first = bank["questions"][0]
    if not draw(st.booleans()) or first["kind"] not in ("yes_no", "choice"):
        return bank
    asked = first["id"] if first["kind"] == "yes_no" else f"{first['id']} == {first['options'][0]['id']}"
    late = {"id": "late", "kind": "yes_no", "ask": TEXT, "ask_if": asked, "when_hidden": False}
    rule = draw(st.sampled_from(["late", "not late"]))
    blocks = {"id": "late", "label": TEXT, "if": f"{rule} or {asked}", "fixed": True, "otherwise": TEXT,
              "source": "made", "line": 1}  # fmt: skip
    bank["questions"].append(late)
    bank["items"][0]["requires"].append(blocks)
    bank["items"][-1]["fit"][bank["criteria"][0]["id"]] = f"90 if {rule} else 20"
    return bank


def _taker(data: st.DataObject, compiled: Compiled) -> Answers:
    """A complete taker; questions that are hidden from them may have been answered before."""
    raw = {q.id: data.draw(st.sampled_from(every_answer(q))) for q in compiled.bank.questions}
    answers = read_answers(compiled, raw)
    dropped = data.draw(st.sets(st.sampled_from(sorted(answers.hidden)))) if answers.hidden else set()
    return read_answers(compiled, {name: value for name, value in raw.items() if name not in dropped})


Moved = tuple[Question, int, int]


def _moves(compiled: Compiled, answers: Answers) -> Iterator[tuple[Moved, bool, int, bool]]:
    """Every allowed move of one variable, whether it comes last, how far it goes, whether down."""
    read_by = readers(compiled)
    limiting = {limit.question for limit in compiled.bank.limits}
    for question in compiled.bank.questions:
        if not question.changeable or question.id in answers.hidden:
            continue
        for place in question_places(compiled, question):
            now = answers.indexes[place]
            assert now is not None
            size = len(compiled.variables[place].domain)
            rises = question.id in limiting or (question.kind == "choices" and place in read_by.held)
            for index in range(size):
                up = index > now
                if index == now or (rises and not up) or (question.only and up != (question.only == "up")):
                    continue
                wish = place not in read_by.open_or_pay or (question.kind != "choice" and not up)
                last = wish and question.kind != "number" and question.only is None
                far = round(1_000_000 * abs(index - now) / (size - 1)) if question.kind == "number" else 10**6
                yield (question, place, index), last, far, not up


def _raw(compiled: Compiled, answers: Answers, moves: tuple[Moved, ...]) -> dict[str, Any]:
    raw: dict[str, Any] = dict(answers.raw)
    for question, place, index in moves:
        value = compiled.variables[place].domain[index]
        if question.kind == "choices":
            option = compiled.variables[place].name.partition(".")[2]
            chosen = {*raw[question.id], option} if index else {*raw[question.id]} - {option}
            raw[question.id] = [o.id for o in question.options if o.id in chosen]
        else:
            raw[question.id] = bool(value) if question.kind == "yes_no" else value
    return raw


def _outcomes(compiled: Compiled, raw: dict[str, Any]) -> Iterator[Recommended]:
    """What is recommended for every answer to the questions that newly come up."""
    answers = read_answers(compiled, raw)
    if answers.complete:
        yield recommend(compiled, answers, ON)
        return
    question = compiled.questions[answers.unanswered[0]]
    for answer in every_answer(question):
        yield from _outcomes(compiled, {**raw, question.id: answer})


def _one_by_one(compiled: Compiled, answers: Answers) -> WhatIf:
    """The same, slow and obvious: every change of one answer, every pair of changes, in order of size."""
    held = readers(compiled).held
    now = recommend(compiled, answers, ON)
    shut = _shut(compiled, now)
    singles = [one for one in _moves(compiled, answers) if one[3] or one[0][1] not in shut]
    ordinary = [single for single in singles if not single[1]]
    sets = [(single,) for single in singles]
    sets += [(a, b) for a, b in combinations(ordinary, 2) if a[0][1] != b[0][1]]  # type: ignore[misc]
    sized = []
    for chosen in sets:
        ties = tuple((move[1], down, move[2]) for move, _, _, down in chosen)
        size = (any(last for _, last, _, _ in chosen), len(chosen), sum(far for _, _, far, _ in chosen), ties)
        sized.append((size, tuple(move for move, _, _, _ in chosen)))
    sized.sort(key=lambda pair: pair[0])
    blocked = [
        e.item for e in now.not_now if e.standing in ("ineligible_now", "unknown") and not e.listed_only
    ]
    later = [e.item for e in now.recommendations if e.rank > 1]
    open_to = {
        "eligible": set(blocked),
        "first": {*later, *blocked},
        "within": {e.item for e in now.recommendations if e.beyond},
    }
    ways: dict[str, list[tuple[Any, int, Way]]] = {aim: [] for aim in open_to}
    second: dict[str, list[tuple[Any, int, Way]]] = {aim: [] for aim in open_to}
    rows = {item.item.id: row for row, item in enumerate(compiled.items)}
    for size, moves in sized:
        raw = _raw(compiled, answers, moves)
        outcomes = list(_outcomes(compiled, raw))
        for aim, items in open_to.items():
            if aim == "first" and any(place in held for _, place, _ in moves):
                continue
            for item in sorted(items):
                if all(_reached(aim, outcome, item) for outcome in outcomes):
                    names = [q.id for q in compiled.bank.questions if any(q is m[0] for m in moves)]
                    changes = tuple(Change(n, answers.raw[n], raw[n]) for n in names)
                    told = size, rows[item], Way(item, changes, _worst(outcomes, item))
                    asked = {n: {c.question for c in way.changes} for _, n, way in ways[aim]}
                    if rows[item] not in asked:
                        ways[aim].append(told)
                    elif not asked[rows[item]] & set(names) and not size[0]:
                        second[aim].append(told)
                        items.remove(item)
    return WhatIf(**_in_order(ways), otherwise=Otherwise(**_in_order(second)))


def _in_order(ways: dict[str, list[tuple[Any, int, Way]]]) -> Any:
    return {aim: tuple(w[2] for w in sorted(found, key=lambda w: w[:2])) for aim, found in ways.items()}


def _worst(outcomes: list[Recommended], item: str) -> tuple[Beyond, ...]:
    every = [e.beyond for outcome in outcomes for e in outcome.recommendations if e.item == item]
    return max(every, key=lambda over: (len(over), max((one.by or 10**12 for one in over), default=0)))


def _shut(compiled: Compiled, now: Recommended) -> set[int]:
    """Ticks that say an item is held which the taker cannot get now."""
    closed = [e.item for e in now.not_now if e.standing != "held"]
    return set(raw_reads(compiled, [compiled.by_id[item].held for item in closed]))


def _reached(aim: str, outcome: Recommended, item: str) -> bool:
    order = [entry.item for entry in outcome.recommendations]
    if aim == "first":
        return order[:1] == [item]
    return item in order and not (aim == "within" and outcome.recommendations[order.index(item)].beyond)


@SLOW
@given(st.data())
def test_it_finds_the_smallest_change_on_random_banks(data: st.DataObject) -> None:
    compiled = compile_bank(data.draw(changing_banks()), "r")
    answers = _taker(data, compiled)
    assert what_if(compiled, answers, ON).to_json() == _one_by_one(compiled, answers).to_json()


def _fixed(name: str, rule: str) -> dict[str, Any]:
    return {
        "id": name,
        "label": TEXT,
        "if": rule,
        "fixed": True,
        "otherwise": TEXT,
        "source": "made",
        "line": 1,
    }


def _step(name: str, rule: str, yen: int, months: int) -> dict[str, Any]:
    step = {"label": TEXT, "yen": yen, "months": months}
    return {"id": name, "label": TEXT, "if": rule, "step": step, "source": "made", "line": 1}


def _cost(name: str, yen: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "label": TEXT, "yen": yen, "source": "made", "line": 1, **more}


def _route(name: str, months: int, costs: list[Any], requires: Any = ()) -> dict[str, Any]:
    return {"id": name, "name": TEXT, "months": {"from": months}, "costs": costs, "requires": list(requires)}


def _options(*names: str) -> list[dict[str, Any]]:
    return [{"id": name, "label": TEXT} for name in names]


def close_race() -> Bank:
    """A bank in which most takers are one or two answers from another outcome."""
    raw = {
        "bank": "race", "title": TEXT, "summary": TEXT,
        "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
        "questions": [
            {"id": "goal", "kind": "choice", "ask": TEXT, "options": _options("job", "study", "pride")},
            {"id": "age", "kind": "number", "ask": TEXT, "grid": {"from": 15, "to": 20, "unit": "years"},
             "changeable": False},
            {"id": "years", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 5, "unit": "years"},
             "only": "up"},
            {"id": "has", "kind": "choices", "ask": TEXT, "options": _options("first_aid", "course", "alpha")},
            {"id": "employed", "kind": "yes_no", "ask": TEXT},
            {"id": "posting", "kind": "yes_no", "ask": TEXT, "ask_if": "employed", "when_hidden": False},
            {"id": "team", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 3, "unit": "people"},
             "ask_if": "employed"},
            {"id": "budget", "kind": "number", "ask": TEXT,
             "grid": {"from": 0, "to": 8000, "step": 500, "unit": "yen"}},
            {"id": "months", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 6, "unit": "months"}},
        ],
        "limits": [
            {"id": "budget", "question": "budget", "of": "cost"},
            {"id": "months", "question": "months", "of": "months"},
        ],
        "criteria": [
            {"id": "fit", "label": TEXT, "weight": "30 if goal == job else 10", "question": "goal"},
            {"id": "money", "label": TEXT, "weight": 20, "value": "ramp(budget - cost, -4000, 4000)"},
            {"id": "time", "label": TEXT, "weight": 10, "value": "ramp(duration, 6, 0)"},
        ],
        "items": [
            {"id": "alpha", "kind": "certification", "name": TEXT, "held_if": "alpha in has",
             "requires": [_fixed("adult", "age >= 18"), _step("aid", "first_aid in has", 1000, 1)],
             "routes": [_route("web", 1, [_cost("fee", 2500)]),
                        _route("direct", 0, [_cost("fee", 1500)], [_fixed("two_years", "years >= 2")])],
             "fit": {"fit": {"job": 80, "study": 20, "pride": 40}}},
            {"id": "beta", "kind": "certification", "name": TEXT,
             "requires": [_fixed("adult", "age >= 17")],
             "routes": [_route("exam", 2, [_cost("fee", 6000), _cost("text", 1000, unless="course in has")])],
             "fit": {"fit": {"job": 60, "study": 90, "pride": 50}}},
            {"id": "gamma", "kind": "certification", "name": TEXT,
             "requires": [_fixed("work", "years >= 1 and (employed or course in has)")],
             "routes": [_route("exam", 3, [_cost("fee", 4000)])],
             "fit": {"fit": {"job": 70, "study": 60, "pride": 100}}},
            {"id": "delta", "kind": "career", "name": TEXT, "priced": False,
             "requires": [_fixed("known", "alpha in has or posting")],
             "routes": [_route("way", 0, [], [_fixed("team", "not employed or team < 2")])],
             "fit": {"fit": "90 if posting else 45", "money": 50}},
            {"id": "epsilon", "kind": "action", "name": TEXT, "priced": False, "relevant_if": "age < 18",
             "fit": {"fit": 30, "money": 60}},
            {"id": "zeta", "kind": "certification", "name": TEXT, "listed_only": True},
        ],
    }  # fmt: skip
    return Bank.model_validate(raw)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_it_finds_the_smallest_change_where_the_race_is_close(data: st.DataObject) -> None:
    compiled = compile_bank(RACE, "r")
    answers = _taker(data, compiled)
    assert what_if(compiled, answers, ON).to_json() == _one_by_one(compiled, answers).to_json()


RACE = close_race()
RACER = {
    "goal": "job", "age": 18, "years": 0, "has": ["first_aid"], "employed": False, "budget": 2000, "months": 6,
}  # fmt: skip


def _race(**changed: Any) -> WhatIf:
    compiled = compile_bank(RACE, "r")
    return what_if(compiled, read_answers(compiled, {**RACER, **changed}), ON)


def _told(ways: tuple[Way, ...]) -> dict[str, dict[str, Any]]:
    return {way.item: {change.question: change.to for change in way.changes} for way in ways}


def test_it_gives_the_least_answer_that_does_it() -> None:
    assert _told(_race().within)["alpha"] == {"budget": 2500}
    assert _told(_race(age=17).within)["beta"] == {"budget": 7000}


def test_it_joins_two_answers_where_one_is_not_enough() -> None:
    assert _told(_race(months=1).within)["beta"] == {"budget": 7000, "months": 2}
    assert _told(_race().eligible)["gamma"] == {"years": 1, "has": ["first_aid", "course"]}


def test_it_takes_the_smaller_change_among_equals_in_number() -> None:
    # Being employed would open gamma as well, but brings up a question; the course comes first in the bank.
    assert _told(_race(years=1).eligible)["gamma"] == {"has": ["first_aid", "course"]}


def test_a_change_must_hold_whatever_is_answered_to_what_newly_comes_up() -> None:
    # With a post, "posting" and "team" come up: gamma is open whatever they are, delta is not.
    told = _told(_race(years=1, has=["first_aid"]).eligible)
    assert "gamma" in told
    assert told["delta"] == {"has": ["first_aid", "alpha"]}


def test_it_never_suggests_what_cannot_change() -> None:
    asked = _race(age=15)
    ways = [*asked.eligible, *asked.first, *asked.within]
    assert all(change.question != "age" for way in ways for change in way.changes)
    assert "alpha" not in _told(asked.eligible)


def test_it_never_takes_away_what_is_held() -> None:
    told = _race(has=["first_aid", "alpha"], budget=1000)
    ways = [*told.eligible, *told.first, *told.within]
    assert ways
    assert all("alpha" in c.to for way in ways for c in way.changes if c.question == "has")


def test_it_puts_nothing_first_by_holding_what_is_first_now() -> None:
    compiled = compile_bank(RACE, "r")
    rich = {**RACER, "budget": 8000}
    held = read_answers(compiled, {**rich, "has": ["first_aid", "alpha"]})
    assert recommend(compiled, read_answers(compiled, rich), ON).recommendations[0].item == "alpha"
    assert "alpha" not in [e.item for e in recommend(compiled, held, ON).recommendations]
    assert _race(budget=8000).first == ()


def test_wishes_come_after_everything_that_can_be_done() -> None:
    wisher = {"goal": "pride", "age": 17, "years": 0, "employed": True, "posting": False, "team": 1}
    # Another goal would do too, and is one change; but learning and saving can be done.
    told = _told(_race(**wisher, budget=7000, months=4).first)
    assert told["beta"] == {"has": ["first_aid", "course"], "budget": 7500}
    wisher = {"goal": "pride", "age": 20, "years": 5, "has": ["first_aid", "course"]}
    assert _told(_race(**wisher, budget=8000, months=5).first)["alpha"] == {"goal": "job"}


def test_unanswered_questions_are_named_instead() -> None:
    compiled = compile_bank(RACE, "r")
    some = {name: answer for name, answer in RACER.items() if name != "months"}
    assert what_if(compiled, read_answers(compiled, some), ON) == WhatIf(needs=("months",))


def _shipped(slug: str) -> tuple[Compiled, list[tuple[str, Answers, date]]]:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    cases = YAML(typ="safe").load(ROOT / "questions" / f"{slug}.cases.yaml")["cases"]
    takers = [(case["id"], read_answers(compiled, case["answers"]), case["on"]) for case in cases]
    return compiled, [(name, answers, on) for name, answers, on in takers if answers.complete]


def _changed(answers: Answers, way: Way) -> dict[str, Any]:
    return {**answers.raw, **{change.question: change.to for change in way.changes}}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_case_of_the_shipped_banks_is_borne_out_by_recommending_again(slug: str) -> None:
    compiled, takers = _shipped(slug)
    fixed = {q.id for q in compiled.bank.questions if not q.changeable}
    for _, answers, on in takers:
        told = what_if(compiled, answers, on)
        assert told.tried == 2
        for aim, ways in (("eligible", told.eligible), ("first", told.first), ("within", told.within)):
            for way in ways:
                assert not fixed & {change.question for change in way.changes}
                assert all(change.from_ == answers.raw[change.question] for change in way.changes)
                again = read_answers(compiled, _changed(answers, way))
                if again.complete:
                    assert _reached(aim, recommend(compiled, again, on), way.item)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_smaller_single_change_does_it_in_the_shipped_banks(slug: str) -> None:
    compiled, takers = _shipped(slug)
    for _, answers, on in takers[:1]:
        told = what_if(compiled, answers, on)
        known = {
            (aim, way.item): way
            for aim, ways in (("eligible", told.eligible), ("first", told.first), ("within", told.within))
            for way in ways
        }
        now = recommend(compiled, answers, on)
        aims = [("first", e.item) for e in now.recommendations if e.rank > 1]
        aims += [("within", e.item) for e in now.recommendations if e.beyond]
        aims += [("eligible", e.item) for e in now.not_now if e.standing == "ineligible_now"]
        held = readers(compiled).held
        sized = [
            ((last, 1, far, (move[1], down, move[2])), move)
            for move, last, far, down in _moves(compiled, answers)
        ]
        for _, move in sorted(sized, key=lambda pair: pair[0]):
            raw = _raw(compiled, answers, (move,))
            again = read_answers(compiled, raw)
            if not again.complete:
                continue
            outcome = recommend(compiled, again, on)
            for aim, item in list(aims):
                if _reached(aim, outcome, item) and not (aim == "first" and move[1] in held):
                    way = known[aim, item]
                    name = move[0].id
                    assert len(way.changes) > 1 or way.changes == (
                        Change(name, answers.raw[name], raw[name]),
                    )
                    aims.remove((aim, item))


def test_what_budget_puts_nesta_first_for_the_beginner_of_the_article() -> None:
    compiled, takers = _shipped("personal_trainer")
    beginner = next(answers for name, answers, _ in takers if name == "beginner_25_online")
    poor = read_answers(compiled, {**beginner.raw, "budget": 60_000})
    assert recommend(compiled, poor, ON).recommendations[0].item == "nsca_cpt"
    told = what_if(compiled, poor, ON)
    assert _told(told.within)["nesta_pft"] == {"budget": 107_500}
    assert _told(told.first)["nesta_pft"] == {"budget": 107_500}
    assert told.first[0].to_json()["changes"][0] == {"question": "budget", "from": 60_000, "to": 107_500}


def test_someone_who_left_school_early_is_told_nothing_about_age_or_schooling() -> None:
    compiled, takers = _shipped("personal_trainer")
    early = [(answers, on) for _, answers, on in takers if answers.raw["schooling"] == "junior_high"]
    assert early
    for answers, on in early:
        told = what_if(compiled, answers, on)
        assert told.eligible
        asked = {c.question for way in (*told.eligible, *told.first, *told.within) for c in way.changes}
        assert not asked & {"age", "schooling", "schooling_status", "study_field", "residence_ok"}
