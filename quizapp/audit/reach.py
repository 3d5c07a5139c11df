"""Which items can be first, or ranked at all; and where none was seen so, whether that is proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import prod

import numpy as np
import numpy.typing as npt

from quizapp.audit.impact_record import Certainty, Reach, Rung
from quizapp.audit.likeness import read_by
from quizapp.audit.sheets import Sheets
from quizapp.audit.tally import Standings
from quizapp.audit.turnover import Roll
from quizapp.engine.answers import read_answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import field_on
from quizapp.engine.gates import gates_on
from quizapp.engine.grid import Grid, axis, with_values
from quizapp.engine.opening import Opening, opening
from quizapp.engine.precedence import Precedence
from quizapp.engine.state import today_index

MAX_GATES = 300_000
SAMPLE = 256
RIVALS = 3


@dataclass(frozen=True)
class Reached:
    """What changed in what can be reached; see ``Impact``."""

    no_longer: tuple[Reach, ...]
    newly: tuple[Reach, ...]
    unreached: tuple[Reach, ...]


def reached(sheets: Sheets, roll: Roll, met: Standings, exact: bool) -> Reached:
    """The items that one bank reaches and the other does not.

    ``met`` counts every taker gone through, those drawn to meet rare outcomes too; if ``exact``, that is
    everybody.
    """
    counts: dict[Rung, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {
        "first": met.first,
        "ranked": met.ranked,
    }
    no_longer: list[Reach] = []
    newly: list[Reach] = []
    unreached: list[Reach] = []
    for number, item in enumerate(roll.items):
        for rung, (before, after) in counts.items():
            told = [bool(before[number]), bool(after[number])]
            fresh = roll.rows[0][number] < 0
            if told == [True, False]:
                no_longer.append(_reach(sheets, roll, number, rung, 1, met, exact))
            elif told == [False, True] and not fresh:
                newly.append(_reach(sheets, roll, number, rung, 0, met, exact))
            elif told == [False, False] and fresh and not _listed(sheets, item):
                unreached.append(_reach(sheets, roll, number, rung, 1, met, exact))
    return Reached(tuple(no_longer), tuple(newly), tuple(unreached))


def _listed(sheets: Sheets, item: str) -> bool:
    """Whether an item is merely named: nobody expects it in a ranking."""
    return sheets.pair.banks[1].by_id[item].item.listed_only


def _reach(
    sheets: Sheets, roll: Roll, number: int, rung: Rung, side: int, met: Standings, exact: bool
) -> Reach:
    """The item with how surely this side's bank does not reach it."""
    compiled, row = sheets.pair.banks[side], int(roll.rows[side][number])
    firsts = met.first[side]
    likely = [int(roll.rows[side][n]) for n in np.argsort(-firsts, kind="stable") if roll.rows[side][n] >= 0]
    proved = (
        exact
        or row < 0
        or never_ranked(compiled, row, sheets.on)
        or (rung == "first" and never_first(compiled, row, likely, sheets.on))
    )
    return Reach(roll.items[number], rung, Certainty(bool(proved), met.total))


def never_ranked(compiled: Compiled, row: int, on: date) -> bool:
    """Whether it is proven, by every combination of the answers its conditions tell apart."""
    gates = gates_on(compiled, on)[row]
    tables = list(gates.tables)
    wide = with_values(compiled, tables)
    axes = [axis(compiled, variable, wide) for variable in sorted(read_by(compiled, tables))]
    if prod(len(each.chosen) for each in axes) > MAX_GATES:
        return False
    fixed = [0] * len(compiled.variables)
    fixed[compiled.today] = today_index(compiled, on)
    _, met = gates.over(Grid(compiled, fixed, axes))
    return not any(gate.ranked for gate in met)


def never_first(compiled: Compiled, row: int, likely: list[int], on: date) -> bool:
    """Whether it is proven that some other item is always ranked and before this one."""
    field = field_on(compiled, on)
    if row not in field.rows:
        return True
    mine = field.rows.index(row)
    case: Opening = opening(compiled, read_answers(compiled, {}))
    sample = case.varied(0, SAMPLE)
    seen = field.judge(sample)
    ahead = (seen.key < seen.key[mine]).all(axis=1)
    precedence = Precedence(field, case, sample, seen)
    return any(
        precedence.always_before(rival, [mine]) is not None
        for rival in _rivals(field.rows, likely)
        if ahead[rival]
    )


def _rivals(rows: tuple[int, ...], likely: list[int]) -> Iterator[int]:
    """The items that most often stand first, as rows of the field."""
    found = [rows.index(row) for row in likely if row in rows]
    yield from found[:RIVALS]
