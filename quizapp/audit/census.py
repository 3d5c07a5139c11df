"""Who comes first, over every answer set of a bank: each item's standing as one array, then one least.

An item reads few questions, so its place in the order is an array over those alone. The census lays
these arrays over the whole space a block at a time and keeps the least of each cell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import TypeAlias

import numpy as np

from quizapp.engine.cohort import cells
from quizapp.engine.compiled import Compiled
from quizapp.engine.field import NEVER, Field, field_on
from quizapp.engine.grid import Axis, raw_reads
from quizapp.engine.table import Integers, Table

MAX_OWN = 2_000_000
MAX_SPACE = 50_000_000
BLOCK = 8_192
STRETCH = 16_384
JUDGED = 1_024


CORES = os.cpu_count() or 1

Laid: TypeAlias = tuple[tuple[int, ...], Integers]


class TooWide(Exception):
    """The answers that matter are too many to go through; ``cells`` says how many."""

    def __init__(self, cells: int) -> None:
        super().__init__(f"{cells} combinations of answers")
        self.cells = cells


@dataclass(frozen=True)
class Own:
    """One item's places in the order over the answers it reads; ``axes`` number the census's axes."""

    row: int
    axes: tuple[int, ...]
    keys: Integers


class Census:
    """A bank on a day, ready to be counted. Shared by threads.

    Raises TooWide where one item alone reads more answers than can be gone through.
    """

    def __init__(self, compiled: Compiled, on: date) -> None:
        self._compiled = compiled
        field = field_on(compiled, on)
        reads = [_reads(compiled, Field(compiled, on, (row,))) for row in field.rows]
        self.axes = tuple(cells(compiled, place) for place in sorted(set().union(*reads)))
        at = {axis.variable: number for number, axis in enumerate(self.axes)}
        # A power of two, so that the winner is read off the key by its lowest bits; the last place is free.
        self._items = 1 << len(field.rows).bit_length()
        ids = sorted(compiled.items[row].item.id for row in field.rows)
        self._by_place = np.full(self._items, -1, dtype=np.int64)
        work = []
        for row, places in zip(field.rows, reads, strict=True):
            place = ids.index(compiled.items[row].item.id)
            self._by_place[place] = row
            work.append((Field(compiled, on, (row,)), tuple(at[p] for p in sorted(places)), place))
        made = [self._own(*one) for one in work]
        # Nothing ranked has a key of its own, just above the greatest that any item can have.
        greatest = max((int(own.keys[own.keys != NEVER].max(initial=0)) for own in made), default=0)
        self._never = (greatest // self._items + 1) * self._items + self._items - 1
        kind = np.int32 if self._never <= np.iinfo(np.int32).max else np.int64
        self.owns = tuple(
            Own(own.row, own.axes, np.where(own.keys == NEVER, self._never, own.keys).astype(kind))
            for own in made
        )

    @property
    def size(self) -> int:
        """How many combinations of answers the census tells apart."""
        return prod(len(axis.chosen) for axis in self.axes)

    def winners(self, takers: Integers) -> Integers:
        """The bank's row of each taker's first item, -1 where nothing is ranked.

        ``takers`` has one row a question variable and one column a taker.
        """
        count = takers.shape[1]
        best: Integers = np.full(count, self._never, dtype=self._kind)
        shifts = [self._shifts(own) for own in self.owns]
        # A stretch at a time, so that its indexes and places stay in the processor's cache.
        for at in range(0, count, STRETCH):
            stretch = takers[:, at : at + STRETCH].astype(np.intp)
            least = best[at : at + STRETCH]
            for own, moves in zip(self.owns, shifts, strict=True):
                place = sum((move.take(stretch[variable]) for variable, move in moves), np.intp(0))
                np.minimum(least, own.keys.reshape(-1).take(place), out=least)
        rows: Integers = self._by_place[best & (self._items - 1)]
        return rows

    def _shifts(self, own: Own) -> list[tuple[int, Integers]]:
        """For each variable that an item reads, how far each of its answers moves the place."""
        found, stride = [], 1
        for number in reversed(own.axes):
            axis = self.axes[number]
            found.append((axis.variable, axis.cell_of * stride))
            stride *= len(axis.chosen)
        return found

    def first_places(self) -> dict[str | None, int]:
        """For how many answer sets each item comes first; None counts those in which nothing is ranked.

        Every answer set counts once; answers that nothing reads are not multiplied in. Raises TooWide.
        """
        if self.size > MAX_SPACE:
            raise TooWide(self.size)
        inner = self._inner()
        laid = [_laid(own, inner, self.axes) for own in self.owns]
        blocks = list(self._outer(inner))
        # numpy lets go of the interpreter while it works, so that blocks go through every core at once.
        with ThreadPoolExecutor(CORES) as pool:
            parts = [blocks[core::CORES] for core in range(CORES)]
            counted = list(pool.map(lambda part: self._totals(laid, part, inner), parts))
        totals: Integers = np.sum(counted, axis=0)
        found: dict[str | None, int] = {None: int(totals[-1])}
        for place, row in enumerate(self._by_place.tolist()):
            if row >= 0:
                found[self._compiled.items[row].item.id] = int(totals[place])
        return found

    def _totals(
        self, laid: Sequence[Laid], blocks: Sequence[tuple[tuple[int, ...], int]], inner: int
    ) -> Integers:
        """The first places by place in the alphabet, over some blocks."""
        volumes = _volumes(self.axes[inner:])
        even = bool((volumes == volumes[0]).all())
        totals = np.zeros(self._items, dtype=np.int64)
        best: Integers = np.empty(len(volumes), dtype=self._kind)
        for outer, weight in blocks:
            best.fill(self._never)
            for axes, keys in laid:
                np.minimum(best, keys[_place(axes, outer, self.axes)], out=best)
            first = best & (self._items - 1)
            if even:
                totals += np.bincount(first, minlength=self._items) * (weight * int(volumes[0]))
            else:
                totals += np.bincount(first, volumes * weight, self._items).astype(np.int64)
        return totals

    @property
    def _kind(self) -> type:
        return self.owns[0].keys.dtype.type if self.owns else np.int64

    def _own(self, field: Field, axes: tuple[int, ...], place: int) -> Own:
        mine = [self.axes[number] for number in axes]
        count = prod(len(axis.chosen) for axis in mine)
        if count > MAX_OWN:
            raise TooWide(count)
        answers = np.zeros((self._compiled.today, count), dtype=np.int64)
        shape = tuple(len(axis.chosen) for axis in mine)
        for axis, index in zip(mine, np.indices(shape).reshape(len(mine), count), strict=True):
            answers[axis.variable] = axis.chosen[index]
        parts = [field.judge(answers[:, at : at + JUDGED]).key[0] for at in range(0, count, JUDGED)]
        keys = np.concatenate(parts)
        return Own(
            field.rows[0], axes, np.where(keys == NEVER, NEVER, keys * self._items + place).reshape(shape)
        )

    def _inner(self) -> int:
        """The first of the axes that a block spans."""
        inner, size = len(self.axes), 1
        while inner and size * len(self.axes[inner - 1].chosen) <= BLOCK:
            inner -= 1
            size *= len(self.axes[inner].chosen)
        return inner

    def _outer(self, inner: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Every combination of the axes before the block, and how many answer sets it stands for."""
        for outer in product(*(range(len(axis.chosen)) for axis in self.axes[:inner])):
            yield outer, prod(int(self.axes[n].counts[cell]) for n, cell in enumerate(outer))


def _reads(compiled: Compiled, field: Field) -> frozenset[int]:
    item = field.items[0]
    tables: list[Table] = [*compiled.weights, *field.gates[0].tables, *item.fits]
    limits = {compiled.places[limit.question] for limit in compiled.bank.limits}
    return raw_reads(compiled, tables) | frozenset(limits)


def _laid(own: Own, inner: int, axes: Sequence[Axis]) -> Laid:
    """The outer axes that an item reads, and its keys as (their cells, a whole block)."""
    outer = tuple(number for number in own.axes if number < inner)
    shape = [len(axes[number].chosen) for number in outer]
    block = [len(axis.chosen) for axis in axes[inner:]]
    wide = [len(axes[n].chosen) if n in own.axes else 1 for n in range(inner, len(axes))]
    keys = np.broadcast_to(own.keys.reshape((*shape, *wide)), (*shape, *block))
    return outer, np.ascontiguousarray(keys).reshape(prod(shape), prod(block))


def _place(axes: tuple[int, ...], outer: tuple[int, ...], every: Sequence[Axis]) -> int:
    place = 0
    for number in axes:
        place = place * len(every[number].chosen) + outer[number]
    return place


def _volumes(axes: Sequence[Axis]) -> Integers:
    volumes = np.ones(1, dtype=np.int64)
    for axis in axes:
        volumes = (volumes[:, None] * axis.counts).reshape(-1)
    return volumes
