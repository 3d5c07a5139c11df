"""Many whole numbers in little memory, as the values of a large table are kept.

In a tuple each takes eight bytes, and forty where it is no small number; a truth needs one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Narrow = npt.NDArray[Any]

# Of so few a tuple is small as well, and one of them is found in it at once.
FEW = 4_096


class Packed(Sequence[int]):
    """Numbers in an array of the narrowest kind that holds them all. Immutable; equal where all are equal."""

    __slots__ = ("_hash", "numbers")

    def __init__(self, numbers: Narrow) -> None:
        self.numbers = _narrowest(numbers)
        self.numbers.flags.writeable = False
        self._hash: int | None = None

    def __len__(self) -> int:
        """How many there are."""
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[int, ...]: ...
    def __getitem__(self, place: int | slice) -> int | tuple[int, ...]:
        """One of them, or a few."""
        if isinstance(place, slice):
            return tuple(self.numbers[place].tolist())
        found: int = self.numbers.item(place)
        return found

    def __iter__(self) -> Iterator[int]:
        """All of them."""
        return iter(self.numbers.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Narrow:
        """A copy as wide as any other whole numbers, so that sums of them do not run over."""
        return self.numbers.astype(dtype or np.int64)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same numbers in the same order."""
        return isinstance(other, Packed) and np.array_equal(self.numbers, other.numbers)

    def __hash__(self) -> int:
        """The same for the same numbers."""
        if self._hash is None:
            self._hash = hash(self.numbers.tobytes())
        return self._hash


def packed(numbers: Narrow) -> Sequence[int]:
    """The numbers for keeping: a tuple of few, packed where they are many.

    >>> packed(np.array([1, 0, 1])), len(packed(np.zeros(FEW + 1, dtype=np.int64)))
    ((1, 0, 1), 4097)
    """
    return tuple(numbers.tolist()) if len(numbers) <= FEW else Packed(numbers)


def narrow(numbers: npt.NDArray[np.int64]) -> Narrow:
    """The numbers as an array for keeping: as they are where they are few, else of the narrowest kind."""
    return numbers if len(numbers) <= FEW else _narrowest(numbers)


def _narrowest(numbers: Narrow) -> Narrow:
    low, high = int(numbers.min(initial=0)), int(numbers.max(initial=0))
    kinds = (np.int8, np.int16, np.int32, np.int64)
    return numbers.astype(next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max))


def distinct(numbers: Narrow) -> npt.NDArray[np.int64]:
    """Each number once, ascending.

    >>> distinct(np.array([3, 1, 3], dtype=np.int8))
    array([1, 3])
    """
    low, high = int(numbers.min()), int(numbers.max())
    if high - low >= 4 * len(numbers):
        return np.unique(numbers).astype(np.int64)
    # A place for every number between: several times as fast as sorting.
    occurs = np.zeros(high - low + 1, dtype=np.bool_)
    occurs[numbers.astype(np.int64) - low] = True
    return np.flatnonzero(occurs).astype(np.int64) + low
