"""What edits change for takers, worked out beside the requests that ask for it, one at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from quizapp.audit.impact_record import Impact
from quizapp.web.journal import tell_failure

ROOM = 32
MOST_WAITING = 12

Work = Callable[[Callable[[float], None]], Impact | None]


@dataclass(frozen=True)
class Count:
    """How far one is: the share that is done, 0-1; ``found`` once ``ended``, unless it ``failed``."""

    share: float
    ended: bool = False
    found: Impact | None = None
    failed: bool = False


class Impacts:
    """The counts that were asked for last. Whoever asks again is told how far it is."""

    def __init__(self) -> None:
        self._counts: OrderedDict[Hashable, Count] = OrderedDict()
        self._lock = threading.Lock()
        # It takes every core by itself.
        self._turn = threading.Lock()

    def ask(self, key: Hashable, work: Work) -> Count:
        """How far the count of that name is; it is begun where nobody has asked for it yet.

        ``key`` names everything that the work depends on. Where very many wait it is not begun: ask again.
        """
        with self._lock:
            known = self._counts.get(key)
            if known and not known.failed:
                self._counts.move_to_end(key)
                return known
            if sum(not count.ended for count in self._counts.values()) >= MOST_WAITING:
                return Count(0.0)
            self._put(key, Count(0.0))
        threading.Thread(target=self._run, args=(key, work), name="impact", daemon=True).start()
        return known or Count(0.0)

    def _run(self, key: Hashable, work: Work) -> None:
        with self._turn:
            try:
                found = work(lambda share: self._tell(key, Count(share)))
                self._tell(key, Count(1.0, True, found))
            except Exception as error:
                tell_failure(error)
                self._tell(key, Count(1.0, True, failed=True))

    def _tell(self, key: Hashable, count: Count) -> None:
        with self._lock:
            self._put(key, count)

    def _put(self, key: Hashable, count: Count) -> None:
        self._counts[key] = count
        self._counts.move_to_end(key)
        for old in [one for one, there in self._counts.items() if there.ended][: -ROOM or None]:
            if len(self._counts) > ROOM:
                del self._counts[old]
