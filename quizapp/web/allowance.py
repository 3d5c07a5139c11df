"""How often one address may do something: counted in this process, or in the store for all processes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from quizapp.config import Settings
from quizapp.editing.accounts import network_of
from quizapp.errors import Unavailable
from quizapp.store.people_protocol import Limits

ADDRESSES = 10_000


class Limit(Protocol):
    """So often for each address."""

    def wait(self, address: str) -> float:
        """Seconds to wait before the address may do it; 0 where it may now, and it is then counted."""
        ...


def limit(settings: Settings, store: Limits, what: str, times: int, seconds: float) -> Limit:
    """``times`` in ``seconds`` for each address, counted where the settings say."""
    alone = Allowance(times, seconds)
    return SharedAllowance(store, what, alone) if settings.rate_limits == "store" else alone


class Allowance:
    """``times`` in ``seconds`` for each network, refilled evenly (a token bucket), in this process."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.times = times
        self.seconds = seconds
        self.pace = times / seconds
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str) -> float:
        """Seconds to wait before the address may do it; 0 where it may now, and it is then counted.

        >>> once = Allowance(1, 60, clock=lambda: 0.0)
        >>> once.wait("a"), once.wait("a"), once.wait("b")
        (0.0, 60.0, 0.0)
        """
        now, network = self._clock(), network_of(address)
        with self._lock:
            left, since = self._left.pop(network, (float(self.times), now))
            left = min(float(self.times), left + (now - since) * self.pace)
            allowed = left >= 1
            self._left[network] = (left - allowed, now)
            if len(self._left) > ADDRESSES:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.pace


@dataclass(frozen=True)
class SharedAllowance:
    """The same, in the store: whichever worker an address is led to, it has as many turns in all.

    While the store is away each process counts for itself, so that what needs no store goes on.
    """

    store: Limits
    what: str
    alone: Allowance

    def wait(self, address: str) -> float:
        """Seconds to wait before the address may do it; 0 where it may now, and it is then counted."""
        try:
            counted_as = f"{self.what} from {network_of(address)}"
            return self.store.take_turn(counted_as, self.alone.times, self.alone.seconds)
        except Unavailable:
            return self.alone.wait(address)
