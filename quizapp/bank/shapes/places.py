"""Finds the shape of what stands at an address of plain data, and walks through all of it, broken or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from quizapp.bank.addresses import Address, entry_id, value_at
from quizapp.bank.cases import CaseFile
from quizapp.bank.model import Bank
from quizapp.bank.shapes.shapes import FieldShape, shape_of, shapes_of
from quizapp.errors import NotFound

CASES = "cases"


@dataclass(frozen=True)
class Place:
    """What stands at an address: a part of a class (``model``), else the value of a field (``shape`` alone).

    ``shape`` is the field that holds it, None for the whole file. Of an entry in a list or map ``entry``
    is true, and ``shape`` is the field of the list.
    """

    address: Address
    value: Any
    shape: FieldShape | None = None
    model: type[BaseModel] | None = None
    entry: bool = False

    @property
    def is_list(self) -> bool:
        """Whether its entries have pages of their own."""
        return self.shape is not None and self.shape.is_list and not self.entry

    @property
    def is_part(self) -> bool:
        """Whether it is made of fields."""
        return self.model is not None and not self.is_list

    @property
    def fields(self) -> tuple[FieldShape, ...]:
        """The fields of a part."""
        return shapes_of(self.model) if self.model and self.is_part else ()


def root_of(address: Address) -> type[BaseModel]:
    """The class of the file in which an address lies: cases have addresses that begin with that word."""
    return CaseFile if address[:1] == (CASES,) else Bank


def place_at(data: Any, address: Address) -> Place:
    """What stands there. Raises NotFound for an address at which nothing can stand.

    A field that is left out stands there with None as its value; an entry that is not there does not.

    >>> place_at({"items": [{"id": "a"}]}, ("items", "a", "costs")).shape.look
    'parts'
    """
    here = Place((), data, model=root_of(address))
    for word in address:
        here = _below(here, word)
    return here


def inlined(model: type[BaseModel]) -> bool:
    """Whether a part of that class is small enough to be filled in where it stands."""
    return not any(
        shape.is_list or (shape.look == "part" and shape.model and not inlined(shape.model))
        for shape in shapes_of(model)
    )


def walk_places(data: Any, root: type[BaseModel]) -> Iterator[Place]:
    """Every part, list and field that is written in a file, parents first."""
    yield from _walk(Place((), data, model=root))


def entries_at(listed: Place) -> Iterator[Place]:
    """Every entry of a list or map, in its order; far quicker than looking each up by its address."""
    for word, value in _entries(listed.value):
        yield _entry(listed, word, value)


def _below(here: Place, word: str) -> Place:
    address = (*here.address, word)
    if here.is_part and here.model:
        shape = shape_of(here.model, word)
        if shape is None:
            raise NotFound
        value = here.value.get(word) if isinstance(here.value, dict) else None
        # A named value may be its rule alone.
        if here.entry and here.shape and here.shape.look == "values" and word == "rule" and value is None:
            value = here.value if not isinstance(here.value, dict | list) else None
        return Place(address, value, shape, shape.model)
    if here.is_list and here.shape:
        return _entry(here, word, value_at(here.value, (word,)))
    raise NotFound


def _entry(here: Place, word: str, value: Any) -> Place:
    assert here.shape is not None
    shape = here.shape
    if shape.look == "texts":
        return Place((*here.address, word), value, replace(shape, look="text", required=True), None, True)
    return Place((*here.address, word), value, shape, shape.model, True)


def _walk(here: Place) -> Iterator[Place]:
    yield here
    if here.is_list:
        for word, value in _entries(here.value):
            yield from _walk(_entry(here, word, value))
    elif here.is_part and isinstance(here.value, dict):
        for shape in here.fields:
            if shape.name in here.value:
                yield from _walk(_below(here, shape.name))
    elif here.is_part and here.value is not None and here.shape and here.shape.look == "values":
        yield _below(here, "rule")


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((str(key), entry) for key, entry in value.items())
    elif isinstance(value, list):
        # As ``address_of`` names them: of entries with the same id, only the first goes by it.
        seen: set[str] = set()
        for index, entry in enumerate(value):
            word = entry_id(entry)
            yield word if word and word not in seen else str(index), entry
            seen.add(word or "")


def entry_words(value: Any) -> tuple[str, ...]:
    """The words by which the entries of a list or map go, in their order.

    >>> entry_words([{"id": "a"}, {"yen": 1}]), entry_words({"x": 1})
    (('a', '1'), ('x',))
    """
    return tuple(word for word, _ in _entries(value))
