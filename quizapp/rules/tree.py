"""The typed trees that rules become: small frozen nodes with the bounds of what they can yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ANY_UNIT = "none"


@dataclass(frozen=True)
class Number:
    """Whole numbers of one unit between two bounds, both included; unit "none" goes with every unit."""

    low: int
    high: int
    unit: str = ANY_UNIT


@dataclass(frozen=True)
class Truth:
    """True or false."""


@dataclass(frozen=True)
class Day:
    """A calendar day, held as its proleptic ordinal."""


@dataclass(frozen=True)
class ChoiceOf:
    """One option of a choice question."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class SetOf:
    """Any options of a choices question."""

    question: str
    options: tuple[str, ...]


Kind: TypeAlias = Number | Truth | Day | ChoiceOf | SetOf


@dataclass(frozen=True)
class Constant:
    """A number, a truth (0 or 1) or a day."""

    value: int
    kind: Number | Truth | Day


@dataclass(frozen=True)
class Read:
    """The value of a question or named value that is a number, a truth or a day."""

    name: str
    kind: Number | Truth | Day


@dataclass(frozen=True)
class OneOf:
    """Whether the answer to a choice question is one of these options."""

    name: str
    options: frozenset[str]
    kind: Truth = Truth()


@dataclass(frozen=True)
class Has:
    """Whether the answer to a choices question holds this option."""

    name: str
    option: str
    kind: Truth = Truth()


@dataclass(frozen=True)
class Not:
    """The contrary."""

    part: Tree
    kind: Truth = Truth()


@dataclass(frozen=True)
class All:
    """True when every part is."""

    parts: tuple[Tree, ...]
    kind: Truth = Truth()


@dataclass(frozen=True)
class Some:
    """True when any part is."""

    parts: tuple[Tree, ...]
    kind: Truth = Truth()


Comparison = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Compare:
    """Two numbers or two days compared."""

    operator: Comparison
    left: Tree
    right: Tree
    kind: Truth = Truth()


@dataclass(frozen=True)
class Arithmetic:
    """A sum, difference or product."""

    operator: Literal["+", "-", "*"]
    left: Tree
    right: Tree
    kind: Number


@dataclass(frozen=True)
class Choose:
    """``then`` where the condition holds, else ``otherwise``."""

    condition: Tree
    then: Tree
    otherwise: Tree
    kind: Number | Truth


@dataclass(frozen=True)
class Extreme:
    """The least or the greatest of its parts."""

    which: Literal["min", "max"]
    parts: tuple[Tree, ...]
    kind: Number


@dataclass(frozen=True)
class Count:
    """How many of its parts, all truths, hold."""

    parts: tuple[Tree, ...]
    kind: Number


@dataclass(frozen=True)
class Ramp:
    """0 at ``start``, 100 at ``end``, straight between (rounded half up), flat outside."""

    part: Tree
    start: Tree
    end: Tree
    kind: Number = Number(0, 100)


Tree: TypeAlias = (
    Constant | Read | OneOf | Has | Not | All | Some | Compare | Arithmetic | Choose | Extreme | Count | Ramp
)


def children(tree: Tree) -> tuple[Tree, ...]:
    """The direct parts of a node, in order."""
    match tree:
        case Not(part):
            return (part,)
        case All(parts) | Some(parts) | Extreme(_, parts) | Count(parts):
            return parts
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Choose(condition, then, otherwise):
            return (condition, then, otherwise)
        case Ramp(part, start, end):
            return (part, start, end)
    return ()


def nodes(tree: Tree) -> list[Tree]:
    """Every node of a tree, the root first; a part that stands in it several times is one node."""
    found = {id(tree): tree}
    waiting = [tree]
    for node in waiting:
        for child in children(node):
            if id(child) not in found:
                found[id(child)] = child
                waiting.append(child)
    return waiting


def names_read(tree: Tree) -> frozenset[str]:
    """The names of the questions and values that a tree reads directly."""
    return frozenset(node.name for node in nodes(tree) if isinstance(node, Read | OneOf | Has))
