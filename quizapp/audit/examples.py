"""Takers who show a change: brought as near to an ordinary taker as the change allows, then asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from quizapp.audit.both_banks import BothBanks, Ways
from quizapp.audit.impact_record import KINDS, Example, Kind, Seen
from quizapp.audit.sheets import Sheets
from quizapp.audit.strands import Strand
from quizapp.audit.turnover import Roll, Seed, turnover
from quizapp.engine.answers import Answer, read_answers
from quizapp.engine.compiled import Compiled
from quizapp.engine.recommend import recommend

EXAMPLES = 3
# One more than are shown: two may come to the same taker once made plain.
CHOSEN = 4
TRIED = 24

Step = Callable[[], None]


def examples(
    sheets: Sheets, roll: Roll, found: Sequence[Seed], step: Step = lambda: None
) -> dict[Kind, tuple[Example, ...]]:
    """Up to three for each kind, of different changes where there are; each holds by ``recommend`` itself.

    ``step`` is called after each round.
    """
    chosen = {kind: _chosen([seed for seed in found if seed.kind == kind]) for kind in KINDS}
    taken: dict[Kind, list[Ways]] = {kind: [] for kind in KINDS}
    for place in range(CHOSEN):
        line = [chosen[kind][place] for kind in KINDS if place < len(chosen[kind])]
        if line:
            plain = _Plain(sheets, roll, line, taken, place).made()
            for column, seed in enumerate(line):
                taken[seed.kind].append(plain[:, column])
        step()
    return {kind: _verified(sheets, kind, taken[kind])[:EXAMPLES] for kind in KINDS}


def _chosen(found: Sequence[Seed]) -> list[Seed]:
    """The least strange taker of each of the commonest changes; of few changes, several takers."""
    met: dict[int, int] = {}
    for seed in found:
        met[seed.alike] = met.get(seed.alike, 0) + seed.met
    in_order = sorted(found, key=lambda seed: (seed.strange, seed.ways.tolist()))
    by_mark: dict[int, list[Seed]] = {}
    for seed in in_order:
        by_mark.setdefault(seed.alike, []).append(seed)
    marks = sorted(by_mark, key=lambda mark: (-met[mark], mark))
    picked = [by_mark[mark][0] for mark in marks[:EXAMPLES]]
    others = [seed for mark in marks[:EXAMPLES] for seed in by_mark[mark][1:CHOSEN]]
    return [*picked, *others][:CHOSEN]


class _Plain:
    """One taker for each kind, made plainer answer by answer while the same change holds."""

    def __init__(
        self, sheets: Sheets, roll: Roll, line: Sequence[Seed], taken: dict[Kind, list[Ways]], place: int
    ) -> None:
        self._sheets, self._roll, self._line, self._taken = sheets, roll, line, taken
        self._pair: BothBanks = sheets.pair
        self._place = place
        self._ways: Ways = np.stack([seed.ways for seed in line], axis=1)

    def made(self) -> Ways:
        """The plainer takers, one column each."""
        groups = list(self._pair.by_question.values())
        # Each round begins elsewhere, so that equal changes are shown by unequal takers.
        start = self._place * len(groups) // CHOSEN
        for rows in [*groups[start:], *groups[:start]]:
            self._try_usual(rows)
            for row in rows if len(rows) > 1 else ():
                self._try_usual((row,))
        for row, strand in enumerate(self._pair.strands):
            if len(self._pair.cells[row].chosen) > 2 and strand.option is None:
                self._try_nearest(row)
        return self._ways

    def _try_usual(self, rows: Sequence[int]) -> None:
        where = list(rows)
        if (self._ways[where] == self._pair.usual[where]).all():
            return
        trial = self._ways.copy()
        trial[where] = self._pair.usual[where]
        self._ways = np.where(self._holds(trial, range(len(self._line))), trial, self._ways)

    def _try_nearest(self, row: int) -> None:
        """Of answers that tell something else, the one nearest to the usual."""
        usual = self._pair.strands[row].usual
        asked = [column for column in range(len(self._line)) if self._ways[row, column] != usual]
        ways = self._pair.cells[row].chosen
        ways = ways[np.argsort(np.abs(ways - usual), kind="stable")][:TRIED]
        if not asked:
            return
        trial = np.repeat(self._ways[:, asked], len(ways), axis=1)
        trial[row] = np.tile(ways, len(asked))
        holds = self._holds(trial, np.repeat(asked, len(ways)).tolist()).reshape(len(asked), -1)
        for column, passing in zip(asked, holds, strict=True):
            nearer = ways[passing.argmax()]
            if passing.any() and abs(nearer - usual) < abs(self._ways[row, column] - usual):
                self._ways[row, column] = nearer

    def _holds(self, trial: Ways, of: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Whether each column still shows the change of its seed, and is nobody shown already."""
        found = turnover(self._roll, self._sheets.of(trial))
        return np.array(
            [
                bool(found.flags[seed.kind][column])
                and int(found.alike[seed.kind][column]) == seed.alike
                and not any((trial[:, column] == other).all() for other in self._taken[seed.kind])
                for column, seed in enumerate(self._line[number] for number in of)
            ]
        )


def _verified(sheets: Sheets, kind: Kind, takers: Sequence[Ways]) -> tuple[Example, ...]:
    found: list[Example] = []
    for ways in takers:
        example = _example(sheets.pair, ways, sheets.on)
        if (
            kind in kinds_between(example.before, example.after, _common(sheets.pair))
            and example not in found
        ):
            found.append(example)
    return tuple(found)


def _common(pair: BothBanks) -> frozenset[str]:
    before, after = ({each.item.id for each in bank.items} for bank in pair.banks)
    return frozenset(before & after)


def _example(pair: BothBanks, ways: Ways, on: date) -> Example:
    given = [_asked(bank, answers_of(pair, ways, side)) for side, bank in enumerate(pair.banks)]
    seen = [seen_by(bank, answers, on) for bank, answers in zip(pair.banks, given, strict=True)]
    return Example(given[1], given[0], seen[0], seen[1])


def answers_of(pair: BothBanks, ways: Ways, side: int) -> dict[str, Answer]:
    """One taker's answers to every question of one bank, as ``read_answers`` takes them."""
    found: dict[str, Answer] = {
        name: [] for name, question in pair.banks[side].questions.items() if question.kind == "choices"
    }
    for strand, way in zip(pair.strands, ways.tolist(), strict=True):
        place = strand.places[side]
        if place is None:
            continue
        value: Any = pair.banks[side].variables[place].domain[int(strand.indexes[side][way])]
        kept = found.get(strand.question)
        if isinstance(kept, list):
            kept += [strand.option] if strand.option is not None and value else []
        else:
            found[strand.question] = bool(value) if _yes_no(pair, side, strand) else value
    return found


def _yes_no(pair: BothBanks, side: int, strand: Strand) -> bool:
    return pair.banks[side].questions[strand.question].kind == "yes_no"


def _asked(compiled: Compiled, raw: dict[str, Answer]) -> dict[str, Answer]:
    hidden = read_answers(compiled, raw).hidden
    return {name: answer for name, answer in raw.items() if name not in hidden}


def seen_by(compiled: Compiled, raw: dict[str, Answer], on: date) -> Seen:
    """What one complete taker sees of a bank."""
    outcome = recommend(compiled, read_answers(compiled, raw), on)
    entries = outcome.recommendations
    standings = {entry.item: entry.standing.value for entry in entries}
    standings |= {entry.item: entry.standing.value for entry in outcome.not_now}
    return Seen(
        first=entries[0].item if entries else None,
        top=tuple(entry.item for entry in entries[:3]),
        standings=standings,
        costs={entry.item: entry.cost.yen if entry.cost else None for entry in entries},
    )


def kinds_between(before: Seen, after: Seen, common: frozenset[str]) -> frozenset[Kind]:
    """The kinds of change between what a taker saw and sees; ``common`` are the items of both banks."""
    both = before.costs.keys() & after.costs.keys() & common
    # Something first of an unknown total is not the same as nothing first.
    firsts = [None if seen.first is None else (seen.costs[seen.first],) for seen in (before, after)]
    holds: dict[Kind, bool] = {
        "first": before.first != after.first,
        "top": set(before.top) != set(after.top),
        "top_order": before.top != after.top,
        "standing": any(before.standings.get(item) != after.standings.get(item) for item in common),
        "cost": any(before.costs[item] != after.costs[item] for item in both),
        "first_cost": firsts[0] != firsts[1],
    }
    return frozenset(kind for kind, held in holds.items() if held)
