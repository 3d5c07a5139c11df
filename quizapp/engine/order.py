"""Who stands before whom: what is surely within the limits first, then score, then lower cost, then id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quizapp.engine.outcome import Recommendation

_NO_PRICE = 10**12


def ranked(recommendations: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """The same recommendations in order, with their ranks."""
    in_order = sorted(recommendations, key=_place)
    places = ranks([(bool(entry.beyond), entry.score) for entry in in_order])
    return tuple(replace(entry, rank=rank) for entry, rank in zip(in_order, places, strict=True))


def ranks(placed: Sequence[tuple[int, ...]]) -> list[int]:
    """The ranks of (beyond, score) pairs that stand in order; equal ones share theirs.

    >>> ranks([(False, 900), (False, 900), (False, 800), (True, 950)])
    [1, 1, 3, 4]
    """
    found: list[int] = []
    for position, pair in enumerate(placed):
        tied = position and pair == placed[position - 1]
        found.append(found[-1] if tied else position + 1)
    return found


def fitting(recommendations: Sequence[Recommendation], has_goals: bool) -> str:
    """Whether anything fits: within, beyond (a limit), steps_first (only actions are left), nothing.

    What has no known total counts as within here: it is not known to exceed a limit. ``has_goals`` says
    whether the bank has more than actions to recommend.
    """
    if not recommendations:
        return "nothing"
    goals = [entry for entry in recommendations if entry.kind != "action"] if has_goals else recommendations
    if not goals:
        return "steps_first"
    return "beyond" if all(any(over.by is not None for over in entry.beyond) for entry in goals) else "within"


def _place(entry: Recommendation) -> tuple[bool, int, int, str]:
    yen = entry.cost.yen if entry.cost else 0
    return bool(entry.beyond), -entry.score, _NO_PRICE if yen is None else yen, entry.item
