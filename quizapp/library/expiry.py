"""Removes the results whose time has passed, for good; refuses to while the clock may be fast. Knows no page.

A clock that is a year ahead would say that the time of every result has passed. It would also say that nobody
has written anything for a year. So what was written between seven and forty days ago has to vouch for the
clock: what a fast clock dates itself, it does only once it has been wrong for a week, and told of every day.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from quizapp.errors import Unavailable
from quizapp.store.protocol import Store
from quizapp.store.timestamps import utc_now

DAY_SECONDS = 86_400.0
LATELY, JUST_NOW = timedelta(days=40), timedelta(days=7)
PUT_OFF = "expiry_put_off"
_EVER = datetime.min.replace(tzinfo=UTC)

log = logging.getLogger(__name__)


def clock_is_doubtful(store: Store, now: datetime) -> bool:
    """Whether, by this clock, nothing was written for weeks that vouches for it.

    Raises ``Unavailable``.
    """
    lately, just_now = now - LATELY, now - JUST_NOW
    return store.wrote_between(_EVER, lately) and not store.wrote_between(lately, just_now)


def forget_expired(store: Store, now: datetime) -> int:
    """How many results were removed because their time has passed; none while the clock is doubtful.

    Then a warning is logged and a line stands in the audit log. That line vouches for the clock a week later,
    so that a site at which nobody writes anything keeps nothing for ever. Raises ``Unavailable``.
    """
    if not (count := store.expired(now)):
        return 0
    if not clock_is_doubtful(store, now):
        return store.expire(now)
    if not store.wrote_between(now - JUST_NOW, now):
        store.record("quizapp", PUT_OFF, None, {"results": count})
    log.warning(
        "by the clock of this machine it is %s, and nobody has used the quiz for weeks: in case it is fast, %d "
        "results whose time has passed are not removed yet; set the clock right, or run: quizapp expire --yes",
        now.date().isoformat(),
        count,
    )
    return 0


def forget_daily(store: Store, clock: Callable[[], datetime] = utc_now, seconds: float = DAY_SECONDS) -> None:
    """Never comes back: removes now and once a day. What goes wrong is logged, and tried again the next day."""
    while True:
        try:
            forget_expired(store, clock())
        except Unavailable as error:
            # An expired result is not shown, so tomorrow is soon enough.
            log.warning("results whose time has passed are removed tomorrow: %s", error)
        except Exception:
            log.exception("results whose time has passed could not be removed; tried again tomorrow")
        threading.Event().wait(seconds)
