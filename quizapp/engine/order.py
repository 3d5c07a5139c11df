"""Who stands before whom: within the limits first, then score, then lower cost, then id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quizapp.engine.outcome import Recommendation

_NO_PRICE = 10**12


def ranked(recommendations: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """The same recommendations in order, with their ranks; equal scores share a rank (1, 1, 3)."""
    in_order = sorted(recommendations, key=_place)
    placed: list[Recommendation] = []
    for position, entry in enumerate(in_order, 1):
        before = placed[-1] if placed else None
        tied = before is not None and _group(before) == _group(entry)
        placed.append(replace(entry, rank=before.rank if before and tied else position))
    return tuple(placed)


def fitting(recommendations: Sequence[Recommendation], has_goals: bool) -> str:
    """Whether anything fits: within, beyond (a limit), steps_first (only actions are left), nothing.

    ``has_goals`` says whether the bank has more than actions to recommend.
    """
    if not recommendations:
        return "nothing"
    goals = [entry for entry in recommendations if entry.kind != "action"] if has_goals else recommendations
    if not goals:
        return "steps_first"
    return "within" if any(not entry.beyond for entry in goals) else "beyond"


def _group(entry: Recommendation) -> tuple[bool, int]:
    return bool(entry.beyond), -entry.score


def _place(entry: Recommendation) -> tuple[bool, int, int, str]:
    yen = entry.cost.yen if entry.cost else 0
    return *_group(entry), _NO_PRICE if yen is None else yen, entry.item
