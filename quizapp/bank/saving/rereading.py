"""Proves that a rewritten text means what was asked for, reading again no more of it than was touched."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Any

from quizapp.bank.comparing.matching import alike
from quizapp.bank.saving.block_layout import entries_of, layout_of, line_start, lines_after
from quizapp.bank.saving.splices import Splice
from quizapp.bank.shapes.part_kinds import Kind
from quizapp.bank.yaml.caps import MAX_DEPTH, refuse_size
from quizapp.bank.yaml.nodes import Mapping, Node, Positions, Scalar, plain
from quizapp.bank.yaml.reader import MAX_NODES, read_yaml
from quizapp.errors import Invalid


@dataclass(frozen=True)
class _Part:
    """Whole lines ``text[start:end]`` that hold one entry of a block, and what they must mean."""

    start: int
    end: int
    wanted: Any
    kind: Kind


def is_meant(
    before: Positions, data: Any, result: str, splices: Many[Splice], wanted: Any, kind: Kind
) -> bool:
    """Whether a text reads as ``wanted``, which came from ``before`` by these splices.

    Where all of them lie within one entry of a block, its lines are read by themselves, with the blank
    lines and comments below: what is around them is as it was, and whole lines of one entry mean the
    same wherever they stand.
    """
    part = _touched(before, data, splices, wanted, kind)
    try:
        refuse_size(len(result.encode("utf-8", "surrogatepass")), before.file)
        if part is None or not _is_within_caps(wanted):
            return alike(plain(read_yaml(result, before.file).root), wanted, kind)
        end = part.end + len(result) - len(before.text)
        found = plain(read_yaml(result[part.start : end], before.file).root)
    except Invalid:
        return False
    return alike(found, part.wanted, part.kind)


def _touched(before: Positions, data: Any, splices: Many[Splice], wanted: Any, kind: Kind) -> _Part | None:
    """The smallest entry that all splices lie in, while all others already are as wanted."""
    node, part = before.root, None
    while not isinstance(node, Scalar) and not node.flow:
        step = _step_into(before.text, node, splices)
        if step is None or not _differ_only_at(step[0], data, wanted, kind):
            break
        index, start, end = step
        key: Any = node.pairs[index][0].text if isinstance(node, Mapping) else index
        below = {key: wanted[key]} if isinstance(node, Mapping) else [wanted[key]]
        part = _Part(start, end, below, kind)
        node, data, wanted, kind = entries_of(node)[index], data[key], wanted[key], kind.below(key)
    return part


def _step_into(text: str, node: Node, splices: Many[Splice]) -> tuple[int, int, int] | None:
    """The index of the one entry that all splices lie in, and the bounds of its lines."""
    layout = None if isinstance(node, Scalar) else layout_of(text, node)
    if layout is None or layout.begins_in_line:
        return None
    first, last = min(one.start for one in splices), max(one.end for one in splices)
    for index, piece in enumerate(layout.pieces):
        if piece.start <= first and last <= piece.end:
            return index, line_start(text, piece.start), lines_after(text, piece.end)
    return None


def _differ_only_at(index: int, data: Any, wanted: Any, kind: Kind) -> bool:
    if isinstance(data, dict):
        if not isinstance(wanted, dict) or data.keys() != wanted.keys():
            return False
        if kind.is_table and list(data) != list(wanted):
            return False
        steps: list[Any] = [key for place, key in enumerate(data) if place != index]
    else:
        if not isinstance(wanted, list) or len(data) != len(wanted):
            return False
        steps = [place for place in range(len(data)) if place != index]
    return all(alike(data[step], wanted[step], kind.below(step)) for step in steps)


def _is_within_caps(value: Any) -> bool:
    """Whether the whole cannot be deeper or larger than any text may be."""
    parts, level, depth = 0, [value], 0
    while level:
        parts, depth = parts + 3 * len(level), depth + 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth < MAX_DEPTH and parts < MAX_NODES
