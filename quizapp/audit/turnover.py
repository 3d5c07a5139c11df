"""What changes between two sheets of the same takers: kind by kind, taker by taker, and counted.

Items of both banks go by one numbering, that of ``Roll``; -1 stands for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quizapp.audit.both_banks import BothBanks, Ways
from quizapp.audit.impact_record import KINDS, Kind
from quizapp.audit.prepared import UNRANKED
from quizapp.audit.sheets import Sheet
from quizapp.engine.compiled import Compiled
from quizapp.engine.table import UNKNOWN, Integers

Truths = npt.NDArray[np.bool_]
Marks = npt.NDArray[np.uint64]
KEPT = 12


@dataclass(frozen=True, eq=False)
class Roll:
    """The items of two banks: the new one's, then those that only the old one has.

    ``rows`` is the row of each in either bank, -1 where it is not there; ``names`` the number of each row.
    """

    items: tuple[str, ...]
    rows: tuple[Integers, Integers]
    names: tuple[Integers, Integers]
    common: Integers


def roll_of(pair: BothBanks) -> Roll:
    """The roll of two banks."""
    items = tuple(dict.fromkeys(each.item.id for bank in reversed(pair.banks) for each in bank.items))
    rows = [_rows(bank, items) for bank in pair.banks]
    names = [np.array([items.index(each.item.id) for each in bank.items] + [-1]) for bank in pair.banks]
    common = np.flatnonzero((rows[0] >= 0) & (rows[1] >= 0))
    return Roll(items, (rows[0], rows[1]), (names[0], names[1]), common)


def _rows(bank: Compiled, items: tuple[str, ...]) -> Integers:
    at = {each.item.id: row for row, each in enumerate(bank.items)}
    return np.array([at.get(name, -1) for name in items], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Turnover:
    """For each kind whether it holds for each taker, and a mark that is equal for changes that are alike."""

    flags: dict[Kind, Truths]
    alike: dict[Kind, Marks]
    firsts: tuple[Integers, Integers]


def turnover(roll: Roll, sheets: tuple[Sheet, Sheet]) -> Turnover:
    """What changes for each taker."""
    tops = [names[sheet.top] for names, sheet in zip(roll.names, sheets, strict=True)]
    sorted_tops = [np.sort(top, axis=0) for top in tops]
    standing = [sheet.standing[rows[roll.common]].astype(np.int64) for sheet, rows in _both(sheets, roll)]
    yen = [sheet.yen[rows[roll.common]] for sheet, rows in _both(sheets, roll)]
    first_yen = [_first_yen(sheet) for sheet in sheets]
    moved = standing[0] != standing[1]
    priced = (yen[0] != yen[1]) & (yen[0] != UNRANKED) & (yen[1] != UNRANKED)
    flags: dict[Kind, Truths] = {
        "first": tops[0][0] != tops[1][0],
        "top": (sorted_tops[0] != sorted_tops[1]).any(axis=0),
        "top_order": (tops[0] != tops[1]).any(axis=0),
        "standing": moved.any(axis=0),
        "cost": priced.any(axis=0),
        "first_cost": first_yen[0] != first_yen[1],
    }
    ends = _mixed(tops[0][0], 1) - _mixed(tops[1][0], 2)
    entering: Marks = _mixed(tops[1], 3).sum(axis=0) - _mixed(tops[0], 3).sum(axis=0)
    names = roll.common[:, None]
    alike: dict[Kind, Marks] = {
        "first": ends,
        "top": entering,
        "top_order": entering + ends,
        "standing": np.where(moved, _mixed(names * 100 + standing[0] * 10 + standing[1], 4), _ZERO).sum(
            axis=0
        ),
        "cost": np.where(priced, _mixed(names * 2 + (yen[1] > yen[0]), 5), _ZERO).sum(axis=0),
        "first_cost": ends + (first_yen[1] > first_yen[0]),
    }
    return Turnover(flags, alike, (tops[0][0], tops[1][0]))


_ZERO = np.uint64(0)


def _both(sheets: tuple[Sheet, Sheet], roll: Roll) -> Iterable[tuple[Sheet, Integers]]:
    return zip(sheets, roll.rows, strict=True)


def _first_yen(sheet: Sheet) -> Integers:
    first = sheet.top[0]
    found: Integers = np.where(first == UNKNOWN, UNRANKED, sheet.yen[first, np.arange(len(first))])
    return found


def _mixed(numbers: Integers, salt: int) -> Marks:
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        salt * 0x632BE59BD9B4E019 % 2**64
    )
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found: Marks = mixed ^ (mixed >> np.uint64(27))
    return found


@dataclass(frozen=True, eq=False)
class Seed:
    """A taker for whom a kind of change holds; ``strange`` is on how many strands they are out of the usual."""

    kind: Kind
    alike: int
    met: int
    strange: int
    ways: Ways


def seeds(pair: BothBanks, ways: Ways, found: Turnover) -> list[Seed]:
    """For each kind the commonest changes of one block, each with the least strange taker."""
    real = pair.real(ways)
    made: list[Seed] = []
    for kind in KINDS:
        at = np.flatnonzero(found.flags[kind] & real)
        if not len(at):
            continue
        strange = (ways[:, at] != pair.usual).sum(axis=0)
        order = np.argsort(strange, kind="stable")
        marks, first, met = np.unique(found.alike[kind][at][order], return_index=True, return_counts=True)
        for place in np.argsort(-met, kind="stable")[:KEPT]:
            taker = order[first[place]]
            made.append(
                Seed(kind, int(marks[place]), int(met[place]), int(strange[taker]), ways[:, at[taker]])
            )
    return made
