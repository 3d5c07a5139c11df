"""Checks that no two parts of one sort share an id, and that rules can read every name."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from typing import Protocol

from quizapp.bank.inspection import Inspection
from quizapp.bank.nodes import Path
from quizapp.errors import Problem
from quizapp.rules.calls import FUNCTIONS

RESERVED = frozenset({*keyword.kwlist, *FUNCTIONS, "true", "false", "today", "cost", "duration", "unknown"})


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def check_ids(inspection: Inspection) -> Iterator[Problem]:
    """Ids used twice, and ids that the rule language keeps for itself."""
    for what, parts in _families(inspection):
        yield from _twice(inspection, what, parts)
    yield from _clashes(inspection)
    yield from _reserved(inspection)


def _families(inspection: Inspection) -> Iterator[tuple[str, list[tuple[Path, str]]]]:
    """Groups of parts within which an id may stand only once."""
    bank = inspection.bank
    lists: dict[str, Iterable[_Named]] = {
        "questions": bank.questions,
        "screens": bank.screens,
        "criteria": bank.criteria,
        "limits": bank.limits,
        "items": bank.items,
        "providers": bank.providers,
        "guidelines": bank.guidelines,
        "doubts": bank.doubts,
        "fact_kinds": bank.fact_kinds,
        "notes": bank.notes,
    }
    for name, parts in lists.items():
        yield name, _under((name,), parts)
    for index, question in enumerate(bank.questions):
        path: Path = ("questions", index, "options")
        yield f'options of question "{question.id}"', _under(path, question.options)
    for index, criterion in enumerate(bank.criteria):
        yield f'parts of criterion "{criterion.id}"', _under(("criteria", index, "parts"), criterion.parts)
    for index, item in enumerate(bank.items):
        here: Path = ("items", index)
        said = f'of item "{item.id}"'
        yield f"routes {said}", _under((*here, "routes"), item.routes)
        yield f"reasons {said}", _under((*here, "reasons"), item.reasons)
        yield f"notes {said}", _under((*here, "notes"), item.notes)
        required, costs = _under((*here, "requires"), item.requires), _under((*here, "costs"), item.costs)
        if not item.routes:
            yield f"requirements {said}", required
            yield f"costs {said}", costs
        for number, route in enumerate(item.routes):
            there: Path = (*here, "routes", number)
            said_of_route = f'{said} by route "{route.id}"'
            yield f"requirements {said_of_route}", required + _under((*there, "requires"), route.requires)
            yield f"costs {said_of_route}", costs + _under((*there, "costs"), route.costs)


def _under(path: Path, parts: Iterable[_Named]) -> list[tuple[Path, str]]:
    return [((*path, index), part.id) for index, part in enumerate(parts)]


def _twice(inspection: Inspection, family: str, parts: list[tuple[Path, str]]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path, name in parts:
        if name in first:
            line = inspection.positions.at((*first[name], "id")).line
            yield inspection.problem(
                (*path, "id"),
                "duplicate_id",
                f'the id "{name}" is used twice among the {family}',
                f"it already stands on line {line}, and answers, links and rules find parts by id",
                "rename one of the two",
            )
        first.setdefault(name, path)


def _clashes(inspection: Inspection) -> Iterator[Problem]:
    for name in inspection.bank.values:
        if name in inspection.questions:
            yield inspection.problem(
                ("values", name),
                "name_clash",
                f'"{name}" is both a question and a named value',
                "a rule that says it would read the question only",
                "rename the named value",
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
                f'"{name}" is a word of the rule language',
                "no rule could read it",
                f'rename it, "{name}_answer" for instance',
                at_key="values" in path,
            )
