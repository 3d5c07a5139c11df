"""Checks that every item can be had by some way, and that its ways are told without contradiction."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.bank.checks.inspection import Inspection
from quizapp.bank.checks.satisfiable import can_hold
from quizapp.bank.model import Item, Months, Requirement, Route, Schedule
from quizapp.bank.yaml.nodes import Path
from quizapp.errors import Key, Problem, told


def check_items(inspection: Inspection) -> Iterator[Problem]:
    """Requirements, routes, costs, months and schedules; routes and items that nobody can reach."""
    for path, requirement in inspection.parts_of(Requirement):
        yield from _requirement(inspection, path, requirement)
    for path, months in inspection.parts_of(Months):
        yield from _months(inspection, path, months)
    for path, schedule in inspection.parts_of(Schedule):
        yield from _schedule(inspection, path, schedule)
    for index, item in enumerate(inspection.bank.items):
        path = ("items", index)
        yield from _routes(inspection, path, item)
        yield from _prices(inspection, path, item)
        if item.routes and not item.listed_only:
            yield from _reach(inspection, path, item)


def _requirement(inspection: Inspection, path: Path, requirement: Requirement) -> Iterator[Problem]:
    if requirement.fixed == (requirement.step is not None):
        both = requirement.fixed
        name = requirement.id
        yield inspection.problem(
            (*path, "id"),
            "requirement_kind",
            told('the requirement "%(name)s" is both fixed and met by a step', name=name)
            if both
            else told('the requirement "%(name)s" is neither fixed nor met by a step', name=name),
            told("a taker must be told either that it is closed to them or what to do"),
            told("delete fixed: or step:") if both else told("add fixed: true with otherwise:, or a step:"),
            about=(*path, "fixed"),
        )
    if requirement.fixed and requirement.otherwise is None:
        yield inspection.problem(
            (*path, "id"),
            "no_otherwise",
            told('the fixed requirement "%(requirement)s" has no otherwise', requirement=requirement.id),
            told("whoever fails it must read what is missing and what would open it"),
            told("add otherwise: in both languages"),
            about=(*path, "otherwise"),
        )
    if requirement.fixed and requirement.when == "after":
        yield inspection.problem(
            (*path, "when"),
            "fixed_after",
            told(
                'the requirement "%(requirement)s" is fixed and may follow the exam',
                requirement=requirement.id,
            ),
            told("what may follow blocks nothing, so it cannot be fixed"),
            told("delete one of the two"),
        )


def _months(inspection: Inspection, path: Path, months: Months) -> Iterator[Problem]:
    if months.to is not None and months.from_ > months.to:
        yield inspection.problem(
            (*path, "from"),
            "range_reversed",
            told("from %(low)s is greater than to %(to)s", low=months.from_, to=months.to),
            told("the range would be empty"),
            told("swap the two"),
        )


def _schedule(inspection: Inspection, path: Path, schedule: Schedule) -> Iterator[Problem]:
    if [schedule.any_day, schedule.monthly, bool(schedule.months)].count(True) != 1:
        yield inspection.problem(
            path,
            "schedule_kind",
            told("this row says not exactly one of any_day, monthly and months"),
            told("the wait for the next sitting is worked out from it"),
            told("keep one; for two kinds of sitting write two rows"),
            about=(*path, "any_day"),
        )
    if len(set(schedule.months)) < len(schedule.months):
        yield inspection.problem(
            (*path, "months"),
            "duplicate_month",
            told("a month is listed twice"),
            told("one of them was meant to be another"),
            told("check the months"),
        )


def _routes(inspection: Inspection, path: Path, item: Item) -> Iterator[Problem]:
    if not item.routes and not item.listed_only and item.kind != "action":
        yield inspection.problem(
            (*path, "id"),
            "no_route",
            told('item "%(item)s" has no route', item=item.id),
            told("without one nobody can get it, and it is never recommended"),
            told("add routes:, or listed_only: true where the source only names it"),
            about=(*path, "routes"),
        )
    if item.listed_only:
        for name in ("routes", "fit"):
            if getattr(item, name):
                yield inspection.problem(
                    (*path, name),
                    "listed_only_ranked",
                    told('item "%(item)s" is listed only and has %(field)s', item=item.id, field=Key(name)),
                    told("what a source merely names is never ranked, so they would not count"),
                    told("delete %(field)s:, or listed_only:", field=Key(name)),
                    at_key=True,
                )


def _prices(inspection: Inspection, path: Path, item: Item) -> Iterator[Problem]:
    places: list[tuple[Path, Item | Route]] = [(path, item)]
    places += [((*path, "routes", number), route) for number, route in enumerate(item.routes)]
    for place, part in places:
        if not item.priced and part.costs:
            yield inspection.problem(
                (*place, "costs"),
                "unpriced_costs",
                told('item "%(item)s" is priced: false and has costs', item=item.id),
                told("they would never be counted"),
                told("delete the costs, or priced: false"),
                at_key=True,
            )
        elif item.priced and isinstance(part, Route) and not (part.costs or item.costs):
            yield inspection.problem(
                (*place, "id"),
                "no_costs",
                told('the route "%(route)s" of "%(item)s" costs nothing', route=part.id, item=item.id),
                told("a page would say 0 yen"),
                told("add costs: (yen: unknown where no source says it), or priced: false to the item"),
                warning=True,
                about=(*place, "costs"),
            )


def _shut_on_purpose(item: Item, route: Route) -> bool:
    """Whether a requirement says `false` outright: a way that the source names and no taker has."""
    return any(r.fixed and r.if_ == "false" for r in (*item.requires, *route.requires))


def _reach(inspection: Inspection, path: Path, item: Item) -> Iterator[Problem]:
    shut = []
    for number, route in enumerate(item.routes):
        places = [((*path, "requires", n), r) for n, r in enumerate(item.requires)]
        places += [((*path, "routes", number, "requires", n), r) for n, r in enumerate(route.requires)]
        fixed = [inspection.rules.trees.get((*place, "if")) for place, r in places if r.fixed]
        trees = [tree for tree in fixed if tree is not None]
        if trees and not can_hold(trees, inspection.questions, inspection.rules.values):
            shut.append((number, route))
    for number, route in shut:
        if _shut_on_purpose(item, route):
            continue
        yield inspection.problem(
            (*path, "routes", number, "id"),
            "unreachable_route",
            told('nobody can take the route "%(route)s" of "%(item)s"', route=route.id, item=item.id),
            told("no answers meet all its fixed requirements together"),
            told("check those of the item against those of the route"),
            about=(*path, "routes", number, "requires"),
        )
    if len(shut) == len(item.routes):
        yield inspection.problem(
            (*path, "id"),
            "unreachable_item",
            told('nobody can reach item "%(item)s"', item=item.id),
            told("every route asks for what no answers can give"),
            told("check its fixed requirements"),
            about=(*path, "requires"),
        )
