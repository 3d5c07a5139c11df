"""A score taken apart, as a table that adds up and a bar that shows the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.engine.outcome import LedgerEntry, Recommendation
from quizapp.i18n import Language
from quizapp.web.pages.index import Index
from quizapp.web.pages.words import places_for, points

FULL = 10_000
COLOURS = 8


@dataclass(frozen=True)
class PartRow:
    """One visible part of a criterion; ``value`` is a whole number of 100 or says that none is known."""

    label: str
    value: str


@dataclass(frozen=True)
class LedgerRow:
    """One criterion: its points of the ``most`` it could give (empty where unknown), its stretch of the bar."""

    label: str
    points: str
    most: str
    start: int
    width: int
    colour: int
    known: bool
    parts: tuple[PartRow, ...]


@dataclass(frozen=True)
class Ledger:
    """All criteria of one item; the rows' points add up to ``total`` exactly."""

    rows: tuple[LedgerRow, ...]
    total: str
    spoken: str


def ledger(entry: Recommendation, index: Index, language: Language) -> Ledger:
    """The ledger of a ranked item. Every figure of it has the same number of decimals."""
    # Means over open answers have no one maximum: weights and standing differ from way to way.
    means = entry.score_range[0] != entry.score_range[1]
    most = [0 if means else top for top in _most_points(entry.ledger)]
    places = places_for([line.points for line in entry.ledger] + most)
    rows, start = [], 0
    for number, (line, top) in enumerate(zip(entry.ledger, most, strict=True)):
        rows.append(_row(line, top, start, number, places, index, language))
        start += line.points
    spoken = language.listed(f"{row.label} {row.points}" for row in rows)
    return Ledger(tuple(rows), points(entry.score, places, language), spoken)


def _row(
    line: LedgerEntry, most: int, start: int, number: int, places: int, index: Index, language: Language
) -> LedgerRow:
    criterion = index.criteria[line.criterion]
    labels = {part.id: language.text(part.label) for part in criterion.parts}
    parts = tuple(
        PartRow(labels.get(id, id), language.say("not known") if value is None else language.number(value))
        for id, value in line.parts
    )
    return LedgerRow(
        label=language.text(criterion.label),
        points=points(line.points, places, language),
        most=points(most, places, language) if most else "",
        start=start,
        width=line.points,
        colour=number % COLOURS + 1,
        known=line.known,
        parts=parts,
    )


def _most_points(lines: tuple[LedgerEntry, ...]) -> list[int]:
    weights = sum(line.weight for line in lines) or 1
    return [(2 * FULL * line.weight + weights) // (2 * weights) for line in lines]
