"""How revisions and their history are written to and read from a database; transactions are the caller's."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from quizapp.errors import Conflict, NotFound
from quizapp.store.records import InStep, Publication, Revision, RevisionDraft, same_text
from quizapp.store.sql.rows import Rows
from quizapp.store.timestamps import as_text, as_time

_INSERT = """
    INSERT INTO publications (number, bank, revision, parent, origin, who, why, at)
    VALUES ((SELECT coalesce(max(number), 0) + 1 FROM publications),
            :bank, :revision, :parent, :origin, :who, :why, :at)
"""
_IN_STEP = """
    INSERT INTO in_step (place, bank, revision, seen) VALUES (?, ?, ?, ?)
    ON CONFLICT (place, bank) DO UPDATE SET revision = excluded.revision, seen = excluded.seen
"""


def publish(db: Rows, draft: RevisionDraft, now: datetime) -> Publication:
    """Add the draft to the bank's history; ``Conflict`` unless its parent is still the newest."""
    head = head_of(db, draft.bank)
    if head and head.revision == draft.revision and not _other_texts(db, draft, head):
        return head
    moved_on = draft.after is not None and (head.number if head else 0) != draft.after
    if moved_on or (head.revision if head else None) != draft.parent:
        raise Conflict(f"{draft.bank}: somebody else has published since revision {draft.parent}")
    _keep_content(db, draft)
    row = {**asdict(draft), "at": as_text(now)}
    db.execute(_INSERT, row)
    line = newest(db, draft.bank)
    _keep_texts(db, draft, line.number)
    return line


def _other_texts(db: Rows, draft: RevisionDraft, head: Publication) -> bool:
    if draft.cases is not None and draft.cases != cases_of(db, head.number):
        return True
    return not same_text(draft.content, text_of(db, head.number))


def _keep_texts(db: Rows, draft: RevisionDraft, number: int) -> None:
    """Store what belongs to the publication alone: the text only where its revision has another."""
    if draft.content != text_of(db, number):
        sql = "INSERT INTO published_texts (publication, content) VALUES (?, ?)"
        db.execute(sql, [number, draft.content])
    if draft.cases is not None:
        sql = "INSERT INTO published_cases (publication, content) VALUES (?, ?)"
        db.execute(sql, [number, draft.cases])


def _keep_content(db: Rows, draft: RevisionDraft) -> None:
    """Store the revision once; what stood there first stays, and no revision belongs to two banks."""
    kept = list(db.query("SELECT bank FROM revisions WHERE revision = ?", [draft.revision]))
    if kept and kept[0]["bank"] != draft.bank:
        raise Conflict(f"revision {draft.revision} is one of the bank {kept[0]['bank']}")
    if not kept:
        sql = "INSERT INTO revisions (revision, bank, content, parsed) VALUES (?, ?, ?, ?)"
        db.execute(sql, [draft.revision, draft.bank, draft.content, draft.parsed])


def find(db: Rows, revision: str) -> Revision:
    """The revision, or ``NotFound``."""
    for row in list(db.query("SELECT * FROM revisions WHERE revision = ?", [revision])):
        return Revision(row["revision"], row["bank"], row["content"], row["parsed"])
    raise NotFound("there is no such revision")


def text_of(db: Rows, number: int) -> str:
    """The bank's text that was published in that line, or ``NotFound``."""
    sql = """
        SELECT coalesce(published_texts.content, revisions.content) AS text
        FROM publications JOIN revisions ON revisions.revision = publications.revision
        LEFT JOIN published_texts ON published_texts.publication = publications.number
        WHERE publications.number = ?
    """
    for row in list(db.query(sql, [number])):
        return str(row["text"])
    raise NotFound("there is no such publication")


def cases_of(db: Rows, number: int) -> str | None:
    """The cases that were published in that line, or ``NotFound``."""
    sql = """
        SELECT published_cases.content AS cases
        FROM publications LEFT JOIN published_cases ON published_cases.publication = publications.number
        WHERE publications.number = ?
    """
    for row in list(db.query(sql, [number])):
        return None if row["cases"] is None else str(row["cases"])
    raise NotFound("there is no such publication")


def newest(db: Rows, bank: str) -> Publication:
    """The last publication of the bank, or ``NotFound``."""
    head = head_of(db, bank)
    if head is None:
        raise NotFound(f"no bank {bank!r} has been published")
    return head


def head_of(db: Rows, bank: str) -> Publication | None:
    """The last publication of the bank, None before the first."""
    rows = list(db.query("SELECT * FROM publications WHERE bank = ? ORDER BY number DESC LIMIT 1", [bank]))
    return _publication(rows[0]) if rows else None


def history(db: Rows, bank: str) -> tuple[Publication, ...]:
    """Every publication of the bank, newest first."""
    rows = db.query("SELECT * FROM publications WHERE bank = ? ORDER BY number DESC", [bank])
    return tuple(_publication(row) for row in rows)


def heads(db: Rows) -> dict[str, Publication]:
    """The last publication of every bank."""
    sql = "SELECT * FROM publications WHERE number IN (SELECT max(number) FROM publications GROUP BY bank)"
    return {row["bank"]: _publication(row) for row in db.query(sql + " ORDER BY bank")}


def in_step(db: Rows, place: str, bank: str) -> InStep | None:
    """What the file in that folder last agreed with."""
    for row in list(db.query("SELECT * FROM in_step WHERE place = ? AND bank = ?", [place, bank])):
        return InStep(row["place"], row["bank"], row["revision"], row["seen"])
    return None


def mark_in_step(db: Rows, step: InStep) -> None:
    """Remember it in place of what was remembered before."""
    find(db, step.revision)
    db.execute(_IN_STEP, [step.place, step.bank, step.revision, step.seen])


def _publication(row: dict[str, Any]) -> Publication:
    return Publication(
        number=row["number"],
        bank=row["bank"],
        revision=row["revision"],
        parent=row["parent"],
        origin=row["origin"],
        who=row["who"],
        why=row["why"],
        at=as_time(row["at"]),
    )
