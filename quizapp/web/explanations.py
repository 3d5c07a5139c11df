"""Explanations of results: worked out one at a time in a thread of their own, and often before they are asked for.

Explaining is most of the work of a result's page. Who checks the answers nearly always asks for the result
next, so it is begun then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from quizapp.engine.explain import Explained
from quizapp.engine.outcome import Recommended

Told = tuple[Recommended, Explained]
Make = Callable[[], Told]


class Explanations:
    """Keeps the last ``room``; while ``most_ahead`` wait, nothing is begun that nobody has asked for.

    Threads share one processor: several worked out at once would each take as much longer, push each other's
    figures out of its cache, and leave short requests the smaller part of it.
    """

    def __init__(self, room: int, most_ahead: int) -> None:
        self._room, self._most_ahead = room, most_ahead
        self._kept: OrderedDict[Hashable, Future[Told]] = OrderedDict()
        self._waiting = 0
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="explaining")

    def foresee(self, key: Hashable, make: Make) -> None:
        """Begin to work it out, unless enough wait already."""
        if self._waiting < self._most_ahead:
            self._begun(key, make)

    def get(self, key: Hashable, make: Make) -> Told:
        """What was worked out under the key, or is just being; raises what ``make`` raises, and does not keep that."""
        return self._begun(key, make).result()

    def _begun(self, key: Hashable, make: Make) -> Future[Told]:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            self._waiting += 1
            begun = self._kept[key] = self._thread.submit(make)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        begun.add_done_callback(lambda ended: self._note_end(key, ended))
        return begun

    def _note_end(self, key: Hashable, ended: Future[Told]) -> None:
        with self._lock:
            self._waiting -= 1
            if ended.exception() and self._kept.get(key) is ended:
                del self._kept[key]
