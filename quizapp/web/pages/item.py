"""Everything a bank knows of one item: facts with source and date, routes, conditions, prices."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Cost, Fact, Item, Note, Reason, Requirement, Route, Schedule
from quizapp.i18n import Language
from quizapp.web.pages.evidence import Caution, Evidence, caution, evidence
from quizapp.web.pages.index import Index
from quizapp.web.pages.plan import price_hint
from quizapp.web.pages.words import fact_words

MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True)
class FactRow:
    """One fact, with what must be read with it and what it rests on."""

    label: str
    words: str
    note: str
    quiet: bool
    evidence: Evidence | None


@dataclass(frozen=True)
class Condition:
    """One requirement: what it asks, and by which step it is met where a step can."""

    label: str
    step: str
    otherwise: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Way:
    """One route with its conditions, prices and sittings."""

    name: str
    note: str
    conditions: tuple[Condition, ...]
    prices: tuple[FactRow, ...]
    stages: tuple[str, ...]
    sittings: tuple[str, ...]


@dataclass(frozen=True)
class ItemPage:
    """The page of one item."""

    slug: str
    bank_title: str
    title: str
    summary: str
    issuer: str
    ended: str
    listed_only: bool
    facts: tuple[FactRow, ...]
    ways: tuple[Way, ...]
    cautions: tuple[Caution, ...]
    links: tuple[tuple[str, str], ...]


def item_page(item: Item, index: Index, language: Language) -> ItemPage:
    """The page of an item."""
    said: tuple[Note | Reason, ...] = (*item.notes, *item.reasons)
    kinds = {kind.id: language.text(kind.label) for kind in index.bank.fact_kinds}
    return ItemPage(
        slug=index.bank.bank,
        bank_title=language.text(index.bank.title),
        title=language.text(item.name),
        summary=language.text(item.summary),
        issuer=language.text(item.issuer),
        ended=language.text(item.closing.text) if item.closing else "",
        listed_only=item.listed_only,
        facts=tuple(_fact(kinds.get(id, id), fact, index, language) for id, fact in item.facts.items()),
        ways=tuple(_way(route, item, index, language) for route in item.routes),
        cautions=tuple(caution(one, one.text, index, language) for one in said),
        links=tuple((language.text(link.label), link.url) for link in item.links),
    )


def _fact(label: str, fact: Fact, index: Index, language: Language) -> FactRow:
    return FactRow(
        label,
        fact_words(fact, language),
        language.text(fact.note),
        fact.unknown,
        evidence(fact, index, language),
    )


def _way(route: Route, item: Item, index: Index, language: Language) -> Way:
    schedule = item.schedule if route.schedule is None else route.schedule
    return Way(
        name=language.text(route.name),
        note=language.text(route.note),
        conditions=tuple(_condition(one, index, language) for one in (*item.requires, *route.requires)),
        prices=tuple(_price(one, index, language) for one in (*route.costs, *item.costs)),
        stages=tuple(language.text(stage.label) for stage in route.stages),
        sittings=tuple(sitting_words(one, language) for one in schedule),
    )


def _condition(needed: Requirement, index: Index, language: Language) -> Condition:
    return Condition(
        language.text(needed.label),
        language.text(needed.step.label) if needed.step else "",
        language.text(needed.otherwise),
        evidence(needed, index, language),
    )


def _price(cost: Cost, index: Index, language: Language) -> FactRow:
    known = cost.yen != "unknown"
    words = language.yen(int(cost.yen)) if known else language.say("Price not known")
    notes = [language.text(cost.note), price_hint(cost.price_hint, language) if cost.price_hint else ""]
    note = language.sentences(notes)
    return FactRow(language.text(cost.label), words, note, not known, evidence(cost, index, language))


def sitting_words(schedule: Schedule, language: Language) -> str:
    """When one can sit, and where."""
    if schedule.any_day:
        when = language.say("any day")
    elif schedule.monthly or len(schedule.months) == MONTHS_IN_A_YEAR:
        when = language.say("every month")
    else:
        when = language.listed(language.say("month %(n)s", n=month) for month in schedule.months)
    details = [language.text(schedule.place), language.text(schedule.note)]
    return " · ".join(part for part in (when, *details) if part)
