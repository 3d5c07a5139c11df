"""How a result is saved in PostgreSQL: in one statement, which is a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from psycopg.errors import ForeignKeyViolation

from quizapp.errors import Unavailable
from quizapp.store.postgres_rows import PostgresRows
from quizapp.store.records import ResultDraft
from quizapp.store.sql_results import INSERT, never_published, row_of

# What was saved first stays, unless its time has passed and it is only not yet removed.
_SAVE = f"""{INSERT}
    ON CONFLICT (submission) DO UPDATE SET
        token = excluded.token, bank = excluded.bank, revision = excluded.revision,
        on_day = excluded.on_day, answers = excluded.answers, language = excluded.language,
        shown = excluded.shown, recommended = excluded.recommended,
        created = excluded.created, expires = excluded.expires
    WHERE results.expires <= excluded.created
    RETURNING token
"""
_KEPT = "SELECT token FROM results WHERE submission = ?"


def save(db: PostgresRows, draft: ResultDraft, idempotency_key: str, now: datetime) -> str:
    """Insert the draft unless its owner has sent the same key before; the token either way."""
    row = row_of(draft, idempotency_key, now)
    try:
        saved = db.query(_SAVE, row) or db.query(_KEPT, [row["submission"]])
        # None only if its owner deleted it between the two statements.
        saved = saved or db.query(_SAVE, row)
    except ForeignKeyViolation:
        raise never_published(draft.revision) from None
    if not saved:
        raise Unavailable("the database is busy: the same result is saved and deleted at once")
    return str(saved[0]["token"])
