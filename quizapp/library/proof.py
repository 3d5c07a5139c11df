"""Proves that a bank may go live: it reads, it checks, it compiles, its cases come out as expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from quizapp.bank.cases import LoadedCases, parse_cases
from quizapp.bank.check import blocking, check_bank, in_order
from quizapp.bank.checks.cases import check_cases
from quizapp.bank.load import LoadedBank, bank_to_json, parse_bank
from quizapp.bank.model import Bank
from quizapp.engine.cases import run_cases
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, NotFound, Problem, Where, told
from quizapp.library.folder import BankFiles
from quizapp.library.reading import text as text_in

Compile = Callable[[Bank, str], Compiled]


@dataclass(frozen=True)
class BankTexts:
    """A bank and its cases as texts. ``names`` is what messages call the two; no cases are an empty text."""

    slug: str
    text: str
    cases: str
    names: tuple[str, str]


@dataclass(frozen=True)
class Proved:
    """A bank that may go live, and what there is to say of it all the same."""

    compiled: Compiled
    text: str
    cases: str
    parsed: str
    warnings: tuple[Problem, ...]

    @property
    def revision(self) -> str:
        """The name of its content."""
        return self.compiled.revision


def prove(texts: BankTexts, on: date, compile_it: Compile = compile_bank) -> Proved:
    """The bank that the texts describe, checked for the day it is.

    Raises ``Invalid`` with every problem that keeps it from going live.
    """
    bank, problems = _read_bank(texts, on)
    cases, about_cases = _read_cases(texts)
    problems += about_cases
    if bank and cases:
        problems += check_cases(bank.bank, cases)
    if bank is None or blocking(problems):
        raise Invalid(in_order(blocking(problems)))
    compiled = compile_it(bank.bank, bank.revision)
    if cases and (failed := _failures(texts, compiled, cases)):
        raise Invalid(failed)
    return Proved(compiled, texts.text, texts.cases, bank_to_json(bank.bank), tuple(in_order(problems)))


def texts_of(files: BankFiles) -> BankTexts:
    """What the files hold.

    Raises ``NotFound`` when the bank's file has gone, ``Invalid`` where one of them cannot be read.
    """
    bank, cases, problems = "", "", []
    try:
        bank = text_in(files.path)
    except Invalid as error:
        problems += error.problems
    try:
        cases = text_in(files.cases)
    except NotFound:
        cases = ""
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(problems)
    return BankTexts(files.slug, bank, cases, (str(files.path), str(files.cases)))


def _read_bank(texts: BankTexts, on: date) -> tuple[LoadedBank | None, list[Problem]]:
    try:
        loaded = parse_bank(texts.text, texts.names[0])
    except Invalid as error:
        return None, list(error.problems)
    return loaded, [*_misnamed(texts, loaded), *check_bank(loaded, on)]


def _misnamed(texts: BankTexts, loaded: LoadedBank) -> list[Problem]:
    if loaded.bank.bank == texts.slug:
        return []
    return [
        Problem(
            loaded.positions.at(("bank",)),
            "file_name",
            told(
                'the bank is called "%(bank)s" and its file "%(slug)s.yaml"',
                bank=loaded.bank.bank,
                slug=texts.slug,
            ),
            told("a bank is found by the name of its file"),
            told("name the file %(bank)s.yaml", bank=loaded.bank.bank),
        )
    ]


def _read_cases(texts: BankTexts) -> tuple[LoadedCases | None, list[Problem]]:
    """The cases, and what is wrong with their shape; none of either where there are no cases."""
    if not texts.cases:
        return None, []
    try:
        return parse_cases(texts.cases, texts.names[1]), []
    except Invalid as error:
        return None, list(error.problems)


def _failures(texts: BankTexts, compiled: Compiled, cases: LoadedCases) -> list[Problem]:
    return [
        Problem(
            Where(texts.names[1]),
            "case_failed",
            told("case %(case)s: %(failure)s", case=result.id, failure=failure),
            told("the bank no longer gives what its author expects"),
            told("mend the bank, or the case if the new outcome is right"),
        )
        for result in run_cases(compiled, cases.cases)
        for failure in result.failures
    ]
