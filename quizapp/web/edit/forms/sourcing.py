"""Whether a price or fact needs a source of its own, and which source around it speaks for it otherwise."""

from __future__ import annotations

from typing import Any

from quizapp.bank.addresses import Address, value_at
from quizapp.errors import NotFound


def source_above(bank: Any, address: Address) -> str:
    """The source of the route or item around a price, by its id; empty where neither names one.

    >>> bank = {"items": [{"id": "a", "source": "page", "costs": [{"id": "fee"}]}]}
    >>> source_above(bank, ("items", "a", "costs", "fee"))
    'page'
    """
    for length in range(len(address) - 1, 1, -1):
        try:
            part = value_at(bank, address[:length])
        except NotFound:
            continue
        if isinstance(part, dict) and isinstance(part.get("source"), str):
            return str(part["source"])
    return ""


def needs_source(owner: str, bank: Any, address: Address) -> bool:
    """Whether a part of that class cannot be published without a source of its own."""
    try:
        part = value_at(bank, address)
    except NotFound:
        part = {}
    part = part if isinstance(part, dict) else {}
    if owner == "Fact":
        return not part.get("unknown")
    return owner == "Cost" and part.get("yen") != "unknown" and not source_above(bank, address)
