"""Takers who save results without a pause, and remember what they were told: saved, or come back later."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.ready import Ready, Takers
from tests.faults.fleet import Answer, Fleet, seconds_until

BANK = "trainer"
ANSWERS = {"age": 30, "goal": "job"}
SAVED, LATER = 303, 503


@dataclass(frozen=True)
class Saved:
    """One acknowledged result: its token, when it was sent and when it was acknowledged."""

    token: str
    sent: float
    at: float


class Posting:
    """Several takers at a time; whoever was not acknowledged sends the same again."""

    def __init__(self, fleet: Fleet) -> None:
        self.saved: list[Saved] = []
        self.owners = 0
        self.refused: Counter[str] = Counter()
        self.wrong: list[Answer] = []
        self.slowest = 0.0
        self._fleet = fleet
        self._takers = Takers(BANK, ANSWERS)
        self._over = threading.Event()
        self._counting = threading.Lock()

    @property
    def tokens(self) -> list[str]:
        """Every token that was acknowledged so far."""
        return [one.token for one in self.saved]

    def wait_for(self, more: int) -> None:
        """Return once so many more have been acknowledged."""
        enough = len(self.saved) + more
        seconds_until(lambda: len(self.saved) >= enough, 600)

    def recovery(self, since: float) -> float:
        """Seconds from a moment to the first acknowledgement of what was sent after it."""
        seconds_until(lambda: any(one.sent > since for one in self.saved[-200:]))
        return min(one.at for one in self.saved if one.sent > since) - since

    @property
    def path(self) -> str:
        """Where results are saved."""
        return self._takers.path

    def one_more(self) -> tuple[bytes, Mapping[str, str]]:
        """Body and headers of one more taker, to be sent by hand."""
        taker = self._takers.ready()
        return taker.body, taker.headers

    def end(self) -> None:
        """Let everybody finish what they are at."""
        self._over.set()

    def keep_on(self) -> None:
        """Save one result after another until the end."""
        while not self._over.is_set():
            taker = self._takers.ready()
            with self._counting:
                self.owners += 1
            while not self._save(taker) and not self._over.is_set():
                time.sleep(0.02)

    def _save(self, taker: Ready) -> bool:
        sent = time.monotonic()
        try:
            answer = self._fleet.ask("POST", self._takers.path, taker.body, taker.headers)
        except ConnectionRefusedError:
            return self._refuse("nobody listens")
        except (OSError, http.client.HTTPException):
            return self._refuse("no answer")
        finally:
            self.slowest = max(self.slowest, time.monotonic() - sent)
        status, headers, _ = answer
        place = headers.get("Location", headers.get("location", ""))
        if status == SAVED and place.startswith("/r/"):
            self.saved.append(Saved(place.removeprefix("/r/"), sent, time.monotonic()))
            return True
        if status != LATER:
            self.wrong.append(answer)
        return self._refuse(str(status))

    def _refuse(self, how: str) -> bool:
        with self._counting:
            self.refused[how] += 1
        return False


@contextmanager
def posting(fleet: Fleet, threads: int = 4) -> Iterator[Posting]:
    """So many takers at once, until the block ends; they are told nothing but 303 and 503."""
    takers = Posting(fleet)
    running = [threading.Thread(target=takers.keep_on) for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield takers
    finally:
        takers.end()
        for thread in running:
            thread.join(120)
    assert not any(thread.is_alive() for thread in running), "somebody still waits for an answer"
    assert takers.wrong == []
