"""Checks that every id that a part points to is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.sorts import SORTS
from quizapp.bank.model import Cited, Criterion, Item, Limit, Note, Provider, Question, Reason
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Key, Problem, told
from quizapp.rules.faults import nearest


def check_references(inspection: Inspection) -> Iterator[Problem]:
    """Sources, screens, questions, criteria, kinds of fact, items and guidelines that are not there."""
    bank = inspection.bank
    criteria = {criterion.id for criterion in bank.criteria}
    screens = {screen.id for screen in bank.screens}
    items = {item.id for item in bank.items}
    guidelines = {guideline.id for guideline in bank.guidelines}
    kinds = {kind.id for kind in bank.fact_kinds}
    for path, part in inspection.parts:
        if isinstance(part, Cited) and part.source is not None:
            yield from _missing(inspection, (*path, "source"), "source", part.source, bank.sources)
        match part:
            case Question(screen=str(screen)):
                yield from _missing(inspection, (*path, "screen"), "screen", screen, screens)
            case Criterion(question=str(question)) | Limit(question=str(question)):
                yield from _missing(
                    inspection, (*path, "question"), "question", question, inspection.questions
                )
            case Reason(rule=str(rule)) | Note(rule=str(rule)):
                yield from _missing(inspection, (*path, "rule"), "guideline", rule, guidelines)
            case Item():
                for name in part.fit:
                    yield from _missing(
                        inspection, (*path, "fit", name), "criterion", name, criteria, at_key=True
                    )
                for name in part.facts:
                    yield from _missing(
                        inspection, (*path, "facts", name), "fact_kind", name, kinds, at_key=True
                    )
            case Provider():
                for index, name in enumerate(part.items):
                    yield from _missing(inspection, (*path, "items", index), "item", name, items)


def _missing(
    inspection: Inspection, path: Path, sort: str, name: str, known: Collection[str], *, at_key: bool = False
) -> Iterator[Problem]:
    if name in known:
        return
    yield inspection.problem(
        path,
        f"unknown_{sort}",
        told('there is no %(sort)s "%(name)s"', sort=SORTS[sort], name=name),
        told("this points to nothing"),
        nearest(name, known) if known else told("add it under %(field)s", field=Key(_PLACES[sort])),
        at_key=at_key,
    )


_PLACES = {
    "source": "sources:",
    "screen": "screens:",
    "question": "questions:",
    "guideline": "guidelines:",
    "criterion": "criteria:",
    "fact_kind": "fact_kinds:",
    "item": "items:",
}
