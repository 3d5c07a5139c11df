"""Checks that cases name only what their bank has, with answers that a taker could give."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from quizapp.bank.cases import Case, Expect, LoadedCases
from quizapp.bank.checks.questions import answer_fault
from quizapp.bank.checks.sorts import SORTS
from quizapp.bank.model import Bank, Item
from quizapp.bank.yaml.nodes import Path, Positions
from quizapp.errors import Problem, told
from quizapp.rules.faults import nearest

_ITEM_LISTS = ("top", "top_in_order", "not_top", "not_ranked", "within")
_ITEM_MAPS = ("standing", "blocked_by", "cost", "months", "beyond", "steps", "reasons")


def check_cases(bank: Bank, loaded: LoadedCases) -> Iterator[Problem]:
    """Cases that share an id, ask for answers that do not exist, or expect what the bank does not have."""
    seen: set[str] = set()
    for index, case in enumerate(loaded.cases):
        if case.id in seen:
            yield Problem(
                loaded.positions.at(("cases", index, "id")),
                "duplicate_id",
                told('the id "%(case)s" is used twice among the cases', case=case.id),
                told("a report could not say which one failed"),
                told("rename one of the two"),
                path=("cases", index, "id"),
            )
        seen.add(case.id)
        yield from _Names(bank, loaded.positions, ("cases", index)).check(case)


@dataclass(frozen=True)
class _Names:
    """One case being checked against the names of its bank."""

    bank: Bank
    positions: Positions
    path: Path

    def check(self, case: Case) -> Iterator[Problem]:
        yield from self._answers(case)
        guidelines = [guideline.id for guideline in self.bank.guidelines]
        for index, rule in enumerate(case.rules):
            yield from self._known((*self.path, "rules", index), "guideline", rule, guidelines)
        items = {item.id: item for item in self.bank.items}
        yield from self._items(case.expect, items)
        yield from self._parts(case.expect, items)

    def _answers(self, case: Case) -> Iterator[Problem]:
        questions = {question.id: question for question in self.bank.questions}
        for name, answer in case.answers.items():
            path: Path = (*self.path, "answers", name)
            yield from self._known(path, "question", name, questions, at_key=True)
            if name not in questions or answer is None:
                continue
            if (fault := answer_fault(questions[name], answer)) is not None:
                said = str(list(answer)) if isinstance(answer, tuple) else str(answer)
                yield Problem(
                    self.positions.at(path),
                    "not_an_answer",
                    told('"%(said)s" is no answer to "%(name)s"', said=said, name=name),
                    told("no taker can give it"),
                    fault,
                    path=path,
                )

    def _items(self, expect: Expect, items: dict[str, Item]) -> Iterator[Problem]:
        here: Path = (*self.path, "expect")
        if expect.first is not None:
            yield from self._known((*here, "first"), "item", expect.first, items)
        for field in _ITEM_LISTS:
            for index, name in enumerate(getattr(expect, field) or ()):
                yield from self._known((*here, field, index), "item", name, items)
        for index, pair in enumerate(expect.above):
            for side, name in enumerate(pair):
                yield from self._known((*here, "above", index, side), "item", name, items)
        for field in _ITEM_MAPS:
            for name in getattr(expect, field):
                yield from self._known((*here, field, name), "item", name, items, at_key=True)
        for field in ("routes", "route_cost"):
            for name in getattr(expect, field):
                yield from self._route((*here, field, name), name, items)

    def _route(self, path: Path, name: str, items: dict[str, Item]) -> Iterator[Problem]:
        item, route = name.split(".")
        yield from self._known(path, "item", item, items, at_key=True)
        if item in items:
            known = [entry.id for entry in items[item].routes]
            yield from self._known(path, "route", route, known, at_key=True)

    def _parts(self, expect: Expect, items: dict[str, Item]) -> Iterator[Problem]:
        here: Path = (*self.path, "expect")
        for name, failing in expect.blocked_by.items():
            yield from self._each(
                (*here, "blocked_by", name), "requirement", failing, _requirements(items.get(name))
            )
        for name, steps in expect.steps.items():
            yield from self._each(
                (*here, "steps", name), "requirement", steps, _requirements(items.get(name))
            )
        for name, given in expect.reasons.items():
            reasons = [reason.id for reason in items[name].reasons] if name in items else given
            yield from self._each((*here, "reasons", name), "reason", given, reasons)
        for name, cost in expect.cost.items():
            if cost.route is not None and name in items:
                routes = [route.id for route in items[name].routes]
                yield from self._known((*here, "cost", name, "route"), "route", cost.route, routes)
        limits = [limit.id for limit in self.bank.limits]
        for name, beyond in expect.beyond.items():
            for limit in beyond:
                yield from self._known((*here, "beyond", name, limit), "limit", limit, limits, at_key=True)
        providers = [provider.id for provider in self.bank.providers]
        for place, listed in expect.providers.items():
            yield from self._each((*here, "providers", place), "provider", listed, providers)
        notes = [note.id for note in self.bank.notes]
        notes += [f"{item.id}.{note.id}" for item in self.bank.items for note in item.notes]
        yield from self._each((*here, "notes"), "note", expect.notes, notes)

    def _each(
        self, path: Path, sort: str, names: Collection[str], known: Collection[str] | None
    ) -> Iterator[Problem]:
        for index, name in enumerate(names):
            yield from self._known((*path, index), sort, name, names if known is None else known)

    def _known(
        self, path: Path, sort: str, name: str, known: Collection[str], *, at_key: bool = False
    ) -> Iterator[Problem]:
        if name not in known:
            yield Problem(
                self.positions.key(path) if at_key else self.positions.at(path),
                f"unknown_{sort}",
                told('the bank has no %(sort)s "%(name)s"', sort=SORTS[sort], name=name)
                if sort != "route"
                else told('the item has no route "%(name)s"', name=name),
                told("the case could never hold"),
                nearest(name, known),
                path=path,
            )


def _requirements(item: Item | None) -> list[str] | None:
    """The ids of an item's requirements and of those of its routes; None where there is no such item."""
    if item is None:
        return None
    return [r.id for r in item.requires] + [r.id for route in item.routes for r in route.requires]
