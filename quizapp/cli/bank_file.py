"""Finds and reads the bank that a command names, by slug or by path; prints nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.config import Settings
from quizapp.errors import Invalid, NotFound, Problem, Where

if TYPE_CHECKING:
    from quizapp.bank.cases import Case
    from quizapp.bank.load import LoadedBank
    from quizapp.engine.compiled import Compiled


def bank_files(settings: Settings) -> list[Path]:
    """The bank files of the questions folder, without the files of cases; folders are none."""
    files = sorted(settings.questions.glob("*.yaml"))
    return [path for path in files if path.is_file() and not path.name.endswith(".cases.yaml")]


def bank_path(name: str, settings: Settings) -> Path:
    """The file that a slug or a path names. Raises Invalid with the nearest slug where there is none."""
    from quizapp.rules import nearest

    found = {path.stem: path for path in bank_files(settings)}
    path = found.get(name, Path(name))
    if path.is_file():
        return path
    what, why = f'there is no bank "{name}"', "a bank is a slug of this folder, or a file"
    raise Invalid([Problem(Where(str(settings.questions)), "no_bank", what, why, nearest(name, found))])


def file_problems(path: Path, on: date) -> list[Problem]:
    """Every problem and warning of a bank file, its cases and its compiling; raises nothing."""
    from quizapp.bank.check import check_file
    from quizapp.engine.compile import compile_bank

    try:
        return check_file(path, on, compile_bank)
    except NotFound:
        why, fix = "a bank is read from a file", "give the name of a bank file"
        return [Problem(Where(str(path)), "no_file", "there is no such file", why, fix)]


def checked_and_compiled(path: Path, on: date) -> tuple[LoadedBank, Compiled]:
    """The bank of a file, checked and compiled. Raises Invalid with every problem."""
    from quizapp.bank.check import blocking, check_bank
    from quizapp.bank.load import load_bank
    from quizapp.engine.compile import compile_bank

    loaded = load_bank(path)
    if wrong := blocking(check_bank(loaded, on)):
        raise Invalid(wrong)
    return loaded, compile_bank(loaded.bank, loaded.revision)


def cases_beside(path: Path) -> tuple[Case, ...]:
    """The cases beside a bank file. Raises Invalid where there are none, or with every problem of theirs."""
    from quizapp.bank.cases import cases_path, load_cases

    beside = cases_path(path)
    if beside.is_file():
        return load_cases(beside)
    what, why = "there is no such file", "a bank without cases is not tested"
    raise Invalid([Problem(Where(str(beside)), "no_cases", what, why, "write some, see docs/banks.md")])
