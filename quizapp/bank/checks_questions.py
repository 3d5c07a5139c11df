"""Checks that each question has the answers of its kind, in an order in which it can be asked."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.inspection import Inspection
from quizapp.bank.model import Grid, Limit, Question, Unit
from quizapp.bank.nodes import Path
from quizapp.bank.satisfiable import can_hold
from quizapp.errors import Problem
from quizapp.rules.faults import nearest

MAX_GRID = 5_000
PAGES = ("check", "result")


def check_questions(inspection: Inspection) -> Iterator[Problem]:
    """Answers, grids, hidden answers, order of asking, screens and limits."""
    for index, question in enumerate(inspection.bank.questions):
        path: Path = ("questions", index)
        yield from _answers(inspection, path, question)
        if question.grid is not None:
            yield from _grid(inspection, (*path, "grid"), question.grid)
        yield from _when_hidden(inspection, path, question)
        yield from _order(inspection, index, question)
    yield from _screens(inspection)
    yield from _addresses(inspection)
    for path, limit in inspection.parts_of(Limit):
        yield from _limit(inspection, path, limit)


def _answers(inspection: Inspection, path: Path, question: Question) -> Iterator[Problem]:
    has_options = question.kind in ("choice", "choices")
    fewest = 2 if question.kind == "choice" else 1
    if has_options and len(question.options) < fewest:
        yield inspection.problem(
            (*path, "options"),
            "no_options",
            f'the question "{question.id}" has {"one option" if question.options else "no options"}',
            f"a {question.kind} question is answered by picking among its options",
            "add options:",
        )
    if not has_options and question.options:
        yield _stray(inspection, (*path, "options"), question, "options")
    if question.kind == "number" and question.grid is None:
        yield inspection.problem(
            path,
            "no_grid",
            f'the question "{question.id}" has no grid',
            "a number question is answered by the whole numbers of its grid",
            "add grid: {from: …, to: …, unit: …}",
        )
    if question.kind != "number" and question.grid is not None:
        yield _stray(inspection, (*path, "grid"), question, "a grid")


def _stray(inspection: Inspection, path: Path, question: Question, what: str) -> Problem:
    return inspection.problem(
        path,
        "stray_answers",
        f'the question "{question.id}" is {question.kind} and has {what}',
        "questions of this kind do not use it",
        "delete it, or change kind:",
        at_key=True,
    )


def _grid(inspection: Inspection, path: Path, grid: Grid) -> Iterator[Problem]:
    if grid.from_ >= grid.to:
        yield inspection.problem(
            (*path, "from"),
            "range_reversed",
            f"from {grid.from_} is not below to {grid.to}",
            "there would be nothing to choose from",
            "make from the smaller",
        )
    elif (grid.to - grid.from_) % grid.step:
        last = grid.to - (grid.to - grid.from_) % grid.step
        yield inspection.problem(
            (*path, "step"),
            "grid_step",
            f"steps of {grid.step} from {grid.from_} never come to {grid.to}",
            "the last answer would be unclear",
            f"write to: {last}, or another step",
        )
    elif (grid.to - grid.from_) // grid.step >= MAX_GRID:
        yield inspection.problem(
            path,
            "grid_too_large",
            f"the grid has {(grid.to - grid.from_) // grid.step + 1:,} numbers",
            f"{MAX_GRID:,} are the most",
            "use a larger step",
            at_key=True,
        )


def _when_hidden(inspection: Inspection, path: Path, question: Question) -> Iterator[Problem]:
    answer = question.when_hidden
    if answer is None:
        return
    if question.ask_if is None:
        yield inspection.problem(
            (*path, "when_hidden"),
            "when_hidden_unused",
            f'the question "{question.id}" is always asked',
            "an answer for when it is hidden is never used",
            "delete it, or add ask_if:",
            warning=True,
        )
    if (fault := answer_fault(question, answer)) is not None:
        yield inspection.problem(
            (*path, "when_hidden"),
            "not_an_answer",
            f'{_said(answer)} is no answer to "{question.id}"',
            "while the question is hidden this would hold",
            fault,
        )


def answer_fault(question: Question, answer: object) -> str | None:
    """Advice where a value is not one of a question's answers, None where it is.

    >>> from quizapp.bank.model import Grid, Text
    >>> age = Question(id="age", kind="number", ask=Text(ja="年齢", en="Age"), grid=Grid(from_=15, to=80))
    >>> answer_fault(age, 20), answer_fault(age, 90)
    (None, 'write a whole number from 15 to 80')
    """
    options = [option.id for option in question.options]
    match question.kind:
        case "yes_no":
            return None if isinstance(answer, bool) else "write true or false"
        case "number":
            return _number_fault(question.grid, answer)
        case "choice":
            if isinstance(answer, str):
                return None if answer in options else nearest(answer, options)
            return f"write one of: {', '.join(options)}"
    if not isinstance(answer, tuple | list):
        return "write a list: [a, b], or [] for none"
    strange = [entry for entry in answer if entry not in options]
    if strange:
        return nearest(str(strange[0]), options)
    return "name each option once" if len(set(answer)) < len(answer) else None


def _number_fault(grid: Grid | None, answer: object) -> str | None:
    if grid is None or (isinstance(answer, int) and not isinstance(answer, bool) and _on_grid(grid, answer)):
        return None
    step = "" if grid.step == 1 else f" in steps of {grid.step}"
    return f"write a whole number from {grid.from_} to {grid.to}{step}"


def _on_grid(grid: Grid, answer: int) -> bool:
    return grid.from_ <= answer <= grid.to and (answer - grid.from_) % grid.step == 0


def _said(answer: object) -> str:
    if isinstance(answer, bool):
        return "true" if answer else "false"
    return f"[{', '.join(map(str, answer))}]" if isinstance(answer, tuple | list) else f'"{answer}"'


def _order(inspection: Inspection, index: int, question: Question) -> Iterator[Problem]:
    path: Path = ("questions", index, "ask_if")
    tree = inspection.rules.trees.get(path)
    if tree is None:
        return
    place = {other.id: number for number, other in enumerate(inspection.bank.questions)}
    for name in sorted(inspection.rules.read_by(tree)):
        if place.get(name, -1) >= index:
            needs = "itself" if name == question.id else f'"{name}", which is asked after it'
            yield inspection.problem(
                path,
                "asked_later",
                f'whether "{question.id}" is asked depends on {needs}',
                "its answer is not known yet when it is needed, and two such questions wait for each other",
                f'move "{name}" above it' if name != question.id else "use an earlier question",
            )
        elif name in place and question.screen and inspection.questions[name].screen == question.screen:
            yield inspection.problem(
                path,
                "same_screen",
                f'"{question.id}" depends on "{name}" on the same screen',
                "both are shown at once, before either is answered",
                "put it on a later screen",
                warning=True,
            )
    if not can_hold([tree], inspection.questions, inspection.rules.values):
        yield inspection.problem(
            path,
            "never_asked",
            f'the question "{question.id}" is never asked',
            "no answers make this true",
            "check the conditions against each other",
        )


def _addresses(inspection: Inspection) -> Iterator[Problem]:
    """A screen's id, or that of a question by itself, is the last word of its page's address."""
    places: list[tuple[Path, str]] = [
        *((("questions", n, "id"), q.id) for n, q in enumerate(inspection.bank.questions) if not q.screen),
        *((("screens", n, "id"), screen.id) for n, screen in enumerate(inspection.bank.screens)),
    ]
    for path, name in places:
        if name in PAGES:
            yield inspection.problem(
                path,
                "reserved_address",
                f'"{name}" is the address of another page',
                "the question could never be seen",
                "rename it",
            )


def _screens(inspection: Inspection) -> Iterator[Problem]:
    left: set[str] = set()
    before: str | None = None
    for index, question in enumerate(inspection.bank.questions):
        if question.screen is not None and question.screen in left:
            yield inspection.problem(
                ("questions", index, "screen"),
                "screen_split",
                f'other questions stand between this one and the rest of screen "{question.screen}"',
                "questions of one screen are asked together",
                "move them next to each other",
            )
        if before is not None and question.screen != before:
            left.add(before)
        before = question.screen


def _limit(inspection: Inspection, path: Path, limit: Limit) -> Iterator[Problem]:
    question = inspection.questions.get(limit.question)
    if question is None:
        return
    if question.ask_if is not None:
        yield inspection.problem(
            (*path, "question"),
            "hidden_limit",
            f'the question "{question.id}" is not asked of everybody',
            "a limit holds for every taker or for none",
            "drop its ask_if",
        )
    wanted = Unit.YEN if limit.of == "cost" else Unit.MONTHS
    if question.kind != "number" or (question.grid is not None and question.grid.unit != wanted):
        yield inspection.problem(
            (*path, "question"),
            "limit_unit",
            f'the question "{question.id}" does not count {wanted.value}',
            f"a limit of {limit.of} is compared with {wanted.value}",
            f"name a number question whose grid has unit: {wanted.value}",
        )
