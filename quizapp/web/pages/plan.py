"""The way to the item that comes first: what to do, in which order, at what price."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quizapp.bank.model import Fact, Item, Requirement, Step
from quizapp.engine.outcome import Recommendation, RouteOutcome, Standing, StepToTake
from quizapp.i18n import Language
from quizapp.web.pages.index import Index
from quizapp.web.pages.words import fact_words, money


@dataclass(frozen=True)
class PlanStep:
    """One stretch of the way. ``price`` is empty where it costs nothing of its own."""

    label: str
    note: str
    price: str
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The whole way, and the cheaper routes that this taker cannot have, each with the reason."""

    name: str
    kind: str
    steps: tuple[PlanStep, ...]
    closed_routes: tuple[str, ...]

    @property
    def worth_showing(self) -> bool:
        """Whether it says more than the first step, which stands on top of the page."""
        first = self.steps[0] if self.steps else None
        return len(self.steps) > 1 or bool(self.closed_routes) or bool(first and (first.note or first.stages))


def plan(entry: Recommendation, index: Index, language: Language) -> Plan:
    """The way to a ranked item."""
    item = index.items[entry.item]
    before = [_step(step, item, index, language) for step in entry.steps if step.when == "before"]
    after = [_step(step, item, index, language) for step in entry.steps if step.when != "before"]
    own = _route_steps(entry, item, index, language)
    return Plan(
        language.text(item.short or item.name),
        item.kind,
        (*before, *own, *after),
        tuple(_closed_routes(entry, item, index, language)),
    )


def unpriced_parts(steps: tuple[StepToTake, ...], item: Item, index: Index, language: Language) -> str:
    """What is paid beside the total, by name alone: the first of it where there is more."""
    parts = [part for step in steps if (part := unpriced_step(step, item, index)) is not None]
    name = language.text(parts[0].fee or parts[0].label) if parts else ""
    return language.say("%(part)s and more", part=name) if len(parts) > 1 else name


def unpriced_step(step: StepToTake, item: Item, index: Index) -> Step | None:
    """The step, where it is paid beside the total and no source prices it."""
    needed = index.requirement(item, step.id)
    details = needed.step if needed else None
    return details if step.yen is None and details is not None and not details.in_total else None


def paid_apart(steps: tuple[StepToTake, ...], item: Item, index: Index, language: Language) -> str:
    """What must be paid beside the total because no source prices it: steps that the total leaves out."""
    names = []
    for step in steps:
        details = unpriced_step(step, item, index)
        if details is not None:
            hint = f" ({price_hint(details.price_hint, language)})" if details.price_hint else ""
            names.append(language.text(details.fee or details.label) + hint)
    return language.say("Apart from it: %(steps)s", steps=language.listed(names)) if names else ""


def first_step(entry: Recommendation, index: Index, language: Language) -> PlanStep | None:
    """What to do first for this item; None where nothing is known of the way.

    Where nothing is to be done before, it is the first stage of the route, or to set out on it.
    """
    steps = plan(entry, index, language).steps
    if not steps or any(step.when == "before" for step in entry.steps):
        return steps[0] if steps else None
    route = index.route(index.items[entry.item], entry.route)
    if route is None:
        return steps[0]
    if route.stages:
        return replace(steps[0], label=language.text(route.stages[0].label))
    if entry.kind not in ("certification", "prerequisite"):
        return steps[0]
    name = language.text(route.name)
    return replace(steps[0], label=language.say("Prepare for and register: “%(route)s”", route=name))


def _step(step: StepToTake, item: Item, index: Index, language: Language) -> PlanStep:
    needed = index.requirement(item, step.id)
    details = needed.step if needed else None
    notes = [language.text(details.note)] if details and details.note else []
    if step.months:
        notes.append(language.count("%(n)s month", "%(n)s months", step.months))
    if details and details.price_hint:
        notes.append(price_hint(details.price_hint, language))
    label = language.text(details.label) if details else step.id
    return PlanStep(label, " · ".join(notes), _price(step.yen, needed, language))


def price_hint(hint: Fact, language: Language) -> str:
    """A price from outside, told as a hint with its day."""
    words = language.say("price hint from outside: %(price)s", price=fact_words(hint, language))
    return f"{words} ({language.day(hint.checked)})" if hint.checked else words


def _price(yen: int | None, needed: Requirement | None, language: Language) -> str:
    if yen is None:
        return language.say("Price not known")
    if yen:
        return language.yen(yen)
    # Nothing of its own: either free or already part of the route's price; say neither.
    return ""


def _route_steps(entry: Recommendation, item: Item, index: Index, language: Language) -> list[PlanStep]:
    route = index.route(item, entry.route)
    if route is None:
        return []
    stages = tuple(language.text(stage.label) for stage in route.stages)
    outcome = next((one for one in entry.routes if one.route == route.id), None)
    price, paid = _paid(outcome, item, index, language) if outcome else ("", ())
    return [PlanStep(language.text(route.name), language.text(route.note), price, (*stages, *paid))]


def _paid(outcome: RouteOutcome, item: Item, index: Index, language: Language) -> tuple[str, tuple[str, ...]]:
    """What the route itself costs, and its parts where there are several."""
    steps = {step.id for step in outcome.steps}
    parts = [(id, yen) for id, yen in outcome.paid if id not in steps]
    if not parts:
        return "", ()
    known = [yen for _, yen in parts if yen is not None]
    unknown = language.say("Price not known")
    total = language.yen(sum(known)) if len(known) == len(parts) else unknown
    if len(parts) == 1:
        return total, ()
    rows = [
        (
            language.text(index.price_label(item, outcome.route, id)),
            unknown if yen is None else language.yen(yen),
        )
        for id, yen in parts
    ]
    if known and len(known) < len(parts):
        total = language.say("from %(yen)s", yen=language.yen(sum(known)))
    return total, tuple(f"{label} {price}" for label, price in rows)


def _closed_routes(entry: Recommendation, item: Item, index: Index, language: Language) -> list[str]:
    """A cheaper route that the taker cannot have is named with its reason, never offered."""
    said = []
    for outcome in entry.routes:
        if outcome.standing is not Standing.INELIGIBLE_NOW or not _cheaper(outcome, entry):
            continue
        route = index.route(item, outcome.route)
        price = money(outcome.cost, item, outcome.route, index, language).figure if outcome.cost else ""
        name = language.text(route.name) if route else outcome.route
        why = blocked_words(outcome.blocked_by, item, index, language)
        said.append(
            language.say(
                "%(route)s (%(price)s) is not open to you: %(why)s", route=name, price=price, why=why
            )
        )
    return said


def _cheaper(outcome: RouteOutcome, entry: Recommendation) -> bool:
    if outcome.cost is None or outcome.cost.yen is None or entry.cost is None or entry.cost.yen is None:
        return False
    return outcome.cost.yen < entry.cost.yen


def blocked_words(blocked: tuple[str, ...], item: Item, index: Index, language: Language) -> str:
    """Why a route is closed and what would open it, from its failing requirements."""
    needed = [index.requirement(item, id) for id in blocked]
    return language.sentences(language.text(one.otherwise or one.label) for one in needed if one)
