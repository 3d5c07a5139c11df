"""What compiling refuses rather than get wrong."""

from __future__ import annotations

import pytest

from quizapp.bank.model import Bank
from quizapp.engine.compile import compile_bank
from quizapp.engine.gates import MAX_CONDITIONS
from quizapp.errors import Invalid

TEXT = {"ja": "文", "en": "text"}
SOURCE = {"source": "made", "line": 1}


def _bank(conditions: int) -> Bank:
    requires = [
        {"id": f"r{n}", "label": TEXT, "if": f"age >= {n}", "fixed": True, "otherwise": TEXT, **SOURCE}
        for n in range(1, conditions + 1)
    ]
    return Bank.model_validate(
        {
            "bank": "made", "title": TEXT, "summary": TEXT,
            "sources": {"made": {"title": TEXT, "file": "made.txt", "seen": "2026-11-22"}},
            "questions": [{"id": "age", "kind": "number", "ask": TEXT, "grid": {"from": 0, "to": 200}}],
            "criteria": [{"id": "c", "label": TEXT, "weight": 1, "value": 50}],
            "items": [{"id": "i", "kind": "action", "name": TEXT, "requires": requires}],
        }
    )  # fmt: skip


def test_it_takes_as_many_conditions_as_a_whole_number_holds() -> None:
    assert len(compile_bank(_bank(MAX_CONDITIONS), "r").items) == 1


def test_it_refuses_more_conditions_than_a_whole_number_holds() -> None:
    with pytest.raises(Invalid) as found:
        compile_bank(_bank(MAX_CONDITIONS + 1), "r")
    assert [problem.code for problem in found.value.problems] == ["too_many_conditions"]
