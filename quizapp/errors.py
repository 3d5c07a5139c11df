"""What can go wrong, in the words that a person needs to mend it; knows nothing of who shows it."""

from __future__ import annotations

import reprlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_ECHOED = 80
MOST_PROBLEMS = 50
# What a terminal obeys instead of showing, and what cannot be written as UTF-8.
_UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_REPR = reprlib.Repr()
_REPR.maxlevel = 3


class Told(str):
    """A sentence in English that still knows what it is made of, so that a page can say it otherwise.

    To everybody else it is the English text and nothing more. Made by ``told``; said in the reader's
    language by ``Language.retold``.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Told:
        """The template filled in; lists stand with commas between."""
        flat = {
            name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in values.items()
        }
        made = super().__new__(cls, template % flat if flat else template)
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        """What makes a copy; a text alone would not."""
        return self.template, self.values


class Key(str):
    """A word by which a file names a field; a form has a label for it, which a page may say instead."""

    __slots__ = ()


def told(template: str, **values: object) -> Told:
    """Words for a person, ``%(name)s`` filled from values; without values a ``%`` stands for itself.

    Values are names, figures and expressions as they are written, lists of these, or ``told`` words.

    >>> told("use one of: %(names)s", names=["yes", "no"])
    'use one of: yes, no'
    """
    return Told(template, values)


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
    ``warning`` problems are told but block nothing. ``path`` leads to the very field it is about, also to
    one that is missing; None where only the place is known.
    """

    where: Where
    code: str
    what: str
    why: str
    fix: str
    warning: bool = False
    path: tuple[str | int, ...] | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        """One line: ``file:line:column: what; why; fix``, with control characters written as escapes."""
        word = "warning: " if self.warning else ""
        return _visible(f"{self.where}: {word}{self.what}; {self.why}; {self.fix}")

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


def echoed(value: object) -> str:
    """What somebody sent, in quotes if it is text, short enough to be said back to them.

    >>> echoed("age"), echoed([1, 2]), len(echoed("x" * 1000))
    ('"age"', '[1, 2]', 82)
    """
    if isinstance(value, str):
        return f'"{_cut(value)}"'
    return _cut(_REPR.repr(value))


def first_problems(problems: list[Problem]) -> list[Problem]:
    """The problems, or the first of very many and one more that says how many are left out."""
    left = len(problems) - MOST_PROBLEMS
    if left <= 0:
        return problems
    return [*problems[:MOST_PROBLEMS], left_out(problems[0].where, left)]


def left_out(where: Where, left: int, warning: bool = False) -> Problem:
    """The problem that stands for so many that are not told; ``how_many_left_out`` reads them off again."""
    what, why = told("there are %(left)s more problems", left=left), told("a list that long helps nobody")
    return Problem(where, "more_problems", what, why, told("mend these first"), warning)


def how_many_left_out(problem: Problem) -> int:
    """How many problems one stands for that are not told; 0 for any other.

    >>> how_many_left_out(left_out(Where("a.yaml"), 7))
    7
    """
    counted = problem.what.values.get("left") if isinstance(problem.what, Told) else None
    return counted if problem.code == "more_problems" and isinstance(counted, int) else 0


def _cut(text: str) -> str:
    return text if len(text) <= MOST_ECHOED else f"{text[: MOST_ECHOED - 1]}…"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        one.encode("unicode_escape").decode() if unicodedata.category(one) in _UNSHOWN else one
        for one in text
    )


class QuizappError(Exception):
    """The root of every error that quizapp raises on purpose."""


class Invalid(QuizappError):
    """Something a person wrote is wrong; carries every problem found, at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class NotFound(QuizappError):
    """What was asked for is not there, or no longer, or was never there: the three look the same."""


class Ended(NotFound):
    """It was there, and somebody may well have been told of it; it has come to its end."""


class Conflict(QuizappError):
    """Somebody else changed it first; nothing was written."""


class Unavailable(QuizappError):
    """The store cannot be reached or cannot write just now; trying again later may work."""


class Unusable(Unavailable):
    """The store cannot be used as it is, and waiting mends nothing: somebody has to."""
