"""How turns are counted, and how that is written to and read from SQLite; transactions are the caller's.

A token bucket is kept as one moment: when it will be full again (the generic cell rate algorithm). A
bucket that is full again is no row at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from quizapp.store.records import Rate
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint

_UPSERT = """
    INSERT INTO turns (what, full_at) VALUES (?, ?)
    ON CONFLICT (what) DO UPDATE SET full_at = excluded.full_at
"""


def wait(db: Rows, rates: Sequence[Rate], now: datetime) -> float:
    """The seconds until each has a turn, 0.0 if all have; nothing is written.

    ``ValueError`` for limits that allow nothing.
    """
    return max(wait_until(_full_at(db, rate.what), rate, now) for rate in rates)


def take(db: Rows, rates: Sequence[Rate], now: datetime) -> float:
    """Take a turn of each if all have one; the seconds to wait otherwise."""
    seconds_left = wait(db, rates, now)
    if not seconds_left:
        full_at = [
            believable(_full_at(db, rate.what), turn * rate.times, now) + turn
            for rate in rates
            for turn in [time_per_turn(rate)]
        ]
        db.execute("DELETE FROM turns WHERE full_at <= ?", [as_text(now)])
        for rate, moment in zip(rates, full_at, strict=True):
            db.execute(_UPSERT, [fingerprint(rate.what), as_text(moment)])
    return seconds_left


def wait_until(full_at: datetime | None, rate: Rate, now: datetime) -> float:
    """The seconds until a bucket that is full at that moment (None: is full) has a turn; 0.0 if it has."""
    turn = time_per_turn(rate)
    over = believable(full_at, turn * rate.times, now) - now - turn * (rate.times - 1)
    return max(over.total_seconds(), 0.0)


def time_per_turn(rate: Rate) -> timedelta:
    """The time in which one turn comes back; ``ValueError`` for limits that allow nothing."""
    if rate.times < 1 or rate.seconds <= 0:
        raise ValueError("a limit allows at least one turn in more than no time")
    return timedelta(seconds=rate.seconds) / rate.times


def believable(full_at: datetime | None, empty: timedelta, now: datetime) -> datetime:
    """When the bucket is full, at ``now`` if it is already.

    An empty one fills in that time: what lies further off was written by a clock that was wrong.
    """
    return now if full_at is None else min(max(full_at, now), now + empty)


def _full_at(db: Rows, what: str) -> datetime | None:
    for row in list(db.query("SELECT full_at FROM turns WHERE what = ?", [fingerprint(what)])):
        return as_time(row["full_at"])
    return None
