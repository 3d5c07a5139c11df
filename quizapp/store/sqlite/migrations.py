"""The tables of the SQLite store, one numbered step after another; a released step is never edited.

Only these steps create tables. They run through ``migrate``, inside one write transaction, because
sqlite-utils applies migrations without a lock and several starting processes would collide.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from quizapp.errors import Unusable
from quizapp.store.schema_steps import step_failed
from quizapp.store.sqlite.faults import cause_of

Columns = dict[str, type[str] | type[int] | type[float] | type[bytes]]

NEWEST = 7
steps = Migrations("quizapp")


@steps(name="0001_revisions")
def _revisions(db: Database) -> None:
    _create(db, "revisions", {"revision": str, "bank": str, "content": str, "parsed": str}, pk="revision")
    publication: Columns = {
        "number": int, "bank": str, "revision": str, "parent": str,
        "origin": str, "who": str, "why": str, "at": str,
    }  # fmt: skip
    _create(db, "publications", publication, pk="number", optional=("parent",))
    db.table("publications").create_index(["bank", "number"], unique=True)
    _create(db, "in_step", {"place": str, "bank": str, "revision": str, "seen": str}, pk=("place", "bank"))


@steps(name="0002_results")
def _results(db: Database) -> None:
    result: Columns = {
        "token": str, "bank": str, "revision": str, "on_day": str, "answers": str, "language": str,
        "shown": str, "recommended": str, "owner": str, "submission": str, "created": str, "expires": str,
    }  # fmt: skip
    _create(db, "results", result, pk="token", optional=("shown", "recommended"))
    db.table("results").create_index(["submission"], unique=True)
    db.table("results").create_index(["expires"])


@steps(name="0003_people")
def _people(db: Database) -> None:
    editor: Columns = {
        "id": str, "name": str, "name_key": str, "role": str, "disabled": int, "created": str,
        "password_hash": str, "subject": str,
    }  # fmt: skip
    _create(db, "editors", editor, pk="id", optional=("password_hash", "subject"))
    db.table("editors").create_index(["name_key"], unique=True)
    db.table("editors").create_index(["subject"], unique=True)
    session: Columns = {
        "secret": str, "id": str, "editor": str, "begun": str, "seen": str,
        "idle": float, "fades": str, "expires": str, "agent": str,
    }  # fmt: skip
    _create(db, "editor_sessions", session, pk="secret", refers=(("editor", "editors", "id"),))
    db.table("editor_sessions").create_index(["editor"])
    _create(db, "setup_offers", {"secret": str, "until": str}, pk="secret")
    _create(db, "turns", {"what": str, "full_at": str}, pk="what")
    db.table("turns").create_index(["full_at"])


@steps(name="0004_drafts")
def _drafts(db: Database) -> None:
    draft: Columns = {
        "id": str, "bank": str, "editor": str, "base": str, "version": int, "state": str,
        "opened": str, "updated": str,
    }  # fmt: skip
    _create(db, "drafts", draft, pk="id", optional=("base",), refers=(("editor", "editors", "id"),))
    db.table("drafts").create_index(["bank", "state"])
    db.execute("CREATE UNIQUE INDEX idx_drafts_open ON drafts (editor, bank) WHERE state = 'open'")
    version: Columns = {
        "draft": str, "version": int, "base": str, "text": bytes, "cases": bytes, "what": str,
        "restores": int, "at": str,
    }  # fmt: skip
    of_draft = (("draft", "drafts", "id"),)
    unset = ("base", "cases", "restores")
    _create(db, "draft_versions", version, pk=("draft", "version"), optional=unset, refers=of_draft)
    preview: Columns = {"secret": str, "draft": str, "version": int, "until": str}
    _create(db, "previews", preview, pk="secret", refers=of_draft)
    db.table("previews").create_index(["draft", "version"])


@steps(name="0005_publishing")
def _publishing(db: Database) -> None:
    entry: Columns = {"number": int, "at": str, "who": str, "did": str, "bank": str, "about": str}
    _create(db, "audit_log", entry, pk="number", optional=("bank",))
    db.table("audit_log").create_index(["bank", "number"])
    of_line = (("publication", "publications", "number"),)
    _create(db, "published_cases", {"publication": int, "content": str}, pk="publication", refers=of_line)
    # Holds all that counting takers per bank reads, so that the results themselves are left in peace.
    db.table("results").create_index(["created", "bank", "expires"])


@steps(name="0006_published_texts")
def _published_texts(db: Database) -> None:
    of_line = (("publication", "publications", "number"),)
    _create(db, "published_texts", {"publication": int, "content": str}, pk="publication", refers=of_line)


@steps(name="0007_previews")
def _previews(db: Database) -> None:
    # A link had no maker yet; most were made by whose draft it was.
    db.execute("ALTER TABLE previews ADD COLUMN maker TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE previews ADD COLUMN shared INTEGER NOT NULL DEFAULT 1")
    db.execute("UPDATE previews SET maker = (SELECT editor FROM drafts WHERE drafts.id = previews.draft)")
    db.execute("""
        DELETE FROM previews WHERE draft IN (SELECT id FROM drafts WHERE state <> 'open')
            OR maker IN (SELECT id FROM editors WHERE disabled <> 0)
    """)
    db.table("previews").create_index(["maker", "until"])


def _create(
    db: Database,
    name: str,
    columns: Columns,
    *,
    pk: str | tuple[str, ...],
    optional: tuple[str, ...] = (),
    refers: tuple[tuple[str, str, str], ...] = (),
) -> None:
    """Make a strict table whose columns are all required but the optional ones.

    ``refers`` holds (column, other table, its column); a column called revision always refers.
    """
    pins = name != "revisions" and "revision" in columns
    pinned = (("revision", "revisions", "revision"),) if pins else ()
    required = [column for column in columns if column not in optional]
    db.create_table(name, columns, pk=pk, not_null=required, foreign_keys=[*refers, *pinned], strict=True)


def migrate(db: Database) -> None:
    """Bring the database to the newest schema. The caller holds a write transaction, or two would clash.

    Raises ``Unusable`` for a database that a newer version of quizapp has written, or where a step fails;
    undoing what the steps before it did is the caller's, as it undoes its transaction.
    """
    if not db.conn.in_transaction:
        raise RuntimeError("migrate() outside a write transaction")
    if (before := schema_version(db)) > NEWEST:
        raise Unusable("a newer quizapp wrote this database: upgrade quizapp, or restore a backup")
    try:
        steps.apply(db)
    except sqlite3.Error as error:
        if cause_of(error):
            raise
        raise step_failed(steps.pending(db)[0].name, str(error), before) from error


def schema_version(db: Database) -> int:
    """How many steps the database has had."""
    return len(steps.applied(db))
