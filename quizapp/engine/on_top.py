"""What is settled stands on top of a ranking by means, so that no two things said of first place differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quizapp.engine.order import ranks
from quizapp.engine.outcome import Recommendation
from quizapp.engine.settled import Settled

# Items of one group share a rank where their means are equal; those of two never do.
_FIRST, _TOP, _REST = range(3)


def settled_on_top(by_mean: Sequence[Recommendation], known: Settled) -> tuple[Recommendation, ...]:
    """The same recommendations: the settled first, its equals, the settled top three, then the others by mean.

    The top three stand in their order where that is settled, otherwise by mean. Means and ledgers stay.
    """
    in_order = sorted(by_mean, key=lambda entry: _tier(entry.item, known))
    groups = [_group(entry.item, known) for entry in in_order]
    places = ranks(
        [(group, bool(entry.beyond), entry.score) for group, entry in zip(groups, in_order, strict=True)]
    )
    found: list[Recommendation] = []
    least = 1
    for entry, group, rank in zip(in_order, groups, places, strict=True):
        if group == _FIRST or (group == _TOP and known.order_by != "open"):
            # The same place in the order of every completion: the rank cannot leave what it can come to.
            low, high = entry.rank_range
            least = rank = max(least, min(max(rank, low), high))
        found.append(replace(entry, rank=rank))
    return tuple(found)


def _group(item: str, known: Settled) -> int:
    if item == known.first or item in known.equal:
        return _FIRST
    return _TOP if item in known.top else _REST


def _tier(item: str, known: Settled) -> tuple[int, int]:
    """Where an item stands for what is settled of it; the same for items of which nothing is."""
    if item in known.top and known.order_by != "open":
        return 0, known.top.index(item)
    if item == known.first:
        return 0, 0
    among_top = item in known.top
    return 1 + (_group(item, known) != _FIRST) + 2 * (not among_top and bool(known.top)), 0
