"""Warns of parts that nothing uses: the work of asking, reading or writing them would be lost."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.sorts import SORTS
from quizapp.bank.model import Cited, Note, Reason
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Problem, told


def check_unused(inspection: Inspection) -> Iterator[Problem]:
    """Questions, values, sources, screens, kinds of fact and guidelines that nothing uses."""
    bank = inspection.bank
    if inspection.rules.complete:
        yield from _unread(inspection)
    cited = {part.source for _, part in inspection.parts_of(Cited)}
    for name in bank.sources:
        if name not in cited:
            yield _unused(inspection, ("sources", name), "source", name, told("cite it, or delete it"))
    screens = {question.screen for question in bank.questions}
    for index, screen in enumerate(bank.screens):
        if screen.id not in screens:
            yield _unused(
                inspection,
                ("screens", index, "id"),
                "screen",
                screen.id,
                told("name it in a question, or delete it"),
            )
    kinds = {name for item in bank.items for name in item.facts}
    for index, kind in enumerate(bank.fact_kinds):
        if kind.id not in kinds:
            yield _unused(
                inspection,
                ("fact_kinds", index, "id"),
                "fact_kind",
                kind.id,
                told("give the fact, or delete it"),
            )
    yield from _guidelines(inspection)


def _unread(inspection: Inspection) -> Iterator[Problem]:
    rules = inspection.rules
    read = frozenset().union(*(rules.read_by(tree) for tree in rules.trees.values()))
    named = {limit.question for limit in inspection.bank.limits}
    named |= {criterion.question for criterion in inspection.bank.criteria if criterion.question}
    for index, question in enumerate(inspection.bank.questions):
        if question.id not in read | named:
            path: Path = ("questions", index, "id")
            yield _unused(
                inspection, path, "question", question.id, told("read it in a rule, or do not ask it")
            )
    for name in inspection.bank.values:
        if name not in read:
            yield _unused(
                inspection, ("values", name), "value", name, told("read it in a rule, or delete it")
            )


def _guidelines(inspection: Inspection) -> Iterator[Problem]:
    carried = {part.rule for _, part in inspection.parts_of(Reason)}
    carried |= {part.rule for _, part in inspection.parts_of(Note)}
    for index, guideline in enumerate(inspection.bank.guidelines):
        if guideline.id not in carried:
            yield inspection.problem(
                ("guidelines", index, "id"),
                "guideline_not_carried_out",
                told('no reason or note carries out the guideline "%(guideline)s"', guideline=guideline.id),
                told("the source advises it and no taker would hear of it"),
                told("add rule: %(guideline)s to the reason or note that says it", guideline=guideline.id),
                warning=True,
                about=("guidelines", index),
            )


def _unused(inspection: Inspection, path: Path, sort: str, name: str, fix: str) -> Problem:
    return inspection.problem(
        path,
        f"unused_{sort}",
        told('nothing uses the %(sort)s "%(name)s"', sort=SORTS[sort], name=name),
        told("it changes no result"),
        fix,
        warning=True,
        at_key=sort in ("source", "value"),
        about=path[:-1] if path[-1] == "id" else path,
    )
