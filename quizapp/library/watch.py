"""A thread that looks again and again; knows nothing of what it looks at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger("quizapp.library.library")

EVERY_SECONDS = 0.25
SOON_SECONDS = 0.2


class Watch:
    """Calls ``look`` until stopped; an error ends one look, never the watch.

    ``look`` says whether it wants to be called again soon, as when a file has just changed. ``wait``
    waits so many seconds, or less where something has come that is worth a look.
    """

    def __init__(
        self, look: Callable[[], bool], wait: Callable[[float], object], every: float = EVERY_SECONDS
    ) -> None:
        self._look = look
        self._wait = wait
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="quizapp-library", daemon=True)
        self._said = ""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the look that is under way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        soon = False
        while not self._stopping.is_set():
            self._wait(min(SOON_SECONDS, self._every) if soon else self._every)
            if self._stopping.is_set():
                return
            try:
                soon = self._look()
            except Exception as error:
                soon = False
                self._say_once(error)
            else:
                self._said = ""

    def _say_once(self, error: Exception) -> None:
        """Four lines a second about the same thing help nobody."""
        if str(error) != self._said:
            logger.error("the banks could not be looked at: %s", error, exc_info=error)
        self._said = str(error)
