"""How turns are counted in SQLite; transactions are the caller's.

A token bucket is kept as one moment: when it will be full again (the generic cell rate algorithm). A
bucket that is full again is no row at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint

_UPSERT = """
    INSERT INTO turns (what, full_at) VALUES (?, ?)
    ON CONFLICT (what) DO UPDATE SET full_at = excluded.full_at
"""


def wait(db: Database, what: str, times: int, seconds: float, now: datetime) -> float:
    """The seconds until there is a turn, 0.0 if there is one; nothing is written.

    ``ValueError`` for limits that allow nothing.
    """
    turn = _turn(times, seconds)
    over = _full_at(db, what, turn * times, now) - now - turn * (times - 1)
    return max(over.total_seconds(), 0.0)


def take(db: Database, what: str, times: int, seconds: float, now: datetime) -> float:
    """Take a turn if there is one; the seconds to wait otherwise."""
    seconds_left = wait(db, what, times, seconds, now)
    if not seconds_left:
        turn = _turn(times, seconds)
        db.execute("DELETE FROM turns WHERE full_at <= ?", [as_text(now)])
        db.execute(_UPSERT, [fingerprint(what), as_text(_full_at(db, what, turn * times, now) + turn)])
    return seconds_left


def _turn(times: int, seconds: float) -> timedelta:
    """The time in which one turn comes back."""
    if times < 1 or seconds <= 0:
        raise ValueError("a limit allows at least one turn in more than no time")
    return timedelta(seconds=seconds) / times


def _full_at(db: Database, what: str, empty: timedelta, now: datetime) -> datetime:
    for row in list(db.query("SELECT full_at FROM turns WHERE what = ?", [fingerprint(what)])):
        # An empty bucket fills in that time: what lies further off was written by a clock that was wrong.
        return min(max(as_time(row["full_at"]), now), now + empty)
    return now
