"""How editors and the offer to set up are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizapp.errors import Conflict, NotFound
from quizapp.letters import folded
from quizapp.store.editing_records import MOST_OFFERS, Editor, Role
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import fingerprint, new_secret

# No name is as long before its letters are folded, nor any after; one letter folds into 18 at most.
LONGEST_NAME, LONGEST_FOLDED = 200, 4_000

_GONE = "there is no such editor"
_OFFER = "SELECT 1 FROM setup_offers WHERE secret = ? AND until > ?"
_FORGET_OLDEST = """
    DELETE FROM setup_offers WHERE secret NOT IN (
        SELECT secret FROM setup_offers ORDER BY until DESC, secret LIMIT ?
    )
"""
_INSERT = """
    INSERT INTO editors (id, name, name_key, role, disabled, created, password_hash, subject)
    VALUES (:id, :name, :name_key, :role, 0, :created, :password_hash, :subject)
"""


def name_key(name: str) -> str:
    """What two names have in common that are one: case, width of letters and spaces make no difference.

    Only the beginning counts of what is longer than any name.

    >>> name_key("Ｍｉｋａ  ITO ") == name_key("mika ito")
    True
    """
    once = folded(name, LONGEST_NAME).casefold()
    return " ".join(folded(once, LONGEST_FOLDED).split())


def add(
    db: Rows, name: str, role: Role, password_hash: str | None, subject: str | None, now: datetime
) -> Editor:
    """The new editor; ``Conflict`` if name or subject is taken. Whoever it is, set-up is over."""
    if list(db.query("SELECT 1 FROM editors WHERE name_key = ?", [name_key(name)])):
        raise Conflict("there is an editor of that name")
    # An unknown subject is NULL, which equals nothing.
    if list(db.query("SELECT 1 FROM editors WHERE subject = ?", [subject])):
        raise Conflict("another editor signs in by that account")
    row = {
        "id": new_secret(),
        "name": name,
        "name_key": name_key(name),
        "role": role,
        "created": as_text(now),
        "password_hash": password_hash,
        "subject": subject,
    }
    db.execute(_INSERT, row)
    db.execute("DELETE FROM setup_offers")
    return find(db, row["id"] or "")


def find(db: Rows, editor_id: str) -> Editor:
    """The editor of that id, or ``NotFound``."""
    return _only(db, "SELECT * FROM editors WHERE id = ?", editor_id)


def find_named(db: Rows, name: str) -> Editor:
    """The editor of that name, or ``NotFound``."""
    return _only(db, "SELECT * FROM editors WHERE name_key = ?", name_key(name))


def find_subject(db: Rows, subject: str) -> Editor:
    """The editor of that subject, or ``NotFound``."""
    return _only(db, "SELECT * FROM editors WHERE subject = ?", subject)


def everybody(db: Rows) -> tuple[Editor, ...]:
    """All editors by name."""
    return tuple(editor_in(row) for row in db.query("SELECT * FROM editors ORDER BY name_key"))


def password_hash(db: Rows, editor_id: str) -> str | None:
    """The hash that is kept, or ``NotFound``."""
    for row in list(db.query("SELECT password_hash FROM editors WHERE id = ?", [editor_id])):
        return None if row["password_hash"] is None else str(row["password_hash"])
    raise NotFound(_GONE)


def set_password(db: Rows, editor_id: str, hashed: str) -> None:
    """Change the hash, or ``NotFound``; sessions are the caller's."""
    _changed(db, "UPDATE editors SET password_hash = ? WHERE id = ?", hashed, editor_id)


def set_role(db: Rows, editor_id: str, role: Role) -> None:
    """Change the role, or ``NotFound``."""
    _changed(db, "UPDATE editors SET role = ? WHERE id = ?", role, editor_id)


def set_disabled(db: Rows, editor_id: str, disabled: bool) -> None:
    """Shut out or let in, or ``NotFound``; sessions are the caller's."""
    _changed(db, "UPDATE editors SET disabled = ? WHERE id = ?", int(disabled), editor_id)


def offer_setup(db: Rows, secret: str, until: datetime) -> None:
    """Make one more offer, of which the newest few hold; ``Conflict`` once there is an editor."""
    if list(db.query("SELECT 1 FROM editors LIMIT 1")):
        raise Conflict("it has been set up: there is an editor")
    db.execute(_FORGET_OLDEST, [MOST_OFFERS - 1])
    sql = "INSERT INTO setup_offers (secret, until) VALUES (?, ?)"
    db.execute(sql, [fingerprint("setup", secret), as_text(until)])


def is_offered(db: Rows, secret: str, now: datetime) -> bool:
    """Whether whoever brings the secret may become the first editor. No offer outlives that one."""
    return bool(list(db.query(_OFFER, [fingerprint("setup", secret), as_text(now)])))


def take_setup(db: Rows, secret: str, name: str, hashed: str, now: datetime) -> Editor:
    """The first editor, or ``NotFound``."""
    if not is_offered(db, secret, now):
        raise NotFound("there is no such offer")
    return add(db, name, "publisher", hashed, None, now)


def editor_in(row: dict[str, Any]) -> Editor:
    """The editor that a row of the table holds."""
    return Editor(
        id=row["id"],
        name=row["name"],
        role=row["role"],
        disabled=bool(row["disabled"]),
        created=as_time(row["created"]),
        has_password=row["password_hash"] is not None,
        subject=row["subject"],
    )


def _only(db: Rows, sql: str, value: str) -> Editor:
    for row in list(db.query(sql, [value])):
        return editor_in(row)
    raise NotFound(_GONE)


def _changed(db: Rows, sql: str, value: str | int, editor_id: str) -> None:
    if not db.execute(sql, [value, editor_id]).rowcount:
        raise NotFound(_GONE)
