"""A second, slow, obvious engine: it walks the bank itself, with the reference interpreter.

It shares with the real one only the interpreter's meaning of a rule and the words of the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from math import floor
from typing import Any

from quizapp.bank.model import Bank, Item, Question, Route
from quizapp.bank.scope import plan_scope, read_values, scope_of
from quizapp.rules import read
from quizapp.rules.evaluate import Given, evaluate


@dataclass(frozen=True)
class Judged:
    """What becomes of one item for one complete taker."""

    standing: str
    score: int
    points: tuple[int, ...]
    route: str | None
    yen: int | None
    months: int | None
    over: int


class Oracle:
    """One bank on one day."""

    def __init__(self, bank: Bank, on: date) -> None:
        self.bank, self.on = bank, on
        self.scope = scope_of(bank)
        self.values = read_values(bank).trees
        self.counted = [c for c in bank.criteria if self.known_for_any(c.id)]

    def known_for_any(self, criterion: str) -> bool:
        return any(self.fit(item, criterion) != "unknown" for item in self.bank.items)

    def fit(self, item: Item, criterion: str) -> Any:
        given = next(c for c in self.bank.criteria if c.id == criterion)
        return item.fit.get(criterion, given.value)

    def truth(self, text: str, given: dict[str, Given]) -> bool:
        result = evaluate(read(text, self.scope), given)
        assert result is not None
        return bool(result)

    def given(self, answers: dict[str, Any]) -> dict[str, Given]:
        """The facts that rules read, hidden questions and named values included."""
        given: dict[str, Given] = {"today": self.on.toordinal()}
        for question in self.bank.questions:
            given[question.id] = plain(answers[question.id])
            hidden = question.ask_if and not evaluate(read(question.ask_if, self.scope), given)
            if hidden and question.when_hidden is not None:
                given[question.id] = plain(question.when_hidden)
        for name, tree in self.values.items():
            given[name] = evaluate(tree, given)
        return given

    def judge(self, answers: dict[str, Any]) -> dict[str, Judged]:
        given = self.given(answers)
        weights = [evaluate(read(c.weight, self.scope), given) or 0 for c in self.counted]
        judged = {}
        for item in self.bank.items:
            if item.relevant_if and not self.truth(item.relevant_if, given):
                continue
            judged[item.id] = self.item(item, given, weights)
        return judged

    def item(self, item: Item, given: dict[str, Given], weights: list[int]) -> Judged:
        routes = [self.route(item, route, given) for route in item.routes]
        open_routes = [r for r in routes if r["standing"] != "ineligible_now"]
        if item.closing and self.on > item.closing.after:
            standing = "closed"
        elif item.held_if and self.truth(item.held_if, given):
            standing = "held"
        elif not open_routes:
            standing = "ineligible_now"
        elif any(r["standing"] == "eligible_now" for r in open_routes):
            standing = "eligible_now"
        else:
            standing = "eligible_after_steps"
        if standing in ("closed", "held", "ineligible_now"):
            return Judged(standing, 0, (0,) * len(weights), None, None, None, 0)
        limit = next(
            (answer for limit in self.bank.limits if isinstance(answer := given[limit.question], int)), None
        )

        def over(route: dict[str, Any]) -> int:
            return 0 if limit is None else max(0, route["months"] - limit)

        best = min(open_routes, key=lambda r: (r["yen"] is None, over(r) > 0, r["yen"] or 0, r["months"]))
        points = self.points(item, given, weights, best)
        return Judged(
            standing, sum(points), tuple(points), best["id"], best["yen"], best["months"], over(best)
        )

    def points(
        self, item: Item, given: dict[str, Given], weights: list[int], best: dict[str, Any]
    ) -> list[int]:
        plan = {**given, "cost": best["yen"], "duration": best["months"]}
        points = []
        for criterion, weight in zip(self.counted, weights, strict=True):
            text = self.fit(item, criterion.id)
            unknown = text == "unknown" or ("cost" in text and best["yen"] is None)
            value = criterion.if_unknown if unknown else evaluate(read(text, plan_scope(self.scope)), plan)
            points.append(floor(Fraction(10_000 * weight * value, 100 * sum(weights)) + Fraction(1, 2)))
        return points

    def route(self, item: Item, route: Route, given: dict[str, Given]) -> dict[str, Any]:
        lacking = [r for r in (*item.requires, *route.requires) if not self.truth(r.if_, given)]
        steps = [r for r in lacking if r.step]
        due = [c.yen for c in (*item.costs, *route.costs) if not (c.unless and self.truth(c.unless, given))]
        due += [
            r.step.yen
            for r in steps
            if r.step and r.step.yen != 0 and (r.step.yen != "unknown" or r.step.in_total)
        ]
        known = [yen for yen in due if yen != "unknown"]
        before = [r for r in steps if r.when == "before"]
        ready = (route.months.from_ if route.months else 0) + sum(r.step.months for r in before if r.step)
        sitting = {month for row in item.schedule for month in row.months}
        while sitting and (self.on.month - 1 + ready) % 12 + 1 not in sitting:
            ready += 1
        blocked = any(r.fixed for r in lacking)
        return {
            "id": route.id,
            "standing": "ineligible_now" if blocked else "eligible_after_steps" if before else "eligible_now",
            "yen": None if due and not known else sum(known),
            "months": ready,
        }


def plain(answer: Any) -> Given:
    """An answer as the interpreter reads it."""
    if isinstance(answer, list | tuple):
        return frozenset(answer)
    return int(answer) if isinstance(answer, bool) else answer


def every_answer(question: Question) -> list[Any]:
    """All answers of a question."""
    options = [option.id for option in question.options]
    match question.kind:
        case "choice":
            return list(options)
        case "choices":
            return [list(held) for n in range(len(options) + 1) for held in combinations(options, n)]
        case "yes_no":
            return [False, True]
    assert question.grid
    return list(range(question.grid.from_, question.grid.to + 1, question.grid.step))


def completions(bank: Bank, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """Every way of answering what is left open."""
    ways = [[answers[q.id]] if q.id in answers else every_answer(q) for q in bank.questions]
    names = [q.id for q in bank.questions]
    return [dict(zip(names, way, strict=True)) for way in product(*ways)]
