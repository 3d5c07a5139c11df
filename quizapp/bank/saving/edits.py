"""Changes single parts of a YAML text and leaves every other byte as it is: comments, quotes, line breaks.

Each edit names its part by path in the text as it was. The result is read again and must mean exactly
what was asked for; otherwise nothing comes back.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from quizapp.bank.saving.rewriting import rewrite
from quizapp.bank.yaml.nodes import Mapping, Path, Positions, Sequence, plain
from quizapp.bank.yaml.reader import read_yaml
from quizapp.errors import Invalid, Problem, told


@dataclass(frozen=True)
class Put:
    """Sets a field or an entry; a field that is not there is added where it usually stands."""

    path: Path
    value: Any


@dataclass(frozen=True)
class Insert:
    """Puts an entry into the list at a path, before the entry that now has this index."""

    path: Path
    index: int
    value: Any


@dataclass(frozen=True)
class Remove:
    """Takes out a field or an entry."""

    path: Path


Edit: TypeAlias = Put | Insert | Remove


def edit_text(text: str, file: str, edits: Many[Edit]) -> str:
    """The text with the edits made; without edits, the very same text.

    Raises Invalid where the text cannot be read, an edit's place is not there, two touch the same part,
    or the change cannot be made without touching more than it should.
    """
    if not edits:
        return text
    positions = read_yaml(text, file)
    for edit in edits:
        if not _has_place(positions, edit):
            raise _refused(positions, told("there is no such place"), edit.path)
    touched = sorted((edit.path for edit in edits if not isinstance(edit, Insert)), key=_steps)
    for above, below in pairwise(touched):
        if below[: len(above)] == above:
            raise _refused(positions, told("two edits touch the same part"), below)
    return rewrite(text, file, _wanted(plain(positions.root), edits))


def _has_place(positions: Positions, edit: Edit) -> bool:
    node = positions.node(edit.path)
    if isinstance(edit, Insert):
        return isinstance(node, Sequence) and 0 <= edit.index <= len(node.entries)
    if isinstance(edit, Put) and edit.path and isinstance(edit.path[-1], str):
        return isinstance(positions.node(edit.path[:-1]), Mapping)
    return bool(edit.path) and node is not None


def _refused(positions: Positions, why: str, path: Path) -> Invalid:
    what, fix = told("this part cannot be changed by itself"), told("change it in the file by hand")
    return Invalid([Problem(positions.at(path), "cannot_edit", what, why, fix)])


def _wanted(data: Any, edits: Many[Edit]) -> Any:
    """The data as it must read afterwards; later entries of a list are handled first."""
    for edit in edits:
        if isinstance(edit, Put):
            _parent(data, edit.path)[edit.path[-1]] = edit.value
    moving = [edit for edit in edits if not isinstance(edit, Put)]
    for edit in sorted(moving, key=_place_of, reverse=True):
        if isinstance(edit, Insert):
            _parent(data, (*edit.path, edit.index)).insert(edit.index, edit.value)
        else:
            del _parent(data, edit.path)[edit.path[-1]]
    return data


def _place_of(edit: Insert | Remove) -> list[tuple[int, str]]:
    return _steps((*edit.path, edit.index) if isinstance(edit, Insert) else edit.path)


def _steps(path: Path) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in path]


def _parent(data: Any, path: Path) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data
