"""How firm first place is: against any one other answer, and against other ways of weighing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.engine.acceptability import Acceptability, acceptability
from quizapp.engine.answers import Answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.recommend import recommend
from quizapp.engine.single_change import Turn, scan


@dataclass(frozen=True)
class Firmness:
    """How firm ``first`` (None where nothing is ranked) is.

    ``survives``: it stays first whichever one answer is given otherwise; ``survives_changes``: whichever
    one answer the taker could in fact change, the way it can change. Both are None, and ``turns`` is
    empty, while questions are open. ``turns`` are the single answers that turn it, in the bank's order.
    """

    first: str | None
    survives: bool | None
    survives_changes: bool | None
    turns: tuple[Turn, ...]
    weighings: Acceptability

    def to_json(self) -> dict[str, Any]:
        """``{"first": …, "survives": …, "survives_changes": …, "turns": […], "weighings": {…}}``."""
        return {
            "first": self.first,
            "survives": self.survives,
            "survives_changes": self.survives_changes,
            "turns": [turn.to_json() for turn in self.turns],
            "weighings": self.weighings.to_json(),
        }


def firmness(compiled: Compiled, answers: Answers, on: date) -> Firmness:
    """Every single change of an answer tried, limits included, and the weights drawn 5,000 times.

    The changes are those of ``scan``, the weighings those of ``acceptability``; the same input gives
    the same output.
    """
    outcome = recommend(compiled, answers, on)
    first = outcome.recommendations[0].item if outcome.recommendations else None
    weighings = acceptability(outcome)
    if not answers.complete:
        return Firmness(first, None, None, (), weighings)
    turns = scan(compiled, answers, on).turns
    return Firmness(first, not turns, not any(turn.changeable for turn in turns), turns, weighings)
