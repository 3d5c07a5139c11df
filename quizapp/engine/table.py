"""Integer tables: what a rule comes to for every answer it reads, merged where nothing tells apart.

A table is built once, by evaluating the rule's tree over a whole grid of numpy arrays; afterwards a
look-up adds one offset per variable it reads and takes one value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from quizapp.engine.packed import Narrow, Packed, distinct, packed
from quizapp.rules.tree import (
    All,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Count,
    Extreme,
    Has,
    Not,
    OneOf,
    Ramp,
    Read,
    Some,
    Tree,
    children,
    nodes,
)

Integers: TypeAlias = npt.NDArray[np.int64]

MAX_CELLS = 400_000
UNKNOWN = -1
# Going through so few states by themselves is quicker than setting up arrays.
_FEW_STATES = 128


class TooLarge(Exception):
    """A rule's table would exceed MAX_CELLS; ``cells`` says by how much."""

    def __init__(self, cells: int) -> None:
        super().__init__(f"the table would have {cells} cells")
        self.cells = cells


@dataclass(frozen=True, eq=False)
class Variable:
    """Something finite that rules read: a question, one option of a choices question, a named value.

    ``domain`` holds, by index, the option id or the number that the index stands for.
    """

    name: str
    domain: tuple[int | str, ...]

    @cached_property
    def numbers(self) -> Integers:
        """The domain as numbers; an option is its own index."""
        return np.array([v if isinstance(v, int) else i for i, v in enumerate(self.domain)], dtype=np.int64)

    @cached_property
    def index(self) -> dict[int | str, int]:
        """Where each value stands in the domain."""
        return {value: position for position, value in enumerate(self.domain)}


@dataclass(frozen=True, eq=False)
class Table:
    """``values[sum(offsets[k][state[reads[k]]])]`` for a state of variable indexes.

    ``values`` is a tuple, or packed where there are many (see ``packed``).
    """

    reads: tuple[int, ...]
    offsets: tuple[tuple[int, ...], ...]
    values: Sequence[int]

    def at(self, state: Sequence[int]) -> int:
        """What the rule comes to in one state."""
        place = 0
        for variable, offset in zip(self.reads, self.offsets, strict=True):
            place += offset[state[variable]]
        return self.values[place]

    def possible(self, states: Sequence[tuple[int, ...]]) -> frozenset[int]:
        """Everything it may come to while variables may still be any of several indexes, each given once."""
        ways = [states[variable] for variable in self.reads]
        if all(len(way) == len(offset) for way, offset in zip(ways, self.offsets, strict=True)):
            return self._ever
        return self._among(ways)

    @cached_property
    def _ever(self) -> frozenset[int]:
        return self._among([range(len(offset)) for offset in self.offsets])

    def _among(self, ways: Sequence[Sequence[int]]) -> frozenset[int]:
        moves = [{offset[index] for index in way} for way, offset in zip(ways, self.offsets, strict=True)]
        if prod(map(len, moves)) <= _FEW_STATES:
            return frozenset(self.values[sum(way)] for way in product(*moves))
        places = np.zeros(1, dtype=np.int64)
        for move in moves:
            places = (places[:, None] + np.array(sorted(move), dtype=np.int64)).reshape(-1)
        return frozenset(distinct(self._numbers[places]).tolist())

    def over(self, indexes: Callable[[int], Integers]) -> Integers:
        """What it comes to over whole arrays of indexes, broadcast together."""
        place: Any = np.zeros((), dtype=np.int64)
        for variable, offset in zip(self.reads, self._offset_arrays, strict=True):
            place = place + offset[indexes(variable)]
        result: Integers = self._numbers[place].astype(np.int64, copy=False)
        return result

    @cached_property
    def _offset_arrays(self) -> tuple[Integers, ...]:
        return tuple(np.array(offset, dtype=np.int64) for offset in self.offsets)

    @cached_property
    def _numbers(self) -> Narrow:
        # Where they are many they are looked up as they are kept, and never copied as a whole.
        kept = self.values
        return kept.numbers if isinstance(kept, Packed) else np.array(kept, dtype=np.int64)

    @property
    def cells(self) -> int:
        """How many values it holds."""
        return len(self.values)

    @property
    def bytes(self) -> int:
        """About how much memory it takes, once it has been asked over arrays too."""
        kept = self.values
        values = kept.numbers.nbytes if isinstance(kept, Packed) else 16 * len(kept)
        return values + 24 * sum(map(len, self.offsets))


def constant(value: int) -> Table:
    """A table that reads nothing."""
    return Table((), (), (value,))


def variable_name(node: Read | OneOf | Has) -> str:
    """The variable that a reading node stands on."""
    return f"{node.name}.{node.option}" if isinstance(node, Has) else node.name


def tabulate(
    tree: Tree,
    variables: Sequence[Variable],
    places: Mapping[str, int],
    spend: Callable[[int], None] = lambda size: None,
) -> Table:
    """The merged table of a tree.

    Raises TooLarge when it would not stay small. ``spend`` is told what it takes, cells and the answers of
    what is read, before any of it is built, and may raise.
    """
    reading: dict[int, list[tuple[Tree, Tree | None]]] = {}
    for node, parent in _with_parents(tree):
        if isinstance(node, Read | OneOf | Has):
            reading.setdefault(places[variable_name(node)], []).append((node, parent))
    reads = sorted(reading)
    cells = [_cells(reading[place], variables[place]) for place in reads]
    size = prod(map(len, cells))
    if size > MAX_CELLS:
        raise TooLarge(size)
    spend(size + sum(len(variables[place].domain) for place in reads))
    arrays: dict[str, Integers] = {}
    for axis, (place, groups) in enumerate(zip(reads, cells, strict=True)):
        shape = [1] * len(reads)
        shape[axis] = len(groups)
        arrays[variables[place].name] = np.array([group[0] for group in groups], dtype=np.int64).reshape(
            shape
        )
    grid = over_grid(tree, {variables[p].name: variables[p] for p in reads}, arrays)
    full = np.broadcast_to(grid, tuple(len(groups) for groups in cells))
    return _merged(reads, cells, full.copy(), [len(variables[p].domain) for p in reads])


def mapped(table: Table, values: Callable[[int], int]) -> Table:
    """The same table with every value replaced."""
    domain, numbered = by_outcome(table)
    found = np.array([values(value) for value in domain], dtype=np.int64)
    return Table(table.reads, table.offsets, packed(found[np.asarray(numbered.values)]))


def by_outcome(table: Table) -> tuple[tuple[int, ...], Table]:
    """What a table holds, each once and ascending, and the table of where among these each value stands."""
    domain, places = np.unique(np.asarray(table.values), return_inverse=True)
    return tuple(domain.tolist()), Table(table.reads, table.offsets, packed(places.reshape(-1)))


def _cells(reading: Sequence[tuple[Tree, Tree | None]], variable: Variable) -> list[list[int]]:
    """Groups of indexes that no comparison among these readings of the variable tells apart."""
    tests: list[Any] = []
    for node, parent in reading:
        if isinstance(node, OneOf):
            tests.append([value in node.options for value in variable.domain])
        elif isinstance(node, Read) and isinstance(parent, Compare) and _against_constant(parent):
            tests.append(_compared(parent, variable.numbers))
        else:
            return [[i] for i in range(len(variable.domain))]
    groups: dict[bytes, list[int]] = {}
    for index, told in enumerate(np.ascontiguousarray(np.array(tests, dtype=np.bool_).T)):
        groups.setdefault(told.tobytes(), []).append(index)
    return list(groups.values())


def _with_parents(tree: Tree) -> Iterable[tuple[Tree, Tree | None]]:
    yield tree, None
    yield from ((child, node) for node in nodes(tree) for child in children(node))


def _against_constant(node: Compare) -> bool:
    return isinstance(node.left, Constant) or isinstance(node.right, Constant)


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def _compared(node: Compare, values: Integers) -> Any:
    left = node.left.value if isinstance(node.left, Constant) else values
    right = node.right.value if isinstance(node.right, Constant) else values
    return _OPERATIONS[node.operator](left, right)


def over_grid(tree: Tree, variables: Mapping[str, Variable], indexes: Mapping[str, Integers]) -> Integers:
    """A tree evaluated over arrays of variable indexes; truths are 0 and 1."""
    known: dict[int, Any] = {}

    def of(node: Tree) -> Any:
        return known[id(node)] if id(node) in known else worked_out(node)

    def worked_out(node: Tree) -> Any:
        match node:
            case Constant(value):
                return np.int64(value)
            case Read(name):
                return variables[name].numbers[indexes[name]]
            case OneOf(name, options):
                among = np.array([value in options for value in variables[name].domain], dtype=np.int64)
                return among[indexes[name]]
            case Has():
                return indexes[variable_name(node)]
            case Not(part):
                return 1 - of(part)
            case All(parts):
                return _reduced(np.minimum, [of(part) for part in parts])
            case Some(parts):
                return _reduced(np.maximum, [of(part) for part in parts])
            case Choose(condition, then, otherwise):
                return np.where(of(condition) != 0, of(then), of(otherwise))
            case Compare(operator, left, right):
                return np.asarray(_OPERATIONS[operator](of(left), of(right))).astype(np.int64)
            case Arithmetic(operator, left, right):
                return _OPERATIONS[operator](of(left), of(right))
            case Extreme(which, parts):
                return _reduced(np.minimum if which == "min" else np.maximum, [of(part) for part in parts])
            case Count(parts):
                return sum(of(part) for part in parts)
            case Ramp(part, start, end):
                return _ramp(of(part), of(start), of(end))

    for part in _repeated(tree):
        known[id(part)] = worked_out(part)
    return np.asarray(of(tree), dtype=np.int64)


def _repeated(tree: Tree) -> list[Tree]:
    """The parts that stand in a tree several times, those first that are part of others.

    When a question is asked stands there once for each reading of it, and may have such parts itself: gone
    through as they stand, a few dozen questions that hide each other would never come to an end.
    """
    met = Counter(id(child) for node in nodes(tree) for child in children(node))
    found, seen = [], set()
    waiting = [(tree, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            found.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting += [(node, True)] if met[id(node)] > 1 else []
            waiting += [(child, False) for child in children(node)]
    return found


def _reduced(work: Callable[[Any, Any], Any], parts: list[Any]) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = work(result, part)
    return result


def _ramp(value: Any, start: Any, end: Any) -> Any:
    rising = end > start
    share = np.where(rising, value - start, start - value)
    length = np.where(rising, end - start, start - end)
    safe = np.where(length == 0, 1, length)
    slope = np.clip((200 * share + safe) // (2 * safe), 0, 100)
    return np.where(length == 0, np.where(value >= end, 100, 0), slope)


def _merged(reads: list[int], cells: list[list[list[int]]], grid: Integers, sizes: list[int]) -> Table:
    kept_reads, kept_cells = [], []
    axis = 0
    for place, groups, size in zip(reads, cells, sizes, strict=True):
        rows = grid.swapaxes(0, axis).reshape(len(groups), -1)
        known: dict[bytes, int] = {}
        first: list[int] = []
        cell_of = [0] * size
        for number, group in enumerate(groups):
            cell = known.setdefault(rows[number].tobytes(), len(known))
            if cell == len(first):
                first.append(number)
            for index in group:
                cell_of[index] = cell
        if len(first) < len(groups):
            grid = grid.take(first, axis=axis)
        if len(first) == 1:
            grid = np.take(grid, 0, axis=axis)
        else:
            kept_reads.append(place)
            kept_cells.append(cell_of)
            axis += 1
    strides = [prod(grid.shape[k + 1 :]) for k in range(grid.ndim)]
    offsets = tuple(_steps(cell_of, stride) for cell_of, stride in zip(kept_cells, strides, strict=True))
    return Table(tuple(kept_reads), offsets, packed(grid.reshape(-1)))


def _steps(cell_of: list[int], stride: int) -> tuple[int, ...]:
    """How far each index moves; answers of one cell share one number."""
    steps = [cell * stride for cell in range(max(cell_of) + 1)]
    return tuple([steps[cell] for cell in cell_of])
