"""A taker's answers: checked against a bank, turned into variable indexes, and what is still asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from quizapp.bank.model import Grid, Question
from quizapp.engine.compiled import Compiled
from quizapp.engine.table import Table
from quizapp.errors import Invalid, Problem, Where, echoed, first_problems, told
from quizapp.rules import nearest

Answer: TypeAlias = bool | int | str | list[str]
MOST_REPEATS = 10


@dataclass(frozen=True)
class Answers:
    """Valid answers of one taker.

    ``raw`` is what was given, fit for JSON. ``indexes`` holds one index per question variable, None
    where unanswered; a hidden question that has no `when_hidden` stands at its first answer, as it does
    for every rule. ``unanswered`` lists the questions asked and not answered.
    """

    raw: dict[str, Answer]
    indexes: tuple[int | None, ...]
    hidden: frozenset[str]
    unanswered: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing asked is unanswered."""
        return not self.unanswered


@dataclass(frozen=True)
class ShownScreen:
    """One page of the quiz: the questions on it that are asked."""

    id: str
    questions: tuple[str, ...]


def read_answers(compiled: Compiled, raw: Mapping[str, Any], file: str = "answers") -> Answers:
    """The answers as the engine reads them. A value of None is unanswered.

    Raises Invalid with every problem: questions the bank does not have, options a question does not
    have, numbers off the grid, values of the wrong type. Of very many problems the first are told, and
    far more answers than the bank has questions are one problem.
    """
    if len(raw) > 2 * len(compiled.questions) + 20:
        raise Invalid([_too_many(compiled, raw, file)])
    problems = []
    kept: dict[str, Answer] = {}
    for name, value in raw.items():
        question = compiled.questions.get(name)
        if question is None:
            what = told("there is no question %(name)s", name=echoed(name))
            fix = nearest(str(name), compiled.questions)
            problems.append(
                Problem(Where(file), "unknown_question", what, told("the bank does not ask it"), fix)
            )
        elif value is not None:
            if problem := answer_problem(question, value, file):
                problems.append(problem)
            else:
                kept[name] = value
    if problems:
        raise Invalid(first_problems(problems))
    return _settled(compiled, kept)


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One JSON object, as ``object_pairs_hook`` of a reader. Raises ValueError for keys given twice."""
    raw = dict(pairs)
    if len(raw) < len(pairs):
        repeated = sorted(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        named = ", ".join(echoed(key).strip('"') for key in repeated[:MOST_REPEATS])
        more = len(repeated) - MOST_REPEATS
        raise ValueError(f"answered twice: {named}{f' and {more} more' if more > 0 else ''}")
    return raw


def _too_many(compiled: Compiled, raw: Mapping[str, Any], file: str) -> Problem:
    asked = len(compiled.questions)
    what = told("there are %(count)s answers", count=f"{len(raw):,}")
    return Problem(
        Where(file),
        "too_many_answers",
        what,
        told("the bank asks %(asked)s questions", asked=asked),
        told("answer those it asks"),
    )


def known_answers(compiled: Compiled, raw: Mapping[str, Any]) -> Answers:
    """The answers that this bank can read; what it does not ask or cannot accept is left out."""
    kept = {
        name: value
        for name, value in raw.items()
        if value is not None
        and (question := compiled.questions.get(name)) is not None
        and answer_problem(question, value, "answers") is None
    }
    return _settled(compiled, kept)


def answer_problem(question: Question, value: object, file: str) -> Problem | None:
    """What is wrong with one answer, or None."""
    where = Where(file)
    options = [option.id for option in question.options]

    def problem(code: str, what: str, fix: str) -> Problem:
        return Problem(
            where,
            code,
            told('"%(question)s": %(what)s', question=question.id, what=what),
            told("the question cannot take it"),
            fix,
        )

    match question.kind:
        case "yes_no":
            if not isinstance(value, bool):
                return problem(
                    "wrong_type",
                    told("%(value)s is neither yes nor no", value=echoed(value)),
                    told("give true or false"),
                )
        case "choice":
            if not isinstance(value, str):
                return problem(
                    "wrong_type",
                    told("%(value)s is not an option", value=echoed(value)),
                    nearest("", options),
                )
            if value not in options:
                return problem(
                    "unknown_option",
                    told("there is no option %(value)s", value=echoed(value)),
                    nearest(value, options),
                )
        case "choices":
            if not isinstance(value, list | tuple):
                what = told("%(value)s is not a list of options", value=echoed(value))
                return problem("wrong_type", what, told("give a list, [] for none"))
            for chosen in value:
                if chosen not in options:
                    near = nearest(chosen if isinstance(chosen, str) else "", options)
                    return problem(
                        "unknown_option", told("there is no option %(chosen)s", chosen=echoed(chosen)), near
                    )
            if len(set(value)) != len(value):
                return problem("repeated_option", told("an option is given twice"), told("give each once"))
        case "number":
            assert question.grid is not None
            if fault := _number_fault(question.grid, value):
                return problem(*fault)
    return None


def _number_fault(grid: Grid, value: object) -> tuple[str, str, str] | None:
    """Code, what and fix for a number that the grid does not hold, or None."""
    if not isinstance(value, int) or isinstance(value, bool):
        return "wrong_type", f"{echoed(value)} is not a whole number", "give a whole number"
    if not grid.from_ <= value <= grid.to:
        return "off_grid", f"{echoed(value)} is outside {grid.from_} to {grid.to}", "give a number within"
    if (value - grid.from_) % grid.step:
        return (
            "off_grid",
            f"{echoed(value)} is not in steps of {grid.step}",
            f"round it to a multiple of {grid.step}",
        )
    return None


def question_places(compiled: Compiled, question: Question) -> list[int]:
    """Where a question's variables stand: one, or one per option of a choices question."""
    if question.kind == "choices":
        return [compiled.places[f"{question.id}.{option.id}"] for option in question.options]
    return [compiled.places[question.id]]


def _settled(compiled: Compiled, kept: dict[str, Answer]) -> Answers:
    """Hide what is surely not asked, in the bank's order, and index the rest."""
    states = list(_anything(compiled))
    indexes: list[int | None] = [None] * compiled.today
    hidden, unanswered = set(), []
    for question in compiled.bank.questions:
        asked = compiled.asked.get(question.id)
        if asked is not None and _surely_not(compiled, asked, states):
            hidden.add(question.id)
            chosen = _indexes_of(compiled, question, question.when_hidden)
        elif question.id in kept:
            chosen = _indexes_of(compiled, question, kept[question.id])
        else:
            unanswered.append(question.id)
            continue
        for place, index in chosen.items():
            indexes[place] = index
            states[place] = (index,)
    return Answers(kept, tuple(indexes), frozenset(hidden), tuple(unanswered))


@lru_cache(maxsize=64)
def _anything(compiled: Compiled) -> tuple[tuple[int, ...], ...]:
    """Every index that each variable may stand at."""
    return tuple(tuple(range(len(variable.domain))) for variable in compiled.variables)


def _surely_not(compiled: Compiled, asked: Table, states: list[tuple[int, ...]]) -> bool:
    narrowed = list(states)
    for place, table in _values_behind(compiled, asked):
        narrowed[place] = tuple(table.possible(narrowed))
    return asked.possible(narrowed) == {0}


@lru_cache(maxsize=1_024)
def _values_behind(compiled: Compiled, table: Table) -> tuple[tuple[int, Table], ...]:
    """The named values on which a table rests, those first that rest on no other."""
    needed = set(table.reads)
    for place, value in reversed(compiled.values):
        if place in needed:
            needed.update(value.reads)
    return tuple((place, value) for place, value in compiled.values if place in needed)


def possible_states(compiled: Compiled, states: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The same states with every named value narrowed to what it may still come to."""
    narrowed = list(states)
    for place, table in compiled.values:
        narrowed[place] = tuple(sorted(table.possible(narrowed)))
    return narrowed


def _indexes_of(compiled: Compiled, question: Question, answer: object) -> dict[int, int]:
    places = question_places(compiled, question)
    if question.kind == "choices":
        held = answer if isinstance(answer, list | tuple) else ()
        return {place: int(option.id in held) for place, option in zip(places, question.options, strict=True)}
    if answer is None:
        return {places[0]: 0}
    value = int(answer) if isinstance(answer, bool) else answer
    assert isinstance(value, int | str)
    return {places[0]: compiled.variables[places[0]].index[value]}


def shown_screens(compiled: Compiled, answers: Answers) -> tuple[ShownScreen, ...]:
    """The screens still to be seen, in the bank's order, with the questions asked on each."""
    screens: dict[str, list[str]] = {}
    for question in compiled.bank.questions:
        if question.id not in answers.hidden:
            screens.setdefault(question.screen or question.id, []).append(question.id)
    return tuple(ShownScreen(name, tuple(questions)) for name, questions in screens.items())
