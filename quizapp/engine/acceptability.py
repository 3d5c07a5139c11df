"""How often each item is first when the weights are uncertain; gates, limits and values held fixed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from quizapp.engine.outcome import LedgerEntry, Recommendation, Recommended

Reals = npt.NDArray[np.float64]

DRAWS = 5_000
SEED = 20_061_122
SPREAD = 1 / 3
_WITHIN = 1e6


@dataclass(frozen=True)
class Share:
    """In what share (0-1) of the draws an item is first, and among the first three, with standard errors."""

    item: str
    first: float
    first_error: float
    top_three: float
    top_three_error: float

    def to_json(self) -> dict[str, Any]:
        """``{"item": …, "first": …, "first_error": …, "top_three": …, "top_three_error": …}``."""
        return {
            "item": self.item,
            "first": round(self.first, 4),
            "first_error": round(self.first_error, 4),
            "top_three": round(self.top_three, 4),
            "top_three_error": round(self.top_three_error, 4),
        }


@dataclass(frozen=True)
class Acceptability:
    """The shares of every ranked item, in the order of the ranking, over ``draws`` ways of weighing.

    ``exact`` is False while questions are open: mean values then stand in for values.
    """

    draws: int
    seed: int
    shares: tuple[Share, ...]
    exact: bool = True

    def to_json(self) -> dict[str, Any]:
        """``{"draws": …, "seed": …, "exact": …, "shares": […]}``."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "exact": self.exact,
            "shares": [share.to_json() for share in self.shares],
        }


def acceptability(recommended: Recommended, draws: int = DRAWS, seed: int = SEED) -> Acceptability:
    """The rank acceptability of every ranked item under uncertain weights; the same seed, the same shares.

    SMAA-2 (Lahdelma & Salminen 2001, "SMAA-2: Stochastic Multicriteria Acceptability Analysis for Group
    Decision Making", Operations Research 49(3)), with weights drawn around the taker's own (``draw``).
    Scores are not rounded; what ties in every weighing shares its place evenly; what is beyond a limit
    stays behind what is within. A share's standard error is sqrt(p(1 - p) / draws).
    """
    entries = recommended.recommendations
    complete = not recommended.unanswered
    if not entries:
        return Acceptability(draws, seed, (), complete)
    weights = np.array([entry.weight for entry in entries[0].ledger], dtype=np.float64)
    counted = np.flatnonzero(weights > 0)
    values = np.array([_values(entry, complete) for entry in entries])[:, counted]
    own = weights[counted]
    shares = _shares(values, [bool(entry.beyond) for entry in entries], draw(own, draws, seed), own)
    return Acceptability(
        draws,
        seed,
        tuple(
            Share(entry.item, first, _error(first, draws), three, _error(three, draws))
            for entry, first, three in zip(entries, *shares, strict=True)
        ),
        complete,
    )


def concentration(criteria: int) -> float:
    """The Dirichlet's k that gives a weight of average size a coefficient of variation of SPREAD.

    A share p has the variance p(1 - p) / (k + 1); with p = 1/criteria, k = (criteria - 1) / SPREAD² - 1.
    A third is chosen because the banks at least double, most often, the weight of what a taker says
    matters most: that lies three standard deviations away, so draws disagree about how much things
    weigh and not about what the taker said.

    >>> round(concentration(2)), round(concentration(7))
    (8, 53)
    """
    return max(criteria - 1, 1) / SPREAD**2 - 1


def draw(weights: Reals, draws: int, seed: int) -> Reals:
    """Shares of weight, shape (draws, criteria), each row adding up to 1, Dirichlet around ``weights`` (> 0).

    Not to be changed: takers who weigh alike share them.
    """
    return _drawn(tuple(weights.tolist()), draws, seed)


@lru_cache(maxsize=16)
def _drawn(own: tuple[float, ...], draws: int, seed: int) -> Reals:
    weights = np.array(own)
    if not len(weights):
        return np.zeros((draws, 0))
    alpha = concentration(len(weights)) * weights / weights.sum()
    gamma: Reals = np.random.default_rng(seed).standard_gamma(alpha, size=(draws, len(weights)))
    whole = gamma.sum(axis=1, keepdims=True)
    return gamma / np.where(whole > 0, whole, 1)


def _values(entry: Recommendation, complete: bool) -> list[float]:
    """What full weight on each criterion would give the item, in points of 10,000.

    While questions are open, the value that gives the mean points at the mean weights.
    """
    whole = sum(each.weight for each in entry.ledger)
    return [_value(each, whole, complete) for each in entry.ledger]


def _value(entry: LedgerEntry, whole: int, complete: bool) -> float:
    if complete or not entry.weight:
        return 100.0 * entry.value
    return entry.points * whole / entry.weight


def _shares(
    values: Reals, beyond: list[bool], weighings: Reals, own: Reals
) -> tuple[list[float], list[float]]:
    """The shares of first places and of places among the first three, by item.

    Weights are drawn from a continuum, so two items tie only if they are alike in every criterion;
    such items stand as one, and share its places. Where a weight is drawn too small to tell two items
    apart, the taker's ``own`` weights do.
    """
    ahead = np.where(np.array(beyond), 0.0, _WITHIN)
    alike, of = np.unique(np.column_stack([values, ahead]), axis=0, return_inverse=True)
    ahead_first = np.argsort(-(alike[:, :-1] @ own + alike[:, -1] * max(own.sum(), 1)), kind="stable")
    alike, of = alike[ahead_first], np.argsort(ahead_first)[of.reshape(-1)]
    sizes = np.bincount(of)
    scores = weighings @ alike[:, :-1].T + alike[:, -1]
    draws = len(scores)
    first, three = np.zeros(len(sizes)), np.zeros(len(sizes))
    room = np.full(draws, 3.0)
    for place in range(min(3, len(sizes))):
        best = scores.argmax(axis=1)
        if place == 0:
            first = np.bincount(best, minlength=len(sizes)) / sizes
        taken = np.minimum(room, sizes[best])
        three += np.bincount(best, weights=taken, minlength=len(sizes)) / sizes
        room -= taken
        scores[np.arange(draws), best] = -np.inf
    return (first[of] / draws).tolist(), (three[of] / draws).tolist()


def _error(share: float, draws: int) -> float:
    return sqrt(share * (1 - share) / draws) if 0 < share < 1 else 0.0
