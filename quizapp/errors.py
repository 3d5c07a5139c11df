"""What can go wrong, in the words that a person needs to mend it; knows nothing of who shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Where:
    """A place in a file: 1-based line and column, 0 where it is not known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """The place as editors and compilers write it.

        >>> str(Where("questions/a.yaml", 3, 7))
        'questions/a.yaml:3:7'
        """
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, what it is, why it matters, how to mend it.

    ``code`` names the kind of problem (``unknown_name``, ``no_source`` …) and never changes.
    ``warning`` problems are told but block nothing.
    """

    where: Where
    code: str
    what: str
    why: str
    fix: str
    warning: bool = False

    def __str__(self) -> str:
        """One line: ``file:line:column: what; why; fix``."""
        word = "warning: " if self.warning else ""
        return f"{self.where}: {word}{self.what}; {self.why}; {self.fix}"

    def to_json(self) -> dict[str, Any]:
        """The one JSON shape of a problem, for the API and ``--json`` alike."""
        return {
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "code": self.code,
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
            "warning": self.warning,
        }


class QuizappError(Exception):
    """The root of every error that quizapp raises on purpose."""


class Invalid(QuizappError):
    """Something a person wrote is wrong; carries every problem found, at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class NotFound(QuizappError):
    """What was asked for is not there, or no longer, or was never there: the three look the same."""


class Conflict(QuizappError):
    """Somebody else changed it first; nothing was written."""


class Unavailable(QuizappError):
    """The store cannot be reached or cannot write just now; trying again later may work."""
