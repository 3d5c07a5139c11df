"""Finds a character of a scalar's meaning in the source it was written in, in every style of YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.bank.yaml.nodes import Path, Positions, Scalar
from quizapp.errors import Where

_BREAKS = re.compile(r"[ \t]*\r?\n[ \t\r\n]*")
_ESCAPED_BREAK = re.compile(r"\\[ \t]*\r?\n[ \t]*")
_ESCAPE_LENGTH = {"x": 4, "u": 6, "U": 10}


def place_inside(positions: Positions, path: Path, offset: int) -> Where:
    """Where the character at ``offset`` (from 0) of the text at a path stands in the file."""
    node = positions.node(path)
    if not isinstance(node, Scalar):
        return positions.at(path)
    index = index_in_source(positions.text, node, offset)
    before = positions.text.rfind("\n", 0, index)
    return Where(positions.file, positions.text.count("\n", 0, index) + 1, index - before)


def index_in_source(source: str, scalar: Scalar, offset: int) -> int:
    """The index in ``source`` of the character that became ``scalar.text[offset]``.

    An offset beyond the end gives the place after the last character.
    """
    places = _block_places(source, scalar) if scalar.style in ("|", ">") else _flow_places(source, scalar)
    last = scalar.start.index
    for count, place in enumerate(places):
        if count == offset:
            return place
        last = place + 1
    return min(last, scalar.end.index)


def _flow_places(source: str, scalar: Scalar) -> Iterator[int]:
    """Places of the characters of a plain or quoted scalar, in order."""
    index, end = scalar.start.index, scalar.end.index
    if scalar.style:
        index, end = index + 1, end - 1
    while index < end:
        if breaks := _BREAKS.match(source, index, end):
            # One line break is read as a space, n of them as n - 1 line breaks.
            yield from [index] * max(1, breaks.group().count("\n") - 1)
            index = breaks.end()
        elif scalar.style == '"' and source[index] == "\\":
            if broken := _ESCAPED_BREAK.match(source, index, end):
                index = broken.end()
            else:
                yield index
                index += _ESCAPE_LENGTH.get(source[index + 1], 2)
        else:
            yield index
            index += 2 if scalar.style == "'" and source[index] == "'" else 1


def _block_places(source: str, scalar: Scalar) -> Iterator[int]:
    """Places of the characters of a literal or folded scalar, in order."""
    begin = source.index("\n", scalar.start.index) + 1
    lines = source[begin : scalar.end.index].splitlines(keepends=True)
    header = source[scalar.start.index : begin]
    explicit = re.search(r"[1-9]", header.split("#")[0])
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    if not indents:
        return
    indent = indents[0] if not explicit else min(indents)
    folded = scalar.style == ">"
    at = begin
    blank_before = True
    for line in lines:
        content = line.rstrip("\r\n")
        # In a folded text a blank line stands for its break and the one before it counts for nothing.
        if folded and not content.strip() and not blank_before:
            blank_before = True
            at += len(line)
            continue
        blank_before = not content.strip()
        yield from range(at + indent, at + len(content))
        yield at + len(content)
        at += len(line)
