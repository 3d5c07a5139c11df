"""How links to versions of drafts are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

from datetime import datetime

from quizapp.errors import NotFound
from quizapp.store.sql_rows import Rows
from quizapp.store.timestamps import as_text
from quizapp.store.tokens import fingerprint

# Within a statement about draft_versions: whether somebody may still look at that one at a moment.
SHOWS_VERSION = """EXISTS (
    SELECT 1 FROM previews
    WHERE previews.draft = draft_versions.draft AND previews.version = draft_versions.version
      AND previews.until > ?
)"""


def offer(db: Rows, draft_id: str, version: int, secret: str, until: datetime, now: datetime) -> None:
    """Keep the offer, and drop those that have run out; ``NotFound`` if there is no such version."""
    sql = "SELECT 1 FROM draft_versions WHERE draft = ? AND version = ?"
    if not list(db.query(sql, [draft_id, version])):
        raise NotFound("there is no such version")
    db.execute("DELETE FROM previews WHERE until <= ?", [as_text(now)])
    sql = "INSERT INTO previews (secret, draft, version, until) VALUES (?, ?, ?, ?)"
    db.execute(sql, [fingerprint("preview", secret), draft_id, version, as_text(until)])


def find(db: Rows, secret: str, now: datetime) -> tuple[str, int]:
    """The draft and the version that the secret shows, or ``NotFound``."""
    sql = "SELECT draft, version FROM previews WHERE secret = ? AND until > ?"
    for row in list(db.query(sql, [fingerprint("preview", secret), as_text(now)])):
        return row["draft"], row["version"]
    raise NotFound("there is no such preview")
