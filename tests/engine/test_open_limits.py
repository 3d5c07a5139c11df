"""While a limit is open, scores, totals and months tell every way that its answers may send a taker."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.bank.model import Bank
from quizapp.engine import means, ranges
from quizapp.engine.answers import read_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.outcome import Recommendation, Recommended
from quizapp.engine.recommend import recommend
from tests.engine.oracle import completions
from tests.engine.random_banks import SOURCE, TEXT, banks

ON = date(2026, 11, 22)
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _number(name: str, to: int, step: int = 1, **more: Any) -> dict[str, Any]:
    grid = {"from": 0, "to": to, "step": step, "unit": "none"}
    return {"id": name, "kind": "number", "ask": TEXT, "grid": grid, **more}


def _route(name: str, yen: int, months: int) -> dict[str, Any]:
    cost = {"id": "k", "label": TEXT, "yen": yen, **SOURCE}
    return {"id": name, "name": TEXT, "costs": [cost], "months": {"from": months, "to": months}}


def _two_ways(**more: Any) -> Bank:
    """One item: soon and dear, or late and cheap."""
    routes = [_route("fast", 9_000, 1), _route("cheap", 1_000, 9)]
    return Bank.model_validate(
        {
            "bank": "made", "title": TEXT, "summary": TEXT,
            "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
            "questions": [{"id": "other", "kind": "yes_no", "ask": TEXT}, _number("months", 12, **more)],
            "limits": [{"id": "months", "question": "months", "of": "months"}],
            "criteria": [{"id": "c", "label": TEXT, "weight": 1, "value": "ramp(duration, 12, 0)"}],
            "items": [{"id": "i", "kind": "certification", "name": TEXT, "routes": routes}],
        }
    )  # fmt: skip


def _open(bank: Bank, raw: dict[str, Any]) -> tuple[Recommended, Recommendation]:
    compiled = compile_bank(bank, "r")
    outcome = recommend(compiled, read_answers(compiled, raw), ON)
    return outcome, outcome.recommendations[0]


def test_an_open_limit_counts_in_the_mean_and_in_its_range() -> None:
    outcome, found = _open(_two_ways(), {"other": True})
    assert outcome.exact and outcome.totals_exact
    # 1 to 8 months go the fast way; below, both take too long, and the cheap one is the better.
    assert (found.score, found.score_range) == (round((8 * 9_200 + 5 * 2_500) / 13), (2_500, 9_200))
    assert found.cost is not None and (found.cost.yen, found.cost.most) == (1_000, 9_000)


def test_a_limit_that_can_be_no_longer_than_the_short_way_is_never_the_long_one() -> None:
    bank = _two_ways()
    months = bank.questions[1].model_copy(
        update={"grid": bank.questions[1].grid.model_copy(update={"from_": 1, "to": 8})}  # type: ignore[union-attr]
    )
    short = bank.model_copy(update={"questions": (bank.questions[0], months)})
    outcome, found = _open(short, {"other": True})
    assert outcome.totals_exact and found.route == "fast"
    assert found.cost is not None and (found.cost.yen, found.cost.most, found.cost.kind) == (
        9_000,
        None,
        "exact",
    )
    assert found.score_range == (9_200, 9_200)


def test_an_answered_limit_that_may_be_hidden_may_not_bound() -> None:
    bank = _two_ways(ask_if="other")
    outcome, found = _open(bank, {"months": 3})
    # Asked, 3 months go the fast way; not asked, nothing is too long.
    assert outcome.exact and found.score_range == (2_500, 9_200)
    assert found.beyond == ()


@pytest.mark.parametrize(("module", "most"), [(means, "MAX_CELLS"), (ranges, "MAX_PLAN_CELLS")])
def test_what_cannot_be_gone_through_is_not_called_exact(
    module: Any, most: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, most, 1)
    outcome, found = _open(_two_ways(), {"other": True})
    assert (outcome.exact, outcome.totals_exact) == ((False, True) if module is means else (True, False))
    assert found.score_range[0] <= 2_500 and found.score_range[1] >= 9_200
    assert found.cost is not None and (found.cost.yen, found.cost.most) == (1_000, 9_000)


@st.composite
def limited(draw: st.DrawFn) -> tuple[Bank, dict[str, object]]:
    """A random bank with a budget and a limit on time, and a taker who left at least one of them open."""
    raw = draw(banks()).model_dump(by_alias=True, exclude_none=True, mode="json")
    raw["questions"] += [_number("budget", 8_000, draw(st.sampled_from([1_000, 4_000]))), _number("time", 5)]
    raw["limits"] = [
        {"id": "budget", "question": "budget", "of": "cost"},
        {"id": "time", "question": "time", "of": "months"},
    ]
    given_answers: dict[str, object] = {}
    if draw(st.booleans()):
        given_answers["time"] = draw(st.integers(0, 5))
    elif draw(st.booleans()):
        given_answers["budget"] = draw(st.sampled_from([0, 4_000, 8_000]))
    for question in raw["questions"][:-3]:
        if draw(st.booleans()):
            made = draw(st.sampled_from(_answers(question)))
            given_answers[question["id"]] = made
    return Bank.model_validate(raw), given_answers


def _answers(question: dict[str, Any]) -> list[Any]:
    options = [option["id"] for option in question.get("options", [])]
    return {"choice": options, "choices": [[], options], "yes_no": [False, True]}.get(
        question["kind"]
    ) or list(range(question["grid"]["to"] + 1))


@SLOW
@given(limited())
def test_every_range_is_exact_where_it_says_so(case: tuple[Bank, dict[str, object]]) -> None:
    bank, raw = case
    compiled = compile_bank(bank, "r")
    ways = list(completions(bank, raw))
    if len(ways) > 1_500:
        return
    open_now = recommend(compiled, read_answers(compiled, raw), ON)
    every = [recommend(compiled, read_answers(compiled, way), ON) for way in ways]
    assert open_now.exact and open_now.totals_exact
    for entry in open_now.recommendations:
        there = [found for one in every for found in one.recommendations if found.item == entry.item]
        totals = [found.cost for found in there if found.cost is not None]
        known = [total.yen for total in totals if total.yen is not None]
        if entry.cost is not None and known:
            assert entry.cost.yen == min(known)
            if entry.cost.most is not None:
                assert entry.cost.most == max(known)
        first = [found.months.from_ for found in there if found.months]
        if entry.months is not None and first:
            assert entry.months.from_ == min(first)
            last = [found.months.to for found in there if found.months]
            assert entry.months.to == (None if None in last else max(to for to in last if to is not None))
