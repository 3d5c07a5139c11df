"""Checks that every fact is one value with a source, and still true on the day."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.model import Cited, Cost, Fact, Source
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Problem, told


def check_facts(inspection: Inspection) -> Iterator[Problem]:
    """Facts without value, facts and prices without source, what is past its date, sources without place."""
    for path, fact in inspection.parts_of(Fact):
        yield from _shape(inspection, path, fact)
        if fact.source is None and not fact.unknown:
            yield _no_source(inspection, path, told("this fact"))
    for path, cost in inspection.parts_of(Cost):
        if cost.yen != "unknown" and not _inherits_source(inspection, path):
            yield _no_source(inspection, path, told('the price "%(cost)s"', cost=cost.id))
    for path, cited in inspection.parts_of(Cited):
        yield from _dates(inspection, path, cited)
    for path, source in inspection.parts_of(Source):
        yield from _source(inspection, path, source)


def _shape(inspection: Inspection, path: Path, fact: Fact) -> Iterator[Problem]:
    is_range = fact.from_ is not None or fact.to is not None
    forms = [fact.value is not None, is_range, fact.text is not None, fact.unknown]
    if sum(forms) != 1:
        many = told("this fact has more than one value")
        yield inspection.problem(
            path,
            "fact_value",
            many if any(forms) else told("this fact has no value"),
            told("exactly one of value, from and to, text, or unknown: true is shown"),
            told("give one; where no source says it, write unknown: true"),
            at_key=True,
            about=(*path, "value"),
        )
    if fact.from_ is not None and fact.to is not None and fact.from_ > fact.to:
        yield inspection.problem(
            (*path, "from"),
            "range_reversed",
            told("from %(low)s is greater than to %(to)s", low=fact.from_, to=fact.to),
            told("the range would be empty"),
            told("swap the two"),
        )
    if (fact.value is not None or is_range) and fact.unit is None:
        yield inspection.problem(
            path,
            "no_unit",
            told("this fact is a number without a unit"),
            told("a page cannot say what it counts"),
            told("add unit: (none where it counts nothing)"),
            warning=True,
            at_key=True,
            about=(*path, "unit"),
        )


def _no_source(inspection: Inspection, path: Path, what: str) -> Problem:
    return inspection.problem(
        path,
        "no_source",
        told("%(what)s has no source", what=what),
        told("nothing is shown that a reader could not look up"),
        told("add source: and line:; where no source says it, write unknown"),
        at_key=isinstance(path[-1], str),
        about=(*path, "source"),
    )


def _inherits_source(inspection: Inspection, path: Path) -> bool:
    """Whether a cost, its route or its item names a source."""
    above = [inspection.by_path.get(path[:length]) for length in range(1, len(path) + 1)]
    return any(isinstance(part, Cited) and part.source is not None for part in above)


def _dates(inspection: Inspection, path: Path, cited: Cited) -> Iterator[Problem]:
    if cited.line is not None and cited.source is None:
        yield inspection.problem(
            (*path, "line"),
            "line_without_source",
            told("a line is given but no source"),
            told("nobody can tell which file is meant"),
            told("add source:"),
        )
    if cited.until is not None and cited.until < inspection.on and not _of_closed_item(inspection, path):
        yield inspection.problem(
            (*path, "until"),
            "past_until",
            told("this was true until %(until)s only", until=cited.until),
            told("it is %(on)s now, and a page would still show it", on=inspection.on),
            told("look it up again, and change the value or the date"),
        )
    if cited.checked is not None and cited.checked > inspection.on:
        yield _future(inspection, (*path, "checked"), str(cited.checked))


def _of_closed_item(inspection: Inspection, path: Path) -> bool:
    """Whether a part belongs to an item that ended before the day: its facts are history."""
    if len(path) < 2 or path[0] != "items" or not isinstance(path[1], int):
        return False
    closing = inspection.bank.items[path[1]].closing
    return closing is not None and closing.after < inspection.on


def _source(inspection: Inspection, path: Path, source: Source) -> Iterator[Problem]:
    if source.file is None and source.url is None:
        yield inspection.problem(
            path,
            "source_without_place",
            told('the source "%(source)s" has neither file nor url', source=path[-1]),
            told("nobody could look it up"),
            told("add one of them"),
            at_key=True,
            about=(*path, "url"),
        )
    if source.seen > inspection.on:
        yield _future(inspection, (*path, "seen"), str(source.seen))


def _future(inspection: Inspection, path: Path, day: str) -> Problem:
    return inspection.problem(
        path,
        "future_date",
        told("%(day)s is still to come", day=day),
        told("it is %(on)s", on=inspection.on),
        told("check the year"),
        warning=True,
    )
