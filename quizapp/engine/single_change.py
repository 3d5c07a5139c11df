"""One answer changed at a time: what then comes first, for every other answer of every question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from quizapp.bank.model import Question
from quizapp.engine.answers import Answer, Answers, question_places
from quizapp.engine.changes import moved
from quizapp.engine.cohort import cells, cohort_grid
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import field_on
from quizapp.engine.table import UNKNOWN, Integers

MAX_FOLLOW_UPS = 128
SEED = 20_061_122

Move = tuple[int, int]
Column = tuple[int, ...]


@dataclass(frozen=True)
class Turn:
    """One answer that, given otherwise, puts another item first.

    ``first`` is None where nothing would be ranked. Where the change brings up questions that were
    hidden (``asks``), ``first`` is what comes first for most of their answers that turn it, and
    ``certain`` says whether all do. ``changeable`` says whether a taker can make the change, ``wish``
    whether it is only a matter of taste, or of giving something up.
    """

    question: str
    before: Answer
    after: Answer
    first: str | None
    changeable: bool
    asks: tuple[str, ...] = ()
    certain: bool = True
    wish: bool = False

    def to_json(self) -> dict[str, Any]:
        """The turn object of the contract."""
        return {
            "question": self.question,
            "from": self.before,
            "to": self.after,
            "first": self.first,
            "changeable": self.changeable,
            "asks": list(self.asks),
            "certain": self.certain,
            "wish": self.wish,
        }


@dataclass(frozen=True)
class Scan:
    """Every single change that turns first place; see ``scan``."""

    first: str | None
    turns: tuple[Turn, ...]


def scan(compiled: Compiled, answers: Answers, on: date) -> Scan:
    """What each single change does, limits included, for a taker with nothing open.

    A change is another option, the other of yes and no, one option of several ticked or unticked, or
    another number; of the numbers that turn first place, the nearest below and the nearest above are
    told. A question that the change brings up holds the answer that the taker once gave it, or else
    every answer (at most MAX_FOLLOW_UPS, seeded, of those that make a difference).
    """
    assert answers.complete, "a change means something for a taker with nothing open"
    return _scan(compiled, _Taker(answers), on)


def decisive_questions(compiled: Compiled, answers: Answers, on: date) -> frozenset[str]:
    """The questions of which some other answer alone turns first place; none while questions are open."""
    if not answers.complete:
        return frozenset()
    return frozenset(turn.question for turn in scan(compiled, answers, on).turns if turn.certain)


class _Taker:
    """Answers that may be remembered: equal when their indexes and what was given are."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self._key = (answers.indexes, repr(sorted(answers.raw.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Taker) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=32)
def _scan(compiled: Compiled, taker: _Taker, on: date) -> Scan:
    """Kept for the takers asked of late: firmness and reasons both want it."""
    answers = taker.answers
    own = np.array([index or 0 for index in answers.indexes], dtype=np.int64)
    moves = [(name, move) for name in compiled.questions for move in _moves(compiled, answers, name)]
    takers = np.repeat(own[:, None], len(moves) + 1, axis=1)
    for k, (_, (place, index)) in enumerate(moves, 1):
        takers[place, k] = index
    takers, of, asked = _followed_up(compiled, answers, on, takers)
    field = field_on(compiled, on)
    rows = np.array([*field.rows, UNKNOWN])
    # UNKNOWN is -1, and so the last of the rows.
    first = rows[field.judge(takers).first] if field.rows else np.full(takers.shape[1], UNKNOWN)
    turned: dict[int, list[int]] = {}
    for column in np.flatnonzero(first != first[0]).tolist():
        turned.setdefault(int(of[column]), []).append(column)
    counts = np.bincount(of)
    turns = [
        _turn(compiled, answers, moves[k - 1], [int(first[c]) for c in columns], int(counts[k]), asked[k])
        for k, columns in turned.items()
    ]
    return Scan(_name(compiled, int(first[0])), tuple(_nearest(compiled, turns)))


def _moves(compiled: Compiled, answers: Answers, name: str) -> Iterator[Move]:
    """Every single change of one question, as (variable, index); of equivalent numbers the nearest each way."""
    if name in answers.hidden:
        return
    question = compiled.questions[name]
    places = question_places(compiled, question)
    if question.kind == "choices":
        yield from ((place, 1 - (answers.indexes[place] or 0)) for place in places)
        return
    place = places[0]
    own = answers.indexes[place] or 0
    if question.kind != "number":
        yield from ((place, k) for k in range(len(compiled.variables[place].domain)) if k != own)
        return
    cell_of = cells(compiled, place).cell_of
    for ways in (range(own - 1, -1, -1), range(own + 1, len(cell_of))):
        seen = {int(cell_of[own])}
        for index in ways:
            if int(cell_of[index]) not in seen:
                seen.add(int(cell_of[index]))
                yield place, index


def _followed_up(
    compiled: Compiled, answers: Answers, on: date, takers: Integers
) -> tuple[Integers, Integers, dict[int, tuple[str, ...]]]:
    """The takers with every answer of the questions that only now are asked, and whose change each is."""
    of = np.arange(takers.shape[1])
    asks: dict[int, tuple[str, ...]] = dict.fromkeys(range(takers.shape[1]), ())
    for name, table in compiled.asked.items():
        if name not in answers.hidden:
            continue
        asked = np.broadcast_to(cohort_grid(compiled, on, takers).of(table), of.shape) != 0
        if not asked.any():
            continue
        places = question_places(compiled, compiled.questions[name])
        ways = _ways(compiled, answers, compiled.questions[name])
        if len(ways) > 1:
            for k in set(of[asked].tolist()):
                asks[k] = (*asks[k], name)
        copies = np.where(asked, len(ways), 1)
        takers, of = np.repeat(takers, copies, axis=1), np.repeat(of, copies)
        now = np.repeat(asked, copies)
        for place, given in zip(places, np.array(ways, dtype=np.int64).T, strict=True):
            takers[place, now] = np.tile(given, int(asked.sum()))
    return takers, of, asks


def _ways(compiled: Compiled, answers: Answers, question: Question) -> list[Column]:
    """The answers, by variable, that a question may be given once it is asked."""
    places = question_places(compiled, question)
    if question.id in answers.raw:
        return [_given(compiled, question, places, answers.raw[question.id])]
    chosen = [cells(compiled, place).chosen for place in places]
    count = int(np.prod([len(each) for each in chosen], dtype=np.float64))
    if count <= MAX_FOLLOW_UPS:
        grids = np.meshgrid(*chosen, indexing="ij")
        return [tuple(int(i) for i in way) for way in zip(*(grid.ravel() for grid in grids), strict=True)]
    random = np.random.default_rng(SEED)
    drawn = np.stack([random.choice(each, MAX_FOLLOW_UPS) for each in chosen], axis=1)
    return [tuple(int(i) for i in way) for way in drawn]


def _given(compiled: Compiled, question: Question, places: list[int], answer: Answer) -> Column:
    if isinstance(answer, list):
        return tuple(int(option.id in answer) for option in question.options)
    value = int(answer) if isinstance(answer, bool) else answer
    return (compiled.variables[places[0]].index[value],)


def _turn(
    compiled: Compiled,
    answers: Answers,
    change: tuple[str, Move],
    firsts: list[int],
    ways: int,
    asks: tuple[str, ...],
) -> Turn:
    name, (place, index) = change
    question = compiled.questions[name]
    before = answers.raw[name]
    counts = Counter(firsts)
    most = min(counts, key=lambda row: (-counts[row], row))
    ups = index > (answers.indexes[place] or 0)
    return Turn(
        question=name,
        before=before,
        after=_answer(compiled, question, before, place, index),
        first=_name(compiled, most),
        changeable=question.changeable and (question.only is None or (question.only == "up") == ups),
        asks=asks,
        certain=len(firsts) == ways,
        wish=moved(compiled, place, answers.indexes[place] or 0, index).last,
    )


def _answer(compiled: Compiled, question: Question, before: Answer, place: int, index: int) -> Answer:
    if question.kind == "choices":
        assert isinstance(before, list | tuple)
        turned = compiled.variables[place].name.partition(".")[2]
        return [option.id for option in question.options if (option.id in before) != (option.id == turned)]
    value = compiled.variables[place].domain[index]
    return bool(value) if question.kind == "yes_no" else value


def _name(compiled: Compiled, row: int) -> str | None:
    return None if row == UNKNOWN else compiled.items[row].item.id


def _nearest(compiled: Compiled, turns: list[Turn]) -> Iterator[Turn]:
    """The same turns in order; of a number's, the nearest below and the nearest above."""
    seen = set()
    for turn in turns:
        if compiled.questions[turn.question].kind == "number":
            assert isinstance(turn.after, int) and isinstance(turn.before, int)
            way = turn.question, turn.after > turn.before
            if way in seen:
                continue
            seen.add(way)
        yield turn
