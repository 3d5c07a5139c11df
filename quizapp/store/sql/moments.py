"""When anybody last wrote anything that stays, whatever it was; transactions are the caller's."""

from __future__ import annotations

from datetime import datetime

from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text

# Few rows first: whichever has one ends the search.
_WRITTEN = (
    ("publications", "at"),
    ("audit_log", "at"),
    ("draft_versions", "at"),
    ("results", "created"),
)


def wrote_between(db: Rows, since: datetime, until: datetime) -> bool:
    """Whether anything was written at ``since`` or later, and before ``until``."""
    given = [as_text(since), as_text(until)]
    return any(
        list(db.query(f"SELECT 1 AS found FROM {table} WHERE {at} >= ? AND {at} < ? LIMIT 1", given))  # noqa: S608
        for table, at in _WRITTEN
    )
