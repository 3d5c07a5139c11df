"""How the answers to one question of the new bank are read by the old one, way by way."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from quizapp.bank.model import Question
from quizapp.engine.answers import question_places
from quizapp.engine.compiled import Compiled
from quizapp.engine.table import Integers

Place = int | None
Pairs = list[tuple[int, int, int]]


@dataclass(frozen=True, eq=False)
class Strand:
    """A question, or one option of a choices question, and every way of answering it in both banks.

    ``places`` are its variables before and after, None where a bank does not ask it. ``indexes`` hold the
    answers by way, ``weights`` how often each way counts. ``usual`` is the way taken for granted.
    """

    question: str
    option: str | None
    places: tuple[Place, Place]
    indexes: tuple[Integers, Integers]
    weights: Integers
    usual: int


def strands_of(before: Compiled, after: Compiled) -> tuple[Strand, ...]:
    """Every strand of two banks, those of the new one first, in its order."""
    return tuple(_strands(before, after))


def _strands(before: Compiled, after: Compiled) -> list[Strand]:
    found: list[Strand] = []
    for name in dict.fromkeys([*after.questions, *before.questions]):
        old, new = before.questions.get(name), after.questions.get(name)
        if old is not None and new is not None and old.kind != new.kind:
            # Another kind of question takes other answers: each bank's is answered by itself.
            found += [*_of_question(None, new, before, after), *_of_question(old, None, before, after)]
        else:
            found += _of_question(old, new, before, after)
    return found


def _of_question(
    old: Question | None, new: Question | None, before: Compiled, after: Compiled
) -> list[Strand]:
    asked = new or old
    assert asked is not None
    if asked.kind != "choices":
        places = (
            question_places(before, old)[0] if old else None,
            question_places(after, new)[0] if new else None,
        )
        return [_strand(asked, None, places, before, after)]
    options = [[option.id for option in each.options] if each else [] for each in (old, new)]
    return [
        _strand(
            asked,
            option,
            (
                before.places[f"{asked.id}.{option}"] if option in options[0] else None,
                after.places[f"{asked.id}.{option}"] if option in options[1] else None,
            ),
            before,
            after,
        )
        for option in dict.fromkeys([*options[1], *options[0]])
    ]


def _strand(
    asked: Question, option: str | None, places: tuple[Place, Place], before: Compiled, after: Compiled
) -> Strand:
    domains = [
        compiled.variables[place].domain if place is not None else None
        for compiled, place in zip((before, after), places, strict=True)
    ]
    pairs = _pairs(domains[0], domains[1], asked.kind == "number")
    scale = gcd(*(weight for _, _, weight in pairs))
    new_told = domains[1] is not None
    told = domains[1] or domains[0]
    assert told is not None
    likely = _likely(asked, after if new_told else before, len(told))
    way = next((n for n, pair in enumerate(pairs) if pair[1 if domains[1] else 0] == likely), 0)
    return Strand(
        asked.id,
        option,
        places,
        (np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])),
        np.array([pair[2] // scale for pair in pairs], dtype=np.int64),
        way,
    )


def _likely(asked: Question, compiled: Compiled, answers: int) -> int:
    """The answer taken for granted: the first option, nothing ticked, no, none of what starts at none.

    What starts elsewhere (an age) or bounds a taker (a budget) stands at a third of its grid.
    """
    if asked.kind != "number" or asked.grid is None:
        return 0
    bounds = asked.id in {limit.question for limit in compiled.bank.limits}
    return (answers - 1) // 3 if bounds or asked.grid.from_ else 0


def _pairs(old: Sequence[int | str] | None, new: Sequence[int | str] | None, numeric: bool) -> Pairs:
    """Every (index before, index after, weight); each new answer has the same weight in all.

    Old answers that nobody gives any more have no weight, and stand last.
    """
    if old is None or new is None:
        return [(index, index, 1) for index in range(len(old or new or ()))]
    known = {value: index for index, value in enumerate(old)}
    gone = [known[value] for value in old if value not in set(new)] or list(range(len(old)))
    found: Pairs = []
    for index, value in enumerate(new):
        if value in known:
            likely = [known[value]]
        elif numeric:
            likely = [_nearest([int(each) for each in old], int(value))]
        else:
            likely = gone
        found += [(before, index, len(gone) // len(likely)) for before in likely]
    given = {before for before, _, _ in found}
    return [*found, *((before, 0, 0) for before in range(len(old)) if before not in given)]


def _nearest(grid: list[int], value: int) -> int:
    at = bisect_left(grid, value)
    around = [place for place in (at - 1, at) if 0 <= place < len(grid)]
    return min(around, key=lambda place: abs(grid[place] - value))
