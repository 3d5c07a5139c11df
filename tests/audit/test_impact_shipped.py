"""What an edit of a shipped bank changes: what its editor expects, with takers who show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quizapp.audit.examples import kinds_between, seen_by
from quizapp.audit.impact import impact
from quizapp.audit.impact_record import Impact
from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine.answers import read_answers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from tests.conftest import ROOT

ON = date(2026, 11, 22)
TEXT = {"ja": "文", "en": "text"}
FIXED = {"fixed": True, "otherwise": TEXT}
Edit = Callable[[dict[str, Any]], None]


def _edited(slug: str, edit: Edit) -> tuple[Compiled, Compiled]:
    bank = load_bank(Path(ROOT / "questions" / f"{slug}.yaml")).bank
    data = bank.model_dump(by_alias=True)
    edit(data)
    return compile_bank(bank, "before"), compile_bank(Bank.model_validate(data), "after")


def _item(data: dict[str, Any], name: str) -> Any:
    return next(item for item in data["items"] if item["id"] == name)


def _dearer(data: dict[str, Any]) -> None:
    _item(data, "medical_clerk")["routes"][0]["costs"][0]["yen"] += 20_000


def _checked(found: Impact, pair: tuple[Compiled, Compiled]) -> None:
    """Every example is a complete taker of either bank, shows its change, and is shown once."""
    common = frozenset(pair[0].by_id.keys() & pair[1].by_id.keys())
    for change in found.changes:
        for example in change.examples:
            given = (example.answers_before, example.answers)
            assert all(read_answers(b, raw).complete for b, raw in zip(pair, given, strict=True))
            seen = [seen_by(bank, raw, ON) for bank, raw in zip(pair, given, strict=True)]
            assert seen == [example.before, example.after]
            assert change.kind in kinds_between(example.before, example.after, common)
        assert all(example not in change.examples[:n] for n, example in enumerate(change.examples))
        assert bool(change.examples) == (change.share.value > 0)


def test_a_dearer_exam_costs_more_and_stands_as_before() -> None:
    pair = _edited("medical_office", _dearer)
    told: list[float] = []
    found = impact(*pair, ON, told.append, drawn=16_384)
    assert not found.exact
    assert found.share("standing").value == 0 and found.share("cost").value > 0.3
    assert found.share("cost").value + found.unchanged.value >= 1 - 4 * found.unchanged.error
    by_item = {each.item: each for each in found.items}
    clerk = by_item["medical_clerk"]
    assert clerk.first_before is not None and clerk.first_after is not None
    assert clerk.first_after.value <= clerk.first_before.value
    for example in found.changes[4].examples:
        paid = example.before.costs["medical_clerk"], example.after.costs["medical_clerk"]
        assert paid[0] is not None and paid[1] == paid[0] + 20_000
    _checked(found, pair)
    assert len(told) >= 20 and told == sorted(told) and told[-1] == 1
    assert found == impact(*pair, ON, drawn=16_384)


def test_a_fee_past_every_budget_leaves_first_place_to_others() -> None:
    def edit(data: dict[str, Any]) -> None:
        _item(data, "medical_clerk")["routes"][0]["costs"][0]["yen"] = 5_000_000

    pair = _edited("medical_office", edit)
    found = impact(*pair, ON, drawn=16_384)
    clerk = next(each for each in found.items if each.item == "medical_clerk")
    assert clerk.first_before is not None and clerk.first_before.value > 0
    assert clerk.ranked_before == clerk.ranked_after
    assert clerk.first_after is not None and clerk.first_after.value < clerk.first_before.value / 2
    assert found.share("first").value >= clerk.first_before.value - clerk.first_after.value
    for example in found.changes[0].examples:
        assert example.before.first == "medical_clerk" != example.after.first
    _checked(found, pair)


@pytest.mark.parametrize("slug", ["first_step", "one_on_one", "personal_trainer", "msl"])
def test_examples_of_a_new_weight_hold_and_are_told_apart(slug: str) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["criteria"][0]["weight"] = f"({data['criteria'][0]['weight']}) + 40"

    pair = _edited(slug, edit)
    found = impact(*pair, ON, most=0, drawn=8_192)
    assert 0 < found.share("first").value <= found.share("top_order").value
    assert found.share("standing").value == found.share("cost").value == 0
    _checked(found, pair)


def test_an_item_nobody_can_have_is_proven_never_to_be_ranked() -> None:
    def edit(data: dict[str, Any]) -> None:
        text = "medical_goal == pc_skills and medical_goal == career_up"
        never = {
            "id": "never",
            "label": TEXT,
            "if": text,
            "fixed": True,
            "otherwise": TEXT,
        }
        item = _item(data, "medical_clerk")
        item["requires"] = [*item["requires"], never]
        data["items"] = [*data["items"], {**item, "id": "fresh"}]

    pair = _edited("medical_office", edit)
    found = impact(*pair, ON, drawn=8_192)
    lost = {(reach.item, reach.rung, reach.certainty.proved) for reach in found.no_longer_reached}
    assert {("medical_clerk", "first", True), ("medical_clerk", "ranked", True)} <= lost
    assert {(reach.item, reach.certainty.proved) for reach in found.unreached} == {("fresh", True)}
    fresh = next(each for each in found.items if each.item == "fresh")
    assert fresh.first_before is None and fresh.ranked_after is not None and fresh.ranked_after.value == 0


def test_a_new_question_that_nothing_reads_is_idle_and_changes_nothing() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["questions"] = [*data["questions"], {"id": "fresh", "kind": "yes_no", "ask": TEXT}]

    found = impact(*_edited("medical_office", edit), ON)
    assert found.same and found.unchanged.value == 1
    assert [(each.question, each.option, each.certainty.proved) for each in found.idle] == [
        ("fresh", None, True)
    ]


def test_a_question_that_no_rule_reads_any_more_no_longer_matters() -> None:
    def edit(data: dict[str, Any]) -> None:
        for criterion in data["criteria"]:
            criterion["weight"] = "10"

    found = impact(*_edited("medical_office", edit), ON, drawn=8_192)
    gone = {each.question: each.certainty.proved for each in found.no_longer_matter if each.option is None}
    assert gone.get("medical_matters") is True


@pytest.mark.parametrize("slug", ["medical_office", "msl"])
def test_words_and_the_same_bank_change_nothing_without_work(slug: str) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["items"][0]["name"] = {"ja": "別の名前", "en": "Another name"}

    told: list[float] = []
    found = impact(*_edited(slug, edit), ON, told.append)
    assert (found.same, found.exact, found.tried, told) == (True, True, 0, [1.0])
    assert [(change.share.value, change.examples) for change in found.changes] == [(0, ())] * 6
    assert (found.unchanged.value, found.unchanged.error) == (1, 0)
