"""Proves that a bank file may go live: it reads, it checks, it compiles, its cases come out as expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from quizapp.bank.cases import Case, parse_cases
from quizapp.bank.check import blocking, check_bank, in_order
from quizapp.bank.checks_cases import check_cases
from quizapp.bank.load import LoadedBank, bank_to_json
from quizapp.bank.model import Bank
from quizapp.engine.cases import run_cases
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, NotFound, Problem, Where
from quizapp.library_folder import BankFiles
from quizapp.library_reading import load_bank, text

Compile = Callable[[Bank, str], Compiled]


@dataclass(frozen=True)
class Proved:
    """A bank that may go live, and what there is to say of it all the same."""

    compiled: Compiled
    text: str
    parsed: str
    warnings: tuple[Problem, ...]

    @property
    def revision(self) -> str:
        """The name of its content."""
        return self.compiled.revision


def prove(files: BankFiles, on: date, compile_it: Compile = compile_bank) -> Proved:
    """The bank in the files, checked for the day it is.

    Raises ``Invalid`` with every problem that keeps it from going live, and ``NotFound`` when the file
    has gone meanwhile.
    """
    loaded = load_bank(files.path)
    cases, about_cases = _read_cases(files, loaded)
    problems = [*_misnamed(files, loaded), *check_bank(loaded, on), *about_cases]
    if wrong := blocking(problems):
        raise Invalid(in_order(wrong))
    compiled = compile_it(loaded.bank, loaded.revision)
    if failed := _failures(files, compiled, cases):
        raise Invalid(failed)
    return Proved(compiled, loaded.text, bank_to_json(loaded.bank), tuple(in_order(problems)))


def _misnamed(files: BankFiles, loaded: LoadedBank) -> list[Problem]:
    if loaded.bank.bank == files.slug:
        return []
    return [
        Problem(
            loaded.positions.at(("bank",)),
            "file_name",
            f'the bank is called "{loaded.bank.bank}" and its file "{files.path.name}"',
            "a bank is found by the name of its file",
            f"name the file {loaded.bank.bank}.yaml",
        )
    ]


def _read_cases(files: BankFiles, loaded: LoadedBank) -> tuple[tuple[Case, ...], list[Problem]]:
    """The cases beside the bank, and what is wrong with them; none of either where there is no file."""
    try:
        found = parse_cases(text(files.cases), str(files.cases))
    except NotFound:
        return (), []
    except Invalid as error:
        return (), error.problems
    return found.cases, list(check_cases(loaded.bank, found))


def _failures(files: BankFiles, compiled: Compiled, cases: tuple[Case, ...]) -> list[Problem]:
    return [
        Problem(
            Where(str(files.cases)),
            "case_failed",
            f"case {result.id}: {failure}",
            "the bank no longer gives what its author expects",
            "mend the bank, or the case if the new outcome is right",
        )
        for result in run_cases(compiled, cases)
        for failure in result.failures
    ]
