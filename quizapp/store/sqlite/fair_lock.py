"""A lock that lets threads through in the order they came; ``threading.Lock`` may starve the unlucky."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.errors import Unavailable


class FairLock:
    """One thread at a time, first come, first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Hold the lock for the block; ``Unavailable`` if one's turn does not come in so many seconds."""
        if not self._acquire(seconds):
            raise Unavailable("the database is busy: too many writes are waiting")
        try:
            yield
        finally:
            self._release()

    def _acquire(self, seconds: float) -> bool:
        turn = self._line_up()
        if turn is None or turn.acquire(timeout=seconds):
            return True
        with self._guard:
            if turn in self._queue:
                self._queue.remove(turn)
                return False
        # The turn came between the time-out and the guard: the lock is ours after all.
        return True

    def _line_up(self) -> threading.Lock | None:
        """A place in the queue, None when nobody is before us and the lock is ours at once."""
        with self._guard:
            if not self._held:
                self._held = True
                return None
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
            return turn

    def _release(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._held = False
