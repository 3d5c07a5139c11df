"""How drafts and their versions are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizapp.errors import Conflict, NotFound
from quizapp.store.editing_records import (
    MOST_VERSIONS,
    OPENED,
    Closed,
    Draft,
    DraftHead,
    DraftVersion,
    DraftVersionHead,
)
from quizapp.store.packed_text import packed, unpacked
from quizapp.store.sql import editors, previews
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time
from quizapp.store.tokens import new_secret

_GONE = "there is no such draft"
_INSERT = """
    INSERT INTO drafts (id, bank, editor, base, version, state, opened, updated)
    VALUES (:id, :bank, :editor, :base, :version, 'open', :at, :at)
"""
_INSERT_VERSION = """
    INSERT INTO draft_versions (draft, version, base, text, cases, what, restores, at)
    VALUES (:id, :version, :base, :text, :cases, :what, :restores, :at)
"""
_WHOLE = """
    SELECT drafts.*, draft_versions.text, draft_versions.cases FROM drafts
    JOIN draft_versions ON draft_versions.draft = drafts.id AND draft_versions.version = drafts.version
"""


def open_one(
    db: Rows, bank: str, editor_id: str, base: str | None, texts: tuple[str, str | None], now: datetime
) -> Draft:
    """A new draft with these texts (bank, cases), or the one that the editor has open."""
    editors.find(db, editor_id)
    kept = open_of(db, bank, editor_id)
    if kept:
        return kept
    draft_id = new_secret()
    row: dict[str, Any] = {"id": draft_id, "bank": bank, "editor": editor_id, "base": base, "version": 1}
    row |= {"what": OPENED, "restores": None, "at": as_text(now), **_packed(texts)}
    db.execute(_INSERT, row)
    db.execute(_INSERT_VERSION, row)
    return find(db, draft_id)


def find(db: Rows, draft_id: str) -> Draft:
    """The draft with its newest texts, or ``NotFound``."""
    for row in list(db.query(_WHOLE + "WHERE drafts.id = ?", [draft_id])):
        return _draft(row)
    raise NotFound(_GONE)


def open_of(db: Rows, bank: str, editor_id: str) -> Draft | None:
    """The draft of that bank which the editor has open."""
    wanted = "WHERE drafts.bank = ? AND drafts.editor = ? AND drafts.state = 'open'"
    rows = list(db.query(_WHOLE + wanted, [bank, editor_id]))
    return _draft(rows[0]) if rows else None


def heads(db: Rows, *, opened: bool, bank: str | None, editor_id: str | None) -> tuple[DraftHead, ...]:
    """The drafts that are open, or that are closed; of one bank, of one editor, where they are named."""
    wanted = {"bank = ?": bank, "editor = ?": editor_id}
    named = {clause: value for clause, value in wanted.items() if value is not None}
    where = " AND ".join(["state = 'open'" if opened else "state <> 'open'", *named])
    sql = f"SELECT * FROM drafts WHERE {where} ORDER BY updated DESC, id"  # noqa: S608
    return tuple(_head(row) for row in db.query(sql, list(named.values())))


def save(
    db: Rows,
    draft_id: str,
    version: int,
    base: str | None,
    texts: tuple[str, str | None],
    step: tuple[str, int | None],
    now: datetime,
) -> Draft:
    """Add a version on top of that one; ``step`` is what was done and which version it brought back."""
    what, restores = step
    row: dict[str, Any] = {"id": draft_id, "version": version + 1, "base": base, "at": as_text(now)}
    row |= {"what": what, "restores": restores, **_packed(texts)}
    db.execute(_INSERT_VERSION, row)
    sql = "UPDATE drafts SET version = :version, base = :base, updated = :at WHERE id = :id"
    db.execute(sql, row)
    _forget_oldest(db, draft_id, version + 1 - MOST_VERSIONS, now)
    return find(db, draft_id)


def on_top_of(db: Rows, draft_id: str, version: int) -> DraftHead:
    """The draft, if it is open and that is its newest version; ``NotFound`` or ``Conflict`` otherwise."""
    head = open_head(db, draft_id)
    if head.version != version:
        raise Conflict(f"the draft was saved elsewhere meanwhile: its version is {head.version}")
    return head


def open_head(db: Rows, draft_id: str) -> DraftHead:
    """What is known of the draft, if it is open, or ``NotFound``."""
    head = _head_of(db, draft_id)
    if head.state != "open":
        raise NotFound("that draft is closed")
    return head


def version(db: Rows, draft_id: str, number: int) -> DraftVersion:
    """One version with its texts, or ``NotFound``."""
    sql = "SELECT * FROM draft_versions WHERE draft = ? AND version = ?"
    for row in list(db.query(sql, [draft_id, number])):
        return DraftVersion(draft=draft_id, base=row["base"], **vars(_version_head(row)), **_unpacked(row))
    raise NotFound("there is no such version")


def versions(db: Rows, draft_id: str) -> tuple[DraftVersionHead, ...]:
    """The versions that are kept, newest first, or ``NotFound``."""
    _head_of(db, draft_id)
    sql = """
        SELECT version, what, restores, at FROM draft_versions WHERE draft = ? ORDER BY version DESC
    """
    return tuple(_version_head(row) for row in db.query(sql, [draft_id]))


def close(db: Rows, draft_id: str, state: Closed, now: datetime) -> None:
    """Put an open draft away and end the previews of it, or ``NotFound``."""
    open_head(db, draft_id)
    _set_state(db, draft_id, state, now)
    previews.end_of_draft(db, draft_id, now)


def reopen(db: Rows, draft_id: str, now: datetime) -> Draft:
    """Open the draft again; ``Conflict`` if its editor has another one open."""
    head = _head_of(db, draft_id)
    if head.state != "open":
        if open_of(db, head.bank, head.editor):
            raise Conflict(f"another draft of {head.bank} is open")
        _set_state(db, draft_id, "open", now)
    return find(db, draft_id)


def _set_state(db: Rows, draft_id: str, state: str, now: datetime) -> None:
    sql = "UPDATE drafts SET state = ?, updated = ? WHERE id = ?"
    db.execute(sql, [state, as_text(now), draft_id])


def _forget_oldest(db: Rows, draft_id: str, last: int, now: datetime) -> None:
    """Remove the versions up to ``last``, but those that somebody was given a link to."""
    sql = f"DELETE FROM draft_versions WHERE draft = ? AND version <= ? AND NOT {previews.SHOWS_VERSION}"  # noqa: S608
    db.execute(sql, [draft_id, last, as_text(now)])


def _head_of(db: Rows, draft_id: str) -> DraftHead:
    for row in list(db.query("SELECT * FROM drafts WHERE id = ?", [draft_id])):
        return _head(row)
    raise NotFound(_GONE)


def _head(row: dict[str, Any]) -> DraftHead:
    return DraftHead(
        id=row["id"],
        bank=row["bank"],
        editor=row["editor"],
        base=row["base"],
        version=row["version"],
        state=row["state"],
        opened=as_time(row["opened"]),
        updated=as_time(row["updated"]),
    )


def _draft(row: dict[str, Any]) -> Draft:
    return Draft(**vars(_head(row)), **_unpacked(row))


def _version_head(row: dict[str, Any]) -> DraftVersionHead:
    return DraftVersionHead(row["version"], row["what"], row["restores"], as_time(row["at"]))


def _packed(texts: tuple[str, str | None]) -> dict[str, bytes | None]:
    text, cases = texts
    return {"text": packed(text), "cases": None if cases is None else packed(cases)}


def _unpacked(row: dict[str, Any]) -> dict[str, Any]:
    cases = row["cases"]
    return {"text": unpacked(row["text"]), "cases": None if cases is None else unpacked(cases)}
