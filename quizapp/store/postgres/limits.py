"""How turns are counted in PostgreSQL: in one statement, whose row lock lets nobody count past another.

Kept is, as in SQLite, the moment when the bucket will be full again.
"""

from __future__ import annotations

from datetime import datetime

from quizapp.store.postgres.rows import PostgresRows
from quizapp.store.sqlite.limits import time_per_turn, wait_until
from quizapp.store.tokens import fingerprint

_FULL_AT = "SELECT full_at FROM turns WHERE what = ?"
# What lies further off than an empty bucket takes to fill was written by a clock that was wrong. A few
# buckets that are full again go each time; those that somebody else is removing are left to them.
_TAKE = """
    WITH full_again AS (
        SELECT what FROM turns WHERE full_at <= :now AND what <> :what
        ORDER BY full_at LIMIT 20 FOR UPDATE SKIP LOCKED
    ), removed AS (
        DELETE FROM turns USING full_again WHERE turns.what = full_again.what
    )
    INSERT INTO turns AS kept (what, full_at) VALUES (:what, :now + :turn)
    ON CONFLICT (what) DO UPDATE
        SET full_at = least(greatest(kept.full_at, :now), :now + :empty) + :turn
        WHERE least(greatest(kept.full_at, :now), :now + :empty) <= :now + :empty - :turn
"""


def take(db: PostgresRows, what: str, times: int, seconds: float, now: datetime) -> float:
    """Take a turn if there is one; the seconds to wait otherwise. ``ValueError`` for limits that allow nothing.

    Who must wait is told so by a read alone: hammering at a door writes nothing.
    """
    turn = time_per_turn(times, seconds)
    values = {"what": fingerprint(what), "now": now, "turn": turn, "empty": turn * times}
    while True:
        left = wait_until(_full_at(db, values["what"]), turn, times, now)
        if left or db.execute(_TAKE, values).rowcount:
            return left


def _full_at(db: PostgresRows, kept_as: object) -> datetime | None:
    rows = db.query(_FULL_AT, [kept_as])
    return rows[0]["full_at"] if rows else None
