"""Sets of small whole numbers as bits: the least of many sets, and the smallest set that meets them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MAX_NODES = 20_000


def members(bits: int) -> list[int]:
    """The places whose bit is set, ascending.

    >>> members(0b1011)
    [0, 1, 3]
    """
    return [place for place in range(bits.bit_length()) if bits >> place & 1]


def least(sets: Iterable[int]) -> list[int]:
    """The sets that hold no other one of them, fewest members first.

    >>> [bin(each) for each in least([0b111, 0b110, 0b001, 0b110])]
    ['0b1', '0b110']
    """
    kept: list[int] = []
    for each in sorted(set(sets), key=lambda bits: (bits.bit_count(), bits)):
        if all(other & ~each for other in kept):
            kept.append(each)
    return kept


def smallest_hitting(sets: Sequence[int]) -> tuple[int, bool]:
    """A set that shares a member with every one of these, and whether none smaller does.

    Iterative deepening on the first set not yet met; after MAX_NODES steps the greedy set stands.

    >>> smallest_hitting([0b011, 0b110])
    (2, True)
    """
    greedy = _greedy(sets)
    left = [MAX_NODES]
    for size in range(greedy.bit_count()):
        found = _within(sets, 0, size, left)
        if found is not None:
            return found, True
        if left[0] <= 0:
            return greedy, False
    return greedy, True


def _within(sets: Sequence[int], chosen: int, size: int, left: list[int]) -> int | None:
    left[0] -= 1
    unmet = [each for each in sets if not each & chosen]
    if not unmet:
        return chosen
    if size == 0 or left[0] <= 0:
        return None
    for place in members(min(unmet, key=int.bit_count)):
        found = _within(unmet, chosen | 1 << place, size - 1, left)
        if found is not None:
            return found
    return None


def _greedy(sets: Sequence[int]) -> int:
    """Meets all: the member of most unmet sets first, then whatever proves idle is dropped."""
    chosen, unmet = 0, list(sets)
    while unmet:
        places = members(_union(unmet))
        best = max(places, key=lambda place: (sum(each >> place & 1 for each in unmet), -place))
        chosen |= 1 << best
        unmet = [each for each in unmet if not each >> best & 1]
    for place in members(chosen):
        without = chosen & ~(1 << place)
        if all(each & without for each in sets):
            chosen = without
    return chosen


def _union(sets: Iterable[int]) -> int:
    bits = 0
    for each in sets:
        bits |= each
    return bits
