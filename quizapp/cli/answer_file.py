"""Reads a taker's answers from a JSON file or standard input; knows the places of what is wrong in it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quizapp.errors import Invalid, Problem, Where

if TYPE_CHECKING:
    from quizapp.engine.answers import Answers
    from quizapp.engine.compiled import Compiled

MAX_BYTES = 256 * 1024


def read_answer_file(compiled: Compiled, name: str | None) -> Answers:
    """The answers of a file, of standard input for ``-``, or none at all for None.

    Raises Invalid with every problem, each with the line of the answer it is about.
    """
    from quizapp.engine.answers import read_answers

    if name is None:
        return read_answers(compiled, {})
    shown = "<stdin>" if name == "-" else name
    text = _text(name, shown)
    raw = _object(text, shown)
    try:
        return read_answers(compiled, raw, shown)
    except Invalid as error:
        raise Invalid([_placed(problem, raw, text) for problem in error.problems]) from None


def _text(name: str, shown: str) -> str:
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _start_of(Path(name))
        if len(data) > MAX_BYTES:
            raise ValueError(f"it holds more than {MAX_BYTES:,} bytes")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        says = error.strerror if isinstance(error, OSError) else str(error)
        raise Invalid([_unreadable(Where(shown), f"the answers cannot be read: {says}")]) from None


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _object(text: str, shown: str) -> dict[str, Any]:
    from quizapp.engine.answers import without_repeats

    try:
        raw = json.loads(text, object_pairs_hook=without_repeats)
    except json.JSONDecodeError as error:
        place = Where(shown, error.lineno, error.colno)
        raise Invalid([_unreadable(place, f"this is not JSON: {error.msg}")]) from None
    except (ValueError, RecursionError) as error:
        raise Invalid([_unreadable(Where(shown, 1), str(error))]) from None
    if not isinstance(raw, dict):
        raise Invalid([_unreadable(Where(shown, 1), "this is not a JSON object")])
    return raw


def _unreadable(where: Where, what: str) -> Problem:
    return Problem(
        where,
        "bad_answers",
        what,
        "answers are one JSON object, each question at most once",
        'write it like {"age": 25, "held": []}',
    )


def _placed(problem: Problem, raw: dict[str, Any], text: str) -> Problem:
    """The problem with the line of the answer that it names first."""
    if problem.where.line:
        return problem
    words = re.findall(r"\w+", problem.what)
    key = next((word for word in words if word in raw), None)
    found = re.search(rf'"{key}"\s*:', text) if key else None
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return replace(problem, where=Where(problem.where.file, line))
