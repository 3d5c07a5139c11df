"""The first three side by side, fact by fact."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Item
from quizapp.engine.outcome import Recommendation
from quizapp.i18n import Language
from quizapp.web.pages.evidence import Caution, caution
from quizapp.web.pages.index import Index
from quizapp.web.pages.ranking import short
from quizapp.web.pages.words import fact_words, money, months, worth_telling

SIDE_BY_SIDE = 3


@dataclass(frozen=True)
class Cell:
    """One item's value; ``quiet`` where no source gives one, ``doubted`` where something speaks against it."""

    words: str
    note: str = ""
    quiet: bool = False
    doubted: bool = False


@dataclass(frozen=True)
class Row:
    """One thing that items are compared by."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """A table of items and rows; ``basis`` says what each value rests on."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    basis: tuple[Caution, ...]


def comparison(entries: tuple[Recommendation, ...], index: Index, language: Language) -> Comparison | None:
    """The side-by-side table of the first three; None where there is nothing to compare."""
    goals = [entry for entry in entries if entry.kind != "action"]
    first = (goals if len(goals) > 1 else list(entries))[:SIDE_BY_SIDE]
    items = [index.items[entry.item] for entry in first]
    rows = [*_own_rows(first, items, index, language), *_fact_rows(items, index, language)]
    if len(first) < 2 or not rows:
        return None
    names = tuple(short(item, language) for item in items)
    return Comparison(names, tuple(rows), tuple(_basis(items, index, language)))


def _own_rows(
    entries: list[Recommendation], items: list[Item], index: Index, language: Language
) -> list[Row]:
    prices, times = [], []
    for entry, item in zip(entries, items, strict=True):
        price = money(entry.cost, item, entry.route, index, language) if entry.cost else None
        prices.append(Cell(price.figure, price.note) if price else Cell("—", quiet=True))
        times.append(_time(entry, language))
    rows = [
        Row(language.say("Your total"), tuple(prices)),
        Row(language.say("Time to get it"), tuple(times)),
    ]
    return [row for row in rows if not all(cell.quiet for cell in row.cells)]


def _time(entry: Recommendation, language: Language) -> Cell:
    told = worth_telling(entry.months, entry.kind)
    return Cell(months(entry.months, language)) if told else Cell("—", quiet=True)


def _fact_rows(items: list[Item], index: Index, language: Language) -> list[Row]:
    rows = []
    for kind in index.bank.fact_kinds:
        if kind.compare and any(kind.id in item.facts for item in items):
            cells = tuple(_cell(item, kind.id, language) for item in items)
            rows.append(Row(language.text(kind.label), cells))
    return rows


def _cell(item: Item, kind: str, language: Language) -> Cell:
    fact = item.facts.get(kind)
    if fact is None or fact.unknown:
        return Cell(language.say("Not in the sources"), quiet=True)
    return Cell(fact_words(fact, language), language.text(fact.note), doubted=fact.doubt is not None)


def _basis(items: list[Item], index: Index, language: Language) -> list[Caution]:
    said = []
    for kind in index.bank.fact_kinds:
        for item in items:
            fact = item.facts.get(kind.id)
            if kind.compare and fact is not None and not fact.unknown:
                said.append(caution(fact, kind.label, index, language, about=short(item, language)))
    return said
