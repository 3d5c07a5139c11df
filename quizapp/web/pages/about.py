"""What a bank rests on: how it weighs, what it holds to, its sources, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.bank.model import Bank, Criterion, Source
from quizapp.i18n import Language
from quizapp.web.pages.evidence import Caution, Evidence, caution, checked_on, evidence
from quizapp.web.pages.index import Index
from quizapp.web.pages.quiz import checked_words
from quizapp.web.pages.ranking import short


@dataclass(frozen=True)
class Weighed:
    """One criterion: what it asks, and how much it counts of a hundred (empty where the taker decides)."""

    label: str
    why: str
    weight: str
    parts: str


@dataclass(frozen=True)
class SourceRow:
    """One source, with what its publisher sells."""

    anchor: str
    title: str
    url: str
    published: str
    seen: str
    interest: str
    outside: bool


@dataclass(frozen=True)
class Principle:
    """A guideline, and whether it follows from facts or is the source's advice."""

    id: str
    text: str
    certain: bool
    evidence: Evidence | None


@dataclass(frozen=True)
class Disagreement:
    """A contradiction between sources, and the reading that is used."""

    topic: str
    reading: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Named:
    """An item or a provider that has a page, or a line, of its own."""

    id: str
    name: str
    note: str
    listed_only: bool


@dataclass(frozen=True)
class AboutBankPage:
    """Everything a bank rests on but the facts of each item, which have pages of their own."""

    slug: str
    title: str
    summary: str
    checked: str
    items: tuple[Named, ...]
    mentioned: tuple[Named, ...]
    criteria: tuple[Weighed, ...]
    principles: tuple[Principle, ...]
    doubts: tuple[Disagreement, ...]
    cautions: tuple[Caution, ...]
    providers: tuple[Named, ...]
    sources: tuple[SourceRow, ...]


def about_bank_page(index: Index, language: Language) -> AboutBankPage:
    """The page about a bank."""
    bank = index.bank
    items = [Named(i.id, short(i, language), language.text(i.issuer), i.listed_only) for i in bank.items]
    return AboutBankPage(
        slug=bank.bank,
        title=language.text(bank.title),
        summary=language.text(bank.summary),
        checked=checked_words(checked_on(bank.sources), language),
        items=tuple(item for item in items if not item.listed_only),
        mentioned=tuple(item for item in items if item.listed_only),
        criteria=tuple(_weighed(one, bank, language) for one in bank.criteria),
        principles=tuple(
            Principle(one.id, language.text(one.text), one.certain, evidence(one, index, language))
            for one in bank.guidelines
        ),
        doubts=tuple(
            Disagreement(language.text(one.topic), language.text(one.reading), evidence(one, index, language))
            for one in bank.doubts
        ),
        cautions=tuple(caution(note, note.text, index, language) for note in bank.notes),
        providers=tuple(_provider(index, id, language) for id in index.providers),
        sources=tuple(_source(id, source, language) for id, source in bank.sources.items()),
    )


def _weighed(criterion: Criterion, bank: Bank, language: Language) -> Weighed:
    fixed = [int(one.weight) for one in bank.criteria if one.weight.isdecimal()]
    counts = criterion.weight.isdecimal() and len(fixed) == len(bank.criteria)
    weight = f"{100 * int(criterion.weight) / sum(fixed):.0f}%" if counts else ""
    parts = language.listed(language.text(part.label) for part in criterion.parts)
    return Weighed(language.text(criterion.label), language.text(criterion.why), weight, parts)


def _provider(index: Index, id: str, language: Language) -> Named:
    provider = index.providers[id]
    taught = language.listed(
        short(index.items[item], language) for item in provider.items if item in index.items
    )
    return Named(id, language.text(provider.name), taught, provider.listed_only)


def _source(id: str, source: Source, language: Language) -> SourceRow:
    return SourceRow(
        anchor=f"source-{id}",
        title=language.text(source.title),
        url=source.url or "",
        published=source.published or "",
        seen=language.day(source.seen),
        interest=language.text(source.interest),
        outside=source.outside,
    )
