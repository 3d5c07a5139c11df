"""First place against one other answer and against other weights: the same as trying each by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank, Question
from quizapp.engine.acceptability import acceptability, concentration, draw
from quizapp.engine.answers import Answers, question_places, read_answers
from quizapp.engine.cohort import random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.firmness import firmness
from quizapp.engine.outcome import LedgerEntry, Recommendation, Recommended, Standing
from quizapp.engine.recommend import recommend
from tests.conftest import ROOT
from tests.engine.oracle import every_answer
from tests.engine.random_banks import banks
from tests.engine.test_agreement import takers

ON = date(2026, 11, 22)
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]


def _first(compiled: Compiled, answers: Answers) -> str | None:
    found = recommend(compiled, answers, ON).recommendations
    return found[0].item if found else None


def _single_changes(question: Question, own: Any) -> list[Any]:
    """Every other answer that differs from one's own by a single change."""
    others = [answer for answer in every_answer(question) if answer != own]
    if question.kind != "choices":
        return others
    return [answer for answer in others if len(set(answer) ^ set(own)) == 1]


def _firsts_after(compiled: Compiled, raw: dict[str, Any]) -> set[str | None]:
    """Whatever may come first, for every answer of what these answers leave open."""
    answers = read_answers(compiled, raw)
    if answers.complete:
        return {_first(compiled, answers)}
    name = answers.unanswered[0]
    ways = every_answer(compiled.questions[name])
    return set().union(*(_firsts_after(compiled, {**raw, name: way}) for way in ways))


def _is_every_turn(compiled: Compiled, raw: dict[str, Any]) -> None:
    answers = read_answers(compiled, raw)
    found = firmness(compiled, answers, ON)
    first = _first(compiled, answers)
    assert found.first == first
    turned: dict[tuple[str, str], set[str | None]] = {}
    nearest: dict[tuple[str, bool], int] = {}
    for name, question in compiled.questions.items():
        if name in answers.hidden:
            continue
        for other in _single_changes(question, raw[name]):
            after = _firsts_after(compiled, {**raw, name: other})
            if after == {first}:
                continue
            turned[name, repr(other)] = after
            if question.kind == "number":
                way = name, other > raw[name]
                best = nearest.get(way)
                if best is None or abs(other - raw[name]) < abs(best - raw[name]):
                    nearest[way] = other
    told = {(turn.question, repr(turn.after)): turn for turn in found.turns}
    expected = {
        key
        for key in turned
        if compiled.questions[key[0]].kind != "number"
        or int(key[1]) in (nearest.get((key[0], False)), nearest.get((key[0], True)))
    }
    assert set(told) == expected
    for key, turn in told.items():
        assert turn.first in turned[key] - {first}
        assert turn.certain == (first not in turned[key])
        assert turn.before == raw[turn.question]
    assert found.survives == (not turned)


def _complete(compiled: Compiled, raw: dict[str, Any]) -> dict[str, Any]:
    """The answers to what is asked of this taker, and no others."""
    return {name: raw[name] for name in raw if name not in read_answers(compiled, raw).hidden}


@SLOW
@given(st.data())
def test_it_tells_every_single_answer_that_turns_first_place(data: st.DataObject) -> None:
    bank: Bank = data.draw(banks())
    compiled = compile_bank(bank, "r")
    raw = data.draw(takers(bank, complete=True))
    _is_every_turn(compiled, raw)
    _is_every_turn(compiled, _complete(compiled, raw))


def someone(compiled: Compiled, seed: int) -> dict[str, Any]:
    """A seeded taker's answers to every question, asked or not."""
    taker = random_takers(compiled, 1, seed)[:, 0]
    raw: dict[str, Any] = {}
    for name, question in compiled.questions.items():
        chosen = [compiled.variables[p].domain[taker[p]] for p in question_places(compiled, question)]
        if question.kind == "choices":
            raw[name] = [o.id for o, held in zip(question.options, chosen, strict=True) if held]
        else:
            raw[name] = bool(chosen[0]) if question.kind == "yes_no" else chosen[0]
    return raw


@pytest.mark.parametrize("slug", SLUGS)
def test_what_it_tells_is_so_on_the_shipped_banks(slug: str) -> None:
    loaded = load_bank(ROOT / "questions" / f"{slug}.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    for seed in range(8):
        raw = someone(compiled, seed)
        found = firmness(compiled, read_answers(compiled, raw), ON)
        for turn in found.turns:
            after = read_answers(compiled, {**raw, turn.question: turn.after})
            assert _first(compiled, after) == turn.first != found.first
            question = compiled.questions[turn.question]
            if question.grid and isinstance(turn.after, int):
                step = question.grid.step if turn.after < raw[turn.question] else -question.grid.step
                nearer = read_answers(compiled, {**raw, turn.question: turn.after + step})
                assert _first(compiled, nearer) == found.first
        assert found.survives_changes == (not any(turn.changeable for turn in found.turns))


def test_it_says_nothing_of_single_answers_while_questions_are_open() -> None:
    loaded = load_bank(ROOT / "questions" / "msl.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    found = firmness(compiled, read_answers(compiled, {"english": "none"}), ON)
    assert (found.survives, found.survives_changes, found.turns) == (None, None, ())
    assert found.first is not None
    assert not found.weighings.exact
    assert sum(share.first for share in found.weighings.shares) == pytest.approx(1)


def _ranked(rows: dict[str, list[int]], weights: list[int], beyond: tuple[str, ...] = ()) -> Recommended:
    whole = sum(weights)
    entries = []
    for item, values in rows.items():
        ledger = tuple(
            LedgerEntry(f"c{k}", w, v, round(100 * w * v / max(whole, 1)))
            for k, (w, v) in enumerate(zip(weights, values, strict=True))
        )
        score = sum(entry.points for entry in ledger)
        entry = Recommendation(
            item, "action", 0, Standing.ELIGIBLE_NOW, score, (score, score), ledger, None, None, None
        )
        entries.append(replace(entry, beyond=("most",)) if item in beyond else entry)  # type: ignore[arg-type]
    return Recommended("made", "r", ON.isoformat(), tuple(entries), ())


def test_two_items_of_two_criteria_share_first_place_as_the_beta_distribution_says() -> None:
    """With values (100, 0) and (0, 50), a is first where its share of weight exceeds a third."""
    found = acceptability(_ranked({"a": [100, 0], "b": [0, 50]}, [10, 30]), draws=200_000)
    k = concentration(2)
    alpha, beta = k / 4, 3 * k / 4
    grid = np.linspace(1 / 3, 1, 200_001)
    density = grid ** (alpha - 1) * (1 - grid) ** (beta - 1)
    whole = np.linspace(0, 1, 600_001)
    scale = np.trapezoid(whole ** (alpha - 1) * (1 - whole) ** (beta - 1), whole)
    expected = np.trapezoid(density, grid) / scale
    first, second = found.shares
    assert first.first == pytest.approx(expected, abs=4 * first.first_error)
    assert first.first_error == pytest.approx(sqrt(first.first * (1 - first.first) / 200_000))
    assert first.first + second.first == pytest.approx(1)
    assert first.top_three == second.top_three == 1


def _by_hand(values: list[list[int]], beyond: list[bool], weighings: Any) -> tuple[list[float], list[float]]:
    first, three = [0.0] * len(values), [0.0] * len(values)
    for weights in weighings:
        scores = [
            (not over, round(sum(w * v for w, v in zip(weights, row, strict=True)), 9))
            for row, over in zip(values, beyond, strict=True)
        ]
        for k, score in enumerate(scores):
            better = sum(other > score for other in scores)
            equal = sum(other == score for other in scores)
            first[k] += 1 / equal if better == 0 else 0
            three[k] += min(max(3 - better, 0) / equal, 1)
    return [x / len(weighings) for x in first], [x / len(weighings) for x in three]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_counts_first_places_as_a_loop_over_the_draws_does(data: st.DataObject) -> None:
    criteria = data.draw(st.integers(1, 4))
    row = st.lists(st.sampled_from([0, 30, 55, 100]), min_size=criteria, max_size=criteria)
    values = data.draw(st.lists(row, min_size=1, max_size=7))
    weights = data.draw(st.lists(st.integers(10, 40), min_size=criteria, max_size=criteria))
    beyond = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    names = [f"i{k}" for k in range(len(values))]
    outcome = _ranked(
        dict(zip(names, values, strict=True)),
        weights,
        tuple(name for name, over in zip(names, beyond, strict=True) if over),
    )
    found = acceptability(outcome, draws=40, seed=3)
    first, three = _by_hand(values, beyond, draw(np.array(weights, dtype=float), 40, 3))
    assert [share.first for share in found.shares] == pytest.approx(first)
    assert [share.top_three for share in found.shares] == pytest.approx(three)


def test_the_draws_lie_around_the_weights_and_repeat_with_their_seed() -> None:
    weights = np.array([20.0, 20, 20, 20])
    drawn = draw(weights, 50_000, 5)
    assert drawn.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.003)
    assert drawn.std(axis=0) / drawn.mean(axis=0) == pytest.approx([1 / 3] * 4, abs=0.01)
    assert (drawn == draw(weights, 50_000, 5)).all()
    assert (drawn != draw(weights, 50_000, 6)).any()


def test_a_criterion_without_weight_stays_without() -> None:
    found = acceptability(_ranked({"a": [60, 0], "b": [50, 100]}, [10, 0]))
    assert [share.first for share in found.shares] == [1, 0]
    tied = acceptability(_ranked({"a": [60, 0], "b": [50, 100]}, [0, 0]))
    assert [share.first for share in tied.shares] == [0.5, 0.5]


def test_it_is_the_same_each_time() -> None:
    loaded = load_bank(ROOT / "questions" / "personal_trainer.yaml")
    compiled = compile_bank(loaded.bank, loaded.revision)
    answers = read_answers(compiled, someone(compiled, 4))
    assert firmness(compiled, answers, ON).to_json() == firmness(compiled, answers, ON).to_json()
    assert firmness(compiled, answers, ON).weighings.draws >= 4_000
