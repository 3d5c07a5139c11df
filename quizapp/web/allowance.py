"""How often one address may do something; kept in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

ADDRESSES = 10_000


class Allowance:
    """``times`` in ``seconds`` for each address, refilled evenly (a token bucket)."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.times = times
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
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(address, (float(self.times), now))
            left = min(float(self.times), left + (now - since) * self.pace)
            allowed = left >= 1
            self._left[address] = (left - allowed, now)
            if len(self._left) > ADDRESSES:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.pace
