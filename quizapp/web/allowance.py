"""How often one address may do something: counted in this process, or in store or Redis for all processes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from quizapp.config import Settings
from quizapp.editing.accounts import network_of
from quizapp.errors import Invalid, Problem, Unavailable, Where
from quizapp.setting_kinds import REDIS
from quizapp.store.people_protocol import Limits

ADDRESSES = 10_000


class Limit(Protocol):
    """So often for each address."""

    def wait(self, address: str) -> float:
        """Seconds to wait before the address may do it; 0 where it may now, and it is then counted."""
        ...


def limit(shared: Limits | None, what: str, times: int, seconds: float) -> Limit:
    """``times`` in ``seconds`` for each address, counted there, or in this process where that is None."""
    alone = Allowance(times, seconds)
    return SharedAllowance(shared, what, alone) if shared else alone


def shared_limits(settings: Settings, store: Limits) -> Limits | None:
    """Where the settings say that all processes count together; None where each counts for itself.

    Connects to nothing. Raises Invalid for a Redis that cannot be asked.
    """
    if settings.rate_limits.startswith(REDIS):
        return _redis(settings.rate_limits)
    return store if settings.rate_limits == "store" else None


def _redis(address: str) -> Limits:
    why = "many processes could not count together"
    try:
        from quizapp.store.redis_limits import RedisLimits

        return RedisLimits(address)
    except ImportError:
        what, fix = "the package redis is missing", "pip install 'quizapp[redis]'"
    except ValueError as error:
        what, fix = f"it is {error}", "see docs/settings.md"
    raise Invalid([Problem(Where("QUIZAPP_RATE_LIMITS"), "bad_setting", what, why, fix)])


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
            # Who waited as long as was said has waited enough, whatever floating point makes of it.
            allowed = left > 1 - 1e-9
            self._left[network] = (max(left - allowed, 0.0), now)
            if len(self._left) > ADDRESSES:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.pace


@dataclass(frozen=True)
class SharedAllowance:
    """The same, in store or Redis: whichever worker an address is led to, it has as many turns in all.

    While that is away each process counts for itself: nobody is let through uncounted, and nobody is
    turned away because of it.
    """

    shared: Limits
    what: str
    alone: Allowance

    def wait(self, address: str) -> float:
        """Seconds to wait before the address may do it; 0 where it may now, and it is then counted."""
        try:
            counted_as = f"{self.what} from {network_of(address)}"
            return self.shared.take_turn(counted_as, self.alone.times, self.alone.seconds)
        except Unavailable:
            return self.alone.wait(address)
