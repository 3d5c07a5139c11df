"""Changes of a draft's plain data that a form or button asks for; each gives new data."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from quizapp.bank.addresses import Address, locate
from quizapp.bank.checks.names import COPY_MARKS
from quizapp.bank.shapes.places import entry_words, place_at
from quizapp.editing.alter import GONE, insert, move, put
from quizapp.errors import NotFound
from quizapp.letters import folded

# An id is made from the beginning of the words.
LONGEST_READ = 200
_COPIED = re.compile(r"_\d+\Z")
_NAMES = ("short", "name", "label", "title")


def applied(data: Any, changes: Mapping[Address, Any]) -> Any:
    """The data with these fields changed. Raises NotFound where a part is not there.

    >>> applied({"values": {"a": "x > 1"}}, {("values", "a", "label"): {"en": "A"}})
    {'values': {'a': {'rule': 'x > 1', 'label': {'en': 'A'}}}}
    """
    for address, value in changes.items():
        if value is GONE and address and place_at(data, address).entry:
            value = {}
        data = (
            _put_in_value(data, address, value) if address[:1] == ("values",) else put(data, address, value)
        )
    return data


def _put_in_value(data: Any, address: Address, value: Any) -> Any:
    """A named value may be its rule alone, and stays so while it has nothing else."""
    if len(address) != 3:
        return put(data, address, value)
    before = place_at(data, address[:2]).value
    holds = before if isinstance(before, dict) else {"rule": before}
    after = {key: one for key, one in holds.items() if key != address[2]}
    if value is not GONE:
        after = {**holds, address[2]: value}
    alone = not isinstance(before, dict) and list(after) == ["rule"]
    return put(data, address[:2], after["rule"] if alone else after)


def added(data: Any, listed: Address, id: str, entry: Any, place: int | None = None) -> Any:
    """The data with an entry more in a list, or in a map under its id. Raises NotFound for no such list."""
    found = place_at(data, listed)
    if not found.is_list or found.shape is None:
        raise NotFound
    if found.shape.is_map:
        there = found.value if isinstance(found.value, dict) else {}
        return put(data, listed, {**there, id: entry})
    size = len(found.value) if isinstance(found.value, list) else 0
    return insert(data, listed, size if place is None else place, entry)


def copied(data: Any, entry: Address) -> tuple[Any, Address]:
    """The data with a copy of an entry behind it, and where the copy is. Raises NotFound."""
    place = place_at(data, entry)
    around = place_at(data, entry[:-1])
    twin = _called_copy(copy.deepcopy(place.value))
    id = free_id(_COPIED.sub("", entry[-1]), entry_words(around.value), begin=2)
    if isinstance(around.value, dict):
        return put(data, entry[:-1], {**around.value, id: twin}), (*entry[:-1], id)
    if isinstance(twin, dict) and "id" in twin:
        twin["id"] = id
    index = int(locate(data, entry)[-1]) + 1
    changed = insert(data, entry[:-1], index, twin)
    return changed, (*entry[:-1], id if isinstance(twin, dict) and "id" in twin else str(index))


def _called_copy(twin: Any) -> Any:
    """A part with a name that says that it is a copy; one that has no name stays as it is."""
    if not isinstance(twin, dict):
        return twin
    for field in _NAMES:
        words = twin.get(field)
        if isinstance(words, dict):
            twin[field] = {
                code: f"{one}{COPY_MARKS[code]}" if code in COPY_MARKS and one else one
                for code, one in words.items()
            }
    return twin


def moved(data: Any, entry: Address, by: int) -> Any:
    """The data with an entry nearer to the top or the end. Raises NotFound."""
    words = entry_words(place_at(data, entry[:-1]).value)
    if entry[-1] not in words:
        raise NotFound
    return move(data, entry, max(0, min(len(words) - 1, words.index(entry[-1]) + by)))


def moved_to(data: Any, entry: Address, place: int) -> Any:
    """The data with an entry at a place among its siblings. Raises NotFound."""
    return move(data, entry, place) if place_at(data, entry).entry else data


def removed(data: Any, entry: Address) -> Any:
    """The data without an entry; a list that was optional goes with its last one. Raises NotFound."""
    changed = put(data, entry, GONE) if place_at(data, entry).entry else data
    around = place_at(changed, entry[:-1])
    gone = not around.value and around.shape is not None and not around.shape.required
    return put(changed, entry[:-1], GONE) if gone else changed


def free_id(wish: str, taken: tuple[str, ...], begin: int = 1) -> str:
    """An id that nobody has yet, as near to the wish as can be.

    >>> free_id("fee", ("fee", "fee_2")), free_id("fee", ())
    ('fee_3', 'fee')
    """
    wish = wish[:60]
    if begin == 1 and wish not in taken:
        return wish
    number = 2
    while f"{wish}_{number}" in taken:
        number += 1
    return f"{wish}_{number}"


def proposed_id(english: str, otherwise: str) -> str:
    """An id made from English words; ``otherwise`` where they hold no letter that an id may have.

    >>> proposed_id("NESTA-PFT (web)", "item"), proposed_id("2 years", "item"), proposed_id("資格", "item")
    ('nesta_pft_web', 'item_2_years', 'item')
    """
    plain = folded(english, LONGEST_READ, "NFKD").encode("ascii", "ignore").decode().casefold()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    if not found:
        return otherwise
    return found if found[0].isalpha() else f"{otherwise}_{found}"
