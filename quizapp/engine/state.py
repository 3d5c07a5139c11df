"""Variable indexes for one taker on one day, as tables read them."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from quizapp.engine.answers import Answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.plan import Limits


def today_index(compiled: Compiled, on: date) -> int:
    """Which stretch of days ``on`` lies in."""
    days = [day for day in compiled.variables[compiled.today].domain if isinstance(day, int)]
    return bisect_right(days, on.toordinal()) - 1


def full_state(compiled: Compiled, answers: Answers, on: date) -> list[int]:
    """The index of every variable, for answers that leave nothing asked open.

    Cost and duration stand at their first index until an item's plan is known.
    """
    state = [index if index is not None else 0 for index in answers.indexes]
    state.extend([0] * (len(compiled.variables) - len(state)))
    state[compiled.today] = today_index(compiled, on)
    for place, table in compiled.values:
        state[place] = table.at(state)
    return state


def limits_of(compiled: Compiled, answers: Answers) -> Limits:
    """The taker's limits; an unanswered one does not bound."""
    bounds: dict[str, tuple[str, int]] = {}
    for limit in compiled.bank.limits:
        place = compiled.places[limit.question]
        index = answers.indexes[place] if limit.question not in answers.hidden else None
        if index is not None:
            most = compiled.variables[place].domain[index]
            assert isinstance(most, int)
            bounds[limit.of] = (limit.id, most)
    return Limits(bounds.get("cost"), bounds.get("months"))
