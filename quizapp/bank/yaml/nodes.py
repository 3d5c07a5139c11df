"""The tree of a YAML file with the place of every part; knows text and places, not what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from quizapp.errors import Where

Path: TypeAlias = tuple[str | int, ...]

_WHOLE = re.compile(r"[-+]?[0-9]{1,15}\Z")
_DECIMAL = re.compile(
    r"[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]{1,2})?|[0-9]+[eE][-+]?[0-9]{1,2})\Z"
)
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A place in a text: 1-based line and column, and the 0-based index of the character."""

    line: int
    column: int
    index: int


@dataclass(frozen=True)
class Scalar:
    """One word, number or text. ``style`` is empty for plain ones, else the character it begins with."""

    text: str
    style: str
    start: Mark
    end: Mark

    @property
    def value(self) -> str | int | float | bool | None:
        """What it means under the core schema of YAML 1.2, without octal, hexadecimal, .inf and .nan.

        So ``no``, ``yes``, ``on`` and ``2026-11-22`` are texts.

        >>> here = Mark(1, 1, 0)
        >>> [Scalar(text, "", here, here).value for text in ("no", "12", "true", "~", "2026-11-22")]
        ['no', 12, True, None, '2026-11-22']
        >>> Scalar("12", "'", here, here).value
        '12'
        """
        if self.style:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        if _WHOLE.match(self.text):
            return int(self.text)
        if len(self.text) < 40 and _DECIMAL.match(self.text):
            return float(self.text)
        return self.text


@dataclass(frozen=True)
class Mapping:
    """Keys with their values, in the order of the file."""

    pairs: tuple[tuple[Scalar, Node], ...]
    flow: bool
    start: Mark
    end: Mark

    def get(self, key: str | int) -> tuple[Scalar, Node] | None:
        """The pair with that key, or None."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str | int, tuple[Scalar, Node]]:
        # The first of two that are called alike, as whoever reads from the top finds it.
        return {pair[0].text: pair for pair in reversed(self.pairs)}


@dataclass(frozen=True)
class Sequence:
    """Entries in the order of the file."""

    entries: tuple[Node, ...]
    flow: bool
    start: Mark
    end: Mark


Node: TypeAlias = Scalar | Mapping | Sequence


def plain(node: Node) -> Any:
    """The node as dicts, lists and scalars of Python; keys are always texts."""
    match node:
        case Scalar():
            return node.value
        case Mapping(pairs):
            return {key.text: plain(value) for key, value in pairs}
        case Sequence(entries):
            return [plain(entry) for entry in entries]


def child(node: Node, step: str | int) -> Node | None:
    """The value under a key, or the entry at an index; None where there is none."""
    match node:
        case Mapping():
            pair = node.get(str(step))
            return pair[1] if pair else None
        case Sequence(entries) if isinstance(step, int) and 0 <= step < len(entries):
            return entries[step]
    return None


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path, parents first."""
    yield path, node
    match node:
        case Mapping(pairs):
            for key, value in pairs:
                yield from walk(value, (*path, key.text))
        case Sequence(entries):
            for index, entry in enumerate(entries):
                yield from walk(entry, (*path, index))


@dataclass(frozen=True)
class Positions:
    """Where each part of one file stands."""

    file: str
    text: str
    root: Node

    def node(self, path: Path) -> Node | None:
        """The node at a path, or None."""
        found: Node | None = self.root
        for step in path:
            if found is None:
                return None
            found = child(found, step)
        return found

    def at(self, path: Path) -> Where:
        """Where the value at a path begins; where it is not written, its nearest parent's key."""
        node = self.node(path)
        if node is None:
            return self.key(path[:-1])
        if isinstance(node, Scalar) and not node.style and not node.text:
            return self.key(path)
        return self._where(node.start)

    def key(self, path: Path) -> Where:
        """Where the key of a path stands (an entry of a list has none: its beginning is given)."""
        while path:
            parent = self.node(path[:-1])
            if isinstance(parent, Mapping) and (pair := parent.get(path[-1])):
                return self._where(pair[0].start)
            if (node := self.node(path)) is not None:
                return self._where(node.start)
            path = path[:-1]
        return self._where(self.root.start)

    def _where(self, mark: Mark) -> Where:
        return Where(self.file, mark.line, mark.column)
