"""Checks that criteria can be valued: their questions, their parts, and every table that uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.sorts import SORTS
from quizapp.bank.model import Criterion, Item
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Problem, told
from quizapp.rules.faults import nearest

ELSE = "else"


def check_criteria(inspection: Inspection) -> Iterator[Problem]:
    """Criteria with the wrong question, tables that name or lack options, items that have no value."""
    for index, criterion in enumerate(inspection.bank.criteria):
        yield from _criterion(inspection, ("criteria", index), criterion)
    criteria = {criterion.id: criterion for criterion in inspection.bank.criteria}
    for index, item in enumerate(inspection.bank.items):
        for name, value in item.fit.items():
            if isinstance(value, dict) and name in criteria:
                yield from _table(inspection, ("items", index, "fit", name), criteria[name], value)
        yield from _without_value(inspection, ("items", index), item)


def _criterion(inspection: Inspection, path: Path, criterion: Criterion) -> Iterator[Problem]:
    if criterion.question is not None and criterion.parts:
        yield inspection.problem(
            (*path, "parts"),
            "question_and_parts",
            told('criterion "%(criterion)s" has both a question and parts', criterion=criterion.id),
            told("a fit table lists the options of the one or the names of the others"),
            told("keep one of them"),
            at_key=True,
        )
    question = inspection.questions.get(criterion.question or "")
    if question is not None and question.kind != "choice":
        yield inspection.problem(
            (*path, "question"),
            "wrong_question_kind",
            told('"%(question)s" is a %(kind)s question', question=question.id, kind=question.kind),
            told("a fit table lists the options of a choice question"),
            told("name a choice question, or write fit as a rule"),
        )


def _table(
    inspection: Inspection, path: Path, criterion: Criterion, table: Mapping[str, int | str]
) -> Iterator[Problem]:
    columns, said = _columns(inspection, criterion)
    if columns is None:
        if criterion.question is not None:
            return
        yield inspection.problem(
            path,
            "table_without_columns",
            told('criterion "%(criterion)s" has neither question nor parts', criterion=criterion.id),
            told("nobody knows what the names in this table are"),
            told("add question: to the criterion, or write this as a rule"),
            at_key=True,
        )
        return
    yield from _entries(inspection, path, table, columns, said)
    yield from _completeness(inspection, path, table, columns, said)


def _entries(
    inspection: Inspection, path: Path, table: Mapping[str, int | str], columns: list[str], said: str
) -> Iterator[Problem]:
    for name, value in table.items():
        if name != ELSE and name not in columns:
            sort = SORTS["part" if said.startswith("the criterion") else "option"]
            yield inspection.problem(
                (*path, name),
                "unknown_option",
                told('%(said)s has no %(sort)s "%(name)s"', said=said, sort=sort, name=name),
                told("this value would never be used"),
                nearest(name, columns),
                at_key=True,
            )
        if isinstance(value, int) and not 0 <= value <= 100:
            yield inspection.problem(
                (*path, name),
                "fit_out_of_range",
                told("the value is %(value)s", value=value),
                told("values go from 0 to 100"),
                told("write a number between"),
            )


def _completeness(
    inspection: Inspection, path: Path, table: Mapping[str, int | str], columns: list[str], said: str
) -> Iterator[Problem]:
    lacking = [column for column in columns if column not in table]
    if lacking and ELSE not in table:
        yield inspection.problem(
            path,
            "missing_option",
            told('the table "%(table)s" does not list %(lacking)s', table=path[-1], lacking=tuple(lacking)),
            told("%(said)s has it, so a taker could have no value", said=said),
            told("add it, or add else"),
            at_key=True,
        )
    if not lacking and ELSE in table:
        yield inspection.problem(
            (*path, ELSE),
            "needless_else",
            told("else is never used here"),
            told("every one is listed by name"),
            told("delete it"),
            warning=True,
            at_key=True,
        )


def _columns(inspection: Inspection, criterion: Criterion) -> tuple[list[str] | None, str]:
    if criterion.parts:
        return [part.id for part in criterion.parts], told(
            'the criterion "%(criterion)s"', criterion=criterion.id
        )
    question = inspection.questions.get(criterion.question or "")
    if question is None or question.kind != "choice":
        return None, ""
    return [option.id for option in question.options], told(
        'the question "%(question)s"', question=question.id
    )


def _without_value(inspection: Inspection, path: Path, item: Item) -> Iterator[Problem]:
    if item.listed_only:
        return
    lacking = [c.id for c in inspection.bank.criteria if c.value is None and c.id not in item.fit]
    if lacking:
        yield inspection.problem(
            (*path, "id"),
            "no_fit",
            told('item "%(item)s" has no value for %(lacking)s', item=item.id, lacking=tuple(lacking)),
            told("it counts as unknown there, and so as the criterion's if_unknown"),
            told("add fit, or write `unknown` in a table to say that nobody knows"),
            warning=True,
            about=(*path, "fit"),
        )
