"""Finds texts that still name what something cost before an edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.comparing.differences import Difference

# Smaller amounts are too often figures of something else.
SMALLEST = 1000
MOST = 20
_LANGUAGES = frozenset(("ja", "en"))


@dataclass(frozen=True)
class OldAmount:
    """A text that names an amount which something no longer costs."""

    address: Address
    amount: int
    now: int


def old_amounts(found: Iterable[Difference], data: Any) -> tuple[OldAmount, ...]:
    """The texts of the bank as it is now that name an old amount, in their order.

    A text of another item is told only where nothing in the bank costs that much any more.
    """
    changed = [one for one in found if one.kind == "changed" and _amount(one.before) and _amount(one.after)]
    changed = [one for one in changed if one.address[-1:] == ("yen",) and one.before >= SMALLEST]
    if not changed:
        return ()
    kept, texts = set(_prices(data)), list(_texts(data, ()))
    told: dict[tuple[Address, int], OldAmount] = {}
    for one in changed:
        wanted = re.compile(rf"(?<![\d,.])(?:{one.before:,}|{one.before})(?![\d,])")
        for address, words in texts:
            near = address[:2] == one.address[:2]
            if (near or one.before not in kept) and any(map(wanted.search, words)):
                told.setdefault((address, one.before), OldAmount(address, one.before, one.after))
    return tuple(told.values())[:MOST]


def _amount(value: Any) -> bool:
    return type(value) is int


def _parts(data: Any) -> Iterator[tuple[str, Any]]:
    """The parts right below one, by the words that addresses have for them."""
    if isinstance(data, dict):
        yield from ((str(key), value) for key, value in data.items())
    elif isinstance(data, list):
        for index, value in enumerate(data):
            name = value.get("id") if isinstance(value, dict) else None
            yield name if isinstance(name, str) else str(index), value


def _prices(data: Any) -> Iterator[int]:
    for key, value in _parts(data):
        if key == "yen" and type(value) is int:
            yield value
        yield from _prices(value)


def _texts(data: Any, at: Address) -> Iterator[tuple[Address, list[str]]]:
    """Every text in both languages, with its address."""
    if isinstance(data, dict) and data and set(data) <= _LANGUAGES:
        yield at, [words for words in data.values() if isinstance(words, str)]
        return
    for key, value in _parts(data):
        yield from _texts(value, (*at, key))
