"""What an edit changes for takers, timed for every shipped bank and kind of edit."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Row
from quizapp.audit.impact import impact
from quizapp.bank.load import load_bank
from quizapp.bank.model import Bank
from quizapp.engine.compile import compile_bank

BANKS = Path(__file__).resolve().parent.parent / "questions"
ON = date(2026, 11, 22)
LARGEST = ("medical_office", "personal_trainer")
MOST_SECONDS = 5
LEAST_CALLS = 20

Data = dict[str, Any]


def measure() -> Report:
    """Seconds of wall clock for one impact, from two compiled banks; caches are cold for the new bank."""
    rows: list[Row] = []
    for path in sorted(BANKS.glob("*.yaml")):
        if not path.name.endswith(".cases.yaml"):
            rows += _bank(load_bank(path).bank)
    how = "one impact of each kind of edit; exact where a row says so, else takers are drawn"
    return Report("impact", tuple(rows), how)


def _bank(bank: Bank) -> list[Row]:
    before = compile_bank(bank, "before")
    rows = []
    for name, edit in EDITS.items():
        data = bank.model_dump(by_alias=True)
        edit(data)
        after = compile_bank(Bank.model_validate(data), "after")
        calls: list[float] = []
        begun = time.perf_counter()
        found = impact(before, after, ON, calls.append)
        took = time.perf_counter() - begun
        how = "nothing to do" if found.same else "exact" if found.exact else f"{found.tried:,} drawn"
        limit = MOST_SECONDS if bank.bank in LARGEST else None
        rows.append(Row(f"{bank.bank}: {name} ({how})", took, "s", limit))
        if bank.bank == LARGEST[0] and not found.same:
            told = f"{bank.bank}: {name}, times that progress was told"
            rows.append(Row(told, len(calls), "", LEAST_CALLS, at_least=True))
    return rows


def _fee(data: Data) -> None:
    """The first cost in the bank that is a known number; first_step has none."""
    parts = [part for item in data["items"] if not item["closing"] for part in (item, *item["routes"])]
    costs = [cost for part in parts for cost in part["costs"] if isinstance(cost["yen"], int)]
    for cost in costs[:1]:
        cost["yen"] += 20_000


def _item(data: Data) -> None:
    """The first item that can be had, under another name."""
    copied = next(item for item in data["items"] if item["routes"] and not item["closing"])
    data["items"] = [*data["items"], {**copied, "id": "made_item"}]


def _question(data: Data) -> None:
    """A question that the first item that can be had requires."""
    text = {"ja": "文", "en": "text"}
    data["questions"] = [*data["questions"], {"id": "made_question", "kind": "yes_no", "ask": text}]
    item = next(item for item in data["items"] if item["routes"] and not item["closing"])
    made = {"id": "made", "label": text, "if": "made_question", "fixed": True, "otherwise": text}
    item["requires"] = [*item["requires"], made]


def _weight(data: Data) -> None:
    data["criteria"][0]["weight"] = f"({data['criteria'][0]['weight']}) + 5"


def _words(data: Data) -> None:
    data["items"][0]["name"] = {"ja": "別の名前", "en": "Another name"}


EDITS: dict[str, Callable[[Data], None]] = {
    "a fee changed": _fee,
    "an item added": _item,
    "a question added": _question,
    "a weight changed": _weight,
    "words changed": _words,
}
