"""Texts that still name what something cost before an edit."""

from __future__ import annotations

from typing import Any

from quizapp.bank.comparing.differences import differences
from quizapp.editing.old_amounts import old_amounts


def bank(yen: int, text: str, other: int = 1) -> dict[str, Any]:
    return {
        "items": [
            {"id": "a", "cost": {"yen": yen}, "pros": [{"id": "p", "text": {"ja": text, "en": "-"}}]},
            {"id": "b", "cost": {"yen": other}, "name": {"ja": "B", "en": f"B for ¥{9900:,}"}},
        ]
    }


def told(after: dict[str, Any]) -> list[tuple[str, ...]]:
    found = differences(bank(9900, ""), after)
    return [one.address for one in old_amounts(found, after)]


def test_texts_that_name_the_old_price_are_told() -> None:
    pros = ("items", "a", "pros", "p")
    assert (*pros, "text") in told(bank(11000, "受験料は9,900円"))
    assert ("items", "b", "name") in told(bank(11000, "安い"))


def test_other_figures_and_prices_that_still_hold_elsewhere_are_not() -> None:
    assert told(bank(11000, "119,900円と99001", other=9900)) == []
    assert told(bank(9900, "受験料は9,900円")) == []
