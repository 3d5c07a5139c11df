"""Which questions and options make a difference to some taker, in one bank and in the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quizapp.audit.both_banks import BothBanks, Ways
from quizapp.audit.impact_record import Certainty, Weightless
from quizapp.audit.sheets import Sheets
from quizapp.audit.turnover import Marks
from quizapp.engine.table import Integers

FEW, MANY = 96, 2_048
ANSWERS = 16
SEED = 41
_BLOCK = 8_192


@dataclass(frozen=True)
class Alike:
    """The answers to one strand that one bank never treated otherwise than one another.

    ``group`` is a number by answer (its index in the bank); ``proved`` by answer, whether that it stands
    together with the others of its group is certain.
    """

    group: dict[int, int]
    proved: dict[int, bool]
    tried: int

    @property
    def matters(self) -> bool:
        """Whether some answer was seen to make a difference."""
        return len(set(self.group.values())) > 1

    @property
    def surely(self) -> bool:
        """Whether all that stand together surely do."""
        return all(self.proved.values())


@dataclass(frozen=True)
class Influence:
    """What changed in what matters; see ``Impact``."""

    no_longer: tuple[Weightless, ...]
    newly: tuple[Weightless, ...]
    idle: tuple[Weightless, ...]


def influence(sheets: Sheets, marks: tuple[Marks, Marks] | None) -> Influence:
    """What matters in one bank and not in the other.

    ``marks`` are both banks' marks of every combination of cells, in order, where they were gone through:
    everything is proven then. Else answers are exchanged in many drawn takers.
    """
    pair = sheets.pair
    rows = range(len(pair.strands))
    if marks is not None:
        found = {(row, side): _exact(pair, row, side, marks[side]) for row in rows for side in (0, 1)}
        return _told(pair, found)
    found = _drawn(sheets, list(rows), FEW)
    doubtful = sorted({row for row in rows if _in_doubt(pair, found, row)})
    found |= _drawn(sheets, doubtful, MANY)
    return _told(pair, found)


def unread(pair: BothBanks) -> tuple[Weightless, ...]:
    """The new questions and options of banks that decide everything alike: surely none is read."""
    before, after = (_parts(pair, side) for side in (0, 1))
    new = [(name, option) for name, option in after if (name, option) not in before]
    return tuple(
        Weightless(name, option, Certainty(True, 0))
        for name, option in new
        if option is None or (name, None) in before
    )


Found = dict[tuple[int, int], Alike]


def _exact(pair: BothBanks, row: int, side: int, marks: Marks) -> Alike:
    strand, cells = pair.strands[row], pair.cells[row]
    place = strand.places[side]
    if place is None:
        return Alike({}, {}, len(marks))
    shape = tuple(len(each.chosen) for each in pair.cells)
    lines = np.moveaxis(marks.reshape(shape), row, 0)
    known: dict[bytes, int] = {}
    groups = [known.setdefault(line.tobytes(), len(known)) for line in lines]
    # An answer that several ways give is the same answer in each of them.
    group = {
        int(index): groups[int(cell)] for index, cell in zip(strand.indexes[side], cells.cell_of, strict=True)
    }
    return Alike(group, dict.fromkeys(group, True), len(marks))


def _drawn(sheets: Sheets, rows: Sequence[int], count: int) -> Found:
    """The same takers with every answer (of a number, some) to one strand after another."""
    pair = sheets.pair
    half = pair.sampled(count // 2, SEED)
    takers: Ways = np.concatenate([half, pair.varied(count - count // 2, SEED)], axis=1)
    picked = {row: _picked(pair, row) for row in rows}
    blocks = []
    for row, ways in picked.items():
        trial = np.tile(takers, len(ways))
        trial[row] = np.repeat(ways, count)
        blocks.append(trial)
    if not blocks:
        return {}
    whole = np.concatenate(blocks, axis=1)
    sheet = [sheets.of(whole[:, at : at + _BLOCK]) for at in range(0, whole.shape[1], _BLOCK)]
    found: Found = {}
    for side in (0, 1):
        marks = np.concatenate([each[side].mark for each in sheet])
        start = 0
        for row, ways in picked.items():
            lines = marks[start : start + count * len(ways)].reshape(len(ways), count)
            start += count * len(ways)
            found[row, side] = _alike(pair, row, side, ways, lines)
    return found


def _picked(pair: BothBanks, row: int) -> Integers:
    chosen = pair.cells[row].chosen
    if pair.banks[1].questions.get(pair.strands[row].question, None) is None or len(chosen) <= ANSWERS:
        return chosen
    if len({*pair.strands[row].indexes[1].tolist()}) <= ANSWERS:
        return chosen
    return chosen[np.linspace(0, len(chosen) - 1, ANSWERS).astype(np.int64)]


def _alike(pair: BothBanks, row: int, side: int, ways: Integers, lines: Marks) -> Alike:
    strand = pair.strands[row]
    place = strand.places[side]
    if place is None:
        return Alike({}, {}, lines.shape[1])
    cell = pair.told_apart[side][place]
    known: dict[bytes, int] = {}
    by_index = {
        int(strand.indexes[side][way]): known.setdefault(line.tobytes(), len(known))
        for way, line in zip(ways.tolist(), lines, strict=True)
    }
    by_cell = {int(cell[index]): group for index, group in by_index.items()}
    indexes = range(len(pair.banks[side].variables[place].domain))
    group = {index: by_cell[int(cell[index])] for index in indexes if int(cell[index]) in by_cell}
    members: dict[int, set[int]] = {}
    for index, number in group.items():
        members.setdefault(number, set()).add(int(cell[index]))
    proved = {index: len(members[number]) == 1 for index, number in group.items()}
    return Alike(group, proved, lines.shape[1])


def _in_doubt(pair: BothBanks, found: Found, row: int) -> bool:
    """Whether something was not seen to matter that is neither proven nor the same in both banks."""
    before, after = found[row, 0], found[row, 1]
    if before.surely and after.surely:
        return False
    return before.matters != after.matters or _twins(before) != _twins(after) or not before.group


def _twins(alike: Alike) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for index, number in alike.group.items():
        groups.setdefault(number, set()).add(index)
    return {frozenset(group) for group in groups.values()}


def _told(pair: BothBanks, found: Found) -> Influence:
    weightless = [{(w.question, w.option): w for w in _weightless(pair, found, side)} for side in (0, 1)]
    there = [_parts(pair, side) for side in (0, 1)]
    matters = [
        {part for part in there[side] if not {part, (part[0], None)} & weightless[side].keys()}
        for side in (0, 1)
    ]
    return Influence(
        no_longer=tuple(w for part, w in weightless[1].items() if part in matters[0]),
        newly=tuple(w for part, w in weightless[0].items() if part in matters[1]),
        idle=tuple(w for part, w in weightless[1].items() if part not in there[0]),
    )


def _parts(pair: BothBanks, side: int) -> dict[tuple[str, str | None], None]:
    found: dict[tuple[str, str | None], None] = {}
    for name, question in pair.banks[side].questions.items():
        found |= dict.fromkeys([(name, None), *((name, option.id) for option in question.options)])
    return found


def _weightless(pair: BothBanks, found: Found, side: int) -> Iterator[Weightless]:
    for name, question in pair.banks[side].questions.items():
        rows = [row for row in pair.by_question[name] if pair.strands[row].places[side] is not None]
        alike = [found[row, side] for row in rows]
        tried = max((each.tried for each in alike), default=0)
        if not any(each.matters for each in alike):
            yield Weightless(name, None, Certainty(all(each.surely for each in alike), tried))
        elif question.kind == "choices":
            for row, each in zip(rows, alike, strict=True):
                if not each.matters:
                    yield Weightless(name, pair.strands[row].option, Certainty(each.surely, each.tried))
        elif question.kind == "choice":
            yield from _with_twins(name, [option.id for option in question.options], alike[0])


def _with_twins(name: str, options: Sequence[str], alike: Alike) -> Iterator[Weightless]:
    for index, option in enumerate(options):
        twins = [i for i, group in alike.group.items() if group == alike.group[index] and i != index]
        if twins:
            certainty = Certainty(alike.proved[index], alike.tried)
            yield Weightless(name, option, certainty, options[min(twins)])
