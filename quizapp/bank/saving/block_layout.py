"""Cuts a block list or map of a YAML text into its entries, each with the comments that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.bank.yaml.nodes import Mapping, Node, Scalar, Sequence

_BLANKS_AND_REMARKS = re.compile(r"(?:[ \t\r\n]+|(?<![^ \t\r\n])#[^\n]*)*")
_REMARK = re.compile(r"[ \t]+#[^\r\n]*")


@dataclass(frozen=True)
class Piece:
    """One entry: ``text[start:end]`` from its dash or key to the end of its last line.

    ``head`` are the comment lines directly above it, ``gap`` the lines between the entry before and those.
    """

    start: int
    end: int
    gap: str
    head: str


@dataclass(frozen=True)
class Layout:
    """The entries of one block; its text begins with the gap of the first one."""

    start: int
    indent: int
    begins_in_line: bool
    pieces: tuple[Piece, ...]

    @property
    def end(self) -> int:
        """Where the last entry ends."""
        return self.pieces[-1].end


def layout_of(text: str, node: Mapping | Sequence) -> Layout | None:
    """How a block is laid out; None where it is written in a way that cannot be taken apart."""
    starts = _starts(text, node)
    if starts is None:
        return None
    ends = [line_end(text, entry_end(text, node, index)) for index in range(len(starts))]
    first = line_start(text, starts[0])
    begins_in_line = bool(text[first : starts[0]].strip(" "))
    indent = starts[0] - first
    if any(start - line_start(text, start) != indent for start in starts):
        return None
    begin = starts[0] if begins_in_line else _lines_before(text, first)
    pieces: list[Piece] = []
    at = begin
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        between = text[at : line_start(text, start)] if place or not begins_in_line else ""
        own, gap, head = _divided(between, indent, is_first=place == 0, at_top=at == 0)
        if own:
            pieces[-1] = Piece(
                pieces[-1].start, at + len(own.rstrip("\r\n")), pieces[-1].gap, pieces[-1].head
            )
        pieces.append(Piece(start, end, gap, head))
        at = min(end + len(newline_at(text, end)), len(text))
    return Layout(begin, indent, begins_in_line, tuple(pieces))


def entries_of(node: Mapping | Sequence) -> list[Node]:
    """The entries of a list, the values of a map."""
    return [value for _, value in node.pairs] if isinstance(node, Mapping) else list(node.entries)


def end_of(text: str, node: Node) -> int:
    """The index behind the last character that belongs to a node."""
    if isinstance(node, Scalar):
        if node.style not in ("|", ">"):
            return min(node.end.index, len(text))
        written = text[node.start.index : node.end.index]
        keeps_breaks = "+" in written.split("\n", 1)[0].split("#")[0]
        kept = re.sub(r"\r?\n\Z", "", written) if keeps_breaks else written.rstrip()
        return node.start.index + len(kept)
    if node.flow:
        return node.end.index
    return entry_end(text, node, len(entries_of(node)) - 1)


def entry_end(text: str, node: Mapping | Sequence, index: int) -> int:
    """The index behind the last character of an entry; behind its key's colon where it is empty."""
    entry = entries_of(node)[index]
    if isinstance(node, Mapping) and is_empty(entry):
        return after_colon(text, node.pairs[index][0])[0]
    return end_of(text, entry)


def after_colon(text: str, key: Scalar) -> tuple[int, bool]:
    """The index behind a key's colon, and whether there is one (a lone key in ``{a, b: 1}`` has none)."""
    at = key.end.index
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return (at + 1, True) if text[at : at + 1] == ":" else (key.end.index, False)


def is_empty(node: Node) -> bool:
    """Whether nothing is written: a key or dash that nothing follows."""
    return isinstance(node, Scalar) and not node.text and not node.style


def remark_at(text: str, index: int) -> str:
    """The comment that follows on the same line, with the blanks before it; empty where there is none."""
    found = _REMARK.match(text, index)
    return found.group() if found else ""


def line_start(text: str, index: int) -> int:
    """The index of the first character of a line."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """The index behind the last character of a line, its break left out."""
    end = text.find("\n", index)
    if end < 0:
        return len(text)
    return end - 1 if end > index and text[end - 1] == "\r" else end


def newline_at(text: str, index: int) -> str:
    """The line break at an index, or nothing."""
    return next((words for words in ("\r\n", "\n") if text.startswith(words, index)), "")


def _starts(text: str, node: Mapping | Sequence) -> list[int] | None:
    """Where each entry's dash or key is."""
    starts, at = [], node.start.index
    for index in range(len(entries_of(node))):
        at = _BLANKS_AND_REMARKS.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
        starts.append(at)
        at = entry_end(text, node, index)
    if isinstance(node, Sequence):
        return starts if all(text[start] == "-" for start in starts) else None
    keys = [key.start.index for key, _ in node.pairs]
    colons = all(after_colon(text, key)[1] for key, _ in node.pairs)
    return starts if starts == keys and colons else None


def _lines_before(text: str, start: int) -> int:
    """Where the blank lines and comment lines above a line begin."""
    while start > 0:
        above = line_start(text, start - 1)
        words = text[above:start].strip()
        if words and not words.startswith("#"):
            break
        start = above
    return start


def lines_after(text: str, end: int) -> int:
    """Where the blank lines and comment lines below the line that ends here are over."""
    at = end + len(newline_at(text, end))
    while at < len(text):
        words = text[at : line_end(text, at)].strip()
        if words and not words.startswith("#"):
            break
        stop = line_end(text, at)
        at = stop + len(newline_at(text, stop))
    return at


def _divided(between: str, indent: int, *, is_first: bool, at_top: bool) -> tuple[str, str, str]:
    """What stands between two entries: comments of the upper one, the rest, comments of the lower one.

    Comments that are indented deeper than an entry belong to the one above. The comments at the very
    top of a file belong to the file.
    """
    lines = between.splitlines(keepends=True)
    own = 0
    while not is_first and own < len(lines) and _remark_indent(lines[own]) > indent:
        own += 1
    head = len(lines)
    while not (is_first and at_top) and head > own and 0 <= _remark_indent(lines[head - 1]) <= indent:
        head -= 1
    return "".join(lines[:own]), "".join(lines[own:head]), "".join(lines[head:])


def _remark_indent(line: str) -> int:
    words = line.lstrip(" ")
    return len(line) - len(words) if words.startswith("#") else -1
