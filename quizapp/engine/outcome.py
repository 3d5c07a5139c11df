"""What the engine says of a taker: plain frozen values, and the one JSON shape of each.

Money is in yen, time in whole months, points and scores in 0-10,000 (shown to people as 0-100).
The JSON keys are a contract with the command line, the API and the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """What a taker may do with an item or a route on a given day, best first."""

    ELIGIBLE_NOW = "eligible_now"
    ELIGIBLE_AFTER_STEPS = "eligible_after_steps"
    UNKNOWN = "unknown"
    INELIGIBLE_NOW = "ineligible_now"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True)
class LedgerEntry:
    """The points that one criterion gives: round(10,000 * weight * value / (100 * sum of weights)).

    With unanswered questions, weight and value are rounded means over the completions, and points are
    means rounded up or down so that they add up to the score, which is the rounded mean.
    ``parts`` holds (part id, value 0-100 or None) pairs.
    """

    criterion: str
    weight: int
    value: int
    points: int
    known: bool = True
    parts: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True)
class Total:
    """A sum in yen with what kind of sum it is; ``yen`` is None where no part has a known price.

    While questions are open, ``yen`` is the least that it can come to, and ``most`` the greatest: None
    where nobody knows it, and where no answer changes the total.
    """

    yen: int | None
    kind: str
    not_included: tuple[str, ...] = ()
    most: int | None = None

    def to_json(self) -> dict[str, Any]:
        """``{"yen": …, "most": …, "kind": …, "not_included": […]}``."""
        return {
            "yen": self.yen,
            "most": self.most,
            "kind": self.kind,
            "not_included": list(self.not_included),
        }


@dataclass(frozen=True)
class Span:
    """Whole months from the day asked, the wait for a sitting included; ``to`` is None if unknown."""

    from_: int
    to: int | None

    def to_json(self) -> dict[str, Any]:
        """``{"from": …, "to": …}``."""
        return {"from": self.from_, "to": self.to}


@dataclass(frozen=True)
class StepToTake:
    """A step that this taker still has to take. ``when`` is before or after the exam."""

    id: str
    yen: int | None
    months: int
    when: str = "before"

    def to_json(self) -> dict[str, Any]:
        """``{"id": …, "yen": …, "months": …, "when": …}``."""
        return {"id": self.id, "yen": self.yen, "months": self.months, "when": self.when}


@dataclass(frozen=True)
class RouteOutcome:
    """One route for this taker. ``blocked_by`` names the fixed requirements that fail."""

    route: str
    standing: Standing
    cost: Total | None
    months: Span | None
    blocked_by: tuple[str, ...] = ()
    steps: tuple[StepToTake, ...] = ()
    wait: int | None = None
    paid: tuple[tuple[str, int | None], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The route object of the contract."""
        return {
            "route": self.route,
            "standing": self.standing.value,
            "cost": self.cost.to_json() if self.cost else None,
            "months": self.months.to_json() if self.months else None,
            "wait": self.wait,
            "blocked_by": list(self.blocked_by),
            "steps": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True)
class Beyond:
    """By how much (yen or months) an item exceeds one of the taker's limits.

    ``by`` is None where nobody knows the item's total, so that it cannot be held against the limit.
    """

    limit: str
    by: int | None

    def to_json(self) -> dict[str, Any]:
        """``{"limit": …, "by": …}``."""
        return {"limit": self.limit, "by": self.by}


@dataclass(frozen=True)
class Recommendation:
    """One ranked item. ``score`` is the sum of the ledger's points, 0-10,000.

    ``rank_range`` are the best and the worst place that it can come to have wherever it is ranked.
    """

    item: str
    kind: str
    rank: int
    standing: Standing
    score: int
    score_range: tuple[int, int]
    ledger: tuple[LedgerEntry, ...]
    route: str | None
    cost: Total | None
    months: Span | None
    beyond: tuple[Beyond, ...] = ()
    routes: tuple[RouteOutcome, ...] = ()
    steps: tuple[StepToTake, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    rank_range: tuple[int, int] = (0, 0)

    def to_json(self) -> dict[str, Any]:
        """The recommendation object of the contract."""
        return {
            "item": self.item,
            "kind": self.kind,
            "rank": self.rank,
            "rank_range": list(self.rank_range),
            "standing": self.standing.value,
            "score": self.score,
            "score_range": list(self.score_range),
            "ledger": [
                {
                    "criterion": entry.criterion,
                    "weight": entry.weight,
                    "value": entry.value,
                    "points": entry.points,
                    "known": entry.known,
                    **({"parts": dict(entry.parts)} if entry.parts else {}),
                }
                for entry in self.ledger
            ],
            "route": self.route,
            "cost": self.cost.to_json() if self.cost else None,
            "months": self.months.to_json() if self.months else None,
            "beyond": [over.to_json() for over in self.beyond],
            "routes": [route.to_json() for route in self.routes],
            "steps": [step.to_json() for step in self.steps],
            "reasons": [{"id": reason, "side": side} for reason, side in self.reasons],
            "notes": list(self.notes),
            "providers": list(self.providers),
        }


@dataclass(frozen=True)
class NotNow:
    """An item that is not ranked, and why: closed, held, blocked, or merely named by a source."""

    item: str
    kind: str
    standing: Standing
    blocked_by: tuple[str, ...] = ()
    routes: tuple[RouteOutcome, ...] = ()
    listed_only: bool = False
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The not-now object of the contract."""
        return {
            "item": self.item,
            "kind": self.kind,
            "standing": self.standing.value,
            "blocked_by": list(self.blocked_by),
            "routes": [route.to_json() for route in self.routes],
            "listed_only": self.listed_only,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Recommended:
    """Everything the engine says of one taker on one day.

    ``fits`` is ``"within"`` when something ranked exceeds no limit as far as is known, ``"beyond"`` when all
    that is ranked exceeds a limit, ``"steps_first"`` when only actions can be ranked, ``"nothing"`` when
    nothing can. ``exact`` says whether standings and score ranges are exact or sound bounds,
    ``ranks_exact`` the same of the ranges of ranks, ``totals_exact`` of the ranges of costs and months.
    """

    bank: str
    revision: str
    on: str
    recommendations: tuple[Recommendation, ...]
    not_now: tuple[NotNow, ...]
    fits: str = "within"
    notes: tuple[str, ...] = ()
    providers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    exact: bool = True
    ranks_exact: bool = True
    totals_exact: bool = True

    def to_json(self) -> dict[str, Any]:
        """The whole contract object."""
        return {
            "bank": self.bank,
            "revision": self.revision,
            "on": self.on,
            "fits": self.fits,
            "exact": self.exact,
            "ranks_exact": self.ranks_exact,
            "totals_exact": self.totals_exact,
            "unanswered": list(self.unanswered),
            "recommendations": [entry.to_json() for entry in self.recommendations],
            "not_now": [entry.to_json() for entry in self.not_now],
            "notes": list(self.notes),
            "providers": {where: list(ids) for where, ids in self.providers.items()},
        }
