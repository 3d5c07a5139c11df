"""Where things are in a bank: every part by its id, for the pages that name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.bank.model import (
    Bank,
    Cited,
    Cost,
    Criterion,
    Item,
    Provider,
    Question,
    Requirement,
    Route,
    Source,
    Text,
)


@dataclass(frozen=True)
class Index:
    """A bank's parts by id; made once for each revision, read by every page."""

    bank: Bank
    items: dict[str, Item]
    questions: dict[str, Question]
    criteria: dict[str, Criterion]
    providers: dict[str, Provider]

    def route(self, item: Item, route: str | None) -> Route | None:
        """The item's route of that id, None where the item has none."""
        return next((one for one in item.routes if one.id == route), None)

    def requirement(self, item: Item, id: str) -> Requirement | None:
        """The requirement of that id on the item or any of its routes."""
        return next((one for one in all_requirements(item) if one.id == id), None)

    def price_label(self, item: Item, route: str | None, id: str) -> Text | None:
        """What a part of the price is called: a cost of the route or the item, or a step."""
        costs = [*((self.route(item, route) or item).costs), *item.costs]
        found: Cost | None = next((cost for cost in costs if cost.id == id), None)
        if found:
            return found.label
        needed = self.requirement(item, id)
        return (needed.step.fee or needed.step.label) if needed and needed.step else None

    def source(self, cited: Cited) -> Source | None:
        """The source that something rests on, None where it names none."""
        return self.bank.sources.get(cited.source) if cited.source else None


def all_requirements(item: Item) -> Iterator[Requirement]:
    """What the item asks of everybody, then what each route asks."""
    yield from item.requires
    for route in item.routes:
        yield from route.requires


def index_of(bank: Bank) -> Index:
    """The parts of a bank by their ids."""
    return Index(
        bank=bank,
        items={item.id: item for item in bank.items},
        questions={question.id: question for question in bank.questions},
        criteria={criterion.id: criterion for criterion in bank.criteria},
        providers={provider.id: provider for provider in bank.providers},
    )
