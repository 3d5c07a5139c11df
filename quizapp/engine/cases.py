"""Runs a bank's cases: what its author expects of made-up takers, against what the engine says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.bank.cases import Case, Expect, ExpectedCost
from quizapp.engine.answers import read_answers, shown_screens
from quizapp.engine.compiled import Compiled
from quizapp.engine.outcome import NotNow, Recommendation, Recommended, RouteOutcome, Span, Total
from quizapp.engine.recommend import recommend
from quizapp.errors import Invalid, Told, told


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
        failures.append(
            told(
                "sees %(screens)s screens, at most %(asked)s expected",
                screens=screens,
                asked=case.expect.asked,
            )
        )
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
            yield told("first is %(found)s, expected %(first)s", found=first, first=expect.first)
        if expect.top is not None and set(self.order[: len(expect.top)]) != set(expect.top):
            yield told(
                "on top are %(order)s, expected %(top)s in any order",
                order=_row(self.order[: len(expect.top)]),
                top=_row(expect.top),
            )
        if expect.top_in_order is not None and self.order[: len(expect.top_in_order)] != list(
            expect.top_in_order
        ):
            yield told(
                "on top are %(order)s, expected %(top_in_order)s",
                order=_row(self.order[: len(expect.top_in_order)]),
                top_in_order=_row(expect.top_in_order),
            )
        for better, worse in expect.above:
            if not self._above(better, worse):
                yield told("%(better)s does not rank above %(worse)s", better=better, worse=worse)
        for item in expect.not_top:
            if item == first:
                yield told("%(item)s is first", item=item)
        for item in expect.not_ranked:
            if item in self.ranked:
                yield told("%(item)s is ranked", item=item)

    def _above(self, better: str, worse: str) -> bool:
        if better not in self.ranked:
            return False
        return worse not in self.ranked or self.ranked[better].rank < self.ranked[worse].rank

    def _standings(self, expect: Expect) -> Iterator[str]:
        for item, standing in expect.standing.items():
            entry = self.entry(item)
            said = entry.standing.value if entry else told("left out")
            if said != standing:
                yield told(
                    "%(item)s is %(said)s, expected %(standing)s", item=item, said=said, standing=standing
                )
        for name, standing in expect.routes.items():
            route = self.route(name)
            said = route.standing.value if route else told("left out")
            if said != standing:
                yield told(
                    "%(name)s is %(said)s, expected %(standing)s", name=name, said=said, standing=standing
                )
        for item, blocks in expect.blocked_by.items():
            entry = self.entry(item)
            found = entry.blocked_by if isinstance(entry, NotNow) else ()
            if set(found) != set(blocks):
                yield told(
                    "%(item)s is blocked by %(found)s, expected %(blocks)s",
                    item=item,
                    found=_row(found),
                    blocks=_row(blocks),
                )

    def _figures(self, expect: Expect) -> Iterator[str]:
        for item, cost in expect.cost.items():
            entry = self.ranked.get(item)
            if entry is None:
                yield told("%(item)s is not ranked, so it has no plan", item=item)
            else:
                if cost.route is not None and entry.route != cost.route:
                    yield told(
                        "%(item)s goes by %(found)s, expected %(route)s",
                        item=item,
                        found=entry.route,
                        route=cost.route,
                    )
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
                yield told(
                    "%(item)s is beyond by %(found)s, expected %(beyond)s",
                    item=item,
                    found=found,
                    beyond=beyond,
                )
        for item in expect.within:
            entry = self.ranked.get(item)
            if entry is None or entry.beyond:
                yield told("%(item)s is not within the limits", item=item)
        for item, steps in expect.steps.items():
            entry = self.ranked.get(item)
            taken = [step.id for step in entry.steps] if entry else []
            if set(taken) != set(steps):
                yield told(
                    "%(item)s has the steps %(taken)s, expected %(steps)s",
                    item=item,
                    taken=_row(taken),
                    steps=_row(steps),
                )

    def _said(self, expect: Expect) -> Iterator[str]:
        for name in expect.notes:
            item, _, note = name.partition(".")
            entry = self.entry(item) if note else None
            shown = entry.notes if entry else () if note else self.outcome.notes
            if (note or item) not in shown:
                yield told("the note %(name)s is not shown", name=name)
        for item, reasons in expect.reasons.items():
            entry = self.ranked.get(item)
            given = {reason for reason, _ in entry.reasons} if entry else set()
            for reason in reasons:
                if reason not in given:
                    yield told("%(item)s does not give the reason %(reason)s", item=item, reason=reason)
        for where, providers in expect.providers.items():
            listed = self.outcome.providers.get(where, ())
            if set(listed) != set(providers):
                yield told(
                    "%(where)s schools are %(listed)s, expected %(providers)s",
                    where=where,
                    listed=_row(listed),
                    providers=_row(providers),
                )
        if expect.fits is not None and self.outcome.fits != expect.fits:
            yield told("fits is %(found)s, expected %(fits)s", found=self.outcome.fits, fits=expect.fits)


def _row(names: Iterable[str]) -> Told:
    listed = [told("'%(name)s'", name=name) for name in names]
    return told("[%(names)s]", names=listed) if listed else told("[]")


def _cost_differences(name: str, cost: Total | None, expected: ExpectedCost) -> Iterator[str]:
    given = expected.model_fields_set
    if "yen" in given and (cost is None or cost.yen != expected.yen):
        yield told(
            "%(name)s costs %(found)s, expected %(yen)s",
            name=name,
            found=cost.yen if cost else None,
            yen=expected.yen,
        )
    if expected.kind is not None and (cost is None or cost.kind != expected.kind):
        yield told(
            "%(name)s has a total of kind %(found)s, expected %(kind)s",
            name=name,
            found=cost.kind if cost else None,
            kind=expected.kind,
        )
    if expected.not_included is not None:
        missing = cost.not_included if cost else ()
        if set(missing) != set(expected.not_included):
            yield told(
                "%(name)s leaves out %(missing)s, expected %(not_included)s",
                name=name,
                missing=_row(missing),
                not_included=_row(expected.not_included),
            )


def _month_differences(item: str, span: Span | None, first: int | None, last: int | None) -> Iterator[str]:
    if first is not None and (span is None or span.from_ != first):
        yield told(
            "%(item)s takes from %(found)s months, expected %(first)s",
            item=item,
            found=span.from_ if span else None,
            first=first,
        )
    if last is not None and (span is None or span.to != last):
        yield told(
            "%(item)s takes to %(found)s months, expected %(last)s",
            item=item,
            found=span.to if span else None,
            last=last,
        )
