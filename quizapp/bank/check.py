"""Everything that can be said of a bank before it is published, all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from quizapp.bank.cases import cases_path, parse_cases
from quizapp.bank.checks.cases import check_cases
from quizapp.bank.checks.criteria import check_criteria
from quizapp.bank.checks.facts import check_facts
from quizapp.bank.checks.ids import check_ids
from quizapp.bank.checks.inspection import Check, Inspection
from quizapp.bank.checks.items import check_items
from quizapp.bank.checks.names import check_names
from quizapp.bank.checks.questions import check_questions
from quizapp.bank.checks.references import check_references
from quizapp.bank.checks.rules import check_rules
from quizapp.bank.checks.texts import check_texts
from quizapp.bank.checks.unused import check_unused
from quizapp.bank.load import LoadedBank, load_bank, read_text
from quizapp.bank.model import Bank
from quizapp.bank.yaml.nodes import Positions
from quizapp.errors import Invalid, Problem, told

CHECKS: tuple[Check, ...] = (
    check_ids,
    check_references,
    check_rules,
    check_questions,
    check_criteria,
    check_items,
    check_facts,
    check_names,
    check_texts,
    check_unused,
)


def check_bank(loaded: LoadedBank, on: date) -> list[Problem]:
    """Every problem and warning of what a bank means on a day, in the order of the file."""
    inspection = Inspection(loaded.bank, loaded.positions, on)
    found = [problem for check in CHECKS for problem in check(inspection)]
    return in_order([*loaded.warnings, *found])


def check_file(path: Path, on: date, compiling: Callable[[Bank, str], object] | None = None) -> list[Problem]:
    """Every problem and warning of a bank file and of the cases beside it, if there are any.

    ``compiling`` is given the bank and its revision where nothing else is wrong; the problems of the
    Invalid that it raises are told too. Raises NotFound where there is no such file; nothing else.
    """
    try:
        loaded = load_bank(path)
    except Invalid as error:
        return in_order(error.problems)
    found = [*_file_name(loaded, path), *check_bank(loaded, on), *_cases(loaded, cases_path(path))]
    if compiling and not blocking(found):
        try:
            compiling(loaded.bank, loaded.revision)
        except Invalid as error:
            found += located(error.problems, loaded.positions)
    return found


def in_order(problems: list[Problem]) -> list[Problem]:
    """The problems as they stand in the file, none twice."""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.where)


def located(problems: Iterable[Problem], positions: Positions) -> list[Problem]:
    """The problems that compiling told, which knows the parts of a bank but not its file, with their lines."""
    return [
        one if one.where.line or one.path is None else replace(one, where=positions.at(one.path))
        for one in problems
    ]


def blocking(problems: list[Problem]) -> list[Problem]:
    """The problems that forbid publishing: all but warnings."""
    return [problem for problem in problems if not problem.warning]


def _file_name(loaded: LoadedBank, path: Path) -> list[Problem]:
    if loaded.bank.bank == path.stem:
        return []
    return [
        Problem(
            loaded.positions.at(("bank",)),
            "file_name",
            told(
                'the bank is called "%(bank)s" and its file "%(name)s"', bank=loaded.bank.bank, name=path.name
            ),
            told("addresses and commands find a bank by the name of its file"),
            told("name the file %(bank)s.yaml", bank=loaded.bank.bank),
        )
    ]


def _cases(loaded: LoadedBank, path: Path) -> list[Problem]:
    if not path.is_file():
        return []
    try:
        cases = parse_cases(read_text(path), str(path))
    except Invalid as error:
        return in_order(error.problems)
    return in_order(list(check_cases(loaded.bank, cases)))
