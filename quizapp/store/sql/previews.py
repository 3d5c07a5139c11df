"""How links to versions of drafts are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from quizapp.errors import Conflict, Ended, NotFound
from quizapp.store.editing_records import MOST_OWN_PREVIEWS, MOST_SHARED_PREVIEWS, Preview
from quizapp.store.sql import editors
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint

# So long it can still be said that there was a preview; then its link is one of no preview at all.
REMEMBERED = timedelta(days=30)
# Within a statement about draft_versions: whether somebody may still look at that one at a moment.
SHOWS_VERSION = """EXISTS (
    SELECT 1 FROM previews
    WHERE previews.draft = draft_versions.draft AND previews.version = draft_versions.version
      AND previews.until > ?
)"""
_INSERT = """
    INSERT INTO previews (secret, draft, version, until, maker, shared)
    VALUES (:secret, :draft, :version, :until, :maker, :shared)
"""
_OPEN = """
    SELECT previews.*, drafts.bank FROM previews JOIN drafts ON drafts.id = previews.draft
    WHERE maker = ? AND shared = ? AND until > ? ORDER BY until, secret
"""


def offer(
    db: Rows,
    version: tuple[str, int],
    secret: str,
    until: datetime,
    maker: str,
    shared: bool,
    now: datetime,
) -> None:
    """Keep the offer of a version (draft, number), and forget those that ended long ago.

    ``NotFound`` if there is no such version or its maker may not come in; ``Conflict`` for one link too
    many to be shared, while of one's own the oldest ends.
    """
    sql = "SELECT 1 FROM draft_versions WHERE draft = ? AND version = ?"
    if not list(db.query(sql, list(version))):
        raise NotFound("there is no such version")
    if editors.find(db, maker).disabled:
        raise NotFound("there is no such editor")
    db.execute("DELETE FROM previews WHERE until <= ?", [as_text(now - REMEMBERED)])
    others = list(db.query(_OPEN, [maker, int(shared), as_text(now)]))
    if shared and len(others) >= MOST_SHARED_PREVIEWS:
        raise Conflict(f"{MOST_SHARED_PREVIEWS} links are open")
    if not shared:
        for row in others[: max(0, len(others) + 1 - MOST_OWN_PREVIEWS)]:
            _end(db, "secret = ?", [row["secret"]], now)
    named = {"draft": version[0], "version": version[1], "until": as_text(until), "maker": maker}
    db.execute(_INSERT, {**named, "secret": fingerprint("preview", secret), "shared": int(shared)})


def find(db: Rows, secret: str, now: datetime) -> tuple[str, int]:
    """The draft and the version that the secret shows; ``NotFound``, or ``Ended`` for one that did."""
    sql = "SELECT draft, version, until FROM previews WHERE secret = ?"
    for row in list(db.query(sql, [fingerprint("preview", secret)])):
        if row["until"] <= as_text(now):
            raise Ended("this preview has ended")
        return row["draft"], row["version"]
    raise NotFound("there is no such preview")


def shared_by(db: Rows, maker: str, now: datetime) -> tuple[Preview, ...]:
    """The open links that an editor made for others, the one that ends first leading."""
    return tuple(_preview(row) for row in db.query(_OPEN, [maker, 1, as_text(now)]))


def end(db: Rows, maker: str, preview_id: str, now: datetime) -> None:
    """End one of an editor's own; ``NotFound`` where none of that id is open."""
    if not any(one.id == preview_id for one in shared_by(db, maker, now)):
        raise NotFound("there is no such preview")
    _end(db, "secret = ?", [preview_id], now)


def end_of_draft(db: Rows, draft_id: str, now: datetime) -> None:
    """End all that show a draft."""
    _end(db, "draft = ?", [draft_id], now)


def end_of_maker(db: Rows, maker: str, now: datetime) -> None:
    """End all that an editor made."""
    _end(db, "maker = ?", [maker], now)


def _end(db: Rows, which: str, values: list[str], now: datetime) -> None:
    at = as_text(now)
    db.execute(f"UPDATE previews SET until = ? WHERE until > ? AND {which}", [at, at, *values])  # noqa: S608


def _preview(row: dict[str, Any]) -> Preview:
    # What is kept of the secret is a fingerprint: whoever reads it can open nothing with it.
    return Preview(row["secret"], row["draft"], row["bank"], row["version"], as_time(row["until"]))
