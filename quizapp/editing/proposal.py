"""A bank and its cases as somebody wants them to be: what the two texts say, or what is wrong with them.

Nothing here is saved. Each text is read, checked and compiled once, however many steps ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from quizapp.bank.cases import CaseFile, LoadedCases
from quizapp.bank.check import blocking, check_bank, in_order, located
from quizapp.bank.checks.cases import check_cases
from quizapp.bank.load import LoadedBank, bank_from_json, revision_of
from quizapp.bank.model import Bank
from quizapp.bank.structure import build
from quizapp.bank.yaml.nodes import Positions
from quizapp.editing.weighed import Weighed
from quizapp.editing.workshop import Sheet, file_of, read
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.errors import Invalid, Problem, Where, told
from quizapp.store.protocol import Store
from quizapp.store.records import Publication

_NOTHING: dict[Sheet, Any] = {"bank": {}, "cases": {"cases": []}}


class Proposal(Protocol):
    """What may be published: a draft, or the texts of an imported file."""

    @property
    def bank(self) -> str:
        """The bank's slug."""
        ...

    @property
    def base(self) -> str | None:
        """The number of the publication it grew from, as text; None for a new bank."""
        ...

    @property
    def text(self) -> str:
        """The bank."""
        ...

    @property
    def cases(self) -> str | None:
        """The cases; None where there are none."""
        ...


@dataclass(frozen=True)
class Texts:
    """A proposal that is no draft."""

    bank: str
    base: str | None
    text: str = field(repr=False)
    cases: str | None = field(repr=False)


@dataclass(frozen=True)
class Judged:
    """A text with every problem and warning; ``compiled`` is there where nothing forbids it."""

    loaded: LoadedBank | None
    compiled: Compiled | None
    problems: tuple[Problem, ...]

    @property
    def bytes(self) -> int:
        """About how much memory its tables take."""
        return self.compiled.bytes if self.compiled else 0


def judged(work: Proposal, on: date) -> Judged:
    """The proposed bank, checked for a day; never raises for what is written in it."""
    key = work.text, work.bank, on
    return _JUDGED.get(key, lambda: _judged(*key))


def cases_text(work: Proposal) -> str:
    """The proposed cases; empty where the file says that there are none."""
    text = work.cases or ""
    said = read(text, file_of(work.bank, "cases")) if text.strip() else None
    empty = said is None or (said.sound and said.data in ("", None, {}, {"cases": []}, {"cases": None}))
    return "" if empty else text


def cases_of(work: Proposal) -> tuple[LoadedCases | None, tuple[Problem, ...]]:
    """The proposed cases, and what is wrong with their shape; none of either where there are none."""
    text = cases_text(work)
    return _cases(text, file_of(work.bank, "cases")) if text else (None, ())


def about_cases(work: Proposal, on: date) -> tuple[Problem, ...]:
    """Every problem of the cases, what their bank does not have included."""
    loaded, problems = cases_of(work)
    bank = judged(work, on).loaded
    if loaded is None or bank is None:
        return problems
    return tuple(in_order(list(check_cases(bank.bank, loaded))))


def data_of(work: Proposal, sheet: Sheet) -> Any:
    """The plain data of one of the texts; None while it is no YAML."""
    text = work.text if sheet == "bank" else cases_text(work)
    return read(text, file_of(work.bank, sheet)).data if text else _NOTHING[sheet]


def base_line(store: Store, work: Proposal) -> Publication | None:
    """The publication that a proposal grew from; None for a new bank."""
    return next((line for line in store.history(work.bank) if str(line.number) == work.base), None)


def published(store: Store, line: Publication) -> Texts:
    """What a publication made live, as a proposal on top of itself."""
    text, cases = store.text_of(line.number), store.cases_of(line.number)
    return Texts(line.bank, str(line.number), text, cases)


def nothing(bank: str) -> Texts:
    """What a new bank grows from."""
    return Texts(bank, None, "", None)


def compiled_publication(store: Store, line: Publication) -> Compiled:
    """The bank that a publication made live, compiled."""
    parsed, revision = store.revision(line.revision).parsed, line.revision
    return _COMPILED.get((parsed, revision), lambda: compile_bank(bank_from_json(parsed), revision))


_JUDGED: Weighed[Judged] = Weighed(16)
_COMPILED: Weighed[Compiled] = Weighed(8)


def _judged(text: str, slug: str, on: date) -> Judged:
    said = read(text, file_of(slug, "bank"))
    if said.positions is None:
        return Judged(None, None, said.problems)
    return judged_at(said.positions, slug, on)


def judged_at(positions: Positions, slug: str, on: date) -> Judged:
    """A file that is YAML, checked for a day as a bank of that name; worked out each time."""
    try:
        bank = build(Bank, positions)
    except Invalid as error:
        return Judged(None, None, tuple(error.problems))
    loaded = LoadedBank(bank, revision_of(bank), (), Path(positions.file), positions.text, positions)
    problems = [*_misnamed(loaded, slug), *check_bank(loaded, on)]
    if blocking(problems):
        return Judged(loaded, None, tuple(problems))
    try:
        return Judged(loaded, compile_bank(bank, loaded.revision), tuple(problems))
    except Invalid as error:
        return Judged(loaded, None, tuple(in_order([*problems, *located(error.problems, positions)])))


def _misnamed(loaded: LoadedBank, slug: str) -> list[Problem]:
    if loaded.bank.bank == slug:
        return []
    where: Where = loaded.positions.at(("bank",))
    what, why = (
        told('the bank is called "%(bank)s" here', bank=loaded.bank.bank),
        told('its addresses say "%(slug)s"', slug=slug),
    )
    return [
        Problem(where, "file_name", what, why, told("write bank: %(slug)s; a bank keeps its name", slug=slug))
    ]


@lru_cache(maxsize=16)
def _cases(text: str, file: str) -> tuple[LoadedCases | None, tuple[Problem, ...]]:
    said = read(text, file)
    if said.positions is None:
        return None, said.problems
    try:
        return LoadedCases(build(CaseFile, said.positions).cases, said.positions), ()
    except Invalid as error:
        return None, tuple(error.problems)
