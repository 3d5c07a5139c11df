"""Tells what changed between two states of plain data, by part: facts and rules, not lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import neg
from typing import Any, Literal

from quizapp.bank.addresses import Address, entry_id
from quizapp.bank.comparing.matching import same

Change = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class Difference:
    """One part that changed, by its address: in the state before where it was removed, else after.

    ``before`` and ``after`` are the whole part, None where it was not there. An entry that moved among
    its siblings has its place among those that stayed in both (from 0) as ``before`` and ``after``.
    """

    address: Address
    kind: Change
    before: Any
    after: Any


def differences(before: Any, after: Any) -> tuple[Difference, ...]:
    """Every difference between two states, each as deep as it can be told, in the order of ``after``.

    A list without ids (the months of a sitting, the items of a provider) is one part. What is equal but
    of another type (1 and true) differs. No difference means the same data; the order of keys is none.

    >>> [d.address for d in differences({"a": {"ja": "x", "en": "y"}}, {"a": {"ja": "z", "en": "y"}})]
    [('a', 'ja')]
    """
    return tuple(_between(before, after, ()))


def _between(before: Any, after: Any, at: Address) -> Iterator[Difference]:
    if same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_maps(before, after, at)
    elif _has_ids(before) and _has_ids(after) and (before or after):
        yield from _of_lists(before, after, at)
    else:
        yield Difference(at, "changed", before, after)


def _of_maps(before: dict[str, Any], after: dict[str, Any], at: Address) -> Iterator[Difference]:
    for key, value in before.items():
        if key not in after:
            yield Difference((*at, key), "removed", value, None)
    for key, value in after.items():
        if key in before:
            yield from _between(before[key], value, (*at, key))
        else:
            yield Difference((*at, key), "added", None, value)


def _of_lists(before: list[Any], after: list[Any], at: Address) -> Iterator[Difference]:
    old = {entry_id(entry): entry for entry in before}
    new = {entry_id(entry): entry for entry in after}
    for name, entry in old.items():
        if name not in new:
            yield Difference((*at, str(name)), "removed", entry, None)
    places = {name: place for place, name in enumerate(name for name in old if name in new)}
    stay = _longest_rising([places[name] for name in new if name in places])
    now = 0
    for name, entry in new.items():
        here = (*at, str(name))
        if name not in old:
            yield Difference(here, "added", None, entry)
            continue
        if places[name] not in stay:
            yield Difference(here, "moved", places[name], now)
        now += 1
        yield from _between(old[name], entry, here)


def _has_ids(value: Any) -> bool:
    """Whether a part is a list whose entries go by ids of their own."""
    if not isinstance(value, list):
        return False
    ids = [entry_id(entry) for entry in value]
    return None not in ids and len(set(ids)) == len(ids)


def _longest_rising(places: list[int]) -> set[int]:
    """A longest rising row in a list of different numbers: the entries that need not be said to have moved.

    Patience sorting, since comparing each with each takes seconds for thousands of entries. A pile holds,
    falling, the numbers at which longest rows of one length end.

    >>> sorted(_longest_rising([3, 0, 1, 4, 2]))
    [0, 1, 4]
    """
    piles: list[list[int]] = []
    smallest: list[int] = []
    before: dict[int, int] = {}
    for place in places:
        length = bisect_left(smallest, place)
        if length:
            pile = piles[length - 1]
            before[place] = pile[bisect_right(pile, -place, key=neg)]
        if length == len(piles):
            piles.append([])
            smallest.append(place)
        piles[length].append(place)
        smallest[length] = place
    row = [piles[-1][0]] if piles else []
    while row and row[-1] in before:
        row.append(before[row[-1]])
    return set(row)
