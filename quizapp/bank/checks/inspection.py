"""What every check of a bank is given: the bank, the places of its parts, and the day to check for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias, TypeVar

from pydantic import BaseModel

from quizapp.bank.model import Bank, Question
from quizapp.bank.parts import every_part
from quizapp.bank.rule_fields import RulesRead, read_rules
from quizapp.bank.yaml.nodes import Path, Positions
from quizapp.errors import Problem

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True)
class Inspection:
    """One bank being checked, with the words to name its problems in."""

    bank: Bank
    positions: Positions
    on: date

    def problem(
        self,
        path: Path,
        code: str,
        what: str,
        why: str,
        fix: str,
        *,
        warning: bool = False,
        at_key: bool = False,
        about: Path | None = None,
    ) -> Problem:
        """A problem at the value of a path, or at its key; ``about`` is the field to mend where it is another."""
        where = self.positions.key(path) if at_key else self.positions.at(path)
        return Problem(where, code, what, why, fix, warning, path if about is None else about)

    @cached_property
    def parts(self) -> tuple[tuple[Path, BaseModel], ...]:
        """Every part of the bank with its path in the file, the bank itself first."""
        return tuple(every_part(self.bank))

    @cached_property
    def by_path(self) -> dict[Path, BaseModel]:
        """The parts by their path."""
        return dict(self.parts)

    @cached_property
    def rules(self) -> RulesRead:
        """Every rule of the bank, typed, or what is wrong with it."""
        return read_rules(self.bank)

    def parts_of(self, kind: type[Part]) -> Iterator[tuple[Path, Part]]:
        """The parts that are of one class, with their paths."""
        return ((path, part) for path, part in self.parts if isinstance(part, kind))

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions by id; the first where an id is used twice."""
        return {question.id: question for question in reversed(self.bank.questions)}


Check: TypeAlias = Callable[[Inspection], Iterator[Problem]]
