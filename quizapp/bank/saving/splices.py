"""Puts the pieces of a text together anew: replaces parts, and lays entries in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.bank.saving.block_layout import Layout, Piece


@dataclass(frozen=True, order=True)
class Splice:
    """Replaces ``text[start:end]``."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Fresh:
    """The lines of an entry that is new; the first without its indentation."""

    lines: tuple[str, ...]


def spliced(text: str, splices: Sequence[Splice], start: int = 0, end: int | None = None) -> str:
    """``text[start:end]`` with the splices made, which lie within and do not overlap."""
    parts, at = [], start
    for splice in sorted(splices):
        parts += [text[at : splice.start], splice.words]
        at = splice.end
    return "".join([*parts, text[at:end]])


def relaid(
    text: str,
    layout: Layout,
    order: Sequence[int | Fresh],
    inner: Mapping[int, Sequence[Splice]],
    newline: str,
) -> Splice:
    """The splice that gives a block these entries: old ones by index, with what changes inside them.

    Comments above an old entry go where it goes. Blank lines stay in their places, and so do comments
    that stand apart.
    """
    indent = " " * layout.indent
    parts: list[str] = []
    gaps, left = _gaps(layout, order, text, newline)
    for place, (gap, entry) in enumerate(zip(gaps, order, strict=True)):
        if isinstance(entry, Fresh):
            head, body = "", newline.join(entry.lines)
        else:
            piece = layout.pieces[entry]
            head, body = piece.head, spliced(text, inner.get(entry, ()), piece.start, piece.end)
        if place == 0 and layout.begins_in_line:
            parts.append(head.lstrip() + indent + body if head else body)
        else:
            parts.append((newline if place else "") + gap + head + indent + body)
    if left:
        parts.append(newline + left.rstrip("\r\n"))
    return Splice(layout.start, layout.end, "".join(parts))


def _gaps(layout: Layout, order: Sequence[int | Fresh], text: str, newline: str) -> tuple[list[str], str]:
    """The lines before each entry of the new order, those of the first first; and what is left over.

    What is left over are the comments that stood apart before entries that are gone from the end.
    """
    kept = sorted(entry for entry in order if isinstance(entry, int))
    carried, own = "", []
    for index, piece in enumerate(layout.pieces):
        if index in kept:
            own.append(carried + (piece.gap if index else ""))
            carried = ""
        elif index and "#" in piece.gap:
            carried += piece.gap
    gaps: list[str] = []
    for entry in order:
        gap = own.pop(0) if isinstance(entry, int) else ""
        is_first_one = isinstance(entry, int) and kept[0] == 0 and len(own) == len(kept) - 1
        if not gaps:
            gap = layout.pieces[0].gap + (gap if "#" in gap else "")
        elif isinstance(entry, Fresh) or is_first_one:
            gap += _usual_gap(layout, entry, text, newline)
        gaps.append(gap)
    return gaps, carried


def _usual_gap(layout: Layout, entry: int | Fresh, text: str, newline: str) -> str:
    """A blank line where most entries of its size have one before them."""
    long = len(entry.lines) > 1 if isinstance(entry, Fresh) else False
    others = [piece for piece in layout.pieces[1:] if not long or _is_long(piece, text)]
    spaced = [piece for piece in others if any(not line.strip() for line in piece.gap.splitlines())]
    return newline if len(spaced) * 2 > len(others) else ""


def _is_long(piece: Piece, text: str) -> bool:
    return "\n" in text[piece.start : piece.end]


def relaid_flow(
    text: str,
    bounds: Sequence[tuple[int, int]],
    order: Sequence[int | str],
    inner: Mapping[int, Sequence[Splice]],
) -> Splice:
    """The splice that gives a list or map in brackets these entries: old ones by index, new ones in words."""
    kept = sorted(entry for entry in order if isinstance(entry, int) and entry > 0)
    pool = [text[bounds[index - 1][1] : bounds[index][0]] for index in kept]
    if 0 not in order and pool:
        pool.pop(0)
    parts: list[str] = []
    for place, entry in enumerate(order):
        if place:
            between_two = pool.pop(0) if isinstance(entry, int) and pool else ", "
            # Right behind a colon a comma would belong to the key.
            parts.append(f" {between_two}" if parts[-1].endswith(":") else between_two)
        parts.append(entry if isinstance(entry, str) else spliced(text, inner.get(entry, ()), *bounds[entry]))
    return Splice(bounds[0][0], bounds[-1][1], "".join(parts))
