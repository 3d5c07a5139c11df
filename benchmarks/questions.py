"""How many screens are asked until first place is proven: the adaptive order against each bank's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.report import Report, Row
from quizapp.bank.load import load_bank
from quizapp.engine.answers import Answers, question_places, read_answers, shown_screens
from quizapp.engine.cohort import random_takers
from quizapp.engine.compile import compile_bank
from quizapp.engine.compiled import Compiled
from quizapp.engine.next_question import next_screen
from quizapp.engine.settled import settled

BANKS = Path(__file__).resolve().parent.parent / "questions"
ON = date(2026, 11, 22)
TAKERS = 300
SEED = 7
MOST_RATIO = 0.85
MOST_SETTLED_MS = 2
MOST_NEXT_MS = 20

Order = Callable[[Compiled, Answers], str | None]


@dataclass
class Timed:
    """Milliseconds of processor time, by what was done."""

    settled: list[float] = field(default_factory=list)
    next: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What one taker was asked until first place was proven."""

    screens: int
    questions: int


def measure() -> Report:
    """The same simulated takers through both orders of every shipped bank."""
    rows: list[Row] = []
    loaded = [load_bank(p) for p in sorted(BANKS.glob("*.yaml")) if not p.name.endswith(".cases.yaml")]
    largest = max(loaded, key=lambda each: len(each.bank.items)).bank.bank
    for each in loaded:
        rows += _bank(compile_bank(each.bank, each.revision), each.bank.bank == largest)
    how = f"{TAKERS} takers per bank, every answer equally likely, asked until first place is proven certain"
    return Report("questions", tuple(rows), how)


def _bank(compiled: Compiled, largest: bool) -> list[Row]:
    name, timed = compiled.bank.bank, Timed()
    takers = list(_takers(compiled))
    known: dict[tuple[int | None, ...], bool] = {}

    def certain(answers: Answers) -> bool:
        if answers.indexes not in known:
            begun = time.thread_time()
            known[answers.indexes] = settled(compiled, answers, ON).done
            timed.settled.append((time.thread_time() - begun) * 1_000)
        return known[answers.indexes]

    chosen: dict[tuple[int | None, ...], str | None] = {}

    def adaptive(compiled: Compiled, answers: Answers) -> str | None:
        if answers.indexes not in chosen:
            begun = time.thread_time()
            chosen[answers.indexes] = next_screen(compiled, answers, ON)
            timed.next.append((time.thread_time() - begun) * 1_000)
        return chosen[answers.indexes]

    fixed = [_quiz(compiled, taker, _in_order, certain) for taker in takers]
    found = [_quiz(compiled, taker, adaptive, certain) for taker in takers]
    return [*_compared(name, fixed, found), *_times(name, timed, largest)]


def _compared(name: str, fixed: list[Asked], found: list[Asked]) -> Iterator[Row]:
    for what in ("screens", "questions"):
        before, after = ([getattr(asked, what) for asked in each] for each in (fixed, found))
        ratio = float(np.mean(after) / np.mean(before))
        yield Row(f"{name}: {what}, bank's order, median", median(before), what)
        yield Row(f"{name}: {what}, adaptive, median", median(after), what)
        yield Row(f"{name}: {what}, bank's order, mean", float(np.mean(before)), what)
        yield Row(f"{name}: {what}, adaptive, mean", float(np.mean(after)), what)
        yield Row(f"{name}: {what}, ratio of means", ratio, "×", MOST_RATIO)


def _times(name: str, timed: Timed, largest: bool) -> Iterator[Row]:
    """Times of answers met for the first time; the budgets are for the largest bank."""
    for what, times, most in (
        ("settled", timed.settled, MOST_SETTLED_MS),
        ("next screen", timed.next, MOST_NEXT_MS),
    ):
        yield Row(f"{name}: {what}, median", median(times), "ms", most if largest else None)
        yield Row(f"{name}: {what}, 90th percentile", float(np.percentile(times, 90)), "ms")


def _takers(compiled: Compiled) -> Iterator[dict[str, Any]]:
    for indexes in random_takers(compiled, TAKERS, SEED).T:
        yield {question.id: _answer(compiled, question.id, indexes) for question in compiled.bank.questions}


def _answer(compiled: Compiled, name: str, indexes: Any) -> Any:
    question = compiled.questions[name]
    places = question_places(compiled, question)
    if question.kind == "choices":
        return [option.id for option, place in zip(question.options, places, strict=True) if indexes[place]]
    value = compiled.variables[places[0]].domain[indexes[places[0]]]
    return bool(value) if question.kind == "yes_no" else value


def _in_order(compiled: Compiled, answers: Answers) -> str | None:
    left = set(answers.unanswered)
    return next(
        (one.id for one in shown_screens(compiled, answers) if left.intersection(one.questions)), None
    )


def _quiz(
    compiled: Compiled, taker: dict[str, Any], order: Order, certain: Callable[[Answers], bool]
) -> Asked:
    """Screen after screen until first place is proven; what is hidden is not asked."""
    given: dict[str, Any] = {}
    screens = questions = 0
    answers = read_answers(compiled, given)
    while not certain(answers):
        chosen = order(compiled, answers)
        assert chosen is not None, "with every answer given first place is certain"
        for screen in shown_screens(compiled, answers):
            if screen.id == chosen:
                asked = [name for name in screen.questions if name in answers.unanswered]
                given |= {name: taker[name] for name in asked}
                screens, questions = screens + 1, questions + len(asked)
        answers = read_answers(compiled, given)
    return Asked(screens, questions)
