"""How busy the threads are that answer requests; counted by whoever hands them out."""

from __future__ import annotations

from threading import Lock


class Threads:
    """So many threads; how many requests are worked on and how many wait for their turn."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.busy = 0
        self.waiting = 0
        self._lock = Lock()

    def queue(self, by: int = 1) -> None:
        """A request waits for a thread, or with -1 has given up."""
        with self._lock:
            self.waiting += by

    def take(self) -> None:
        """One that waited is worked on."""
        with self._lock:
            self.waiting -= 1
            self.busy += 1

    def give_back(self) -> None:
        """It has been answered."""
        with self._lock:
            self.busy -= 1
