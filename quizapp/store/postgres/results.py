"""How a result is saved in PostgreSQL: in one statement, which is a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from psycopg.errors import ForeignKeyViolation

from quizapp.errors import Unavailable
from quizapp.store.postgres.rows import PostgresRows
from quizapp.store.records import ResultDraft
from quizapp.store.sql.results import KEPT, SAVE, never_published, row_of

_SAVE = f"{SAVE} RETURNING token"


def save(db: PostgresRows, draft: ResultDraft, idempotency_key: str, now: datetime) -> str:
    """Insert the draft unless its owner has sent the same key before; the token either way."""
    row = row_of(draft, idempotency_key, now)
    try:
        saved = db.query(_SAVE, row) or db.query(KEPT, [row["submission"]])
        # None only if its owner deleted it between the two statements.
        saved = saved or db.query(_SAVE, row)
    except ForeignKeyViolation:
        raise never_published(draft.revision) from None
    if not saved:
        raise Unavailable("the database is busy: the same result is saved and deleted at once")
    return str(saved[0]["token"])
