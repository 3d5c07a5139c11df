"""Tells which entry of a changed list or map is which entry of the old one; knows plain data only."""

from __future__ import annotations

from collections import Counter
from typing import Any

from quizapp.bank.addresses import entry_id
from quizapp.bank.shapes.part_kinds import Kind


def same(one: Any, other: Any) -> bool:
    """Equal with equal types, whatever the order of keys.

    >>> same({"a": 1, "b": 2}, {"b": 2, "a": 1}), same(1, True), same([1, 2], [2, 1])
    (True, False, False)
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(entry, other[key]) for key, entry in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def alike(one: Any, other: Any, kind: Kind) -> bool:
    """The same, and the tables in it in the same order."""
    if not same(one, other):
        return False
    if isinstance(one, dict):
        in_order = not kind.is_table or list(one) == list(other)
        return in_order and all(alike(entry, other[key], kind.below(key)) for key, entry in one.items())
    if isinstance(one, list):
        return all(alike(a, b, kind.below(0)) for a, b in zip(one, other, strict=True))
    return True


def entry_names(entries: list[Any]) -> list[tuple[str, str, int]]:
    """A name for each entry: its id, or what it holds; repeated ones are counted."""
    seen: Counter[tuple[str, str]] = Counter()
    names = []
    for entry in entries:
        found = entry_id(entry)
        name = ("id", found) if found is not None else ("is", repr(_in_one_order(entry)))
        names.append((*name, seen[name]))
        seen[name] += 1
    return names


def matched(old: list[Any], new: list[Any]) -> list[int | None]:
    """For each new entry the index of the old one that it was; None where it was none.

    Entries go by their ids. Those without one, and those that got another id, go by what they hold, or
    by their place between others.

    >>> matched([{"id": "a"}, {"id": "b"}, 5], [7, {"id": "b"}, {"id": "a"}])
    [None, 1, 0]
    >>> matched(["x", "y", "z"], ["x", "q", "z"])
    [0, 1, 2]
    """
    where = {name: index for index, name in enumerate(entry_names(old))}
    found = [where.get(name) for name in entry_names(new)]
    left = set(range(len(old))) - {index for index in found if index is not None}
    for place, entry in enumerate(new):
        if found[place] is not None:
            continue
        before = found[place - 1] if place else -1
        index = None if before is None else before + 1
        if index in left and _could_be(old[index], entry):
            found[place] = index
            left.discard(index)
    return found


def renamed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """For each new key the old key it was; keys that were none are left out.

    >>> renamed({"a": 1, "b": 2}, {"a": 1, "c": 2, "d": 3})
    {'a': 'a', 'c': 'b'}
    """
    names = {key: key for key in new if key in old}
    left = [key for key in old if key not in new]
    for key, value in new.items():
        if key not in old and (was := next((one for one in left if same(old[one], value)), None)):
            names[key] = was
            left.remove(was)
    return {key: names[key] for key in new if key in names}


def _could_be(old: Any, new: Any) -> bool:
    """Whether an entry is rather the old one changed than another one in its place."""
    if type(old) is not type(new):
        return False
    if entry_id(old) is None and entry_id(new) is None:
        return True
    if not isinstance(old, dict):
        return False
    others = [key for key in old if key != "id"]
    return sum(key in new and same(old[key], new[key]) for key in others) * 2 > len(others)


def _in_one_order(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _in_one_order(entry)) for key, entry in value.items())
    return [_in_one_order(entry) for entry in value] if isinstance(value, list) else value
