"""Which parts of a bank and its cases name a part, and all of them with another name; plain data in, plain data out."""

from __future__ import annotations

import ast
import copy
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from quizapp.bank.addresses import Address, locate
from quizapp.bank.cases import CaseFile
from quizapp.bank.model import Bank
from quizapp.bank.shapes.places import Place, place_at, walk_places
from quizapp.errors import NotFound

# A name that nothing has: what changes when a part is called so, names it.
_OTHER = "_"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The lists of an item whose entries cases name by their id alone.
_OF_ITEM = {"requires": ("requirements_of", "costs_of"), "costs": ("costs_of",), "reasons": ("reasons_of",)}


@dataclass(frozen=True)
class Target:
    """A part that may be named: its id, what refers to its kind, and the item or question that it is a part of."""

    id: str
    kinds: tuple[str, ...]
    item: str = ""
    question: str = ""

    @property
    def in_rules(self) -> bool:
        """Whether rules call it by its bare name."""
        return bool({"questions", "values"} & set(self.kinds))


def target_of(address: Address) -> Target | None:
    """What the part at an address can be named by; None where nothing names parts like it.

    >>> target_of(("questions", "age", "options", "old")).question
    'age'
    """
    match address:
        case (kind, id):
            return Target(id, (kind,))
        case ("questions", question, "options", id):
            return Target(id, ("options",), question=question)
        case ("criteria", criterion, "parts", id):
            return Target(id, ("parts",), item=criterion)
        case ("items", item, "routes", id):
            return Target(id, ("routes_of", "routes"), item=item)
        case ("items", item, "notes", id):
            return Target(id, ("notes",), item=item)
        case ("items", item, *_, listed, id) if listed in _OF_ITEM:
            return Target(id, _OF_ITEM[listed], item=item)
    return None


def uses(bank: Any, cases: Any, address: Address) -> tuple[Address, ...]:
    """The addresses of all that names the part, in the order of the files; none for parts that nothing names."""
    target = target_of(address)
    if target is None:
        return ()
    found = [place.address for place, _ in _changed(bank, cases, target, _OTHER)]
    return tuple(at for at in found if at[: len(address)] != address)


def renamed(bank: Any, cases: Any, address: Address, new: str) -> tuple[Any, Any]:
    """Bank and cases in which the part, and everything that names it, has a new id.

    Raises NotFound where there is no such part.
    """
    target = target_of(address)
    changes = (
        [(place.address, value) for place, value in _changed(bank, cases, target, new)] if target else []
    )
    both = {"bank": copy.deepcopy(bank), "cases": copy.deepcopy(cases)}
    # The deepest first: a table whose key changes is no longer found under the old one.
    for at, value in sorted(changes, key=lambda one: -len(one[0])):
        _write(both["cases" if at[:1] == ("cases",) else "bank"], at, value)
    sheet = both["cases" if address[:1] == ("cases",) else "bank"]
    place = place_at(sheet, address)
    if place.shape and place.shape.is_map:
        _write(sheet, address[:-1], _keys(place_at(sheet, address[:-1]).value, {address[-1]: new}))
    else:
        _write(sheet, (*address, "id"), new)
    return both["bank"], both["cases"]


def _changed(bank: Any, cases: Any, target: Target, new: str) -> Iterator[tuple[Place, Any]]:
    """Every field that names the target, with what it is when the target has the new name."""
    for data, root in ((bank, Bank), (cases, CaseFile)):
        for place in walk_places(data, root):
            if place.shape is None:
                continue
            value = _renamed_in(place, target, new, bank)
            if value is not None:
                yield place, value


def _renamed_in(place: Place, target: Target, new: str, bank: Any) -> Any:
    """The value of a field with the new name; None where it does not name the target."""
    shape, value = place.shape, place.value
    assert shape is not None
    if shape.look == "rule" or (shape.look == "fit" and place.entry and isinstance(value, str)):
        return _rule(value, target, new) if isinstance(value, str) else None
    if shape.look == "fit" and place.entry and isinstance(value, dict):
        return _fit(place, target, new, bank)
    if place.entry or place.model:
        # A table of parts names by its keys; what is within comes by itself.
        keys = _names(shape.refers, target, new, place) if place.is_list and shape.is_map else {}
        return _keys(value, keys) if isinstance(value, dict) and keys.keys() & value.keys() else None
    if shape.look in ("answer", "answers"):
        return _answers(place, target, new)
    keys, inner = _names(shape.refers, target, new, place), _names(shape.values_refer, target, new, place)
    if inner and target.item and isinstance(value, dict):
        # Ids of one item's parts mean nothing under another.
        one = _plain(value.get(target.item), inner, inner)
        return None if one is None else {**value, target.item: one}
    return _plain(value, keys, inner) if keys or inner else None


def _names(refers: str, target: Target, new: str, place: Place) -> dict[str, str]:
    """The words by which fields that refer so name the target, each with the new one."""
    if not refers or refers == "own":
        return {}
    if refers == "routes" and target.kinds == ("items",):
        return _prefixed(place.value, target.id, new)
    if refers == "notes" and target.kinds == ("items",):
        return _prefixed(place.value, target.id, new)
    if refers not in target.kinds:
        return {}
    if target.item and refers in ("routes", "notes"):
        return {f"{target.item}.{target.id}": f"{target.item}.{new}"}
    if (
        target.item
        and target.item not in [word.partition(".")[0] for word in place.address]
        and not isinstance(place.value, dict)
    ):
        return {}
    return {target.id: new}


def _prefixed(value: Any, item: str, new: str) -> dict[str, str]:
    words = [word for word in value if isinstance(word, str)] if isinstance(value, list | dict) else []
    return {word: f"{new}.{word.partition('.')[2]}" for word in words if word.startswith(f"{item}.")}


def _plain(value: Any, keys: dict[str, str], inner: dict[str, str]) -> Any:
    """Ids, lists and tables of ids with other names; None where none of them was there."""
    if isinstance(value, dict):
        changed = {keys.get(key, key): _plain(one, inner, inner) or one for key, one in value.items()}
        return changed if changed != value or list(changed) != list(value) else None
    if isinstance(value, list):
        entries = [_plain(one, keys, inner) or one for one in value]
        return entries if entries != value else None
    return keys.get(value) if isinstance(value, str) else None


def _keys(value: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): one for key, one in value.items()}


def _answers(place: Place, target: Target, new: str) -> Any:
    names = {target.id: new}
    if place.shape and place.shape.look == "answer":
        within = "options" in target.kinds and place.address[:2] == ("questions", target.question)
        return _plain(place.value, names, names) if within else None
    if not isinstance(place.value, dict):
        return None
    if "questions" in target.kinds:
        return _keys(place.value, names) if target.id in place.value else None
    answer = place.value.get(target.question) if "options" in target.kinds else None
    changed = _plain(answer, names, names)
    return {**place.value, target.question: changed} if changed is not None else None


def _fit(place: Place, target: Target, new: str, bank: Any) -> Any:
    """A table of options or parts, whose criterion says whose they are."""
    criterion = place.address[-1]
    if "parts" in target.kinds and target.item != criterion:
        return None
    if "options" in target.kinds:
        try:
            asked = place_at(bank, ("criteria", criterion, "question")).value
        except NotFound:
            return None
        if asked != target.question:
            return None
    if not {"parts", "options"} & set(target.kinds) or target.id not in place.value:
        return None
    return _keys(place.value, {target.id: new})


def _rule(rule: str, target: Target, new: str) -> str | None:
    if target.in_rules:
        changed = _NAME.sub(lambda name: new if name.group() == target.id else name.group(), rule)
        return changed if target.id in _NAME.findall(rule) else None
    spots = list(_spots(rule, target)) if "options" in target.kinds else []
    raw = rule.encode()
    for start, end in sorted(spots, reverse=True):
        raw = raw[:start] + new.encode() + raw[end:]
    return raw.decode() if spots else None


def _spots(rule: str, target: Target) -> Iterator[tuple[int, int]]:
    """Where a rule names an option beside its question, in bytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(rule, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            for one, other in [
                *pairwise(operands),
                *pairwise(reversed(operands)),
            ]:
                if isinstance(one, ast.Name) and one.id == target.question:
                    for name in other.elts if isinstance(other, ast.Tuple) else [other]:
                        if isinstance(name, ast.Name) and name.id == target.id and name.end_col_offset:
                            yield name.col_offset, name.end_col_offset


def _write(data: Any, address: Address, value: Any) -> None:
    """Put a value where it stands; a named value that is its rule alone stands for its rule."""
    try:
        path = locate(data, address)
    except NotFound:
        path = (
            locate(data, address[:-1])
            if address[-1] == "rule"
            else (*locate(data, address[:-1]), address[-1])
        )
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
