"""What a form may refer to: the whole draft around it, the rules' scope, the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from quizapp.bank.addresses import Address
from quizapp.bank.rows.scope import RuleScope, lenient_scope
from quizapp.i18n import Language
from quizapp.web.edit.field_labels import reach_words
from quizapp.web.edit.names import entry_named, name_of


@dataclass(frozen=True)
class Choice:
    """One thing that may be chosen; ``id`` is shown small behind a label that may be a whole sentence."""

    value: str
    label: str
    id: str = ""


@dataclass(frozen=True)
class Around:
    """The plain data of a draft's two texts, and the part that a form is of; anything in them may be broken."""

    bank: Any
    cases: Any
    language: Language
    address: Address = ()
    banks: tuple[str, ...] = ()

    @cached_property
    def scope(self) -> RuleScope:
        """What rules may read."""
        return lenient_scope(self.bank)

    @cached_property
    def plan_scope(self) -> RuleScope:
        """What fit and criterion values may read."""
        return lenient_scope(self.bank, plan=True)

    def listed(self, name: str) -> tuple[Choice, ...]:
        """The entries of one of the bank's lists or maps."""
        return tuple(
            Choice(id, name_of(entry, self.language, id)) for id, entry in entries(self.bank, name).items()
        )

    def candidates(self, refers: str, key: str = "") -> tuple[Choice, ...]:
        """What a field that refers to this may name; ``key`` is the item (or item.route) whose parts they are."""
        match refers:
            case "banks":
                return tuple(Choice(slug, slug) for slug in self.banks)
            case "routes":
                return tuple(self._routes())
            case "routes_of":
                return self._parts_of(self._item_of(key), "routes", inner=False)
            case "costs_of":
                item = self._item_of(key)
                return (*self._parts_of(item, "costs"), *self._parts_of(item, "requires"))
            case "requirements_of":
                return self._parts_of(key, "requires")
            case "reasons_of":
                return self._parts_of(key, "reasons")
            case "notes":
                return tuple(self._notes())
            case "limits":
                return tuple(self._limits())
            case "reach":
                return tuple(Choice(one, reach_words(one, self.language)) for one in ("in_person", "online"))
        return self.listed(refers) if refers and refers != "own" else ()

    def _item_of(self, key: str) -> str:
        named = key or (self.address[-1] if self.address else "")
        return named.partition(".")[0]

    def _routes(self) -> list[Choice]:
        return [
            Choice(
                f"{item}.{id}", f"{name_of(entry, self.language, item)} · {name_of(route, self.language, id)}"
            )
            for item, entry in entries(self.bank, "items").items()
            for id, route in entries(entry, "routes").items()
        ]

    def _limits(self) -> list[Choice]:
        """Limits have no words of their own: each goes by the question that asks for it."""
        limits = entries(self.bank, "limits").items()
        asked = {id: limit.get("question") for id, limit in limits if isinstance(limit, dict)}
        return [Choice(id, self.name("questions", str(asked.get(id, id))), id) for id, _ in limits]

    def _notes(self) -> list[Choice]:
        found = [replace(one, id=one.value) for one in self.listed("notes")]
        for item, entry in entries(self.bank, "items").items():
            name = name_of(entry, self.language, item)
            found += [
                Choice(f"{item}.{id}", f"{name} · {name_of(note, self.language, id)}", f"{item}.{id}")
                for id, note in entries(entry, "notes").items()
            ]
        return found

    def _parts_of(self, item: str, listed: str, inner: bool = True) -> tuple[Choice, ...]:
        """The parts of an item, and of its routes; one that several routes have is named once."""
        entry = entries(self.bank, "items").get(item)
        holders = [entry, *(entries(entry, "routes").values() if inner else ())]
        found: dict[str, Choice] = {}
        for holder in holders:
            for id, part in entries(holder, listed).items():
                found.setdefault(id, Choice(id, name_of(part, self.language, id), id))
        return tuple(found.values())

    def name(self, listed: str, id: str) -> str:
        """What an entry of the bank is called; its id where it is not there."""
        return entry_named(self.bank, listed, id, self.language)


def parts_of(data: Any, name: str) -> dict[str, dict[str, Any]]:
    """The entries that have fields of their own; what else stands there while a draft is broken is left out.

    >>> parts_of({"facts": {"a": {"value": 1}, "b": "c"}}, "facts")
    {'a': {'value': 1}}
    """
    return {id: entry for id, entry in entries(data, name).items() if isinstance(entry, dict)}


def entries(data: Any, name: str) -> dict[str, Any]:
    """The entries of a list or map of plain data by id; none where it is no such thing.

    >>> entries({"items": [{"id": "a"}, {"x": 1}]}, "items")
    {'a': {'id': 'a'}}
    """
    found = data.get(name) if isinstance(data, dict) else None
    if isinstance(found, dict):
        return {str(key): entry for key, entry in found.items()}
    if not isinstance(found, list):
        return {}
    named: dict[str, Any] = {}
    for entry in found:
        id = entry.get("id") if isinstance(entry, dict) else None
        if isinstance(id, str):
            named.setdefault(id, entry)
    return named
