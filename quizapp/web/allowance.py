"""How often one address may do something: counted in this process, or in store or Redis for all processes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

from quizapp.config import Settings
from quizapp.errors import Invalid, Problem, Unavailable, Where
from quizapp.setting_kinds import REDIS
from quizapp.store.people_protocol import Limits
from quizapp.store.records import Rate

MOST_COUNTED = 10_000


class Limit(Protocol):
    """So often for each: a network, or an editor's session."""

    def wait(self, who: str) -> float:
        """Seconds to wait before they may do it; 0 where they may now, and it is then counted."""
        ...


def limit(shared: Limits | None, *rates: Rate) -> Limit:
    """All of these rates for each, counted there, or in this process where that is None.

    The rate that is used up sooner comes first.
    """
    alone = Every(tuple(Allowance(rate.times, rate.seconds) for rate in rates))
    return SharedAllowance(shared, rates, alone) if shared else alone


def shared_limits(settings: Settings, store: Limits) -> Limits | None:
    """Where the settings say that all processes count together; None where each counts for itself.

    Connects to nothing. Raises Invalid for a Redis that cannot be asked.
    """
    if settings.rate_limits.startswith(REDIS):
        return redis_limits(settings.rate_limits)
    return store if settings.rate_limits == "store" else None


def redis_limits(address: str) -> Limits:
    """Counting in the Redis at that address, which is not asked yet. Raises Invalid where that cannot be."""
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
    """``times`` in ``seconds`` for each, refilled evenly (a token bucket), in this process."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.times = times
        self.seconds = seconds
        self.pace = times / seconds
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, who: str) -> float:
        """Seconds to wait before they may do it; 0 where they may now, and it is then counted.

        >>> once = Allowance(1, 60, clock=lambda: 0.0)
        >>> once.wait("a"), once.wait("a"), once.wait("b")
        (0.0, 60.0, 0.0)
        """
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(who, (float(self.times), now))
            left = min(float(self.times), left + (now - since) * self.pace)
            # Who waited as long as was said has waited enough, whatever floating point makes of it.
            allowed = left > 1 - 1e-9
            self._left[who] = (max(left - allowed, 0.0), now)
            if len(self._left) > MOST_COUNTED:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.pace


@dataclass(frozen=True)
class Every:
    """Several limits at once, in order: what one refuses counts for none of those after it."""

    limits: tuple[Limit, ...]

    def wait(self, who: str) -> float:
        """Seconds to wait before they may do it; 0 where they may now, and it is then counted.

        >>> both = Every((Allowance(1, 60, clock=lambda: 0.0), Allowance(2, 3_600, clock=lambda: 0.0)))
        >>> both.wait("a"), both.wait("a"), both.wait("b")
        (0.0, 60.0, 0.0)
        """
        return next((wait for each in self.limits if (wait := each.wait(who))), 0.0)


@dataclass(frozen=True)
class SharedAllowance:
    """The same, in store or Redis: whichever worker somebody is led to, they have as many turns in all.

    While that is away each process counts for itself: nobody is let through uncounted, and nobody is
    turned away because of it.
    """

    shared: Limits
    rates: tuple[Rate, ...]
    alone: Limit

    def wait(self, who: str) -> float:
        """Seconds to wait before they may do it; 0 where they may now, and it is then counted."""
        try:
            return self.shared.take_turn(
                *[replace(rate, what=f"{rate.what} from {who}") for rate in self.rates]
            )
        except Unavailable:
            return self.alone.wait(who)
