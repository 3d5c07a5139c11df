"""How results are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from quizapp.errors import NotFound
from quizapp.store.records import Result, ResultDraft
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint, new_secret

_GONE = "there is no such result"
_BATCH = 1_000
# What was saved first stays, unless its time has passed and it is only not yet removed.
SAVE = """
    INSERT INTO results (token, bank, revision, on_day, answers, language, shown, recommended,
                         owner, submission, created, expires)
    VALUES (:token, :bank, :revision, :on_day, :answers, :language, :shown, :recommended,
            :owner, :submission, :created, :expires)
    ON CONFLICT (submission) DO UPDATE SET
        token = excluded.token, bank = excluded.bank, revision = excluded.revision,
        on_day = excluded.on_day, answers = excluded.answers, language = excluded.language,
        shown = excluded.shown, recommended = excluded.recommended,
        created = excluded.created, expires = excluded.expires
    WHERE results.expires <= excluded.created
"""
KEPT = "SELECT token FROM results WHERE submission = ?"


def never_published(revision: str) -> NotFound:
    """What is raised for a draft that is pinned to a revision which is not there."""
    return NotFound(f"revision {revision} was never published")


def row_of(draft: ResultDraft, idempotency_key: str, now: datetime) -> dict[str, Any]:
    """The row in which the draft would be kept under a new token.

    ``TypeError`` for answers that JSON cannot say.
    """
    return {
        "token": new_secret(),
        "bank": draft.bank,
        "revision": draft.revision,
        "on_day": draft.on.isoformat(),
        "answers": _json(dict(draft.answers)),
        "language": draft.language,
        "shown": None if draft.shown is None else _json(draft.shown),
        "recommended": draft.recommended,
        "owner": fingerprint(draft.owner_key),
        # Bound to the owner, so that a key seen by somebody else opens nothing.
        "submission": fingerprint(draft.owner_key, idempotency_key),
        "created": as_text(now),
        "expires": as_text(now + draft.keep),
    }


def find(db: Rows, token: str, now: datetime) -> Result:
    """The result that lives at ``now`` under that token, or ``NotFound``."""
    rows = list(db.query("SELECT * FROM results WHERE token = ? AND expires > ?", [token, as_text(now)]))
    if not rows:
        raise NotFound(_GONE)
    row = rows[0]
    return Result(
        token=row["token"],
        bank=row["bank"],
        revision=row["revision"],
        on=date.fromisoformat(row["on_day"]),
        answers=json.loads(row["answers"]),
        language=row["language"],
        created=as_time(row["created"]),
        expires=as_time(row["expires"]),
        shown=None if row["shown"] is None else tuple(json.loads(row["shown"])),
        recommended=row["recommended"],
    )


def owns(db: Rows, token: str, owner_key: str, now: datetime) -> bool:
    """Whether that key made the result that lives under that token."""
    sql = "SELECT 1 FROM results WHERE token = ? AND owner = ? AND expires > ?"
    return bool(list(db.query(sql, [token, fingerprint(owner_key), as_text(now)])))


def show(db: Rows, token: str, owner_key: str, shown: tuple[str, ...] | None, now: datetime) -> None:
    """Set which answers the link shows, or ``NotFound``."""
    sql = "UPDATE results SET shown = ? WHERE token = ? AND owner = ? AND expires > ?"
    value = None if shown is None else _json(shown)
    if not db.execute(sql, [value, token, fingerprint(owner_key), as_text(now)]).rowcount:
        raise NotFound(_GONE)


def delete(db: Rows, token: str, owner_key: str, now: datetime) -> None:
    """Remove the result, or ``NotFound``."""
    sql = "DELETE FROM results WHERE token = ? AND owner = ? AND expires > ?"
    if not db.execute(sql, [token, fingerprint(owner_key), as_text(now)]).rowcount:
        raise NotFound(_GONE)


def expired(db: Rows, now: datetime) -> int:
    """How many results there are whose time has passed."""
    [row] = db.query("SELECT count(*) AS expired FROM results WHERE expires <= ?", [as_text(now)])
    return int(row["expired"])


def expire_some(db: Rows, now: datetime) -> int:
    """Remove at most a thousand results whose time has passed; how many, 0 when none is left.

    Few at a time, so that a taker who is just saving never waits for the whole.
    """
    sql = "DELETE FROM results WHERE token IN (SELECT token FROM results WHERE expires <= ? LIMIT ?)"
    return db.execute(sql, [as_text(now), _BATCH]).rowcount


def saved_since(db: Rows, moment: datetime, now: datetime) -> dict[str, int]:
    """How many results made at that moment or later live at ``now``, per bank."""
    sql = "SELECT bank, count(*) AS saved FROM results WHERE created >= ? AND expires > ? GROUP BY bank"
    return {row["bank"]: row["saved"] for row in db.query(sql, [as_text(moment), as_text(now)])}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
