"""Takes a part that came or went apart into its fields, so that all it holds can be told; knows plain data only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from quizapp.bank.comparing.differences import Difference
from quizapp.bank.shapes.places import Place, entries_at, place_at
from quizapp.errors import NotFound

# Where the words that name a part are all of a field.
NAMING = ("short", "name", "label", "title")
_UNTOLD = ("id", "line")


def unfolded(one: Difference, data: Any) -> Iterator[Difference]:
    """A part with fields of its own as one difference for each of them; anything else as it is.

    What lies deeper stays whole while it holds no list: a fee is one difference, a route with fees is
    several. ``data`` is the state in which the part stands.

    >>> item = {"id": "a", "name": "A", "costs": [{"id": "f", "yen": 5}, {"id": "g", "yen": 7}]}
    >>> parts = unfolded(Difference(("items", "a"), "added", None, item), {"items": [item]})
    >>> ["/".join(one.address) for one in parts]
    ['items/a/name', 'items/a/costs/f', 'items/a/costs/g']
    """
    if one.kind in ("changed", "moved") or len(one.address) < 2:
        yield one
        return
    try:
        place = place_at(data, one.address)
    except NotFound:
        yield one
        return
    empty = True
    for found in _taken_apart(data, place, top=True):
        empty = False
        before, after = (found.value, None) if one.kind == "removed" else (None, found.value)
        yield replace(one, address=found.address, before=before, after=after)
    if empty:
        yield one


def _taken_apart(data: Any, place: Place, *, top: bool = False) -> Iterator[Place]:
    if place.is_list and isinstance(place.value, list | dict) and place.value:
        for entry in entries_at(place):
            yield from _taken_apart(data, entry)
    elif place.is_part and isinstance(place.value, dict) and (top or _holds_lists(place)):
        for shape in place.fields:
            named = not top and shape.name in NAMING
            if shape.name in place.value and shape.name not in _UNTOLD and not named:
                yield from _taken_apart(data, place_at(data, (*place.address, shape.name)))
    else:
        yield place


def _holds_lists(place: Place) -> bool:
    """Whether some field of a part is a list with entries, or is a part that has one."""
    for shape in place.fields:
        value = place.value.get(shape.name)
        if shape.is_list and value:
            return True
        inner = Place((), value, shape, shape.model)
        if isinstance(value, dict) and inner.is_part and _holds_lists(inner):
            return True
    return False
