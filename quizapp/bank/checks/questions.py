"""Checks that each question has the answers of its kind, in an order in which it can be asked."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.satisfiable import can_hold
from quizapp.bank.model import Grid, Limit, Question, Unit
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Problem, told
from quizapp.rules.faults import nearest

MAX_GRID = 5_000
PAGES = ("check", "result")
TODAY = "today"


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
            told('the question "%(question)s" has one option', question=question.id)
            if question.options
            else told('the question "%(question)s" has no options', question=question.id),
            told("a %(kind)s question is answered by picking among its options", kind=question.kind),
            told("add options:"),
        )
    if not has_options and question.options:
        yield _stray(inspection, (*path, "options"), question, told("options"))
    if question.kind == "number" and question.grid is None:
        yield inspection.problem(
            path,
            "no_grid",
            told('the question "%(question)s" has no grid', question=question.id),
            told("a number question is answered by the whole numbers of its grid"),
            told("add grid: {from: …, to: …, unit: …}"),
            about=(*path, "grid"),
        )
    if question.kind != "number" and question.grid is not None:
        yield _stray(inspection, (*path, "grid"), question, told("a grid"))


def _stray(inspection: Inspection, path: Path, question: Question, what: str) -> Problem:
    return inspection.problem(
        path,
        "stray_answers",
        told(
            'the question "%(question)s" is %(kind)s and has %(what)s',
            question=question.id,
            kind=question.kind,
            what=what,
        ),
        told("questions of this kind do not use it"),
        told("delete it, or change kind:"),
        at_key=True,
    )


def _grid(inspection: Inspection, path: Path, grid: Grid) -> Iterator[Problem]:
    if grid.from_ >= grid.to:
        yield inspection.problem(
            (*path, "from"),
            "range_reversed",
            told("from %(low)s is not below to %(to)s", low=grid.from_, to=grid.to),
            told("there would be nothing to choose from"),
            told("make from the smaller"),
        )
    elif (grid.to - grid.from_) % grid.step:
        last = grid.to - (grid.to - grid.from_) % grid.step
        yield inspection.problem(
            (*path, "step"),
            "grid_step",
            told(
                "steps of %(step)s from %(low)s never come to %(to)s",
                step=grid.step,
                low=grid.from_,
                to=grid.to,
            ),
            told("the last answer would be unclear"),
            told("write to: %(last)s, or another step", last=last),
        )
    elif (grid.to - grid.from_) // grid.step >= MAX_GRID:
        yield inspection.problem(
            path,
            "grid_too_large",
            told("the grid has %(count)s numbers", count=f"{(grid.to - grid.from_) // grid.step + 1:,}"),
            told("%(most)s are the most", most=f"{MAX_GRID:,}"),
            told("use a larger step"),
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
            told('the question "%(question)s" is always asked', question=question.id),
            told("an answer for when it is hidden is never used"),
            told("delete it, or add ask_if:"),
            warning=True,
        )
    if (fault := answer_fault(question, answer)) is not None:
        yield inspection.problem(
            (*path, "when_hidden"),
            "not_an_answer",
            told('%(answer)s is no answer to "%(question)s"', answer=_said(answer), question=question.id),
            told("while the question is hidden this would hold"),
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
            return None if isinstance(answer, bool) else told("write true or false")
        case "number":
            return _number_fault(question.grid, answer)
        case "choice":
            if isinstance(answer, str):
                return None if answer in options else nearest(answer, options)
            return told("write one of: %(names)s", names=options)
    if not isinstance(answer, tuple | list):
        return told("write a list: [a, b], or [] for none")
    strange = [entry for entry in answer if entry not in options]
    if strange:
        return nearest(str(strange[0]), options)
    return told("name each option once") if len(set(answer)) < len(answer) else None


def _number_fault(grid: Grid | None, answer: object) -> str | None:
    if grid is None or (isinstance(answer, int) and not isinstance(answer, bool) and _on_grid(grid, answer)):
        return None
    if grid.step == 1:
        return told("write a whole number from %(low)s to %(high)s", low=grid.from_, high=grid.to)
    return told(
        "write a whole number from %(low)s to %(high)s in steps of %(step)s",
        low=grid.from_,
        high=grid.to,
        step=grid.step,
    )


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
        if name == TODAY:
            yield _asked_by_day(inspection, path, question)
        if place.get(name, -1) >= index:
            named = {"question": question.id, "name": name}
            yield inspection.problem(
                path,
                "asked_later",
                told('whether "%(question)s" is asked depends on itself', **named)
                if name == question.id
                else told(
                    'whether "%(question)s" is asked depends on "%(name)s", which is asked after it', **named
                ),
                told(
                    "its answer is not known yet when it is needed, and two such questions wait for each other"
                ),
                told('move "%(name)s" above it', name=name)
                if name != question.id
                else told("use an earlier question"),
            )
        elif name in place and question.screen and inspection.questions[name].screen == question.screen:
            yield inspection.problem(
                path,
                "same_screen",
                told(
                    '"%(question)s" depends on "%(name)s" on the same screen', question=question.id, name=name
                ),
                told("both are shown at once, before either is answered"),
                told("put it on a later screen"),
                warning=True,
            )
    if not can_hold([tree], inspection.questions, inspection.rules.values):
        yield inspection.problem(
            path,
            "never_asked",
            told('the question "%(question)s" is never asked', question=question.id),
            told("no answers make this true"),
            told("check the conditions against each other"),
        )


def _asked_by_day(inspection: Inspection, path: Path, question: Question) -> Problem:
    return inspection.problem(
        path,
        "asked_by_day",
        told('whether "%(question)s" is asked depends on the day (today)', question=question.id),
        told(
            "it would come or go between two days, and a kept result would lack an answer or hold one too many"
        ),
        told("ask it always, and read today in the rules that use its answer"),
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
                told('"%(name)s" is the address of another page', name=name),
                told("the question could never be seen"),
                told("rename it"),
            )


def _screens(inspection: Inspection) -> Iterator[Problem]:
    left: set[str] = set()
    before: str | None = None
    for index, question in enumerate(inspection.bank.questions):
        if question.screen is not None and question.screen in left:
            yield inspection.problem(
                ("questions", index, "screen"),
                "screen_split",
                told(
                    'other questions stand between this one and the rest of screen "%(screen)s"',
                    screen=question.screen,
                ),
                told("questions of one screen are asked together"),
                told("move them next to each other"),
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
            told('the question "%(question)s" is not asked of everybody', question=question.id),
            told("a limit holds for every taker or for none"),
            told("drop its ask_if"),
        )
    wanted = Unit.YEN if limit.of == "cost" else Unit.MONTHS
    if question.kind != "number" or (question.grid is not None and question.grid.unit != wanted):
        yield inspection.problem(
            (*path, "question"),
            "limit_unit",
            told(
                'the question "%(question)s" does not count %(unit)s',
                question=question.id,
                unit=wanted.value,
            ),
            told("a limit of %(of)s is compared with %(unit)s", of=limit.of, unit=wanted.value),
            told("name a number question whose grid has unit: %(unit)s", unit=wanted.value),
        )
