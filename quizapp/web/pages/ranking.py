"""The ranked list: each item with its standing, price, time, reasons and the ledger of its score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.bank.model import Item
from quizapp.engine.outcome import Beyond, Recommendation, RouteOutcome, Standing
from quizapp.i18n import Language
from quizapp.web.pages.index import Index
from quizapp.web.pages.ledger import FULL, Ledger, ledger
from quizapp.web.pages.plan import blocked_words
from quizapp.web.pages.words import Money, Tag, excess_words, money, months, standing_tag, worth_telling

SHOWN_AT_ONCE = 5
ENOUGH_REASONS = 3
STRONG, WEAK = 70, 30


@dataclass(frozen=True)
class RouteRow:
    """Another way to the same item."""

    name: str
    tag: Tag
    price: str
    price_note: str
    time: str
    why_not: str


@dataclass(frozen=True)
class NextBank:
    """The bank to take after this item."""

    slug: str
    title: str


@dataclass(frozen=True)
class Card:
    """One ranked item as it is shown."""

    id: str
    place: int
    places: str
    tied: bool
    name: str
    full_name: str
    summary: str
    tag: Tag
    score: str
    score_range: str
    route: str
    price: Money | None
    time: str
    beyond: tuple[str, ...]
    fors: tuple[str, ...]
    againsts: tuple[str, ...]
    ledger: Ledger
    routes: tuple[RouteRow, ...]
    next_bank: NextBank | None


def cards(
    entries: tuple[Recommendation, ...], index: Index, titles: Mapping[str, str], language: Language
) -> tuple[Card, ...]:
    """The ranked items in their order; equal scores share a place. ``titles`` are those of live banks."""
    places = [entry.rank for entry in entries]
    return tuple(
        _card(entry, len(entries), places.count(entry.rank) > 1, index, titles, language) for entry in entries
    )


def _card(
    entry: Recommendation,
    among: int,
    tied: bool,
    index: Index,
    titles: Mapping[str, str],
    language: Language,
) -> Card:
    item = index.items[entry.item]
    route = index.route(item, entry.route)
    fors, againsts = reasons(entry, item, index, language)
    single = len(item.routes) < 2
    return Card(
        id=item.id,
        place=entry.rank,
        places=_places(entry.rank_range, among, language),
        tied=tied,
        name=short(item, language),
        full_name=language.text(item.name) if item.short else "",
        summary=language.text(item.summary),
        tag=standing_tag(entry.standing, entry.kind, language),
        score=language.number(_whole(entry.score)),
        score_range=_range(entry.score_range, language),
        route="" if single or route is None else language.text(route.name),
        price=money(entry.cost, item, entry.route, index, language) if entry.cost else None,
        time=_time(entry, language),
        beyond=tuple(beyond_words(over, entry, index, language) for over in entry.beyond),
        fors=fors,
        againsts=againsts,
        ledger=ledger(entry, index, language),
        routes=() if single else other_routes(entry.routes, entry.route, item, index, language),
        next_bank=_next_bank(item, titles),
    )


def _next_bank(item: Item, titles: Mapping[str, str]) -> NextBank | None:
    if item.leads_to is None or item.leads_to not in titles:
        return None
    return NextBank(item.leads_to, titles[item.leads_to])


def _time(entry: Recommendation, language: Language) -> str:
    """The time it takes, empty where it goes without saying."""
    return months(entry.months, language) if worth_telling(entry.months, entry.kind) else ""


def short(item: Item, language: Language) -> str:
    """What an item is called in a headline."""
    return language.text(item.short or item.name)


def _whole(score: int) -> int:
    return (score * 100 + FULL // 2) // FULL


def _range(span: tuple[int, int], language: Language) -> str:
    low, high = (_whole(score) for score in span)
    dash = language.say("–")
    return f"{low}{dash}{high}" if low != high else ""


def _places(span: tuple[int, int], among: int, language: Language) -> str:
    """The places it may still come to; empty where it is one, and where it may be any."""
    best, worst = span
    if best == worst or worst - best + 1 >= among:
        return ""
    return language.say("place %(best)s to %(worst)s", best=best, worst=worst)


def beyond_words(over: Beyond, entry: Recommendation, index: Index, language: Language) -> str:
    """By how much an item exceeds a limit; at least so much, where its total is a lower bound."""
    at_least = entry.cost is not None and entry.cost.kind == "lower_bound"
    return excess_words(over, index, language, at_least)


def reasons(
    entry: Recommendation, item: Item, index: Index, language: Language
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The bank's reasons for and against; where it gives none, the criteria that spoke loudest."""
    texts = {reason.id: language.text(reason.text) for reason in item.reasons}
    fors = tuple(texts[id] for id, side in entry.reasons if side == "for" and id in texts)
    againsts = tuple(texts[id] for id, side in entry.reasons if side == "against" and id in texts)
    if entry.cost is None:
        # Points of something to do say little; only what the bank has to say of it is worth a line.
        return fors, againsts
    loud_for, loud_against = _from_ledger(entry, index, language)
    return fors or loud_for, againsts or loud_against


def _from_ledger(
    entry: Recommendation, index: Index, language: Language
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = sorted((line for line in entry.ledger if line.known), key=lambda line: -line.weight)
    names = [(language.text(index.criteria[line.criterion].label), line.value) for line in known]
    strong = [
        language.say("%(criterion)s: a strong point", criterion=name) for name, v in names if v >= STRONG
    ]
    weak = [language.say("%(criterion)s: a weak point", criterion=name) for name, v in names if v <= WEAK]
    return tuple(strong[:ENOUGH_REASONS]), tuple(weak[:ENOUGH_REASONS])


def other_routes(
    outcomes: tuple[RouteOutcome, ...], chosen: str | None, item: Item, index: Index, language: Language
) -> tuple[RouteRow, ...]:
    """The routes that were not chosen, each with its price and, where closed, the reason."""
    return tuple(route_row(outcome, item, index, language) for outcome in outcomes if outcome.route != chosen)


def route_row(outcome: RouteOutcome, item: Item, index: Index, language: Language) -> RouteRow:
    """One route for this taker."""
    route = index.route(item, outcome.route)
    price = money(outcome.cost, item, outcome.route, index, language) if outcome.cost else None
    closed = outcome.standing is Standing.INELIGIBLE_NOW
    return RouteRow(
        name=language.text(route.name) if route else outcome.route,
        tag=standing_tag(outcome.standing, item.kind, language),
        price=price.figure if price else "",
        price_note=price.note if price else "",
        time=months(outcome.months, language) if outcome.months else "",
        why_not=blocked_words(outcome.blocked_by, item, index, language) if closed else "",
    )
