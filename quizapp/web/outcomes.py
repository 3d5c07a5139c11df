"""The outcome that a kept result shows: as it was worked out when it was made."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter, ValidationError

from quizapp.engine.answers import known_answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.outcome import Recommended
from quizapp.engine.recommend import recommend
from quizapp.store.records import Result


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
