"""How results are written to and read from SQLite; transactions are the caller's."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from quizapp.errors import NotFound
from quizapp.store.records import Result, ResultDraft
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint, new_secret

_GONE = "there is no such result"
_BATCH = 1_000
_INSERT = """
    INSERT INTO results (token, bank, revision, on_day, answers, language, shown, recommended,
                         owner, submission, created, expires)
    VALUES (:token, :bank, :revision, :on_day, :answers, :language, :shown, :recommended,
            :owner, :submission, :created, :expires)
"""


def save(db: Database, draft: ResultDraft, idempotency_key: str, now: datetime) -> str:
    """Insert the draft unless its owner has sent the same key before; the token either way."""
    # Bound to the owner, so that a key seen by somebody else opens nothing.
    submission = fingerprint(draft.owner_key, idempotency_key)
    for row in list(db.query("SELECT token, expires FROM results WHERE submission = ?", [submission])):
        if row["expires"] > as_text(now):
            return str(row["token"])
        db.execute("DELETE FROM results WHERE token = ?", [row["token"]])
    if not list(db.query("SELECT 1 FROM revisions WHERE revision = ?", [draft.revision])):
        raise NotFound(f"revision {draft.revision} was never published")
    row = _row(draft, submission, now)
    db.execute(_INSERT, row)
    return str(row["token"])


def _row(draft: ResultDraft, submission: str, now: datetime) -> dict[str, Any]:
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
        "submission": submission,
        "created": as_text(now),
        "expires": as_text(now + draft.keep),
    }


def find(db: Database, token: str, now: datetime) -> Result:
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


def owns(db: Database, token: str, owner_key: str, now: datetime) -> bool:
    """Whether that key made the result that lives under that token."""
    sql = "SELECT 1 FROM results WHERE token = ? AND owner = ? AND expires > ?"
    return bool(list(db.query(sql, [token, fingerprint(owner_key), as_text(now)])))


def show(db: Database, token: str, owner_key: str, shown: tuple[str, ...] | None, now: datetime) -> None:
    """Set which answers the link shows, or ``NotFound``."""
    sql = "UPDATE results SET shown = ? WHERE token = ? AND owner = ? AND expires > ?"
    value = None if shown is None else _json(shown)
    if not db.execute(sql, [value, token, fingerprint(owner_key), as_text(now)]).rowcount:
        raise NotFound(_GONE)


def delete(db: Database, token: str, owner_key: str, now: datetime) -> None:
    """Remove the result, or ``NotFound``."""
    sql = "DELETE FROM results WHERE token = ? AND owner = ? AND expires > ?"
    if not db.execute(sql, [token, fingerprint(owner_key), as_text(now)]).rowcount:
        raise NotFound(_GONE)


def expire_some(db: Database, now: datetime) -> int:
    """Remove at most a thousand results whose time has passed; how many, 0 when none is left.

    Few at a time, so that a taker who is just saving never waits for the whole.
    """
    sql = "DELETE FROM results WHERE token IN (SELECT token FROM results WHERE expires <= ? LIMIT ?)"
    return db.execute(sql, [as_text(now), _BATCH]).rowcount


def saved_since(db: Database, moment: datetime, now: datetime) -> dict[str, int]:
    """How many results made at that moment or later live at ``now``, per bank."""
    sql = "SELECT bank, count(*) AS saved FROM results WHERE created >= ? AND expires > ? GROUP BY bank"
    return {row["bank"]: row["saved"] for row in db.query(sql, [as_text(moment), as_text(now)])}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
