"""Checks that no two parts of one sort share an id, and that rules and addresses can hold every name."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from typing import Protocol

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.sorts import SORTS
from quizapp.bank.model import Item
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Problem, Told, Where, told
from quizapp.rules.calls import FUNCTIONS

RESERVED = frozenset({*keyword.kwlist, *FUNCTIONS, "true", "false", "today", "cost", "duration", "unknown"})

# Pages of the desk whose addresses a bank's own would be: nobody could open its desk.
TAKEN_NAMES = frozenset({"account", "import", "log", "new", "oidc", "resume", "setup"})

# "questions" by itself is a unit, which has other words in Japanese.
_LISTS = {
    "questions": told("%(sort)ss", sort=SORTS["question"]),
    "screens": told("screens"),
    "criteria": told("criteria"),
    "limits": told("limits"),
    "items": told("items"),
    "providers": told("providers"),
    "guidelines": told("guidelines"),
    "doubts": told("doubts"),
    "fact_kinds": told("fact_kinds"),
    "notes": told("notes"),
}


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def check_ids(inspection: Inspection) -> Iterator[Problem]:
    """Ids used twice, those that the rule language keeps for itself, and a bank named like a page of the desk."""
    yield from taken_name(inspection.bank.bank, inspection.positions.at(("bank",)))
    for what, parts in _families(inspection):
        yield from _twice(inspection, what, parts)
    yield from _clashes(inspection)
    yield from _reserved(inspection)


def taken_name(slug: str, where: Where) -> Iterator[Problem]:
    """The problem of a bank's name that is the address of something else; none for any other.

    >>> [problem.code for problem in taken_name("log", Where("log.yaml"))]
    ['taken_address']
    """
    if slug in TAKEN_NAMES:
        yield Problem(
            where,
            "taken_address",
            told('"%(slug)s" is an address of the desk', slug=slug),
            told("the page on which the bank is edited could not be opened"),
            told('name the bank and its file otherwise, "%(slug)s_quiz" for instance', slug=slug),
        )


def _families(inspection: Inspection) -> Iterator[tuple[Told, list[tuple[Path, str]]]]:
    """Groups of parts within which an id may stand only once."""
    bank = inspection.bank
    for name, said in _LISTS.items():
        yield said, _under((name,), getattr(bank, name))
    for index, question in enumerate(bank.questions):
        path: Path = ("questions", index, "options")
        yield told('options of question "%(question)s"', question=question.id), _under(path, question.options)
    for index, criterion in enumerate(bank.criteria):
        family = told('parts of criterion "%(criterion)s"', criterion=criterion.id)
        yield family, _under(("criteria", index, "parts"), criterion.parts)
    for index, item in enumerate(bank.items):
        yield from _of_item(("items", index), item)


def _of_item(here: Path, item: Item) -> Iterator[tuple[Told, list[tuple[Path, str]]]]:
    yield told('routes of item "%(item)s"', item=item.id), _under((*here, "routes"), item.routes)
    yield told('reasons of item "%(item)s"', item=item.id), _under((*here, "reasons"), item.reasons)
    yield told('notes of item "%(item)s"', item=item.id), _under((*here, "notes"), item.notes)
    required, costs = _under((*here, "requires"), item.requires), _under((*here, "costs"), item.costs)
    if not item.routes:
        yield told('requirements of item "%(item)s"', item=item.id), required
        yield told('costs of item "%(item)s"', item=item.id), costs
    for number, route in enumerate(item.routes):
        there: Path = (*here, "routes", number)
        named = {"item": item.id, "route": route.id}
        family = told('requirements of item "%(item)s" by route "%(route)s"', **named)
        yield family, required + _under((*there, "requires"), route.requires)
        family = told('costs of item "%(item)s" by route "%(route)s"', **named)
        yield family, costs + _under((*there, "costs"), route.costs)


def _under(path: Path, parts: Iterable[_Named]) -> list[tuple[Path, str]]:
    return [((*path, index), part.id) for index, part in enumerate(parts)]


def _twice(inspection: Inspection, family: Told, parts: list[tuple[Path, str]]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path, name in parts:
        if name in first:
            line = inspection.positions.at((*first[name], "id")).line
            yield inspection.problem(
                (*path, "id"),
                "duplicate_id",
                told('the id "%(name)s" is used twice among the %(family)s', name=name, family=family),
                told(
                    "it already stands on line %(line)s, and answers, links and rules find parts by id",
                    line=line,
                ),
                told("rename one of the two"),
            )
        first.setdefault(name, path)


def _clashes(inspection: Inspection) -> Iterator[Problem]:
    for name in inspection.bank.values:
        if name in inspection.questions:
            yield inspection.problem(
                ("values", name),
                "name_clash",
                told('"%(name)s" is both a question and a named value', name=name),
                told("a rule that says it would read the question only"),
                told("rename the named value"),
                at_key=True,
            )


def _reserved(inspection: Inspection) -> Iterator[Problem]:
    bank = inspection.bank
    named: list[tuple[Path, str]] = [(("questions", i, "id"), q.id) for i, q in enumerate(bank.questions)]
    named += [(("values", name), name) for name in bank.values]
    named += [
        (("questions", i, "options", j, "id"), option.id)
        for i, question in enumerate(bank.questions)
        for j, option in enumerate(question.options)
    ]
    for path, name in named:
        # An option stands beside its question in a rule, so only words that Python keeps are in its way.
        if name in (keyword.kwlist if "options" in path else RESERVED):
            yield inspection.problem(
                path,
                "reserved_id",
                told('"%(name)s" is a word of the rule language', name=name),
                told("no rule could read it"),
                told('rename it, "%(name)s_answer" for instance', name=name),
                at_key="values" in path,
            )
