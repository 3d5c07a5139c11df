"""Rules as rows of menus: what a row, a group, all the rows and a ladder of cases hold, each in one shape.

Two that mean the same by their menus are equal: shapes are made tidy as they are made, so that a
rule written from one and read again gives an equal one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, TypeAlias

from quizapp.bank.rows.scope import Subject
from quizapp.rules.tree import ChoiceOf, Day, Number, SetOf

Join: TypeAlias = Literal["and", "or"]
Answer: TypeAlias = str | int | date
Comparison: TypeAlias = Literal[
    "is", "is_not", "one_of", "none_of",
    "includes", "excludes", "includes_any", "includes_all", "includes_none",
    "count_at_least", "count_at_most", "count_is",
    "at_least", "at_most", "more_than", "less_than", "equals", "differs", "between",
    "yes", "no", "holds", "fails",
]  # fmt: skip

OF_CHOICE: tuple[Comparison, ...] = ("is", "is_not", "one_of", "none_of")
OF_CHOICES: tuple[Comparison, ...] = (
    "includes", "excludes", "includes_any", "includes_all", "includes_none",
    "count_at_least", "count_at_most", "count_is",
)  # fmt: skip
OF_NUMBER: tuple[Comparison, ...] = (
    "at_least", "at_most", "more_than", "less_than", "equals", "differs", "between",
)  # fmt: skip
OF_YES_NO: tuple[Comparison, ...] = ("yes", "no")
OF_VALUE: tuple[Comparison, ...] = ("holds", "fails")
SEVERAL: frozenset[Comparison] = frozenset(
    ("one_of", "none_of", "includes_any", "includes_all", "includes_none")
)

# What a list of one is called, and which rows side by side are one list under each join.
_OF_ONE: dict[Comparison, Comparison] = {
    "one_of": "is", "none_of": "is_not",
    "includes_any": "includes", "includes_all": "includes", "includes_none": "excludes",
}  # fmt: skip
_LISTED: dict[Join, dict[Comparison, Comparison]] = {
    "and": {
        "includes": "includes_all", "includes_all": "includes_all",
        "excludes": "includes_none", "includes_none": "includes_none",
    },
    "or": {"includes": "includes_any", "includes_any": "includes_any"},
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One simple comparison: a question or named value, how it is compared, with which answers.

    Answers are option ids, numbers or days: one, two for "between", several for lists, none for truths.
    Raises ValueError where there are too few or too many. A list of one becomes the comparison with one.

    >>> Row("area", "one_of", ("tokyo", "tokyo"))
    Row(subject='area', comparison='is', answers=('tokyo',))
    """

    subject: str
    comparison: Comparison
    answers: tuple[Answer, ...] = ()

    def __post_init__(self) -> None:
        answers = tuple(dict.fromkeys(self.answers)) if self.comparison in SEVERAL else self.answers
        if not _fitting(self.comparison, len(answers)):
            raise ValueError(f"{self.comparison} does not go with {len(answers)} answers")
        object.__setattr__(self, "answers", answers)
        if len(answers) == 1 and self.comparison in _OF_ONE:
            object.__setattr__(self, "comparison", _OF_ONE[self.comparison])


@dataclass(frozen=True)
class Group:
    """Rows that stand together under one join. Raises ValueError where there is none."""

    join: Join
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("a group needs a row")


@dataclass(frozen=True)
class Rows:
    """A whole rule as menus: groups under one join, the rows of each under the other.

    No group at all is `true` under "and" and `false` under "or". Always tidy, whatever it is made
    from: a group under the rule's own join is taken apart, a rule of one row or none but `false`
    has the join "and", and neighbours that list options of one question become one row.

    >>> area = (Row("area", "is", ("tokyo",)), Row("area", "is", ("chiba",)))
    >>> [len(group.rows) for group in Rows("or", (Group("or", area),)).groups]
    [1, 1]
    >>> Rows("and", (Group("or", area),)).join
    'or'
    """

    join: Join
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        join, inner = self.join, other(self.join)
        units = _neighbours([unit for group in self.groups for unit in _units(group, join)], join)
        if len(units) == 1 and len(units[0]) > 1:
            join, inner, units = inner, join, [(row,) for row in units[0]]
        if len(units) == 1:
            join, inner = "and", "or"
        object.__setattr__(self, "join", join)
        object.__setattr__(self, "groups", tuple(Group(inner, unit) for unit in units))


@dataclass(frozen=True)
class Ladder:
    """A value by cases: the number of the first step that holds, else ``otherwise``."""

    steps: tuple[tuple[Rows, int], ...]
    otherwise: int


def other(join: Join) -> Join:
    """The other of the two joins."""
    return "or" if join == "and" else "and"


def comparisons_for(subject: Subject) -> tuple[Comparison, ...]:
    """The comparisons that a menu offers for a question or named value, the most used first.

    >>> from quizapp.bank.rows.scope import Words
    >>> comparisons_for(Subject("ready", Number(0, 9), Words("", "")))[0]
    'at_least'
    """
    match subject.kind:
        case ChoiceOf():
            return OF_CHOICE
        case SetOf():
            return OF_CHOICES
        case Number() | Day():
            return OF_NUMBER
    return OF_YES_NO if subject.asked else OF_VALUE


def merged(rows: Iterable[Row], join: Join) -> tuple[Row, ...]:
    """The rows with neighbours that list options of one question made one row."""
    found: list[Row] = []
    lists = _LISTED[join]
    for key, run in groupby(rows, lambda row: (row.subject, lists.get(row.comparison))):
        together = list(run)
        if key[1] is None:
            found += together
        else:
            answers = tuple(answer for row in together for answer in row.answers)
            found.append(Row(key[0], key[1], answers))
    return tuple(found)


def _units(group: Group, join: Join) -> list[tuple[Row, ...]]:
    """What a group is to the join around it: one unit of its own, or a row at a time."""
    if group.join == join:
        return [(row,) for row in group.rows]
    return [merged(group.rows, group.join)]


def _neighbours(units: list[tuple[Row, ...]], join: Join) -> list[tuple[Row, ...]]:
    found: list[tuple[Row, ...]] = []
    for single, run in groupby(units, lambda unit: len(unit) == 1):
        if single:
            found += [(row,) for row in merged((unit[0] for unit in run), join)]
        else:
            found += run
    return found


def _fitting(comparison: Comparison, answers: int) -> bool:
    if comparison in SEVERAL:
        return answers >= 1
    if comparison in OF_YES_NO or comparison in OF_VALUE:
        return answers == 0
    return answers == (2 if comparison == "between" else 1)
