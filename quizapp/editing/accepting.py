"""Takes what a bank now says of a case as what is expected of it: for an edit whose new outcome is right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from quizapp.bank.addresses import value_at
from quizapp.editing.alter import put
from quizapp.editing.proposal import Proposal, cases_of, data_of, judged
from quizapp.editing.workshop import Workshop
from quizapp.engine.answers import read_answers, shown_screens
from quizapp.engine.outcome import Recommended, Total
from quizapp.engine.recommend import recommend
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.store.editing_records import Draft

GONE = object()
WHAT = "accepted"


def accept_outcome(workshop: Workshop, draft: Draft, case_id: str, on: date) -> Draft:
    """The draft with that case expecting what its bank says now; what was expected of nothing else changes.

    Raises NotFound for no such case, Conflict where the bank cannot be asked (it has problems, or cannot
    read the case's answers), and what ``Workshop.change`` raises.
    """
    return accept_outcomes(workshop, draft, (case_id,), on)


def accept_outcomes(workshop: Workshop, draft: Draft, case_ids: Iterable[str], on: date) -> Draft:
    """The draft with each of these cases expecting what its bank says now, in one step.

    Raises what ``accept_outcome`` does; nothing is changed then.
    """
    found = {case_id: _asked(draft, case_id, on) for case_id in case_ids}

    def alter(data: Any) -> Any:
        for case_id, (outcome, screens) in found.items():
            at = ("cases", case_id, "expect")
            data = put(data, at, accepted(value_at(data, at), outcome, screens))
        return data

    return workshop.change(draft.id, draft.version, "cases", WHAT, alter)


def now_expected(work: Proposal, case_id: str, on: date) -> tuple[Any, Any]:
    """What a case expects, and what it would expect if it were given what its bank says now.

    Raises NotFound for no such case, Conflict where the bank cannot be asked.
    """
    expect = value_at(data_of(work, "cases"), ("cases", case_id, "expect"))
    return expect, accepted(expect, *_asked(work, case_id, on))


def _asked(work: Proposal, case_id: str, on: date) -> tuple[Recommended, int]:
    """What the proposed bank says of a case, and how many screens its taker sees."""
    compiled, (cases, _) = judged(work, on).compiled, cases_of(work)
    case = next((one for one in cases.cases if one.id == case_id), None) if cases else None
    if case is None:
        raise NotFound(f"there is no case {case_id}")
    if compiled is None:
        raise Conflict("the bank has problems, so that it says nothing yet")
    raw = {name: list(value) if isinstance(value, tuple) else value for name, value in case.answers.items()}
    try:
        answers = read_answers(compiled, raw)
    except Invalid as error:
        raise Conflict(f"the bank cannot read the answers of {case_id}") from error
    return recommend(compiled, answers, case.on), len(shown_screens(compiled, answers))


def accepted(expect: Mapping[str, Any], outcome: Recommended, screens: int) -> dict[str, Any]:
    """The expectations with those that do not hold replaced by what came out, or left out where nothing did."""
    now = _Outcome(outcome, screens)
    found = {name: _FIELDS[name](now, value) if name in _FIELDS else value for name, value in expect.items()}
    return {name: value for name, value in found.items() if value is not GONE}


class _Outcome:
    """What came out, field by field, each beside what was expected."""

    def __init__(self, outcome: Recommended, screens: int) -> None:
        self.outcome = outcome
        self.screens = screens
        self.order = [entry.item for entry in outcome.recommendations]
        self.ranked: dict[str, Any] = {entry.item: entry for entry in outcome.recommendations}
        self.others: dict[str, Any] = {entry.item: entry for entry in outcome.not_now}

    def first(self, _: Any) -> Any:
        return self.order[0] if self.order else GONE

    def top(self, value: list[str]) -> Any:
        found = self.order[: len(value)]
        return value if set(found) == set(value) else found or GONE

    def top_in_order(self, value: list[str]) -> Any:
        return self.order[: len(value)] or GONE

    def above(self, value: list[list[str]]) -> Any:
        return _filled([pair for pair in value if self._above(*pair)])

    def _above(self, better: str, worse: str) -> bool:
        first, second = self.ranked.get(better), self.ranked.get(worse)
        return first is not None and (second is None or first.rank < second.rank)

    def not_top(self, value: list[str]) -> Any:
        return _filled([item for item in value if item not in self.order[:1]])

    def not_ranked(self, value: list[str]) -> Any:
        return _filled([item for item in value if item not in self.ranked])

    def standing(self, value: dict[str, str]) -> Any:
        there = {item: entry.standing.value for item, entry in (self.ranked | self.others).items()}
        return _filled({item: there[item] for item in value if item in there})

    def routes(self, value: dict[str, str]) -> Any:
        return _filled({name: route.standing.value for name in value if (route := self._route(name))})

    def _route(self, name: str) -> Any:
        item, _, route = name.partition(".")
        entry = self.ranked.get(item) or self.others.get(item)
        return next((one for one in entry.routes if one.route == route), None) if entry else None

    def blocked_by(self, value: dict[str, list[str]]) -> Any:
        return {
            item: _alike(blocks, self.others[item].blocked_by if item in self.others else ())
            for item, blocks in value.items()
        }

    def cost(self, value: dict[str, Any]) -> Any:
        kept = {}
        for item, expected in value.items():
            if entry := self.ranked.get(item):
                route = {"route": entry.route} if "route" in expected and entry.route else {}
                kept[item] = {**_total(expected, entry.cost), **route}
        return _filled({item: _in_order(value[item], found) for item, found in kept.items()})

    def route_cost(self, value: dict[str, Any]) -> Any:
        return _filled(
            {
                name: _in_order(expected, _total(expected, route.cost))
                for name, expected in value.items()
                if (route := self._route(name))
            }
        )

    def months(self, value: dict[str, Any]) -> Any:
        kept = {}
        for item, expected in value.items():
            entry = self.ranked.get(item)
            span = entry.months if entry else None
            told = {"from": span.from_, "to": span.to} if span else {}
            kept[item] = {name: told[name] for name in expected if told.get(name) is not None}
        return _filled({item: found for item, found in kept.items() if found})

    def beyond(self, value: dict[str, Any]) -> Any:
        return _filled(
            {
                item: {over.limit: over.by for over in self.ranked[item].beyond}
                for item in value
                if item in self.ranked
            }
        )

    def within(self, value: list[str]) -> Any:
        return _filled([item for item in value if item in self.ranked and not self.ranked[item].beyond])

    def steps(self, value: dict[str, list[str]]) -> Any:
        return {
            item: _alike(steps, [step.id for step in self.ranked[item].steps] if item in self.ranked else ())
            for item, steps in value.items()
        }

    def notes(self, value: list[str]) -> Any:
        return _filled([name for name in value if self._shown(name)])

    def _shown(self, name: str) -> bool:
        item, _, note = name.partition(".")
        entry = (self.ranked.get(item) or self.others.get(item)) if note else None
        return (note or item) in (entry.notes if entry else () if note else self.outcome.notes)

    def reasons(self, value: dict[str, list[str]]) -> Any:
        given = {item: {name for name, _ in entry.reasons} for item, entry in self.ranked.items()}
        kept = {
            item: [one for one in reasons if one in given.get(item, ())] for item, reasons in value.items()
        }
        return _filled({item: reasons for item, reasons in kept.items() if reasons})

    def providers(self, value: dict[str, list[str]]) -> Any:
        listed: Mapping[str, Collection[str]] = self.outcome.providers
        return {where: _alike(names, listed.get(where, ())) for where, names in value.items()}

    def fits(self, _: Any) -> Any:
        return self.outcome.fits

    def asked(self, value: int) -> Any:
        return max(value, self.screens)


_FIELDS: dict[str, Callable[[_Outcome, Any], Any]] = {
    name: getattr(_Outcome, name)
    for name in (
        "first", "top", "top_in_order", "above", "not_top", "not_ranked", "standing", "routes", "blocked_by",
        "cost", "route_cost", "months", "beyond", "within", "steps", "notes", "reasons", "providers", "fits",
        "asked",
    )
}  # fmt: skip


def _total(expected: Mapping[str, Any], total: Total | None) -> dict[str, Any]:
    """What of a total was expected, as it came out."""
    found: dict[str, Any] = {name: value for name, value in expected.items() if name == "route"}
    if "yen" in expected:
        found["yen"] = total.yen if total else None
    if total and "kind" in expected:
        found["kind"] = total.kind
    if "not_included" in expected:
        found["not_included"] = _alike(expected["not_included"], total.not_included if total else ())
    return found


def _alike(expected: Any, found: Collection[str]) -> list[str]:
    """What was expected if it is the same in another order, else what was found."""
    return list(expected) if set(expected) == set(found) else list(found)


def _in_order(expected: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in expected if name in found}


def _filled(found: Any) -> Any:
    return found or GONE
