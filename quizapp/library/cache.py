"""Compiled banks kept in memory by revision; knows neither files nor which revision is live."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from quizapp.engine.compiled import Compiled

ROOM = 32


class CompiledCache:
    """At most ``room`` compiled banks, the least recently asked for goes first.

    However many threads ask for a revision at once, it is built once; a failure is told to all of
    them and not remembered.
    """

    def __init__(self, build: Callable[[str], Compiled], room: int = ROOM) -> None:
        self._build = build
        self._room = room
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Future[Compiled]] = OrderedDict()

    def get(self, revision: str) -> Compiled:
        """The compiled bank of that revision, built where it is not kept; raises what building raises."""
        slot, is_mine = self._slot(revision)
        if is_mine:
            self._fill(revision, slot)
        return slot.result()

    def put(self, compiled: Compiled) -> None:
        """Keep a bank that has been compiled already."""
        slot: Future[Compiled] = Future()
        slot.set_result(compiled)
        with self._lock:
            self._kept.setdefault(compiled.revision, slot)
            self._make_room()

    def _slot(self, revision: str) -> tuple[Future[Compiled], bool]:
        """The place of that revision, and whether the caller has to fill it."""
        with self._lock:
            if revision in self._kept:
                self._kept.move_to_end(revision)
                return self._kept[revision], False
            slot = self._kept[revision] = Future[Compiled]()
            self._make_room()
            return slot, True

    def _fill(self, revision: str, slot: Future[Compiled]) -> None:
        try:
            slot.set_result(self._build(revision))
        except BaseException as error:
            with self._lock:
                if self._kept.get(revision) is slot:
                    del self._kept[revision]
            slot.set_exception(error)

    def _make_room(self) -> None:
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
