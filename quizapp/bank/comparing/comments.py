"""Tells which comments two texts of a file have otherwise; comments belong to no part, so no difference has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from quizapp.bank.yaml.nodes import Mapping, Positions, Scalar, walk

_MOST = 500
_BEGINS = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


def comments_of(positions: Positions) -> tuple[str, ...]:
    r"""The words of every comment, in order; empty ones and mere rules are left out.

    >>> from quizapp.bank.yaml.reader import read_yaml
    >>> comments_of(read_yaml("# all\na: 'b # c' # d\ne: |\n  # f\n# ---\n", "x"))
    ('all', 'd')
    """
    text, at, found = positions.text, 0, []
    for start, end in [*_held(positions), (len(text), len(text))]:
        found += [match[0].strip("#").strip() for match in _BEGINS.finditer(text, at, max(at, start))]
        at = max(at, end)
    return tuple(words for words in found if re.search(r"\w", words))


def comment_changes(before: Positions, after: Positions) -> tuple[tuple[str, str], ...]:
    r"""What each comment was and is, where that differs; one side is empty where it is new or gone.

    >>> from quizapp.bank.yaml.reader import read_yaml
    >>> comment_changes(read_yaml("a: 1 # old\n", "x"), read_yaml("# new\na: 1 # old\n", "x"))
    (('', 'new'),)
    """
    old, new = comments_of(before), comments_of(after)
    # Of very many, many of them alike, the comparison would take minutes: they stand beside each other then.
    few = max(len(old), len(new)) <= _MOST
    whole = [("equal" if old == new else "replace", 0, len(old), 0, len(new))]
    found: list[tuple[str, str]] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if few else whole:
        if how != "equal":
            pairs = max(b - a, d - c)
            gone, come = ([*some, *[""] * (pairs - len(some))] for some in (old[a:b], new[c:d]))
            found += zip(gone, come, strict=True)
    return tuple(found)


def _held(positions: Positions) -> Iterator[tuple[int, int]]:
    """Where scalars that may hold the sign of a comment begin and end, in order."""
    nodes = [node for _, node in walk(positions.root)]
    keys = [key for node in nodes if isinstance(node, Mapping) for key, _ in node.pairs]
    scalars = (node for node in (*nodes, *keys) if isinstance(node, Scalar) and node.style)
    yield from sorted((node.start.index, node.end.index) for node in scalars)
