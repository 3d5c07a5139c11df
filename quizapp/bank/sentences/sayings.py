"""What a condition can say, before any language says it; both writers of sentences work from these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from quizapp.rules.tree import Tree

How: TypeAlias = Literal["any", "all", "none", "lacking"]


@dataclass(frozen=True)
class Always:
    """True, or false, whatever the answers."""

    truth: bool


@dataclass(frozen=True)
class Chosen:
    """The answer to a choice question is one of these, or none of them."""

    name: str
    options: tuple[str, ...]
    positive: bool


@dataclass(frozen=True)
class Held:
    """How many of these options, or of these named values, hold; "lacking" is not all of them.

    ``name`` is the choices question whose options they are, None for named values.
    """

    name: str | None
    parts: tuple[str, ...]
    how: How


@dataclass(frozen=True)
class Answered:
    """The answer to a yes-or-no question."""

    name: str
    yes: bool


@dataclass(frozen=True)
class Limit:
    """One end of a range; ``strict`` where the end itself is outside."""

    value: Tree
    strict: bool


@dataclass(frozen=True)
class Measured:
    """A number or day that lies above, below or between limits."""

    what: Tree
    low: Limit | None
    high: Limit | None


@dataclass(frozen=True)
class Equal:
    """A number or day that is, or is not, exactly another."""

    what: Tree
    value: Tree
    positive: bool


@dataclass(frozen=True)
class Both:
    """Every part holds; never nested in its like."""

    parts: tuple[Saying, ...]


@dataclass(frozen=True)
class Either:
    """Some part holds; never nested in its like."""

    parts: tuple[Saying, ...]


@dataclass(frozen=True)
class Cases:
    """One saying or another, by a condition."""

    condition: Saying
    then: Saying
    otherwise: Saying


Saying: TypeAlias = Always | Chosen | Held | Answered | Measured | Equal | Both | Either | Cases
