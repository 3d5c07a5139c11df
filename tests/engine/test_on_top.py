"""No two things said of first place differ: ranking, reasons, firmness, lead and what is settled."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine import precedence, rank_ranges, spread
from quizapp.engine.answers import read_answers
from quizapp.engine.because import because
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.explain import explain
from quizapp.engine.recommend import recommend
from quizapp.engine.settled import settled
from tests.conftest import ROOT
from tests.engine.random_banks import SOURCE, TEXT
from tests.engine.test_settled import openings

ON = date(2026, 11, 22)
SLUGS = ["first_step", "medical_office", "msl", "one_on_one", "personal_trainer"]
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _says_one_thing(compiled: Compiled, raw: dict[str, Any]) -> bool:
    """Assert that nothing differs; whether first place is settled while something is open."""
    answers = read_answers(compiled, raw)
    outcome = recommend(compiled, answers, ON)
    told, ranking = explain(compiled, answers, ON, outcome), outcome.recommendations
    known, order = told.settled, [entry.item for entry in ranking]
    assert told.firmness.first == (order[0] if order else None)
    assert sorted(entry.rank for entry in ranking) == [entry.rank for entry in ranking]
    if len(ranking) > 1:
        assert sum(lead.points for lead in told.lead) == ranking[0].score - ranking[1].score
    for entry in ranking:
        assert sum(line.points for line in entry.ledger) == entry.score
    if answers.complete:
        return False
    assert told.because.item == known.first
    if known.first is not None:
        assert order[0] == known.first
        firsts = {entry.item: entry for entry in ranking if entry.item in (known.first, *known.equal)}
        assert set(firsts) == {known.first, *known.equal}
        assert {(entry.rank, entry.rank_range) for entry in firsts.values()} == {(1, (1, 1))}
        assert all(entry.rank > 1 for entry in ranking if entry.item not in firsts)
        assert told.find_out is None or told.find_out.about != "first"
    if known.top_by != "open":
        top = ranking[: len(known.top)]
        assert {entry.item for entry in top} == set(known.top)
        assert all(entry.rank_range[1] <= len(known.top) for entry in top)
        assert all(entry.rank > len(known.top) for entry in ranking[len(known.top) :]) or known.equal
    if known.order_by != "open":
        assert order[: len(known.top)] == list(known.top)
        for entry in ranking[: len(known.top)]:
            assert entry.rank_range[0] <= entry.rank <= entry.rank_range[1]
    return known.first is not None


@SLOW
@given(openings(), st.sampled_from([0, 2_048]))
def test_nothing_said_of_first_place_differs_in_random_banks(
    case: tuple[Bank, dict[str, object]], most: int
) -> None:
    bank, raw = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rank_ranges, "MAX_RANK_CELLS", most)
        _says_one_thing(compile_bank(bank, "r"), raw)


def _some_answers(bank: Bank, source: random.Random) -> dict[str, Any]:
    """All answers but those of one to four questions."""
    raw: dict[str, Any] = {}
    for question in bank.questions:
        options = [option.id for option in question.options]
        match question.kind:
            case "choice":
                raw[question.id] = source.choice(options)
            case "choices":
                raw[question.id] = [option for option in options if source.random() < 0.2]
            case "yes_no":
                raw[question.id] = source.random() < 0.5
            case _:
                assert question.grid
                grid = question.grid
                raw[question.id] = source.randrange(grid.from_, grid.to + 1, grid.step)
    for name in source.sample(list(raw), source.randint(1, 4)):
        del raw[name]
    return raw


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_said_of_first_place_differs_in_the_shipped_banks(slug: str) -> None:
    bank = load_bank(ROOT / "questions" / f"{slug}.yaml").bank
    compiled, source = compile_bank(bank, "r"), random.Random(6)
    assert sum(_says_one_thing(compiled, _some_answers(bank, source)) for _ in range(25)) > 0


def _bank(items: list[dict[str, Any]], questions: list[dict[str, Any]], **more: Any) -> Bank:
    return Bank.model_validate(
        {
            "bank": "made", "title": TEXT, "summary": TEXT,
            "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
            "questions": questions, "items": items,
            "criteria": [{"id": "c", "label": TEXT, "weight": 1, "value": 50}], **more,
        }
    )  # fmt: skip


def _item(name: str, yen: int, fit: str) -> dict[str, Any]:
    cost = {"id": "k", "label": TEXT, "yen": yen, **SOURCE}
    routes = [{"id": "w", "name": TEXT, "costs": [cost]}]
    return {"id": name, "kind": "certification", "name": TEXT, "routes": routes, "fit": {"c": fit}}


# What is dear has the best scores, and costs more than anybody can say that they have.
DEAR = _bank(
    [_item("cheap", 0, "40"), _item("dear", 9_000, "90"), _item("dearer", 9_500, "80 if q else 60")],
    [
        {"id": "budget", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 5, "step": 1, "unit": "yen"}},
        {"id": "q", "kind": "yes_no", "ask": TEXT},
    ],
    limits=[{"id": "budget", "question": "budget", "of": "cost"}],
)  # fmt: skip


@pytest.mark.parametrize("most", [0, 2_048])
def test_what_is_proven_first_stands_on_top_of_a_better_mean(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank_ranges, "MAX_RANK_CELLS", most)
    compiled = compile_bank(DEAR, "r")
    answers = read_answers(compiled, {"q": False})
    ranking = recommend(compiled, answers, ON).recommendations
    assert [(entry.item, entry.rank, entry.score) for entry in ranking] == [
        ("cheap", 1, 4_000),
        ("dear", 2, 9_000),
        ("dearer", 3, 6_000),
    ]
    assert [entry.rank_range for entry in ranking] == [(1, 1), (2, 2), (3, 3)]
    assert because(compiled, answers, ON).item == "cheap"
    assert explain(compiled, answers, ON, recommend(compiled, answers, ON)).lead[0].points == -5_000


def test_the_top_three_stand_in_front_even_where_their_order_is_open() -> None:
    items = [_item("a", 0, "95 if q else 60"), _item("b", 0, "60 if q else 95")]
    items += [_item("c", 0, "50"), _item("dear", 9_000, "99")]
    bank = _bank(items, [q.model_dump(by_alias=True, exclude_none=True) for q in DEAR.questions])
    limited = bank.model_copy(update={"limits": DEAR.limits})
    compiled = compile_bank(limited, "r")
    ranking = recommend(compiled, read_answers(compiled, {}), ON).recommendations
    assert [entry.item for entry in ranking] == ["a", "b", "c", "dear"]
    assert because(compiled, read_answers(compiled, {}), ON).item is None


@pytest.mark.parametrize("equal_fit", ["50", "50 if q else 40"])
def test_a_rank_that_may_be_shared_is_not_cut_off(equal_fit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank_ranges, "MAX_RANK_CELLS", 0)
    bank = _bank(
        [_item("a", 0, "50"), _item("b", 0, equal_fit), _item("c", 0, "20")], [_yes_no("q"), _yes_no("p")]
    )
    compiled = compile_bank(bank, "r")
    found = {e.item: e for e in recommend(compiled, read_answers(compiled, {}), ON).recommendations}
    last = 1 if equal_fit == "50" else 2
    assert [found[name].rank_range for name in "abc"] == [(1, 1), (1, last), (3, 3)]
    assert [found[name].rank for name in "abc"] == [1, last, 3]


def _yes_no(name: str) -> dict[str, Any]:
    return {"id": name, "kind": "yes_no", "ask": TEXT}


# Its two values add up to the same whatever q is: bounds by criterion cannot tell that, going through can.
SEESAW = [
    {**_item("a", 0, "90 if q else 10"), "fit": {"c": "90 if q else 10", "d": "10 if q else 90"}},
    {**_item("b", 0, "50"), "fit": {"c": "50", "d": "50 if p else 40"}},
]
EVEN = [{"id": name, "label": TEXT, "weight": 1, "value": 50} for name in "cd"]


def test_a_rank_that_may_be_shared_is_not_cut_off_by_what_was_gone_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rank_ranges, "MAX_RANK_CELLS", 0)
    compiled = compile_bank(_bank(SEESAW, [_yes_no("q"), _yes_no("p")], criteria=EVEN), "r")
    answers = read_answers(compiled, {})
    assert settled(compiled, answers, ON).first_by == "enumerated"
    found = {e.item: e.rank_range for e in recommend(compiled, answers, ON).recommendations}
    assert found == {"a": (1, 1), "b": (1, 2)}


def test_what_is_not_settled_is_not_called_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile_bank(_bank(SEESAW, [_yes_no("q"), _yes_no("p")], criteria=EVEN), "r")
    for module, most in [
        (precedence, "FEW_PAIR_CELLS"),
        (precedence, "MAX_PAIR_CELLS"),
        (spread, "MAX_CHOICES"),
    ]:
        monkeypatch.setattr(module, most, 0)
    answers = read_answers(compiled, {})
    assert settled(compiled, answers, ON).first is None
    found = because(compiled, answers, ON)
    assert (found.item, found.questions, found.exact) == (None, (), False)
