"""Changes single parts of a YAML text and leaves every other byte as it is: comments, quotes, line breaks.

Each edit names its part by path in the text as it was. The result is read again and must mean exactly
what was asked for; otherwise nothing comes back.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Any, TypeAlias

from quizapp.bank.nodes import Mapping, Node, Path, Positions, Scalar, Sequence, child, plain
from quizapp.bank.yaml_reader import read_yaml
from quizapp.bank.yaml_words import block_words, flow_words, scalar_words, value_lines
from quizapp.errors import Invalid, Problem


@dataclass(frozen=True)
class Put:
    """Sets a field or an entry; a field that is not there is added at the end of its map."""

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


@dataclass(frozen=True)
class _Splice:
    """Replaces ``text[start:end]``."""

    start: int
    end: int
    words: str


def edit_text(text: str, file: str, edits: Many[Edit]) -> str:
    """The text with the edits made; without edits, the very same text.

    Raises Invalid where the text cannot be read, an edit's place is not there, or the change cannot be
    made without touching more than it should.
    """
    if not edits:
        return text
    positions = read_yaml(text, file)
    writer = _Writer(positions, "\r\n" if "\r\n" in text else "\n")
    changes = [edit for edit in edits if not _is_so_already(positions, edit)]
    splices = sorted((writer.splice(edit) for edit in changes), key=lambda splice: (splice.start, splice.end))
    changed, at = [], 0
    for splice in splices:
        if splice.start < at:
            raise _refused(positions, "two edits touch the same part")
        changed += [text[at : splice.start], splice.words]
        at = splice.end
    result = "".join([*changed, text[at:]])
    if not _same(plain(read_yaml(result, file).root), _wanted(plain(positions.root), edits)):
        raise _refused(positions, "the change would alter more than it should")
    return result


def _is_so_already(positions: Positions, edit: Edit) -> bool:
    node = positions.node(edit.path) if isinstance(edit, Put) else None
    return node is not None and isinstance(edit, Put) and _same(plain(node), _listed(edit.value))


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same types: 1 is not true."""
    return bool(one == other) and repr(one) == repr(other)


def _refused(positions: Positions, why: str, path: Path = ()) -> Invalid:
    return Invalid(
        [
            Problem(
                positions.at(path),
                "cannot_edit",
                "this part cannot be changed by itself",
                why,
                "change it in the file by hand",
            )
        ]
    )


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
    return _listed(data)


def _place_of(edit: Insert | Remove) -> list[tuple[int, str]]:
    path = (*edit.path, edit.index) if isinstance(edit, Insert) else edit.path
    return [(step, "") if isinstance(step, int) else (-1, step) for step in path]


def _parent(data: Any, path: Path) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def _listed(value: Any) -> Any:
    """The value with lists for tuples, as YAML gives it back."""
    if isinstance(value, dict):
        return {key: _listed(entry) for key, entry in value.items()}
    return [_listed(entry) for entry in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class _Writer:
    """Turns edits of one text into splices."""

    positions: Positions
    newline: str

    def splice(self, edit: Edit) -> _Splice:
        """The splice that makes an edit.

        Raises Invalid where its place is not there.
        """
        match edit:
            case Put(path, value):
                node = self.positions.node(path)
                if node is None:
                    return self._add_field(path, value)
                return self._replace(path, node, value)
            case Insert(path, index, value):
                found = self.positions.node(path)
                if not isinstance(found, Sequence) or not 0 <= index <= len(found.entries):
                    raise _refused(self.positions, "there is no such place in a list", path)
                return self._insert(found, index, value)
            case Remove(path):
                return self._remove(path)

    def _replace(self, path: Path, node: Node, value: Any) -> _Splice:
        if isinstance(node, Scalar) and not node.text and not node.style:
            return self._fill_empty(path, value)
        end = self._end(node)
        indent = self._indent(path)
        if isinstance(node, Scalar) and node.style in ("|", ">") and isinstance(value, str):
            inner = self._block_indent(node, indent)
            if (words := block_words(value, inner, self.newline)) is not None:
                return _Splice(node.start.index, end, words)
        if isinstance(node, Scalar) and not isinstance(value, dict | list | tuple):
            return _Splice(node.start.index, end, scalar_words(value, node.style, flow=self._in_flow(path)))
        return _Splice(node.start.index, end, flow_words(value))

    def _fill_empty(self, path: Path, value: Any) -> _Splice:
        parent = self.positions.node(path[:-1])
        pair = parent.get(path[-1]) if isinstance(parent, Mapping) else None
        if pair is None:
            raise _refused(self.positions, "the entry is empty", path)
        after_colon = self.positions.text.index(":", pair[0].end.index) + 1
        return _Splice(after_colon, after_colon, f" {flow_words(value)}")

    def _add_field(self, path: Path, value: Any) -> _Splice:
        parent = self.positions.node(path[:-1])
        if not path or not isinstance(parent, Mapping) or not isinstance(path[-1], str):
            raise _refused(self.positions, "there is no such place", path)
        key = scalar_words(path[-1], flow=parent.flow)
        if parent.flow:
            return self._into_flow(parent, bool(parent.pairs), f"{key}: {flow_words(value)}")
        indent = parent.pairs[0][0].start.column - 1
        first, *rest = value_lines(value, indent + 2)
        return self._after(parent.pairs[-1][1], [f"{' ' * indent}{key}: {first}".rstrip(), *rest])

    def _into_flow(self, node: Mapping | Sequence, follows: bool, words: str) -> _Splice:
        close = node.end.index - 1
        text = self.positions.text[:close]
        at = len(text.rstrip()) if follows else close
        lead = ", " if follows and not text.rstrip().endswith(",") else " " if follows else ""
        return _Splice(at, at, lead + words)

    def _insert(self, node: Sequence, index: int, value: Any) -> _Splice:
        if node.flow:
            if index == len(node.entries):
                return self._into_flow(node, bool(node.entries), flow_words(value))
            at = node.entries[index].start.index
            return _Splice(at, at, f"{flow_words(value)}, ")
        indent = node.start.column - 1
        first, *rest = value_lines(value, indent + 2)
        if not first and rest:
            first, *rest = [rest[0].lstrip(), *rest[1:]]
        lines = [f"{' ' * indent}- {first}", *rest]
        if index > 0:
            return self._after(node.entries[index - 1], lines)
        at = self._line_start(node.start.index)
        if self.positions.text[at : node.start.index].strip():
            raise _refused(self.positions, "the list begins in the middle of a line")
        return _Splice(at, at, "".join(line + self.newline for line in lines))

    def _after(self, node: Node, lines: list[str]) -> _Splice:
        at = self._line_end(self._end(node))
        return _Splice(at, at, "".join(self.newline + line for line in lines))

    def _remove(self, path: Path) -> _Splice:
        parent = self.positions.node(path[:-1]) if path else None
        node = child(parent, path[-1]) if parent is not None else None
        if parent is None or node is None or isinstance(parent, Scalar):
            raise _refused(self.positions, "there is no such place", path)
        if isinstance(parent, Mapping):
            starts = [key.start.index for key, _ in parent.pairs]
            ends = [self._end(value) for _, value in parent.pairs]
            at = next(n for n, (key, _) in enumerate(parent.pairs) if key.text == path[-1])
        else:
            starts = [self._entry_start(entry, parent.flow) for entry in parent.entries]
            ends = [self._end(entry) for entry in parent.entries]
            at = int(path[-1])
        if len(starts) == 1:
            return _Splice(
                parent.start.index, self._end(parent), "{}" if isinstance(parent, Mapping) else "[]"
            )
        if parent.flow:
            return _Splice(starts[at], starts[at + 1], "") if at == 0 else _Splice(ends[at - 1], ends[at], "")
        begin = self._line_start(starts[at])
        if self.positions.text[begin : starts[at]].strip():
            if at + 1 == len(starts):
                raise _refused(self.positions, "it shares its line with another part", path)
            return _Splice(starts[at], starts[at + 1], "")
        end = self._line_end(ends[at])
        return _Splice(begin, min(end + len(self.newline), len(self.positions.text)), "")

    def _entry_start(self, entry: Node, flow: bool) -> int:
        if flow:
            return entry.start.index
        return self.positions.text.rindex("-", 0, entry.start.index)

    def _end(self, node: Node) -> int:
        """The index behind the last character that belongs to a node."""
        if isinstance(node, Scalar):
            if node.style not in ("|", ">"):
                return min(node.end.index, len(self.positions.text))
            return node.start.index + len(self.positions.text[node.start.index : node.end.index].rstrip())
        if node.flow:
            return node.end.index
        if isinstance(node, Mapping):
            key, value = node.pairs[-1]
            empty = isinstance(value, Scalar) and not value.text and not value.style
            return self.positions.text.index(":", key.end.index) + 1 if empty else self._end(value)
        return self._end(node.entries[-1])

    def _in_flow(self, path: Path) -> bool:
        above = [self.positions.node(path[:length]) for length in range(len(path))]
        return any(isinstance(node, Mapping | Sequence) and node.flow for node in above)

    def _indent(self, path: Path) -> int:
        return self.positions.key(path).column - 1

    def _block_indent(self, node: Scalar, indent: int) -> int:
        lines = self.positions.text[node.start.index : self._end(node)].split("\n")[1:]
        found = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
        return min(found, default=indent + 2)

    def _line_start(self, index: int) -> int:
        return self.positions.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        end = self.positions.text.find("\n", index)
        if end < 0:
            return len(self.positions.text)
        return end - 1 if self.positions.text[end - 1 : end] == "\r" else end
