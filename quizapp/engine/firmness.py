"""How firm first place is: against any one other answer, and against other ways of weighing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from quizapp.engine.acceptability import Acceptability, acceptability
from quizapp.engine.answers import Answers
from quizapp.engine.changes import SHUT, out_of_reach
from quizapp.engine.compiled import Compiled
from quizapp.engine.outcome import Recommended
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


def firmness(compiled: Compiled, answers: Answers, on: date, outcome: Recommended | None = None) -> Firmness:
    """Every single change of an answer tried, limits included, and the weights drawn 5,000 times.

    The changes are those of ``scan``, the weighings those of ``acceptability``; the same input gives
    the same output. ``outcome`` is the taker's own recommendation, if it is at hand.
    """
    outcome = outcome or recommend(compiled, answers, on)
    first = outcome.recommendations[0].item if outcome.recommendations else None
    weighings = acceptability(outcome)
    if not answers.complete:
        return Firmness(first, None, None, (), weighings)
    shut = _out_of_reach(compiled, outcome)
    turns = tuple(
        replace(turn, changeable=turn.changeable and not _adds(compiled, turn) & shut)
        for turn in scan(compiled, answers, on).turns
    )
    return Firmness(first, not turns, not any(turn.changeable for turn in turns), turns, weighings)


def _out_of_reach(compiled: Compiled, outcome: Recommended) -> frozenset[int]:
    """The variables that say an item is held which the taker cannot get now."""
    rows = {compiled_item.item.id: row for row, compiled_item in enumerate(compiled.items)}
    return out_of_reach(compiled, [rows[one.item] for one in outcome.not_now if one.standing in SHUT])


def _adds(compiled: Compiled, turn: Turn) -> set[int]:
    """The variables of what a turn ticks, or says yes to."""
    if isinstance(turn.after, list | tuple):
        before = turn.before if isinstance(turn.before, list | tuple) else ()
        return {compiled.places[f"{turn.question}.{id}"] for id in turn.after if id not in before}
    return {compiled.places[turn.question]} if turn.after is True else set()
