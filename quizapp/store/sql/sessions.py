"""How editors' sessions are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from quizapp.errors import NotFound
from quizapp.store.editing_records import Editor, EditorSession
from quizapp.store.sql import editors
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint, new_secret

_GONE = "there is no such session"
_MOVES_EVERY = timedelta(minutes=1)
_INSERT = """
    INSERT INTO editor_sessions (secret, id, editor, begun, seen, idle, fades, expires, agent)
    VALUES (:secret, :id, :editor, :begun, :seen, :idle, :fades, :expires, :agent)
"""


def begin(
    db: Rows,
    editor_id: str,
    secret: str,
    limits: tuple[timedelta, timedelta],
    agent: str,
    now: datetime,
) -> EditorSession:
    """The new session, with its idle and its absolute limit; ``NotFound`` for nobody and the disabled."""
    if editors.find(db, editor_id).disabled:
        raise NotFound("there is no such editor")
    # Those that have ended by themselves go when the next one begins, so that they never pile up.
    db.execute("DELETE FROM editor_sessions WHERE fades <= :now OR expires <= :now", {"now": as_text(now)})
    idle, absolute = limits
    row = {
        "secret": fingerprint("session", secret),
        "id": new_secret(),
        "editor": editor_id,
        "begun": as_text(now),
        "seen": as_text(now),
        "idle": idle.total_seconds(),
        "fades": as_text(now + idle),
        "expires": as_text(now + absolute),
        "agent": agent,
    }
    db.execute(_INSERT, row)
    return _session(row)


def find(db: Rows, secret: str, now: datetime) -> tuple[Editor, EditorSession, bool]:
    """Whose session it is, and whether it is time to ``move`` it; ``NotFound`` unless it lives."""
    sql = "SELECT * FROM editor_sessions WHERE secret = ? AND fades > ? AND expires > ?"
    for row in list(db.query(sql, [fingerprint("session", secret), as_text(now), as_text(now)])):
        editor = editors.find(db, row["editor"])
        if not editor.disabled:
            # A short idle limit moves oftener, or its session would end in the midst of use.
            every = min(_MOVES_EVERY, timedelta(seconds=row["idle"]) / 4)
            return editor, _session(row), now - as_time(row["seen"]) >= every
    raise NotFound(_GONE)


def move(db: Rows, secret: str, now: datetime) -> None:
    """Write down that it was used now. A session that has ended meanwhile stays ended."""
    kept = fingerprint("session", secret)
    for row in list(db.query("SELECT idle FROM editor_sessions WHERE secret = ?", [kept])):
        sql = "UPDATE editor_sessions SET seen = ?, fades = ? WHERE secret = ?"
        db.execute(sql, [as_text(now), as_text(now + timedelta(seconds=row["idle"])), kept])


def living(db: Rows, editor_id: str, now: datetime) -> tuple[EditorSession, ...]:
    """The sessions of that editor that are alive, the last begun first."""
    sql = """
        SELECT * FROM editor_sessions WHERE editor = ? AND fades > ? AND expires > ?
        ORDER BY begun DESC, id
    """
    rows = db.query(sql, [editor_id, as_text(now), as_text(now)])
    return tuple(_session(row) for row in rows)


def end(db: Rows, editor_id: str, session_id: str, now: datetime) -> None:
    """End that one, or ``NotFound``."""
    sql = "DELETE FROM editor_sessions WHERE id = ? AND editor = ? AND fades > ? AND expires > ?"
    if not db.execute(sql, [session_id, editor_id, as_text(now), as_text(now)]).rowcount:
        raise NotFound(_GONE)


def end_all(db: Rows, editor_id: str, but: str | None = None) -> None:
    """End every session of the editor, but the one of that id."""
    # No id is empty, so that one which is not named spares nothing.
    db.execute("DELETE FROM editor_sessions WHERE editor = ? AND id <> ?", [editor_id, but or ""])


def _session(row: dict[str, Any]) -> EditorSession:
    return EditorSession(
        id=row["id"],
        editor=row["editor"],
        begun=as_time(row["begun"]),
        seen=as_time(row["seen"]),
        expires=as_time(row["expires"]),
        agent=row["agent"],
    )
