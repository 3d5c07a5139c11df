"""A small memory of what was worked out last, bounded by how much it weighs; shared by threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

# A shipped bank's tables take a few hundred KB; of the largest there may be, one is kept.
MOST_BYTES = 16_000_000


class Weighing(Protocol):
    """Something that knows how much memory it takes."""

    @property
    def bytes(self) -> int:
        """About how many bytes."""
        ...


T = TypeVar("T", bound=Weighing)


class Weighed(Generic[T]):
    """Keeps at most ``room`` things of at most ``most`` bytes together; what was not asked for longest goes first.

    The newest is kept whatever it weighs, so that the steps of one piece of work do not each make it again.
    """

    def __init__(self, room: int, most: int = MOST_BYTES) -> None:
        self.room, self.most = room, most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under the key, made where it is not; two threads may make it at once."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and (len(self._kept) > self.room or self.bytes > self.most):
                self._kept.popitem(last=False)
        return made

    @property
    def bytes(self) -> int:
        """About how many bytes all of it takes."""
        return sum(one.bytes for one in self._kept.values())
