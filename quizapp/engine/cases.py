"""Runs a bank's cases: what its author expects of made-up takers, against what the engine says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.bank.cases import Case, Expect, ExpectedCost
from quizapp.engine.answers import read_answers, shown_screens
from quizapp.engine.compiled import Compiled
from quizapp.engine.outcome import NotNow, Recommendation, Recommended, RouteOutcome, Span, Total
from quizapp.engine.recommend import recommend
from quizapp.errors import Invalid


@dataclass(frozen=True)
class CaseResult:
    """One case: passed, or what came out otherwise, each in one sentence."""

    id: str
    passed: bool
    failures: tuple[str, ...]


def run_cases(compiled: Compiled, cases: Sequence[Case]) -> list[CaseResult]:
    """Every case against the compiled bank, in order."""
    return [run_case(compiled, case) for case in cases]


def run_case(compiled: Compiled, case: Case) -> CaseResult:
    """One case. Answers that the bank cannot read are a failure like any other."""
    raw = {name: list(value) if isinstance(value, tuple) else value for name, value in case.answers.items()}
    try:
        answers = read_answers(compiled, raw, f"case {case.id}")
    except Invalid as error:
        return CaseResult(case.id, False, tuple(problem.what for problem in error.problems))
    judged = _Judged(recommend(compiled, answers, case.on))
    failures = list(judged.differences(case.expect))
    screens = len(shown_screens(compiled, answers))
    if case.expect.asked is not None and screens > case.expect.asked:
        failures.append(f"sees {screens} screens, at most {case.expect.asked} expected")
    return CaseResult(case.id, not failures, tuple(failures))


class _Judged:
    """A recommendation looked up by item and route."""

    def __init__(self, outcome: Recommended) -> None:
        self.outcome = outcome
        self.order = [entry.item for entry in outcome.recommendations]
        self.ranked = {entry.item: entry for entry in outcome.recommendations}
        self.others = {entry.item: entry for entry in outcome.not_now}

    def entry(self, item: str) -> Recommendation | NotNow | None:
        return self.ranked.get(item) or self.others.get(item)

    def route(self, name: str) -> RouteOutcome | None:
        item, _, route = name.partition(".")
        entry = self.entry(item)
        return next((r for r in entry.routes if r.route == route), None) if entry else None

    def differences(self, expect: Expect) -> Iterator[str]:
        yield from self._order(expect)
        yield from self._standings(expect)
        yield from self._figures(expect)
        yield from self._said(expect)

    def _order(self, expect: Expect) -> Iterator[str]:
        first = self.order[0] if self.order else None
        if expect.first is not None and first != expect.first:
            yield f"first is {first}, expected {expect.first}"
        if expect.top is not None and set(self.order[: len(expect.top)]) != set(expect.top):
            yield f"on top are {self.order[: len(expect.top)]}, expected {list(expect.top)} in any order"
        if expect.top_in_order is not None and self.order[: len(expect.top_in_order)] != list(
            expect.top_in_order
        ):
            yield f"on top are {self.order[: len(expect.top_in_order)]}, expected {list(expect.top_in_order)}"
        for better, worse in expect.above:
            if not self._above(better, worse):
                yield f"{better} does not rank above {worse}"
        for item in expect.not_top:
            if item == first:
                yield f"{item} is first"
        for item in expect.not_ranked:
            if item in self.ranked:
                yield f"{item} is ranked"

    def _above(self, better: str, worse: str) -> bool:
        if better not in self.ranked:
            return False
        return worse not in self.ranked or self.ranked[better].rank < self.ranked[worse].rank

    def _standings(self, expect: Expect) -> Iterator[str]:
        for item, standing in expect.standing.items():
            entry = self.entry(item)
            said = entry.standing.value if entry else "left out"
            if said != standing:
                yield f"{item} is {said}, expected {standing}"
        for name, standing in expect.routes.items():
            route = self.route(name)
            said = route.standing.value if route else "left out"
            if said != standing:
                yield f"{name} is {said}, expected {standing}"
        for item, blocks in expect.blocked_by.items():
            entry = self.entry(item)
            found = entry.blocked_by if isinstance(entry, NotNow) else ()
            if set(found) != set(blocks):
                yield f"{item} is blocked by {list(found)}, expected {list(blocks)}"

    def _figures(self, expect: Expect) -> Iterator[str]:
        for item, cost in expect.cost.items():
            entry = self.ranked.get(item)
            if entry is None:
                yield f"{item} is not ranked, so it has no plan"
            else:
                if cost.route is not None and entry.route != cost.route:
                    yield f"{item} goes by {entry.route}, expected {cost.route}"
                yield from _cost_differences(item, entry.cost, cost)
        for name, cost in expect.route_cost.items():
            route = self.route(name)
            yield from _cost_differences(name, route.cost if route else None, cost)
        for item, months in expect.months.items():
            entry = self.ranked.get(item)
            span = entry.months if entry else None
            yield from _month_differences(item, span, months.from_, months.to)
        for item, beyond in expect.beyond.items():
            entry = self.ranked.get(item)
            found = {over.limit: over.by for over in entry.beyond} if entry else None
            if found != beyond:
                yield f"{item} is beyond by {found}, expected {beyond}"
        for item in expect.within:
            entry = self.ranked.get(item)
            if entry is None or entry.beyond:
                yield f"{item} is not within the limits"
        for item, steps in expect.steps.items():
            entry = self.ranked.get(item)
            taken = [step.id for step in entry.steps] if entry else []
            if set(taken) != set(steps):
                yield f"{item} has the steps {taken}, expected {list(steps)}"

    def _said(self, expect: Expect) -> Iterator[str]:
        for name in expect.notes:
            item, _, note = name.partition(".")
            entry = self.entry(item) if note else None
            shown = entry.notes if entry else () if note else self.outcome.notes
            if (note or item) not in shown:
                yield f"the note {name} is not shown"
        for item, reasons in expect.reasons.items():
            entry = self.ranked.get(item)
            given = {reason for reason, _ in entry.reasons} if entry else set()
            for reason in reasons:
                if reason not in given:
                    yield f"{item} does not give the reason {reason}"
        for where, providers in expect.providers.items():
            listed = self.outcome.providers.get(where, ())
            if set(listed) != set(providers):
                yield f"{where} schools are {list(listed)}, expected {list(providers)}"
        if expect.fits is not None and self.outcome.fits != expect.fits:
            yield f"fits is {self.outcome.fits}, expected {expect.fits}"


def _cost_differences(name: str, cost: Total | None, expected: ExpectedCost) -> Iterator[str]:
    given = expected.model_fields_set
    if "yen" in given and (cost is None or cost.yen != expected.yen):
        yield f"{name} costs {cost.yen if cost else None}, expected {expected.yen}"
    if expected.kind is not None and (cost is None or cost.kind != expected.kind):
        yield f"{name} has a total of kind {cost.kind if cost else None}, expected {expected.kind}"
    if expected.not_included is not None:
        missing = cost.not_included if cost else ()
        if set(missing) != set(expected.not_included):
            yield f"{name} leaves out {list(missing)}, expected {list(expected.not_included)}"


def _month_differences(item: str, span: Span | None, first: int | None, last: int | None) -> Iterator[str]:
    if first is not None and (span is None or span.from_ != first):
        yield f"{item} takes from {span.from_ if span else None} months, expected {first}"
    if last is not None and (span is None or span.to != last):
        yield f"{item} takes to {span.to if span else None} months, expected {last}"
