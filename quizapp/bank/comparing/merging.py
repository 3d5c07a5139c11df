"""Brings the work of two editors together, field by field; knows plain data only.

Entries of lists go by their ids, wherever they stand. Where both changed the same part in different
ways, that part is a clash for a person to settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from quizapp.bank.addresses import Address, entry_id
from quizapp.bank.comparing.matching import same
from quizapp.errors import NotFound

Side = Literal["mine", "theirs"]


class Gone:
    """Stands for a part that is not there, which is something else than an empty one."""

    def __repr__(self) -> str:
        return "GONE"

    def __copy__(self) -> Gone:
        return self

    def __deepcopy__(self, _: Any) -> Gone:
        return self


GONE: Final = Gone()


@dataclass(frozen=True)
class Clash:
    """A part that both changed in different ways; ``GONE`` stands for one that is not there."""

    address: Address
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """The changes of both; in ``data`` every clash is as in mine until it is settled otherwise."""

    data: Any
    clashes: tuple[Clash, ...]
    _states: tuple[Any, Any, Any] = field(repr=False)

    def settle(self, chosen: Mapping[Address, Side]) -> Any:
        """The data with the clashes settled as chosen; one that is not named is as in mine.

        Raises NotFound for an address where there is no clash.
        """
        if set(chosen) - {clash.address for clash in self.clashes}:
            raise NotFound
        return _Merging(chosen).merge(*self._states, ())


def merge(base: Any, mine: Any, theirs: Any) -> Merged:
    """What both made of ``base``, field by field.

    The same change on both sides is one change. A part that one removed and the other changed is a
    clash. Where both reordered, the order is theirs, with what is new in mine behind its neighbour.

    >>> merge({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}).data
    {'a': 2, 'b': 3}
    >>> merge({"a": 1}, {"a": 2}, {}).clashes
    (Clash(address=('a',), base=1, mine=2, theirs=GONE),)
    """
    merging = _Merging({})
    data = merging.merge(base, mine, theirs, ())
    return Merged(data, tuple(merging.clashes), (base, mine, theirs))


class _Merging:
    """One merge with some clashes settled, and the clashes found."""

    def __init__(self, chosen: Mapping[Address, Side]) -> None:
        self._chosen = chosen
        self.clashes: list[Clash] = []

    def merge(self, base: Any, mine: Any, theirs: Any, at: Address) -> Any:
        """A part as it comes out, or GONE."""
        if _same_in_order(base, mine):
            return theirs
        if _same_in_order(base, theirs) or _same_in_order(mine, theirs):
            return mine
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self._named(base if isinstance(base, dict) else {}, mine, theirs, at)
        lists = [_by_id(one) for one in ([] if base is GONE else base, mine, theirs)]
        if None not in lists:
            old, ours, others = (one or {} for one in lists)
            return list(self._named(old, ours, others, at).values())
        return self._simple(base, mine, theirs, at)

    def _named(
        self, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], at: Address
    ) -> dict[str, Any]:
        found = {
            name: self.merge(base.get(name, GONE), mine.get(name, GONE), theirs.get(name, GONE), (*at, name))
            for name in _order(list(base), list(mine), list(theirs))
        }
        return {name: value for name, value in found.items() if value is not GONE}

    def _simple(self, base: Any, mine: Any, theirs: Any, at: Address) -> Any:
        if same(base, mine):
            return theirs
        if same(base, theirs) or same(mine, theirs):
            return mine
        self.clashes.append(Clash(at, base, mine, theirs))
        return theirs if self._chosen.get(at) == "theirs" else mine


def _same_in_order(one: Any, other: Any) -> bool:
    """The same, keys in the same order: repr tells the order and the types."""
    return same(one, other) and repr(one) == repr(other)


def _by_id(value: Any) -> dict[str, Any] | None:
    """The entries of a list by id; None where not all have one of their own."""
    if not isinstance(value, list):
        return None
    found = {entry_id(entry): entry for entry in value}
    if None in found or len(found) < len(value):
        return None
    return {str(name): entry for name, entry in found.items()}


def _order(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """The names of both in the order of who reordered: mine only where theirs kept the old one."""
    shared = set(base) & set(mine) & set(theirs)
    kept_by_them = _only(theirs, shared) == _only(base, shared)
    leading, other = (mine, theirs) if kept_by_them else (theirs, mine)
    order = list(leading)
    for place, name in enumerate(other):
        if name not in order:
            order.insert(order.index(other[place - 1]) + 1 if place else 0, name)
    return order


def _only(names: Iterable[str], wanted: set[str]) -> list[str]:
    return [name for name in names if name in wanted]
