"""How turns are counted in PostgreSQL: in one statement, whose row locks let nobody count past another.

Kept is, as in SQLite, the moment when the bucket will be full again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quizapp.store.postgres.rows import PostgresRows
from quizapp.store.records import Rate
from quizapp.store.sqlite.limits import time_per_turn, wait_until
from quizapp.store.tokens import fingerprint

_FULL_AT = "SELECT what, full_at FROM turns WHERE what = ANY(?)"
# Who must wait only reads: hammering at a door writes nothing. What lies further off than an empty bucket takes
# to fill was written by a clock that was wrong. A few buckets that are full again go each time; those that
# somebody else is removing are left to them. Buckets are written in one order for everybody, or two could wait
# for each other. A count that is lost when the server loses its power gives one turn too many, so nobody waits
# for its disk.
_TAKE = """
    WITH asked AS (
        SELECT * FROM unnest(:whats::text[], :turns::interval[], :empties::interval[]) AS asked (what, turn, empty)
    ), refused AS (
        SELECT 1 FROM asked JOIN turns USING (what)
        WHERE least(full_at, :now + empty) > :now + empty - turn
    ), full_again AS (
        SELECT what FROM turns WHERE full_at <= :now AND NOT what = ANY(:whats) AND NOT EXISTS (SELECT 1 FROM refused)
        ORDER BY full_at LIMIT 20 FOR UPDATE SKIP LOCKED
    ), removed AS (
        DELETE FROM turns USING full_again WHERE turns.what = full_again.what
    )
    INSERT INTO turns AS kept (what, full_at)
    SELECT what, :now + turn FROM asked
    WHERE NOT EXISTS (SELECT 1 FROM refused) AND set_config('synchronous_commit', 'off', true) = 'off'
    ORDER BY what
    ON CONFLICT (what) DO UPDATE
        SET full_at = (SELECT least(greatest(kept.full_at, :now), :now + empty) + turn
                       FROM asked WHERE asked.what = kept.what)
        WHERE (SELECT least(kept.full_at, :now + empty) <= :now + empty - turn
               FROM asked WHERE asked.what = kept.what)
"""


def take(db: PostgresRows, rates: Sequence[Rate], now: datetime) -> float:
    """Take a turn of each if all have one; the seconds to wait otherwise.

    ``ValueError`` for limits that allow nothing.
    """
    turns = [time_per_turn(rate) for rate in rates]
    whats = [fingerprint(rate.what) for rate in rates]
    empties = [turn * rate.times for turn, rate in zip(turns, rates, strict=True)]
    values = {"whats": whats, "turns": turns, "empties": empties, "now": now}
    while True:
        if db.execute(_TAKE, values).rowcount == len(rates):
            return 0.0
        full_at = {row["what"]: row["full_at"] for row in db.query(_FULL_AT, [whats])}
        waits = [wait_until(full_at.get(what), rate, now) for what, rate in zip(whats, rates, strict=True)]
        if left := max(waits):
            return left
