"""Changes of plain data at an address; each gives new data and leaves the old as it was."""

from __future__ import annotations

import copy
from typing import Any

from quizapp.bank.addresses import Address, locate
from quizapp.errors import NotFound

GONE = object()


def put(data: Any, address: Address, value: Any) -> Any:
    """The data with this value at the address; ``GONE`` takes it out. Raises NotFound for no such parent.

    >>> put({"a": {"b": 1}}, ("a", "c"), 2)
    {'a': {'b': 1, 'c': 2}}
    >>> put({"a": {"b": 1, "c": 2}}, ("a", "b"), GONE)
    {'a': {'c': 2}}
    """
    if not address:
        return value
    changed = copy.deepcopy(data)
    parent = _at(changed, address[:-1])
    if isinstance(parent, list):
        place = int(locate(changed, address)[-1])
        if value is GONE:
            del parent[place]
        else:
            parent[place] = value
    elif isinstance(parent, dict):
        if value is GONE:
            parent.pop(address[-1], None)
        else:
            parent[address[-1]] = value
    else:
        raise NotFound(f"there is nothing at {'/'.join(address[:-1])}")
    return changed


def insert(data: Any, address: Address, index: int, value: Any) -> Any:
    """The data with an entry put into the list at the address, which is made where there is none.

    >>> insert({}, ("items",), 0, {"id": "a"})
    {'items': [{'id': 'a'}]}
    """
    changed = copy.deepcopy(data)
    parent = _at(changed, address[:-1])
    entries = parent.setdefault(address[-1], []) if isinstance(parent, dict) else _at(changed, address)
    if not isinstance(entries, list):
        raise NotFound(f"there is no list at {'/'.join(address)}")
    entries.insert(min(index, len(entries)), value)
    return changed


def move(data: Any, address: Address, to: int) -> Any:
    """The data with an entry, of a list or of a map, moved to another place among its siblings.

    >>> move([{"id": "a"}, {"id": "b"}], ("b",), 0)
    [{'id': 'b'}, {'id': 'a'}]
    >>> list(move({"a": 1, "b": 2}, ("b",), 0))
    ['b', 'a']
    """
    changed = copy.deepcopy(data)
    siblings = _at(changed, address[:-1])
    if isinstance(siblings, list):
        place = int(locate(changed, address)[-1])
        siblings.insert(max(0, to), siblings.pop(place))
        return changed
    keys = [key for key in siblings if key != address[-1]]
    keys.insert(max(0, to), address[-1])
    return put(changed, address[:-1], {key: siblings[key] for key in keys})


def _at(data: Any, address: Address) -> Any:
    found = data
    for step in locate(data, address):
        found = found[step]
    return found
