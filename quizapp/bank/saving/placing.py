"""Puts a new value where another stood, beside its key or dash, and keeps the comment on that line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quizapp.bank.saving.block_layout import end_of, is_empty, line_end, line_start, remark_at
from quizapp.bank.saving.fresh_lines import fresh_lines
from quizapp.bank.saving.splices import Splice
from quizapp.bank.saving.written_style import WrittenStyle
from quizapp.bank.shapes.part_kinds import Kind
from quizapp.bank.yaml.nodes import Node, Scalar
from quizapp.bank.yaml.words import block_words, flow_words, scalar_words

_TOO_WIDE = 120


@dataclass(frozen=True)
class Place:
    """Where a value stands: behind which index, and how far its further lines are indented."""

    after: int
    indent: int = 0
    in_flow: bool = False
    behind_dash: bool = False
    has_colon: bool = True
    is_root: bool = False


def replaced(
    text: str,
    node: Node,
    value: Any,
    kind: Kind,
    place: Place,
    style: WrittenStyle,
    newline: str,
    flow: bool | None = None,
) -> Splice:
    """The splice that writes a value over a node."""
    if place.in_flow:
        return _in_flow(node, style.arranged(value, kind), place)
    lead = place.after - line_start(text, place.after) + 1
    lines = fresh_lines(value, kind, place.indent, style, lead=lead, flow=flow)
    if place.is_root:
        return Splice(node.start.index, end_of(text, node), newline.join(line for line in lines if line))
    end = place.after if is_empty(node) else end_of(text, node)
    if isinstance(node, Scalar) and isinstance(value, str) and style.has_blocks:
        lines = _like_it(text, node, value, place) or lines
    if _is_on_one_line(node) and len(lines) == 1:
        return Splice(node.start.index, end, lines[0])
    remark, stop = _remark_of(text, node, place, end)
    return Splice(place.after, stop, _behind(lines, remark, place, newline))


def line_is_too_long(text: str, node: Node, words: str) -> bool:
    """Whether a list or map in brackets, written so, makes its line too long while it was not before."""
    start, end = line_start(text, node.start.index), line_end(text, node.end.index)
    before, after = end - start, end - start + len(words) - (node.end.index - node.start.index)
    return "\n" not in text[start:end] and "\n" not in words and before <= _TOO_WIDE < after


def _in_flow(node: Node, value: Any, place: Place) -> Splice:
    if isinstance(node, Scalar) and not isinstance(value, dict | list):
        words = scalar_words(value, node.style, flow=True)
    else:
        words = flow_words(value)
    if is_empty(node):
        return Splice(place.after, place.after, f" {words}" if place.has_colon else f": {words}")
    return Splice(node.start.index, node.end.index, words)


def _like_it(text: str, node: Scalar, value: str, place: Place) -> list[str] | None:
    """The lines of a text in the style of the one that it replaces."""
    if node.style not in ("|", ">"):
        return None if "\n" in value else [scalar_words(value, node.style)]
    inner = text[node.start.index : end_of(text, node)].split("\n")[1:]
    indents = [len(line) - len(line.lstrip(" ")) for line in inner if line.strip()]
    words = block_words(value, min(indents, default=place.indent), "\n")
    return words.split("\n") if words is not None else None


def _is_on_one_line(node: Node) -> bool:
    is_block = node.style in ("|", ">") if isinstance(node, Scalar) else not node.flow
    return not is_block and not is_empty(node)


def _remark_of(text: str, node: Node, place: Place, end: int) -> tuple[str, int]:
    """The comment beside the value, and where what is replaced ends."""
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        header = text.find(" ", node.start.index, line_end(text, node.start.index))
        return (remark_at(text, header) if header > 0 else ""), end
    if isinstance(node, Scalar) or node.flow:
        remark = remark_at(text, end)
        return remark, end + len(remark)
    return remark_at(text, place.after), end


def _behind(lines: list[str], remark: str, place: Place, newline: str) -> str:
    first, *rest = lines
    if not first and rest and place.behind_dash and not remark:
        first, *rest = [rest[0].lstrip(), *rest[1:]]
    return newline.join([(f" {first}" if first else "") + remark, *rest])
