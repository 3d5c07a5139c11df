"""Long work done one after the other, with few who wait: the others are told at once that it is busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock


class Busy(Exception):
    """Enough wait already, or one's own turn did not come in time."""


class Turns:
    """One works at a time; ``waiting`` more wait, for so many seconds."""

    def __init__(self, waiting: int, seconds: float) -> None:
        self._places = BoundedSemaphore(1 + waiting)
        self._work = Lock()
        self._seconds = seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One's turn, which lasts until the end of the block. Raises Busy, after ``seconds`` at the latest."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._work.acquire(timeout=self._seconds):
                raise Busy
            try:
                yield
            finally:
                self._work.release()
        finally:
            self._places.release()
