"""Brings the lines of two people together, as for comments, which belong to no part; knows nothing of YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

Lines: TypeAlias = tuple[str, ...]
OFTEN = 50


@dataclass(frozen=True)
class LineClash:
    """Lines that both changed in different ways, as they were and as each wants them."""

    base: Lines
    mine: Lines
    theirs: Lines


Piece: TypeAlias = Lines | LineClash


def merge_lines(base: Lines, mine: Lines, theirs: Lines) -> tuple[Piece, ...]:
    """What both made of ``base``, piece by piece in order; what cannot be decided is a clash.

    >>> merge_lines(("a", "b"), ("a", "b", "c"), ("0", "a", "b"))
    (('0',), ('a', 'b'), ('c',))
    >>> merge_lines(("a",), ("b",), ("c",))
    (LineClash(base=('a',), mine=('b',), theirs=('c',)),)
    """
    pieces: list[Piece] = []
    at = _At(0, 0, 0)
    for agreed, length in _agreed(base, mine, theirs):
        pieces += _between(
            base[at.base : agreed.base], mine[at.mine : agreed.mine], theirs[at.theirs : agreed.theirs]
        )
        pieces.append(base[agreed.base : agreed.base + length])
        at = _At(agreed.base + length, agreed.mine + length, agreed.theirs + length)
    return tuple(piece for piece in pieces if piece)


@dataclass(frozen=True)
class _At:
    """A line in each of the three, by index."""

    base: int
    mine: int
    theirs: int


def _between(base: Lines, mine: Lines, theirs: Lines) -> Iterator[Piece]:
    """What becomes of lines between two where all agree: line by line where nobody added or removed one."""
    if len(base) == len(mine) == len(theirs):
        for lines in zip(base, mine, theirs, strict=True):
            yield _decided(*((line,) for line in lines))
    else:
        yield _decided(base, mine, theirs)


def _decided(base: Lines, mine: Lines, theirs: Lines) -> Piece:
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else LineClash(base, mine, theirs)


def _agreed(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[_At, int]]:
    """Where all three have the same lines, and how many; the last is their ends, of no line."""
    ours, others = _matches(base, mine), _matches(base, theirs)
    one = other = 0
    while one < len(ours) and other < len(others):
        (base_one, in_mine, size_one), (base_other, in_theirs, size_other) = ours[one], others[other]
        start = max(base_one, base_other)
        end_one, end_other = base_one + size_one, base_other + size_other
        if start < min(end_one, end_other):
            at = _At(start, in_mine + start - base_one, in_theirs + start - base_other)
            yield at, min(end_one, end_other) - start
        if end_one < end_other:
            one += 1
        else:
            other += 1
    yield _At(len(base), len(mine), len(theirs)), 0


def _matches(base: Lines, other: Lines) -> list[tuple[int, int, int]]:
    """Rows of lines that are in both, in order; the ends of both are left out of the slow search."""
    least = min(len(base), len(other))
    head = next((at for at in range(least) if base[at] != other[at]), least)
    most = least - head
    tail = next((at for at in range(most) if base[-1 - at] != other[-1 - at]), most)
    ours, others = base[head : len(base) - tail], other[head : len(other) - tail]
    # Blank lines by the thousand would each be held against each. Equal ones beside a match still join it.
    often = {line for line, times in Counter(others).items() if times > OFTEN}
    inside = SequenceMatcher(often.__contains__ if often else None, ours, others, autojunk=False)
    found = [(0, 0, head)]
    found += [(head + a, head + b, size) for a, b, size in inside.get_matching_blocks()]
    found.append((len(base) - tail, len(other) - tail, tail))
    return [match for match in found if match[2]]
