"""The outcome that a kept result shows, as it was worked out when it was made, and what explains it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import cache, partial

from pydantic import TypeAdapter, ValidationError

from quizapp.engine.answers import Answers, known_answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.explain import Explained, explain
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from quizapp.store.records import Result
from quizapp.web.explanations import Told
from quizapp.web.services import services


@cache
def _adapter() -> TypeAdapter[Recommended]:
    return TypeAdapter(Recommended)


def as_kept(outcome: Recommended) -> str:
    """The outcome as text for the store, so that a later engine shows what this one said."""
    return _adapter().dump_json(outcome).decode()


def outcome_of(result: Result, compiled: Compiled) -> Recommended:
    """What the result said when it was made; worked out again only where that was not kept."""
    if result.recommended is not None:
        try:
            return _adapter().validate_json(result.recommended)
        except ValidationError:
            # Written by a version whose outcome had another shape: revision, day and answers say it anew.
            pass
    return recommend(compiled, known_answers(compiled, result.answers), result.on)


def foresee(compiled: Compiled, answers: Answers, on: date) -> None:
    """Begin to explain what these answers come to, before anybody asks for it."""
    services().explanations.foresee(_key(compiled, answers, on), partial(_told, compiled, answers, on))


def explanation(compiled: Compiled, answers: Answers, on: date, outcome: Recommended) -> Explained:
    """What explains the outcome of a result."""
    now, told = services().explanations.get(
        _key(compiled, answers, on), partial(_told, compiled, answers, on)
    )
    # A result that another version made may say something else than this one would.
    return told if now == outcome else explain(compiled, answers, on, outcome)


def _key(compiled: Compiled, answers: Answers, on: date) -> Hashable:
    return compiled.revision, on, repr(dict(answers.raw))


def _told(compiled: Compiled, answers: Answers, on: date) -> Told:
    outcome = recommend(compiled, answers, on)
    return outcome, explain(compiled, answers, on, outcome)
