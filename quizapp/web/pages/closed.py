"""What a taker cannot have now: by which condition, and what would open it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quizapp.bank.model import Item, Requirement
from quizapp.engine.outcome import NotNow, Standing
from quizapp.i18n import Language
from quizapp.web.pages.evidence import Evidence, evidence
from quizapp.web.pages.index import Index
from quizapp.web.pages.ranking import RouteRow, route_row, short
from quizapp.web.pages.words import Tag, standing_tag


@dataclass(frozen=True)
class Blocked:
    """One condition that fails: what it asks, and what would open it."""

    condition: str
    opens: str
    evidence: Evidence | None


@dataclass(frozen=True)
class ClosedItem:
    """One item that is not ranked, and why."""

    id: str
    name: str
    full_name: str
    tag: Tag
    why: str
    blocked: tuple[Blocked, ...]
    routes: tuple[RouteRow, ...]
    evidence: Evidence | None


@dataclass(frozen=True)
class Mention:
    """An item that the sources name without saying enough to judge it."""

    id: str
    name: str
    issuer: str


def closed_items(
    entries: tuple[NotNow, ...], index: Index, on: date, language: Language
) -> tuple[ClosedItem, ...]:
    """The items that are closed, held or blocked, in the engine's order."""
    return tuple(_closed(entry, index, on, language) for entry in entries if not entry.listed_only)


def mentions(entries: tuple[NotNow, ...], index: Index, language: Language) -> tuple[Mention, ...]:
    """The items that are merely named by a source."""
    items = [index.items[entry.item] for entry in entries if entry.listed_only]
    return tuple(Mention(item.id, language.text(item.name), language.text(item.issuer)) for item in items)


def _closed(entry: NotNow, index: Index, on: date, language: Language) -> ClosedItem:
    item = index.items[entry.item]
    ended = entry.standing is Standing.CLOSED and item.closing
    blocked = _blocked(entry, item, index, language)
    several = len(item.routes) > 1 and entry.standing is Standing.INELIGIBLE_NOW
    return ClosedItem(
        id=item.id,
        name=short(item, language),
        full_name=language.text(item.name) if item.short else "",
        tag=_tag(entry, item, language),
        why=_why(entry, item, language),
        blocked=blocked,
        routes=tuple(route_row(route, item, index, language) for route in entry.routes) if several else (),
        evidence=evidence(item.closing, index, language) if ended and item.closing else None,
    )


def _tag(entry: NotNow, item: Item, language: Language) -> Tag:
    if entry.standing is Standing.UNKNOWN:
        return Tag(language.say("Conditions not known"), "quiet")
    return standing_tag(entry.standing, item.kind, language)


def _why(entry: NotNow, item: Item, language: Language) -> str:
    if entry.standing is Standing.CLOSED and item.closing:
        return language.text(item.closing.text)
    if entry.standing is Standing.UNKNOWN:
        return language.say("The sources do not give the conditions, so it cannot be judged.")
    return ""


def _blocked(entry: NotNow, item: Item, index: Index, language: Language) -> tuple[Blocked, ...]:
    if entry.standing is not Standing.INELIGIBLE_NOW:
        return ()
    needed = [index.requirement(item, id) for id in entry.blocked_by]
    return tuple(_condition(one, index, language) for one in needed if one)


def _condition(needed: Requirement, index: Index, language: Language) -> Blocked:
    return Blocked(
        language.text(needed.label), language.text(needed.otherwise), evidence(needed, index, language)
    )
